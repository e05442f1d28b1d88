package imap_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/japanese"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/imap"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

var epoch = time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC)

// canned is a connection on which the client has said all that it will.
type canned struct {
	net.Conn
	io.Reader
	said bytes.Buffer
}

func (c *canned) Read(p []byte) (int, error)       { return c.Reader.Read(p) }
func (c *canned) Write(p []byte) (int, error)      { return c.said.Write(p) }
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

// talk lets a client of bob say lines after the login, and returns the answers, and what was deleted.
func talk(t require.TestingT, d *share.Disk, lines string) (said string, gone []trace.MailExpunge) {
	c := &canned{Reader: strings.NewReader(lines)}
	names := 0
	imap.Serve(c, imap.Service{
		Now:     func() time.Time { return epoch },
		Record:  func(b trace.Body) { gone = append(gone, b.(trace.MailExpunge)) },
		NewName: func() string { names++; return fmt.Sprintf("imap-%d", names) },
		Login: func(user, _ string) (imap.Account, error) {
			if user != "bob" {
				return imap.Account{}, imap.ErrLogin
			}
			return imap.Account{Boxes: folder.OpenMailboxes(d, "bob"), Folder: "inbox/bob"}, nil
		},
	})
	return strings.ReplaceAll(c.said.String(), "\r\n", "\n"), gone
}

// disk is bob's INBOX with these messages, from UID 1.
func disk(t require.TestingT, texts ...string) *share.Disk {
	d := share.NewDisk(func() time.Time { return epoch })
	box := folder.OpenMailbox(d, "bob")
	for i, text := range texts {
		require.NoError(t, box.Append(fmt.Sprintf("m%04d.001", i+1), []byte(strings.ReplaceAll(text, "\n", "\r\n"))))
	}
	return d
}

// ask is what is answered to one command in the selected INBOX, its end left out.
func ask(t require.TestingT, d *share.Disk, command string) string {
	said, _ := talk(t, d, "a LOGIN bob x\r\nb SELECT INBOX\r\nc "+command+"\r\n")
	_, said, ok := strings.Cut(said, "] SELECT completed\n")
	require.True(t, ok)
	return said
}

func in(t *testing.T, charset interface{ String(string) (string, error) }, s string) string {
	out, err := charset.String(s)
	require.NoError(t, err)
	return out
}

// A message is shown as it is, however malformed (RFC 3501, section 6.4.5).
func TestMalformedMessages(t *testing.T) {
	const noColon = "Subject: invoice\nThis line has no colon\nFrom: a@b\n\nPlease pay.\n"
	for _, c := range []struct{ text, item, want string }{
		{noColon, "BODY.PEEK[HEADER]", "Subject: invoice\nThis line has no colon\nFrom: a@b\n\n"},
		{noColon, "BODY.PEEK[TEXT]", "Please pay.\n"},
		{noColon, "BODY.PEEK[1]", "Please pay.\n"},
		{noColon, "BODY.PEEK[HEADER.FIELDS (From Subject)]", "Subject: invoice\nFrom: a@b\n\n"},
		{noColon, "BODY.PEEK[HEADER.FIELDS.NOT (From)]", "Subject: invoice\nThis line has no colon\n\n"},
		{noColon, "BODY.PEEK[]", noColon},
		{"\nonly text\n", "BODY.PEEK[TEXT]", "only text\n"},
		{"only: a header\n", "BODY.PEEK[HEADER]", "only: a header\n"},
		{" begins folded\nSubject: x\n\ntext\n", "BODY.PEEK[TEXT]", "text\n"},
		{"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n", "BODY.PEEK[1]", "one\n"},
		{"Content-Type: multipart/mixed; boundary=b\n\nno parts\n", "BODY.PEEK[1]", "no parts\n"},
		{"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ndeep\n--b\n\nsecond\n--b--\n", "BODY.PEEK[1.1]", "deep"},
		{"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ndeep\n--b\n\nsecond\n--b--\n", "BODY.PEEK[2]", "second"},
	} {
		size := len(strings.ReplaceAll(c.want, "\n", "\r\n"))
		want := fmt.Sprintf("* 1 FETCH (BODY%s {%d}\n%s)\nc OK FETCH completed\n", strings.TrimPrefix(c.item, "BODY.PEEK"), size, c.want)
		require.Equal(t, want, ask(t, disk(t, c.text), "FETCH 1 "+c.item), "%q", c.text)
	}
}

