package mail_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// crlf makes lines of commands.
func crlf(commands ...string) (lines []string) {
	for _, c := range commands {
		lines = append(lines, c+"\r\n")
	}
	return lines
}

// Commands and what RFC 5321 and its extensions have for an answer.
func TestSMTPByTheBook(t *testing.T) {
	hello := []string{"EHLO client"}
	from := append(hello, "MAIL FROM:<sender@test.jp>")
	rcpt := append(from, "RCPT TO:<user1@test.jp>")
	with := func(first []string, more ...string) []string { return slices.Concat(first, more) }
	for _, c := range []struct {
		rule     string
		commands []string
		want     string // the codes of the last answers
	}{
		{"4.1.1.1: the name is needed", []string{"EHLO", "HELO"}, "501 501"},
		{"4.1.4: EHLO forgets the message", with(rcpt, "EHLO client", "DATA"), "250 503"},
		{"4.1.4: MAIL before EHLO", []string{"MAIL FROM:<a@b.jp>", "RCPT TO:<a@b.jp>", "DATA", "BDAT 0 LAST"}, "503 503 503 503"},
		{"4.1.4: RCPT before MAIL", with(hello, "RCPT TO:<user1@test.jp>"), "503"},
		{"4.1.4: a second MAIL", with(from, "MAIL FROM:<sender@test.jp>"), "503"},
		{"4.1.4: a second MAIL after RCPT leaves the first as it is", with(rcpt, "MAIL FROM:<x@test.jp>", "DATA"), "503 354"},
		{"4.1.4: DATA before RCPT", with(from, "DATA"), "503"},
		{"3.3: DATA after no recipient was taken", with(from, "RCPT TO:<nobody@test.jp>", "DATA"), "550 503"},
		{"4.1.1.5: RSET forgets", with(rcpt, "RSET", "DATA"), "250 503"},
		{"4.1.1.4: arguments that nobody takes", with(rcpt, "DATA now", "RSET all", "QUIT now"), "501 501 501"},
		{"4.1.1.8: HELP at any time", []string{"HELP", "HELP MAIL", "help frob"}, "214 214 214"},
		{"4.1.1.9: NOOP takes a text", []string{"NOOP", "noop whatever"}, "250 250"},
		{"4.2.2: what is no command", []string{"FROB", "E HLO client"}, "500 500"},
		{"3.5.3: VRFY tells nothing, EXPN is not there", with(hello, "VRFY user1", "VRFY nobody", "VRFY", "EXPN staff"), "252 252 501 502"},
		{"4.1.1.11: unknown parameters", with(hello, "MAIL FROM:<a@b.jp> FROB=1", "MAIL FROM:<a@b.jp> RET=HDRS", "MAIL FROM:<a@b.jp>", "RCPT TO:<user1@test.jp> NOTIFY=NEVER"), "555 555 250 555"},
		{"RFC 6152: BODY", with(hello, "MAIL FROM:<a@b.jp> BODY=8bitmime", "RSET", "MAIL FROM:<a@b.jp> BODY=9BIT", "MAIL FROM:<a@b.jp> BODY=BINARYMIME"), "250 250 501 504"},
		{"a parameter twice", with(hello, "MAIL FROM:<a@b.jp> SIZE=1 SIZE=2"), "501"},
		{"RFC 1870: SIZE", with(hello, "MAIL FROM:<a@b.jp> SIZE=x", "MAIL FROM:<a@b.jp> SIZE=-1", "MAIL FROM:<a@b.jp> SIZE=99999999999999999999", "MAIL FROM:<a@b.jp> SIZE=10485761", "MAIL FROM:<a@b.jp> SIZE=10485760"), "501 501 501 552 250"},
		{"4.1.2: paths have brackets", with(hello, "MAIL FROM:a@b.jp", "MAIL a@b.jp", "MAIL FROM:<a@b.jp", "MAIL FROM:<a@b.jp>x", "MAIL FROM:<>", "RCPT TO:user1@test.jp", "RCPT TO:<>"), "501 501 501 501 250 501 553"},
		{"4.1.1.3: source routes are passed over", with(from, "RCPT TO:<@relay.jp,@other.jp:user1@test.jp>"), "250"},
		{"4.1.2: quoted local parts", with(from, `RCPT TO:<"user1"@test.jp>`, `RCPT TO:<"user\1"@test.jp>`, `RCPT TO:<"a b>\""@outside.jp>`, `RCPT TO:<"a b"@test.jp>`, `RCPT TO:<""@test.jp>`, `RCPT TO:<"a"b"@test.jp>`), "250 250 250 550 553 501"},
		{"4.5.1: the postmaster", with(from, "RCPT TO:<postmaster>", "RCPT TO:<PostMaster>", "RCPT TO:<postmaster@test.jp>", "RCPT TO:<POSTMASTER@TEST.JP>"), "250 250 250 250"},
		{"4.5.1: nobody else has no domain", with(from, "RCPT TO:<user1>", "RCPT TO:<root>"), "553 553"},
		{"4.1.3: address literals", with(from, "RCPT TO:<user1@[10.0.0.100]>", "RCPT TO:<nobody@[10.0.0.100]>", "RCPT TO:<user1@[10.0.0.300]>", "RCPT TO:<postmaster@[10.0.0.1]>"), "250 550 553 250"},
		{"RFC 3030: no DATA, RCPT and MAIL among chunks", with(rcpt, "BDAT 3\r\na", "DATA", "RCPT TO:<user2@test.jp>", "MAIL FROM:<a@b.jp>", "BDAT 0 LAST"), "250 503 503 503 250"},
		{"RFC 3030: refused chunks are read", with(hello, "BDAT 6 LAST\r\nQUIT", "NOOP"), "503 250"},
		{"RFC 3030: RSET among chunks", with(rcpt, "BDAT 6\r\nQUIT", "RSET", "BDAT 0 LAST"), "250 250 503"},
		{"RFC 3030: where a chunk ends must be clear", with(rcpt, "BDAT six LAST", ""), "501 hun"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			r := newRig(t)
			r.start(r.active, "active", r.disk)
			r.lab.Run(time.Second)
			got := codes(r.talk(r.client, atVIP, crlf(c.commands...)...))
			require.True(t, strings.HasSuffix(got, c.want), "answers %s, expected %s at their end", got, c.want)
		})
	}
}

