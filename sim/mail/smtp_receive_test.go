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
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// M6: a message that was answered 250 is in its mailbox, whole, with the trace of its way.
func TestMailArrives(t *testing.T) {
	r := newRig(t)
	r.both()
	require.Equal(t, "220 250 250 250 354 250 221", codes(r.talk(r.client, atVIP, toUser1(text+".\r\n")...)))

	accepts := recorded[trace.MailAccept](r.lab.Trace)
	require.Equal(t, []trace.MailAccept{{
		ID: accepts[0].ID, From: "sender@test.jp", To: []string{"user1@test.jp"}, MessageID: "1.test@client", Size: len(text),
	}}, accepts)
	require.Equal(t, []trace.MailDeliver{{ID: accepts[0].ID, To: "user1@test.jp", Box: "inbox/user1"}}, recorded[trace.MailDeliver](r.lab.Trace))
	require.Equal(t, []trace.MailStock{{
		Place: trace.InMailbox, File: "cl_mail/inbox/user1/" + accepts[0].ID + ".001", Box: "inbox/user1", ID: accepts[0].ID, MessageID: "1.test@client",
	}}, r.stock())

	got, err := r.disk.ReadFile("cl_mail/inbox/user1/" + accepts[0].ID + ".001")
	require.NoError(t, err)
	require.Equal(t, "Return-Path: <sender@test.jp>\r\nDelivered-To: user1@test.jp\r\n"+
		"Received: from client ([10.0.0.50]) by active with ESMTP id "+accepts[0].ID+"; Fri, 07 Feb 2025 16:19:28 +0000\r\n"+text, string(got))

	sessions := recorded[trace.MailSession](r.lab.Trace)
	require.Len(t, sessions, 1)
	require.Equal(t, "EPSTRS quit", sessions[0].Service+" "+string(sessions[0].End))
	require.Equal(t, atVIP, sessions[0].Local)
}

// A client may send in chunks (RFC 3030).
func TestMailArrivesInChunks(t *testing.T) {
	r := newRig(t)
	r.both()
	head, body := text[:20], text[20:len(text)-2]
	answers := r.talk(r.client, atVIP, "EHLO client\r\n", "MAIL FROM:<sender@test.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n",
		fmt.Sprintf("BDAT %d\r\n%s", len(head), head), "wait 1m", fmt.Sprintf("BDAT %d LAST\r\n%s", len(body), body), "QUIT\r\n")
	require.Equal(t, "220 250 250 250 250 250 221", codes(answers))
	require.Equal(t, 1, r.in("inbox/user1"))
	got, err := r.disk.ReadFile("cl_mail/inbox/user1/" + r.stock()[0].ID + ".001")
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(got), text))
}

// Every recipient gets one copy, however often and in whatever case it is named.
func TestMailToSeveral(t *testing.T) {
	r := newRig(t)
	r.both()
	require.Equal(t, "220 250 250 250 250 250 250 354 250", codes(r.talk(r.client, atVIP, "EHLO client\r\n", "MAIL FROM:<sender@test.jp>\r\n",
		"RCPT TO:<user1@test.jp>\r\n", "RCPT TO:<User1@TEST.jp>\r\n", "RCPT TO:<user2@test.jp>\r\n", "RCPT TO:<a@outside.jp>\r\n", "DATA\r\n", text+".\r\n")))
	require.Equal(t, 1, r.in("inbox/user1"))
	require.Equal(t, 1, r.in("inbox/user2"))
	taken := recorded[trace.MailTaken](r.lab.Trace)
	require.Equal(t, []trace.MailTaken{{
		ID: recorded[trace.MailAccept](r.lab.Trace)[0].ID, From: "sender@test.jp", To: "a@outside.jp", MessageID: "1.test@client", Peer: taken[0].Peer, Code: 250,
	}}, taken)
	require.Equal(t, "10.0.0.1", taken[0].Peer.Addr().String(), "it says who gave it")
	require.Zero(t, r.in("queue"))
}