// The names and addresses that Japanese people and providers have reach the client.
func TestEnvelope(t *testing.T) {
	jis, sjis := japanese.ISO2022JP.NewEncoder(), japanese.ShiftJIS.NewEncoder()
	for _, c := range []struct{ field, want string }{
		{"=?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <t@x.jp>", `(("=?ISO-2022-JP?B?GyRCRURDZhsoQg==?=" NIL "t" "x.jp"))`},
		{in(t, jis, "田中") + " <t@x.jp>", "(({10}\n" + in(t, jis, "田中") + ` NIL "t" "x.jp"))`},
		{in(t, jis, "がぜ") + " <t@x.jp>", "(({10}\n" + in(t, jis, "がぜ") + ` NIL "t" "x.jp"))`},
		{`"` + in(t, sjis, "表ソ") + `" <t@x.jp>, c@d`, "(({4}\n" + in(t, sjis, "表ソ") + ` NIL "t" "x.jp")(NIL NIL "c" "d"))`},
		{"田中 <t@x.jp>", "(({6}\n田中" + ` NIL "t" "x.jp"))`},
		{"a..b@docomo.ne.jp, a.@docomo.ne.jp, .a@docomo.ne.jp", `((NIL NIL "a..b" "docomo.ne.jp")(NIL NIL "a." "docomo.ne.jp")(NIL NIL ".a" "docomo.ne.jp"))`},
		{`"a..b"@docomo.ne.jp`, `((NIL NIL "a..b" "docomo.ne.jp"))`},
		{"undisclosed-recipients:;", `((NIL NIL "undisclosed-recipients" NIL)(NIL NIL NIL NIL))`},
		{"g: a@b, C <c@d>; e@f", `((NIL NIL "g" NIL)(NIL NIL "a" "b")("C" NIL "c" "d")(NIL NIL NIL NIL)(NIL NIL "e" "f"))`},
		{`"A, B" <x@y>, <@r:z@w> (comment)`, `(("A, B" NIL "x" "y")("comment" "@r" "z" "w"))`},
		{"tanaka", `((NIL NIL "tanaka" ""))`},
		{"x@y, broken <", `((NIL NIL "x" "y")("broken" NIL "" ""))`},
		{"<>", "NIL"},
	} {
		got := ask(t, disk(t, "To: "+c.field+"\n\nx\n"), "FETCH 1 ENVELOPE")
		require.Equal(t, "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL "+c.want+" NIL NIL NIL NIL))\nc OK FETCH completed\n", got, c.field)
	}
	got := ask(t, disk(t, "Date: Thu, 1 Jan 2026 00:00:00 +0900 (JST)\nSubject: a\n b\nFrom: a@b\nMessage-ID: <1@x>\n\n"), "FETCH 1 ENVELOPE")
	require.Equal(t, `* 1 FETCH (ENVELOPE ("Thu, 1 Jan 2026 00:00:00 +0900 (JST)" "a b" ((NIL NIL "a" "b")) ((NIL NIL "a" "b")) ((NIL NIL "a" "b")) NIL NIL NIL NIL "<1@x>"))`+"\nc OK FETCH completed\n", got)
}

func TestSearch(t *testing.T) {
	jis, sjis, euc := japanese.ISO2022JP.NewEncoder(), japanese.ShiftJIS.NewEncoder(), japanese.EUCJP.NewEncoder()
	const subject, body = "日本語の件名", "本文です。"
	d := disk(t,
		"Subject: =?ISO-2022-JP?B?GyRCRnxLXDhsJE43b0w+GyhC?=\nContent-Type: text/plain; charset=ISO-2022-JP\n\n"+in(t, jis, body)+"\n",                        // 1
		"Subject: "+in(t, sjis, subject)+"\n\n"+in(t, sjis, body)+"\n",                                                                                        // 2
		"Subject: "+in(t, euc, subject)+"\nContent-Type: text/plain; charset=EUC-JP\n\n"+in(t, euc, body)+"\n",                                                // 3
		"Subject: "+in(t, jis, subject)+"\n\nx\n",                                                                                                             // 4
		"Subject: =?UTF-8?B?5pel5pys6Kqe44Gu5Lu25ZCN?=\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\n5pys5paH44Gn44GZ44CC\n", // 5
		"Subject: Very\n\tFolded  Subject\nFrom: =?x-unknown?B?gqA=?= <someone@x.jp>\nTo: u (me) @ x.jp\nDate: 1 Jan 2020 23:00:00 -0900\n\nHello there\n",    // 6
		"Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n",                                                                                      // 7
	)
	_, err := folder.OpenMailbox(d, "bob").SetFlags(func(e *folder.Entry) {
		if e.UID == 6 {
			e.Flags = folder.Seen
			e.SetKeywords([]string{"$Junk"})
		}
	})
	require.NoError(t, err)
	require.Equal(t, "* SEARCH 1 2\nc OK SEARCH completed\n", ask(t, d, "SEARCH NEW 1:2"), "the first session has what is \\Recent")
	literal := func(s string) string { return fmt.Sprintf("{%d+}\r\n%s", len(s), s) }
	for _, c := range []struct{ keys, want string }{
		{"CHARSET UTF-8 SUBJECT " + literal("日本語"), " 1 2 3 4 5"},
		{"CHARSET ISO-2022-JP SUBJECT " + literal(in(t, jis, "日本語")), " 1 2 3 4 5"},
		{"CHARSET Shift_JIS BODY " + literal(in(t, sjis, "本文")), " 1 2 3 5"},
		{"TEXT " + literal("本文"), " 1 2 3 5"},
		{`SUBJECT "very folded subject"`, " 6"},
		{"FROM SOMEONE", " 6"},
		{"TO u@x.jp", " 6"},
		{"HEADER Date \"\"", " 6"},
		{"SENTON 1-Jan-2020", " 6"},
		{"NOT SENTSINCE 2-Jan-2020 SENTBEFORE 2-Jan-2020", " 6"},
		{"ON 7-Feb-2025 SEEN", " 6"},
		{"BEFORE 7-Feb-2025", ""},
		{"KEYWORD $junk", " 6"},
		{"UNKEYWORD $junk UNSEEN 5:*", " 5 7"},
		{"OR UID 2 (SMALLER 40 LARGER 30)", " 2 4"},
		{"BODY inner", " 7"},
		{"OLD 1:2", " 1 2"},
		{"RECENT", ""},
	} {
		require.Equal(t, "* SEARCH"+c.want+"\nc OK SEARCH completed\n", strings.ReplaceAll(ask(t, d, "SEARCH "+c.keys), "+ Ready for literal data\n", ""), c.keys)
	}
	require.Equal(t, "c NO [BADCHARSET (US-ASCII UTF-8 ISO-2022-JP Shift_JIS EUC-JP)] this character set is not known\n", ask(t, d, "SEARCH CHARSET X SUBJECT a"))
	require.Contains(t, ask(t, d, "SEARCH "+strings.Repeat("(", 60)+"ALL"+strings.Repeat(")", 60)), "c BAD")
}

