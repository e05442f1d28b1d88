package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// Mailboxes beside INBOX, as RFC 3501 and its extensions have them.
func TestIMAPMailboxes(t *testing.T) {
	for _, c := range []struct {
		name, script string
		left         int // messages in INBOX
	}{
		{"only INBOX at first", imapLogin + `
			C: b LIST "" *
			S: * LIST (\HasNoChildren) "/" INBOX
			S: b OK LIST completed
			C: b LIST "" ""
			S: * LIST (\Noselect) "/" ""
			S: b OK LIST completed
			C: b LIST "" inbox
			S: * LIST (\HasNoChildren) "/" INBOX
			S: b OK LIST completed
			C: b NAMESPACE
			S: * NAMESPACE (("" "/")) NIL NIL
			S: b OK NAMESPACE completed
			C: b STATUS inbox (MESSAGES UNSEEN UIDNEXT UIDVALIDITY RECENT SIZE)
			S: * STATUS INBOX (MESSAGES 3 UNSEEN 3 UIDNEXT 4 UIDVALIDITY 1738945167 RECENT 3 SIZE 192)
			S: b OK STATUS completed
			C: b SELECT Sent
			S: b NO [NONEXISTENT] there is no such mailbox
			C: b CREATE INBOX
			S: b NO [ALREADYEXISTS] there is such a mailbox
			C: b DELETE INBOX
			S: b NO [CANNOT] no mailbox can have this name, or INBOX stays
			C: b SELECT ../../../windows
			S: b NO [NONEXISTENT] there is no such mailbox
			C: b STATUS "..\\alice" (MESSAGES)
			S: b NO [NONEXISTENT] there is no such mailbox
			C: b FETCH 1 FLAGS
			S: b BAD Select a mailbox first`, 3},
		{"made, listed, renamed, deleted", imapLogin + `
			C: b CREATE Sent (USE (\sent))
			S: b OK CREATE completed
			C: b CREATE Work/&WieW2g-/
			S: b OK CREATE completed
			C: b CREATE x (USE (\Nothing))
			S: b NO [USEATTR] this use is not known
			C: b CREATE &broken
			S: b NO [CANNOT] no mailbox can have this name, or INBOX stays
			C: b LIST "" %
			S: * LIST (\HasNoChildren) "/" INBOX
			S: * LIST (\HasNoChildren \Sent) "/" Sent
			S: * LIST (\HasChildren) "/" Work
			S: b OK LIST completed
			C: b LIST Work/ *
			S: * LIST (\HasNoChildren) "/" Work/&WieW2g-
			S: b OK LIST completed
			C: b RENAME Work "Old work"
			S: b OK RENAME completed
			C: b DELETE "Old work"
			S: b OK DELETE completed
			C: b LIST "" Old*
			S: * LIST (\HasChildren \Noselect) "/" "Old work"
			S: * LIST (\HasNoChildren) "/" "Old work/&WieW2g-"
			S: b OK LIST completed
			C: b SUBSCRIBE "Old work/&WieW2g-"
			S: b OK SUBSCRIBE completed
			C: b LSUB "" %
			S: * LSUB (\Noselect) "/" "Old work"
			S: b OK LSUB completed
			C: b UNSUBSCRIBE "Old work/&WieW2g-"
			S: b OK UNSUBSCRIBE completed
			C: b LSUB "" *
			S: b OK LSUB completed`, 3},
		{"COPY, MOVE, APPEND", imapLogin + `
			C: b CREATE Archive
			S: b OK CREATE completed` + strings.TrimPrefix(imapSelected, imapLogin) + `
			C: c STORE 2 +FLAGS ($Forwarded \Flagged)
			S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
			S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded \*)] Permanent flags
			S: * 2 FETCH (FLAGS (\Flagged \Recent $Forwarded))
			S: c OK STORE completed
			C: d COPY 1 Archive
			S: d OK [COPYUID 1738945167 1 1] COPY completed
			C: e MOVE 2:3 Archive
			S: * OK [COPYUID 1738945167 2:3 2:3] Moved
			S: * 3 EXPUNGE
			S: * 2 EXPUNGE
			S: e OK MOVE completed
			C: f APPEND Archive (\Draft) " 1-Feb-2024 08:00:00 +0900" {14+}
			C= "Subject: x\r\n\r\n\r\n"
			S: f OK [APPENDUID 1738945167 4] APPEND completed
			C: g MOVE 1 INBOX
			S: * OK [COPYUID 1738945167 1 4] Moved
			S: * 1 EXPUNGE
			S: * 1 EXISTS
			S: * 1 RECENT
			S: g OK MOVE completed
			C: h SELECT Archive
			S: * 4 EXISTS
			S: * 4 RECENT
			S: * OK [UNSEEN 1] First unseen message
			S: * OK [UIDVALIDITY 1738945167] UIDs valid
			S: * OK [UIDNEXT 5] Predicted next UID
			S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
			S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded \*)] Permanent flags
			S: h OK [READ-WRITE] SELECT completed
			C: i FETCH 1:* (FLAGS INTERNALDATE)
			S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE " 7-Feb-2025 16:19:27 +0000")
			S: * 2 FETCH (FLAGS (\Flagged \Recent $Forwarded) INTERNALDATE " 7-Feb-2025 16:19:27 +0000")
			S: * 3 FETCH (FLAGS (\Recent) INTERNALDATE " 7-Feb-2025 16:19:27 +0000")
			S: * 4 FETCH (FLAGS (\Draft \Recent) INTERNALDATE " 1-Feb-2024 08:00:00 +0900")
			S: i OK FETCH completed`, 1},
		{"RENAME of INBOX", imapLogin + `
			C: b RENAME INBOX 2024
			S: b OK RENAME completed
			C: b STATUS 2024 (MESSAGES)
			S: * STATUS 2024 (MESSAGES 3)
			S: b OK STATUS completed
			C: b STATUS INBOX (MESSAGES UIDNEXT)
			S: * STATUS INBOX (MESSAGES 0 UIDNEXT 4)
			S: b OK STATUS completed`, 0},
		{"what is not offered is not known", imapLogin + `
			C: b ENABLE UTF8=ACCEPT
			S: b BAD Unknown command
			C: c APPEND INBOX UTF8 (~{3}
			S: + Ready for literal data
			C= "abc)\r\n"
			S: c BAD Syntax error: found "UTF8 (~{3}\r\nabc)", expected the message as a literal
			C: d ID ("name" "x" "version" NIL)
			S: * ID ("name" "EPSTIMAP4S" "vendor" "ipwsim")
			S: d OK ID completed`, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newBoxLab(t)
			mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
			went := l.talk(imapAt, c.script)
			l.Run(time.Hour)
			require.Equal(t, script(c.script), *went)
			require.Len(t, l.stored(), c.left)
		})
	}
}