// EHLO announces what there is, HELO nothing (RFC 5321 4.1.1.1).
func TestEHLOAnnounces(t *testing.T) {
	r := newRig(t)
	r.both()
	require.Equal(t, "250 HELP", r.talk(r.client, atVIP, "EHLO client\r\n")[1])
	require.Equal(t, "250 active Hello client", r.talk(r.client, atVIP, "HELO client\r\n")[1])
}

// A message of exactly the SIZE that was announced is taken; one octet more is not (RFC 1870). The
// dot that the client doubled does not count.
func TestSizeAtItsLimit(t *testing.T) {
	const limit = 20_050
	for size, want := range map[int]string{limit: "250", limit + 1: "552"} {
		r := newRig(t)
		rs := mail.NewEPSTRS(r.active, r.disk, r.node, "active")
		rs.LimitTo(limit)
		rs.Start()
		r.lab.Run(time.Second)
		message := "." + strings.Repeat(strings.Repeat("y", 98)+"\r\n", size/100+1)
		message = message[:size-2] + "\r\n"
		lines := append(toUser1("." + message + ".\r\n")[:5], toUser1("")[1:3]...)
		lines = append(lines, fmt.Sprintf("BDAT %d LAST\r\n%s", size, message))
		require.Equal(t, "220 250 250 250 354 "+want+" 250 250 "+want, codes(r.talk(r.client, atVIP, lines...)), "%d octets", size)
		for _, a := range recorded[trace.MailAccept](r.lab.Trace) {
			require.Equal(t, size, a.Size)
		}
	}
}