func TestRefusals(t *testing.T) {
	hello := []string{"EHLO client\r\n"}
	from := append(hello, "MAIL FROM:<sender@test.jp>\r\n")
	rcpt := append(from, "RCPT TO:<user1@test.jp>\r\n")
	data := append(rcpt, "DATA\r\n")
	long := strings.Repeat("x", 3000)
	many := append([]string(nil), from...)
	for n := range 102 {
		many = append(many, fmt.Sprintf("RCPT TO:<u%d@outside.jp>\r\n", n))
	}
	for _, c := range []struct {
		name  string
		lines []string
		want  string // the codes of the last answers
	}{
		{"unknown user", append(from, "RCPT TO:<nobody@test.jp>\r\n"), "550"},
		{"no mail before hello", []string{"MAIL FROM:<sender@test.jp>\r\n"}, "503"},
		{"no recipient before a sender", append(hello, "RCPT TO:<user1@test.jp>\r\n"), "503"},
		{"no data before a recipient", append(from, "DATA\r\n"), "503"},
		{"too large by its own word", append(hello, "MAIL FROM:<sender@test.jp> SIZE=999999999\r\n"), "552"},
		{"too many recipients", many, "452 452"},
		{"command line too long", append(hello, "MAIL FROM:<"+long+"@test.jp>\r\n", "", ""), "500 hun"},
		{"line of the message too long", append(data, long+"\r\n.\r\n", "QUIT\r\n"), "554 221"},
		{"NUL in a message", append(data, "a\x00b\r\n.\r\n"), "554"},
		{"bare LF: a smuggled second message", append(data, "a\n.\nMAIL FROM:<evil@test.jp>\r\n.\r\n"), "554"},
		{"bare CR", append(data, "a\rb\r\n.\r\n"), "554"},
		{"bare CR before the end", append(data, "a\r\r\n.\r\n", "NOOP\r\n"), "554 250"},
		{"8-bit in an address", append(from, "RCPT TO:<us\xe9r1@test.jp>\r\n"), "553"},
		{"NUL in an address", append(from, "RCPT TO:<user1\x00@test.jp>\r\n"), "500"},
		{"path in a user's name", append(from, `RCPT TO:<"..\\..\\user1"@test.jp>`+"\r\n", "RCPT TO:<../../user1@test.jp>\r\n", "RCPT TO:<CON@test.jp>\r\n", "RCPT TO:<user1.@test.jp>\r\n"), "550 553 550 553"},
		{"path in a domain", append(from, "RCPT TO:<user1@../test.jp>\r\n", "RCPT TO:<user1@test.jp.>\r\n"), "553 553"},
		{"sender that is no address", append(hello, "MAIL FROM:<a b@test.jp>\r\n", "MAIL FROM:<s\x01@test.jp>\r\n"), "553 500"},
		{"too many errors", append(slices.Repeat([]string{"FROB\r\n"}, 10), ""), "500 421 hun"},
		{"garbage in one go", []string{"\xff\xfe\r\n\x00\x00\x00\r\nGET / HTTP/1.1\r\nHost: a\r\nx\r\n\n", "", "", "", "", "", ""}, "500 hun"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			var seen []string
			r.start(r.active, "active", naming(r.disk, &seen))
			got := codes(r.talk(r.client, atVIP, c.lines...))
			require.True(t, strings.HasSuffix(got, c.want), "answers %s, expected %s at their end", got, c.want)
			require.Empty(t, recorded[trace.MailAccept](r.lab.Trace))
			require.Empty(t, r.stock())
			for _, n := range seen {
				require.True(t, n == "cl_mail" || strings.HasPrefix(n, "cl_mail/queue") || strings.HasPrefix(n, "cl_mail/inbox") || n == "cl_mail/db" || n == "cl_mail/reg", n)
			}
		})
	}
}

// What is larger than the limit is refused at its end, and the session goes on.
func TestTooLarge(t *testing.T) {
	r := newRig(t)
	rs := mail.NewEPSTRS(r.active, r.disk, r.node, "active")
	rs.LimitTo(20_000)
	rs.Start()
	r.lab.Run(time.Second)
	line := strings.Repeat("y", 998) + "\r\n"
	lines := toUser1(strings.Repeat(line, 21) + ".\r\n")[:5]
	lines = append(lines, toUser1(strings.Repeat(line, 19) + ".\r\n")[1:]...)
	require.Equal(t, "220 250 250 250 354 552 250 250 354 250 221", codes(r.talk(r.client, atVIP, lines...)))
	require.Equal(t, 1, r.in("queue"))
}