// What a message holds costs no more than its length: parts in parts without end are text from some depth
// on.
func TestStructureIsBounded(t *testing.T) {
	var deep strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	answer := ask(t, disk(t, deep.String()+"\nx\n"), "FETCH 1 BODYSTRUCTURE")
	require.True(t, strings.HasSuffix(answer, "\nc OK FETCH completed\n"))
	require.Less(t, len(answer), 10000)
	require.Equal(t, strings.Count(answer, "("), strings.Count(answer, ")"))
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\n", 100000)
	require.Equal(t, 10000-1, strings.Count(ask(t, disk(t, many), "FETCH 1 BODY"), `"plain"`))
}

// Whatever a message holds, every part of it can be asked for, and the answer is one that a client can
// read.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{
		"", "\n", "Subject: x\n\ntext\n", "no header at all", ": \n\n",
		"Content-Type: multipart/mixed; boundary=b\n\nno parts\n",
		"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nx\n--b--\n",
		"Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n--b\n--b--\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n--b--\n",
		"Date: Fri, 7 Feb 2025\nFrom: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <a@b>\nTo: <>, g:x(,;\"\nCc: \x1b$B\x83\x5c\"\n\n\xff\x00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := disk(t, text)
		for _, item := range []string{"ENVELOPE", "BODYSTRUCTURE", "BODY.PEEK[1]", "BODY.PEEK[1.1.HEADER]", "BODY.PEEK[2.MIME]", "BODY.PEEK[HEADER.FIELDS (To)]"} {
			require.Contains(t, ask(t, d, "FETCH 1 "+item), "c OK FETCH completed\n")
		}
		header, body := section(t, d, "HEADER"), section(t, d, "TEXT")
		require.Equal(t, strings.ReplaceAll(section(t, d, ""), "\r", ""), strings.ReplaceAll(header+body, "\r", ""))
		require.Contains(t, ask(t, d, "SEARCH OR TEXT x OR SENTON 1-Jan-2020 FROM y"), "c OK SEARCH completed\n")
	})
}

// section is BODY[what] of the message.
func section(t require.TestingT, d *share.Disk, what string) string {
	_, answer, ok := strings.Cut(ask(t, d, "FETCH 1 BODY.PEEK["+what+"]"), "}\n")
	require.True(t, ok)
	return strings.TrimSuffix(answer, ")\nc OK FETCH completed\n")
}

// Whatever a client sends, the session ends, and only a command to delete deletes.
func FuzzSession(f *testing.F) {
	f.Add("a LOGIN bob x\r\nb SELECT INBOX\r\nc FETCH 1:* (FLAGS BODY[1.HEADER.FIELDS (A B)]<1.2>)\r\nd LOGOUT\r\n")
	f.Add("a LOGIN {3}\r\nbob x\r\nb APPEND INBOX (\\Seen k) \"07-Feb-2025 16:19:27 +0900\" {3+}\r\nabc\r\nc LIST \"\" (%)\r\n")
	f.Add("a LOGIN bob x\r\nb CREATE &MEI-/a (USE (\\Sent))\r\nc RENAME INBOX x\r\nd COPY 1 x\r\ne IDLE\r\nDONE\r\n")
	f.Add("a AUTHENTICATE PLAIN AGJvYgB4\r\nb UID SEARCH OR (1:*) NOT 3 CHARSET x\r\nc STORE 1 +FLAGS.SILENT \\Deleted\r\n\xff{9")
	f.Fuzz(func(t *testing.T, client string) {
		d := disk(t, "Subject: x\n\nx\n")
		said, gone := talk(t, d, client)
		require.True(t, strings.HasPrefix(said, "* OK "))
		upper := strings.ToUpper(client)
		if !strings.Contains(upper, "EXPUNGE") && !strings.Contains(upper, "CLOSE") && !strings.Contains(upper, "DELETE") {
			require.Empty(t, gone)
		}
	})
}