// No server takes what follows for a second message: only CR LF ends a line, and a dot between two of
// them the message (RFC 5321 2.3.8, 4.1.1.4).
func TestNothingIsSmuggled(t *testing.T) {
	const second = "MAIL FROM:<evil@test.jp>\r\nRCPT TO:<user1@test.jp>\r\nDATA\r\nevil\r\n"
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r", "\r\n.\r\r\n", "\r\n\r.\r\n", "\r\n\x00.\r\n", "\r\n.\r\x00\n"} {
		r := newRig(t)
		r.both()
		answers := codes(r.talk(r.client, atVIP, append(toUser1("a" + end + second + ".\r\n")[:5], "", "NOOP\r\n")...))
		require.Regexp(t, "^220 250 250 250 354 554", answers, "%q", end)
		require.Empty(t, recorded[trace.MailAccept](r.lab.Trace), "%q", end)
		require.Empty(t, r.stock())
	}
	for _, line := range []string{"NOOP\n", "NOOP\nMAIL FROM:<evil@test.jp>\r\n", "MAIL FROM:<evil@test.jp>\nRCPT TO:<user1@test.jp>\r\n"} {
		r := newRig(t)
		r.both()
		require.Equal(t, "220 250 500 hun", codes(r.talk(r.client, atVIP, "EHLO client\r\n", line, "")), "a command that ends in a bare LF: %q", line)
	}
	r := newRig(t)
	r.both()
	require.Equal(t, "220 500 250", codes(r.talk(r.client, atVIP, "EHLO a\rMAIL FROM:<a@b.jp>\r\n", "EHLO client\r\n")), "a bare CR in a command")
}

// A line's end may fall between two parts in which the text comes.
func TestLinesOfAnyLength(t *testing.T) {
	r := newRig(t)
	r.both()
	var text strings.Builder
	for n := range 1990 {
		fmt.Fprintf(&text, ".%s\r\n", strings.Repeat("x", n))
	}
	r.talk(r.client, atVIP, toUser1(strings.ReplaceAll("\r\n"+text.String(), "\r\n.", "\r\n..")+".\r\n")...)
	got, err := r.disk.ReadFile("cl_mail/inbox/user1/" + r.stock()[0].ID + ".001")
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(got), "\r\n\r\n"+text.String()))
}

// A second client's commands may come in one go with the first answer still out (RFC 2920).
func TestPipelining(t *testing.T) {
	r := newRig(t)
	r.both()
	all := strings.Join(toUser1("")[:4], "")
	require.Equal(t, "220 250 250 250 354 250 221", codes(r.talk(r.client, atVIP, all, "", "", "", text+".\r\nQUIT\r\n", "")))
	require.Equal(t, 1, r.in("inbox/user1"))
}

// The postmaster's mail goes to the account of that name, else to the domain's first; that for an
// address of the machine itself to its user, not round in a circle.
func TestWhoGetsThePostmastersMail(t *testing.T) {
	for _, c := range []struct {
		users []settings.User
		to    string
		box   string
	}{
		{[]settings.User{{Name: "user1"}, {Name: "user2"}}, "postmaster", "inbox/user1"},
		{[]settings.User{{Name: "user1"}, {Name: "postmaster"}}, "Postmaster", "inbox/postmaster"},
		{[]settings.User{{Name: "user1"}, {Name: "postmaster"}}, "postmaster@test.jp", "inbox/postmaster"},
		{[]settings.User{{Name: "user1"}, {Name: "user2"}}, "user2@[10.0.0.100]", "inbox/user2"},
		{[]settings.User{{Name: "user1"}, {Name: "user2"}}, "user2@[10.0.0.1]", "inbox/user2"},
	} {
		r := newRig(t)
		r.node.Domains[0].Users = c.users
		r.both()
		lines := toUser1(text + ".\r\n")
		lines[2] = "RCPT TO:<" + c.to + ">\r\n"
		require.Equal(t, "220 250 250 250 354 250 221", codes(r.talk(r.client, atVIP, lines...)), c.to)
		require.Equal(t, 1, r.in(c.box), c.to)
	}
	r := newRig(t)
	r.node.Domains = append(r.node.Domains, settings.Domain{Name: "told.jp", IP: netip.MustParseAddr("10.0.0.2"), Users: []settings.User{{Name: "boss"}}})
	r.both()
	lines := toUser1(text + ".\r\n")
	lines[2] = "RCPT TO:<postmaster>\r\n"
	r.talk(r.client, netip.MustParseAddrPort("10.0.0.2:25"), lines...)
	require.Equal(t, 1, r.in("inbox/told.jp/boss"), "the domain that the address tells")
}