// How a session ended, as the service saw it. A node that lost its power saw nothing.
func TestSessionsEnd(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  trace.SessionEnd
	}{
		{[]string{"EHLO c\r\n", "QUIT\r\n"}, trace.QuitEnd},
		{[]string{"EHLO c\r\n"}, trace.BrokenEnd},
		{slices.Repeat([]string{"X\r\n"}, 10), trace.RefusedEnd},
		{[]string{strings.Repeat("x", 5000) + "\r\n", "", ""}, trace.RefusedEnd},
		{[]string{"wait 6m", "NOOP\r\n"}, trace.TimeoutEnd},
	} {
		r := newRig(t)
		r.both()
		r.talk(r.client, atVIP, c.lines...)
		sessions := recorded[trace.MailSession](r.lab.Trace)
		require.Len(t, sessions, 1, "%q", c.lines)
		require.Equal(t, c.want, sessions[0].End, "%q", c.lines)
		require.Equal(t, "10.0.0.50", sessions[0].Remote.Addr().String())
	}
	r := newRig(t)
	r.both()
	r.client.Go("cut", func() { r.client.Sleep(30 * time.Second); r.active.PowerOff() })
	r.talk(r.client, atVIP, "EHLO c\r\n", "wait 1m", "NOOP\r\n")
	require.Empty(t, recorded[trace.MailSession](r.lab.Trace))
}

// A message may be 8-bit (8BITMIME) and have lines of dots; its bytes arrive as they were.
func TestMessagesArriveByteForByte(t *testing.T) {
	r := newRig(t)
	r.both()
	r.talk(r.client, atVIP, toUser1("Subject: \x82\xa0\r\n\r\n..\r\n...dots\r\n\xff\xfe\r\n.\r\n")...)
	got, err := r.disk.ReadFile("cl_mail/inbox/user1/" + r.stock()[0].ID + ".001")
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(got), "Subject: \x82\xa0\r\n\r\n.\r\n..dots\r\n\xff\xfe\r\n"), "%q", got)
}

// M3: a connection to a hidden address is closed without a byte; another address is served.
func TestHiddenAddress(t *testing.T) {
	r := newRig(t)
	r.node.SMTP.Hidden = []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	r.both()
	require.Equal(t, []string{"hung up"}, r.talk(r.client, netip.MustParseAddrPort("10.0.0.1:25"), "EHLO client\r\n"))
	require.Equal(t, "220 250", codes(r.talk(r.client, atVIP, "EHLO client\r\n")))
	require.Equal(t, trace.HiddenEnd, recorded[trace.MailSession](r.lab.Trace)[0].End)
}

// Guide step 16: where domains are told apart by address, a real address answers, but takes no mail.
func TestRealAddressTakesNoMail(t *testing.T) {
	r := newRig(t)
	r.node.Domains[0].IP = vip
	r.both()
	real := netip.MustParseAddrPort("10.0.0.1:25")
	require.Equal(t, "220 250 250 550 550", codes(r.talk(r.client, real, "EHLO c\r\n", "MAIL FROM:<sender@test.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n", "RCPT TO:<a@outside.jp>\r\n")))
	require.Equal(t, "220 250 250 250 354 250 221", codes(r.talk(r.client, atVIP, toUser1(text+".\r\n")...)))
	require.Equal(t, 1, r.in("inbox/test.jp/user1"), "M5: below its domain")
}

// Only clients with private addresses may send to other domains.
func TestRelayingIsForOurOwn(t *testing.T) {
	r := newRig(t)
	r.active.Host().NIC().Add(netip.MustParsePrefix("203.0.113.1/24"))
	stranger := r.lab.Machine("stranger", "203.0.113.5/24")
	r.both()
	at := netip.MustParseAddrPort("203.0.113.1:25")
	require.Equal(t, "220 250 250 550 250", codes(r.talk(stranger, at, "EHLO c\r\n", "MAIL FROM:<x@y.jp>\r\n", "RCPT TO:<a@outside.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n")))
	require.Equal(t, "220 250 250 250", codes(r.talk(r.client, atVIP, "EHLO c\r\n", "MAIL FROM:<x@y.jp>\r\n", "RCPT TO:<a@outside.jp>\r\n")))
}

// effect.dat says who else may, and whose mail is not taken at all.
func TestRelayingIsASetting(t *testing.T) {
	prefix := netip.MustParsePrefix
	r := newRig(t)
	r.active.Host().NIC().Add(prefix("203.0.113.1/24"))
	stranger, spammer := r.lab.Machine("stranger", "203.0.113.5/24"), r.lab.Machine("spammer", "203.0.113.66/24")
	r.node.Relay = settings.Relay{{Range: prefix("203.0.113.66/32"), Denied: true}, {Range: prefix("203.0.113.0/24")}}
	r.both()
	at := netip.MustParseAddrPort("203.0.113.1:25")
	lines := []string{"EHLO c\r\n", "MAIL FROM:<x@y.jp>\r\n", "RCPT TO:<a@outside.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n"}
	require.Equal(t, "220 250 250 250 250", codes(r.talk(stranger, at, lines...)))
	require.Equal(t, "220 250 250 550 550", codes(r.talk(spammer, at, lines...)))
	require.Equal(t, "220 250 250 550 250", codes(r.talk(r.client, atVIP, lines...)), "the file has not them")
}