// A mailbox that is deleted takes its mail with it: that is on record; and mail that a reader has moved is
// still in a mailbox of the user.
func TestIMAPMovedAndDeletedMailIsOnRecord(t *testing.T) {
	l := newBoxLab(t)
	mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
	text := imapSelected + `
		C: c CREATE Trash
		S: c OK CREATE completed
		C: c CREATE Kept
		S: c OK CREATE completed
		C: c MOVE 1 Trash
		S: *
		S: *
		S: c OK MOVE completed
		C: c MOVE 1 Kept
		S: *
		S: *
		S: c OK MOVE completed
		C: c DELETE Trash
		S: c OK DELETE completed`
	went := l.talk(imapAt, text)
	l.Run(time.Hour)
	require.Contains(t, *went, "c OK DELETE completed")
	require.Equal(t, []trace.MailExpunge{{Box: "inbox/bob", ID: "1-node", MessageID: "1.a@client", By: trace.IMAP}}, records[trace.MailExpunge](l.Lab))
	kept, err := folder.OpenMailboxes(l.disk, bobsBox).Open("Kept")
	require.NoError(t, err)
	all, err := kept.List()
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "2-node.001", all[0].Name)
}

// mbsync, written by others, keeps mailboxes here and there the same: Sent goes up, mail comes down, what
// is moved or deleted on one side is so on the other.
func TestMbsyncKeepsMailboxesTheSame(t *testing.T) {
	t.Parallel() // it waits
	mbsync, curl := needs(t, "mbsync"), needs(t, "curl")
	_, d, _, imap := realBoxes(t)
	host, port, _ := strings.Cut(imap, ":")
	dir := t.TempDir()
	conf := filepath.Join(dir, "mbsyncrc")
	require.NoError(t, os.WriteFile(conf, []byte(`IMAPStore far
Host `+host+`
Port `+port+`
User bob
Pass "pass word"
AuthMechs *
SSLType None

MaildirStore near
Path `+dir+`/mail/
Inbox `+dir+`/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
`), 0o600))
	sent := filepath.Join(dir, "mail/Sent")
	for _, name := range []string{"cur", "new", "tmp"} {
		require.NoError(t, os.MkdirAll(filepath.Join(sent, name), 0o700))
	}
	require.NoError(t, os.WriteFile(filepath.Join(sent, "cur/1.1.pc:2,S"), []byte("Message-ID: <sent@pc>\nSubject: sent\n\nhi\n"), 0o600))
	sync := func() { runProgram(t, mbsync, "-c", conf, "-a") }
	near := func(box string) int {
		files, err := filepath.Glob(filepath.Join(dir, "mail", box, "[cn]*/*"))
		require.NoError(t, err)
		return len(files)
	}
	far := func(box string) int {
		m, err := folder.OpenMailboxes(d, bobsBox).Open(box)
		require.NoError(t, err, box)
		all, err := m.List()
		require.NoError(t, err)
		return len(all)
	}
	ask := func(command string) {
		runProgram(t, curl, "-sS", "--max-time", "20", "-u", "bob:pass word", "imap://"+imap+"/INBOX", "-X", command)
	}
	sync()
	require.Equal(t, []int{3, 1}, []int{near("INBOX"), far("Sent")})
	ask("CREATE Archive/2025")
	ask("UID MOVE 1:2 Archive/2025")
	sync()
	require.Equal(t, []int{1, 2}, []int{near("INBOX"), near("Archive/2025")})
	files, err := filepath.Glob(filepath.Join(sent, "cur/*"))
	require.NoError(t, err)
	require.NoError(t, os.Remove(files[0]))
	sync()
	require.Zero(t, far("Sent"))
}
