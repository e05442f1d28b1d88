package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
)

const (
	imapAt    = nodeAddress + ":143"
	imapHello = `
		S: * OK [CAPABILITY IMAP4rev1 LITERAL- SASL-IR ID AUTH=PLAIN] IMAP server ready`
	imapLogin = imapHello + `
		C: a LOGIN bob "pass word"
		S: a OK [CAPABILITY IMAP4rev1 LITERAL- SASL-IR ID IDLE NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE STATUS=SIZE APPENDLIMIT=33554432] LOGIN completed`
	imapSelected = imapLogin + `
		C: b SELECT INBOX
		S: * 3 EXISTS
		S: * 3 RECENT
		S: * OK [UNSEEN 1] First unseen message
		S: * OK [UIDVALIDITY 1738945167] UIDs valid
		S: * OK [UIDNEXT 4] Predicted next UID
		S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
		S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Permanent flags
		S: b OK [READ-WRITE] SELECT completed`
)

func TestIMAP(t *testing.T) {
	for _, c := range []struct {
		name, script string
		left         int // messages
	}{
		{"a session as in RFC 3501, section 8", imapSelected + `
			C: c FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
			S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE " 7-Feb-2025 16:19:27 +0000" RFC822.SIZE 64 ENVELOPE (NIL "number 1" NIL NIL NIL NIL NIL NIL NIL "<1.a@client>") BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 17 2 NIL NIL NIL NIL))
			S: c OK FETCH completed
			C: d FETCH 2 BODY.PEEK[HEADER.FIELDS (Subject)]
			S: * 2 FETCH (BODY[HEADER.FIELDS (Subject)] {21}
			S: Subject: number 2
			S:
			S: )
			S: d OK FETCH completed
			C: e FETCH 2 BODY[TEXT]<2.4>
			S: * 2 FETCH (FLAGS (\Seen \Recent) BODY[TEXT]<2> {4}
			S: ne 1)
			S: e OK FETCH completed
			C: f UID FETCH 3:* BODY[]
			S: * 3 FETCH (UID 3 FLAGS (\Seen \Recent) BODY[] {64}
			S: Message-ID: <3.a@client>
			S: Subject: number 3
			S:
			S: line 1
			S: .line 2
			S: )
			S: f OK UID FETCH completed
			C: g STORE 1:2 +FLAGS (\Deleted \Answered)
			S: * 1 FETCH (FLAGS (\Answered \Deleted \Recent))
			S: * 2 FETCH (FLAGS (\Answered \Deleted \Seen \Recent))
			S: g OK STORE completed
			C: h UID STORE 1 -FLAGS.SILENT (\Deleted)
			S: h OK UID STORE completed
			C: i SEARCH DELETED
			S: * SEARCH 2
			S: i OK SEARCH completed
			C: j EXPUNGE
			S: * 2 EXPUNGE
			S: j OK EXPUNGE completed
			C: k UID SEARCH ALL
			S: * SEARCH 1 3
			S: k OK UID SEARCH completed
			C: l FETCH 2 (UID FLAGS)
			S: * 2 FETCH (UID 3 FLAGS (\Seen \Recent))
			S: l OK FETCH completed
			C: m LOGOUT
			S: * BYE Logging out
			S: m OK LOGOUT completed
			S: (closed)`, 2},
		{"SEARCH", imapSelected + `
			C: c STORE 2 FLAGS (\Seen \Flagged)
			S: * 2 FETCH (FLAGS (\Flagged \Seen \Recent))
			S: c OK STORE completed
			C: d SEARCH UNSEEN
			S: * SEARCH 1 3
			S: d OK SEARCH completed
			C: d SEARCH SUBJECT "number 2"
			S: * SEARCH 2
			S: d OK SEARCH completed
			C: d SEARCH BODY "line 1" NOT UID 2
			S: * SEARCH 1 3
			S: d OK SEARCH completed
			C: d SEARCH OR FLAGGED HEADER Message-ID 3.a
			S: * SEARCH 2 3
			S: d OK SEARCH completed
			C: d UID SEARCH UID 2:* SINCE 7-Feb-2025 SMALLER 100
			S: * SEARCH 2 3
			S: d OK UID SEARCH completed
			C: d SEARCH LARGER 100
			S: * SEARCH
			S: d OK SEARCH completed
			C: d SEARCH UID 99
			S: * SEARCH
			S: d OK SEARCH completed
			C: d SEARCH CHARSET X-NONE SUBJECT x
			S: d NO [BADCHARSET (US-ASCII UTF-8 ISO-2022-JP Shift_JIS EUC-JP)] this character set is not known`, 3},
		{"APPEND", imapSelected + `
			C: c APPEND INBOX (\Seen) {30}
			S: + Ready for literal data
			C= "Message-ID: <9.bob@pc>\r\n\r\nhi\r\n\r\n"
			S: * 4 EXISTS
			S: * 4 RECENT
			S: c OK [APPENDUID 1738945167 4] APPEND completed
			C: d FETCH 4 (UID FLAGS BODY.PEEK[])
			S: * 4 FETCH (UID 4 FLAGS (\Seen \Recent) BODY[] {30}
			S: Message-ID: <9.bob@pc>
			S:
			S: hi
			S: )
			S: d OK FETCH completed
			C: e APPEND Sent {3}
			S: + Ready for literal data
			C: abc
			S: e NO [TRYCREATE] there is no such mailbox
			C: f APPEND INBOX {99999999999}
			S: f NO [TOOBIG] literals of this command are limited to 33554432 bytes`, 4},
		{"EXAMINE changes nothing", imapLogin + `
			C: b EXAMINE INBOX
			S: * 3 EXISTS
			S: * 3 RECENT
			S: * OK [UNSEEN 1] First unseen message
			S: * OK [UIDVALIDITY 1738945167] UIDs valid
			S: * OK [UIDNEXT 4] Predicted next UID
			S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
			S: * OK [PERMANENTFLAGS ()] Permanent flags
			S: b OK [READ-ONLY] EXAMINE completed
			C: c FETCH 1 BODY[]<0.10>
			S: * 1 FETCH (BODY[]<0> {10}
			S: Message-ID)
			S: c OK FETCH completed
			C: d STORE 1 +FLAGS (\Deleted)
			S: d NO [NOPERM] the mailbox was opened by EXAMINE
			C: e EXPUNGE
			S: e NO [NOPERM] the mailbox was opened by EXAMINE
			C: f FETCH 1 FLAGS
			S: * 1 FETCH (FLAGS (\Recent))
			S: f OK FETCH completed
			C: g CLOSE
			S: g OK CLOSE completed`, 3},
		{"CLOSE deletes and does not tell", imapSelected + `
			C: c STORE 3 +FLAGS.SILENT \Deleted
			S: c OK STORE completed
			C: d CLOSE
			S: d OK CLOSE completed`, 2},
		{"UID EXPUNGE", imapSelected + `
			C: c STORE 1:3 +FLAGS.SILENT \Deleted
			S: c OK STORE completed
			C: d UID EXPUNGE 3,1
			S: * 3 EXPUNGE
			S: * 1 EXPUNGE
			S: d OK UID EXPUNGE completed`, 1},
		{"numbers that are not there", imapSelected + `
			C: c FETCH 9 FLAGS
			S: c OK FETCH completed
			C: c UID FETCH 9 FLAGS
			S: c OK UID FETCH completed
			C: c UID FETCH 9:* FLAGS
			S: * 3 FETCH (UID 3 FLAGS (\Recent))
			S: c OK UID FETCH completed
			C: c FETCH 1 BODY.PEEK[]<9223372036854775807.9223372036854775807>
			S: * 1 FETCH (BODY[]<9223372036854775807> {0}
			S: )
			S: c OK FETCH completed
			C: c COPY 1 Sent
			S: c NO [TRYCREATE] there is no such mailbox
			C: c COPY 9 INBOX
			S: c OK COPY completed`, 3},
		{"AUTHENTICATE PLAIN", imapHello + `
			C: a AUTHENTICATE PLAIN AGJvYgBwYXNzIHdvcmQ=
			S: a OK [CAPABILITY IMAP4rev1 LITERAL- SASL-IR ID IDLE NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE STATUS=SIZE APPENDLIMIT=33554432] AUTHENTICATE completed`, 3},
		{"three wrong logins, each with a delay", imapHello + `
			C: a LOGIN bob wrong
			S: a NO [AUTHENTICATIONFAILED] Authentication failed
			C: a LOGIN ../bob "pass word"
			S: a NO [AUTHENTICATIONFAILED] Authentication failed
			C: a AUTHENTICATE PLAIN AGJvYgBwYXNzd29yZA==
			S: * BYE Too many wrong logins
			S: (closed)`, 3},
		{"an unknown command before the login: no IMAP client", imapHello + `
			C: GET / HTTP/1.1
			S: GET BAD Unknown command
			S: * BYE Unknown command
			S: (closed)`, 3},
		{"an unknown command after it", imapLogin + `
			C: b XYZZY
			S: b BAD Unknown command
			C: c NOOP
			S: c OK NOOP completed`, 3},
		{"pipelined garbage", imapLogin + "\nC= \"" + strings.Repeat(`a b c\r\n`, 50) + "\"\n" + strings.Repeat("S: a BAD Unknown command\n", 10) + `
			S: * BYE Too many errors
			S: (closed)`, 3},
		{"a line without end", imapLogin + "\nC= \"b FETCH " + strings.Repeat("1,", 40000) + "\"\nS: * BYE The command is too long\nS: (closed)", 3},
		{"garbage", imapHello + `
			C= "\x16\x03\x01\x00\xff\r\n"
			S: * BAD Unknown command
			S: * BYE Unknown command
			S: (closed)`, 3},
		{"NUL in a name", imapLogin + `
			C= "b SELECT \"IN\x00BOX\"\r\n"
			S: b BAD Syntax error: found "BOX\"", expected the end of a quoted string`, 3},
		{"a line of which a byte comes now and then", imapLogin + `
			C= "b"
			(wait 20s)
			C= " "
			(wait 20s)
			C= "N"
			(wait 20s)
			S: * BYE Autologout: nothing came for too long
			S: (closed)`, 3},
		{"silence", imapLogin + `
			(wait 34m)
			C: b NOOP
			S: b OK NOOP completed
			(wait 36m)
			S: * BYE Autologout: nothing came for too long
			S: (closed)`, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newBoxLab(t)
			fs := &touched{FS: l.disk, host: l.node}
			mail.NewIMAP(l.node, fs, boxNode(), "NODE").Start()
			went := l.talk(imapAt, c.script)
			l.Run(3 * time.Hour)
			require.Equal(t, script(c.script), *went)
			require.Empty(t, fs.strangers())
			require.Len(t, l.stored(), c.left)
		})
	}
}