// M2: an address that comes to the machine later is listened on then.
func TestListensOnceTheAddressIsThere(t *testing.T) {
	r := newRig(t)
	r.node.SMTP.Binds[0] = atBind("10.0.0.200")
	r.both()
	later := netip.MustParseAddrPort("10.0.0.200:25")
	r.lab.Run(time.Minute)
	r.active.Host().NIC().Add(netip.MustParsePrefix("10.0.0.200/24"))
	r.lab.Run(6 * time.Second)
	require.Equal(t, "220", codes(r.talk(r.client, later)))
	require.Equal(t, "no ", codes(r.talk(r.client, netip.MustParseAddrPort("10.0.0.2:25"))))
}

// A byte now and then does not hold a session for ever, and neither does silence.
func TestSlowClients(t *testing.T) {
	drip := []string{"EHLO client\r\n", "MAIL FROM:<sender@test.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n", "DATA\r\n"}
	for _, c := range []struct {
		name  string
		lines []string
		want  string
		most  time.Duration
	}{
		{"silent", []string{"wait 20m", "NOOP\r\n"}, "220 421", 5 * time.Minute},
		{"silent in the message", append(drip, "Subject: ", "x"), "220 250 250 250 354 421 hun", 10 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.both()
			require.Equal(t, c.want, codes(r.talk(r.client, atVIP, c.lines...)))
			session := recorded[trace.MailSession](r.lab.Trace)[0]
			require.Equal(t, trace.TimeoutEnd, session.End)
			require.InDelta(t, c.most.Seconds(), session.Took.Seconds(), 1)
			require.Empty(t, r.stock())
		})
	}
	t.Run("a byte a minute", func(t *testing.T) {
		for _, before := range [][]string{nil, drip} {
			r := newRig(t)
			r.both()
			r.client.Go("drip", func() {
				c, err := r.client.Dial(netip.Addr{}, atVIP, time.Minute)
				require.NoError(t, err)
				defer c.Close()
				for _, l := range before {
					_, _ = c.Write([]byte(l))
					r.client.Sleep(time.Second)
				}
				for range 60 {
					if _, err := c.Write([]byte("x")); err != nil {
						return
					}
					r.client.Sleep(time.Minute)
				}
			})
			r.lab.Run(2 * time.Hour)
			session := recorded[trace.MailSession](r.lab.Trace)[0]
			require.Equal(t, trace.TimeoutEnd, session.End)
			require.LessOrEqual(t, session.Took, 11*time.Minute)
		}
	})
}

// Without the share, or without room on it, nothing is taken and nothing is kept.
func TestShareInTrouble(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"unreachable", share.ErrUnreachable, "451"},
		{"full", share.ErrFull, "452"},
		{"write protected", share.ErrReadOnly, "451"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for step := 1; ; step++ { // the trouble comes with each operation in turn
				r := newRig(t)
				ill := &sick{err: c.err, left: -1}
				mail.NewEPSTRS(r.active, ill.share(r.disk), r.node, "active").Start()
				r.lab.Run(time.Second)
				ill.left = step
				got := codes(r.talk(r.client, atVIP, toUser1(text+".\r\n")...))
				if ill.failed {
					require.Equal(t, "220 250 250 250 354 "+c.want+" 221", got, "step %d", step)
					require.Empty(t, recorded[trace.MailAccept](r.lab.Trace))
					require.Empty(t, r.stock())
					continue
				}
				require.Equal(t, "220 250 250 250 354 250 221", got)
				require.Greater(t, step, 4)
				return
			}
		})
	}
}

// M7: a domain that the hosts file does not have costs a DNS time-out.
func TestHostsFileSavesTheTimeout(t *testing.T) {
	r := newRig(t)
	delete(r.node.Hosts, "test.jp")
	r.both()
	require.Equal(t, "220 250 250 250 354 250 221", codes(r.talk(r.client, atVIP, toUser1(text+".\r\n")...)))
	require.InDelta(t, 15, recorded[trace.MailSession](r.lab.Trace)[0].Took.Seconds(), 0.1)
}
