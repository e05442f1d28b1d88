package narrator

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/nas"
	"ipwsim/sim/trace"
)

var (
	shareIP  = netip.MustParseAddr("192.168.10.210")
	shareMAC = trace.MAC{0, 0x15, 0x5d, 10, 11, 210}
)

// mailHistory is the cluster with a share and with a client on its own segment.
func mailHistory() *trace.Trace {
	h := history()
	h.Header.Others = []trace.Other{{Name: "share", What: "share", Address: netip.PrefixFrom(shareIP, 24), MAC: shareMAC}}
	return h
}

// asking is a segment of the client to a port of the VIP, answering one of the active node back.
func asking(port layers.TCPPort, seq uint32, text string) []byte {
	return ip(clientMAC, clientIP, vip, layers.IPProtocolTCP, &layers.TCP{SrcPort: 50000, DstPort: port, Seq: seq, ACK: true}, gopacket.Payload(text))
}

func answering(port layers.TCPPort, ack uint32, text string) []byte {
	return ip(activeMAC, vip, clientIP, layers.IPProtocolTCP, &layers.TCP{SrcPort: port, DstPort: 50000, Ack: ack, ACK: true}, gopacket.Payload(text))
}

func TestMailComments(t *testing.T) {
	with := func(src, dst layers.TCPPort, set func(*layers.TCP)) []byte {
		head := layers.TCP{SrcPort: src, DstPort: dst}
		set(&head)
		if dst == 50000 {
			return ip(activeMAC, vip, clientIP, layers.IPProtocolTCP, &head)
		}
		return ip(clientMAC, clientIP, vip, layers.IPProtocolTCP, &head)
	}
	for _, c := range []struct {
		want  string
		frame []byte
	}{
		{"client: connects to the VIP for SMTP", with(50000, 25, func(h *layers.TCP) { h.SYN = true })},
		{"active: accepts client for SMTP", with(25, 50000, func(h *layers.TCP) { h.SYN, h.ACK = true, true })},
		{"active: refuses client POP3", with(110, 50000, func(h *layers.TCP) { h.RST = true })},
		{"client: breaks off IMAP to the VIP", with(50000, 143, func(h *layers.TCP) { h.RST = true })},
		{"client: closes its side of SMTP with the VIP", with(50000, 587, func(h *layers.TCP) { h.FIN = true })},
		{"", with(50000, 25, func(h *layers.TCP) { h.ACK = true })},

		{"client: SMTP EHLO client to the VIP", asking(25, 1, "EHLO client\r\n")},
		{"client: SMTP mail from:<a@example.com> to the VIP", asking(587, 1, "mail from:<a@example.com>\r\n")},
		{"client: SMTP AUTH .. to the VIP", asking(25, 1, "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n")},
		{"client: SMTP data, 14 bytes to the VIP", asking(25, 1, "AHVzZXIAc2Vj\r\n")},
		{"active: SMTP 220 mail ready, to client", answering(25, 1, "220 mail ready\r\n")},
		{"active: SMTP 250-SIZE 10, to client", answering(25, 1, "250-SIZE 10\r\n250 HELP\r\n")},
		{"active: SMTP data, 6 bytes, to client", answering(25, 1, "2500\r\n")},

		{"client: POP3 USER suzuki to the VIP", asking(110, 1, "USER suzuki\r\n")},
		{"client: POP3 PASS .. to the VIP", asking(110, 1, "PASS secret\r\n")},
		{"client: POP3 pass .. to the VIP", asking(110, 1, "pass  secret word\r\n")},
		{"client: POP3 data, 13 bytes to the VIP", asking(110, 1, "PASS\tsecret\r\n")},
		{"client: POP3 APOP .. to the VIP", asking(110, 1, "APOP suzuki c4c9334bac560ecc979e58001b3e22fb\r\n")},
		{"active: POP3 +OK 2 messages, to client", answering(110, 1, "+OK 2 messages\r\n")},
		{"active: POP3 -ERR no, to client", answering(110, 1, "-ERR no\r\n")},
		{"active: POP3 data, 17 bytes, to client", answering(110, 1, "Subject: secret\r\n")},

		{"client: IMAP a1 LOGIN .. to the VIP", asking(143, 1, "a1 LOGIN suzuki secret\r\n")},
		{"client: IMAP a1 login .. to the VIP", asking(143, 1, "a1 login suzuki {6}\r\nsecret\r\n")},
		{"client: IMAP data, 22 bytes to the VIP", asking(143, 1, " LOGIN suzuki secret\r\n")},
		{"client: IMAP data, 23 bytes to the VIP", asking(143, 1, "a  LOGIN suzuki secret\n")},
		{"client: IMAP a2 SELECT INBOX to the VIP", asking(143, 1, "a2 SELECT INBOX\r\n")},
		{"active: IMAP * 3 EXISTS, to client", answering(143, 1, "* 3 EXISTS\r\n")},
		{"active: IMAP a1 NO login failed, to client", answering(143, 1, "a1 NO login failed\r\n")},
		{"active: IMAP data, 10 bytes, to client", answering(143, 1, "body text\n")},

		{"client: SMTP data, 11 bytes to the VIP", asking(25, 1, "HELO \x1b[2J\r\n")},
		{"client: SMTP data, 9 bytes to the VIP", asking(25, 1, "HELO \u3042\n")},
		{"active: POP3 data, 10 bytes, to client", answering(110, 1, "+OK \u202e!\r\n")},
		{"client: SMTP EHLO " + strings.Repeat("x", 75) + " to the VIP", asking(25, 1, "EHLO "+strings.Repeat("x", 75)+"\r\n")},
		{"client: SMTP EHLO " + strings.Repeat("x", 75) + ".. to the VIP", asking(25, 1, "EHLO "+strings.Repeat("x", 76)+"\r\n")},
		{"client: SMTP EHLO " + strings.Repeat("x", 75) + ".. to the VIP", asking(25, 1, "EHLO "+strings.Repeat("x", 900)+"\r\n")},
	} {
		require.Equal(t, c.want, New(mailHistory()).Comment("active", c.frame))
	}
}

// M6: between 354 and the final dot there are no commands. A frame is seen on each cable it crosses, and
// says the same there.
func TestM6_TheFinalDotAndItsAnswer(t *testing.T) {
	n := New(mailHistory())
	body := "Subject: x\r\n\r\n"
	help := "HELP me\r\n"
	for _, c := range []struct {
		want  string
		frame []byte
	}{
		{"client: SMTP DATA to the VIP", asking(25, 94, "DATA\r\n")},
		{"active: SMTP 354 go ahead, to client", answering(25, 100, "354 go ahead\r\n")},
		{"client: SMTP data, 14 bytes to the VIP", asking(25, 100, body)},
		{"client: SMTP data, 9 bytes to the VIP", asking(25, 114, help)},
		{"client: SMTP data, 9 bytes to the VIP", asking(25, 100+14, help)}, // sent again
		{"client: SMTP the final dot to the VIP", asking(25, 123, ".\r\n")},
		{"active: SMTP 250 to the final dot (M6): queued, to client", answering(25, 126, "250 queued\r\n")},
		{"client: SMTP HELP me to the VIP", asking(25, 126, help)},
		{"active: SMTP 214 ask a person, to client", answering(25, 135, "214 ask a person\r\n")},

		// a second message of the session, with its dot in one segment; the sequence numbers begin anew
		{"active: SMTP 354 go ahead, to client", answering(25, 1<<32-5, "354 go ahead\r\n")},
		{"client: SMTP message data, 14 bytes, and the final dot to the VIP", asking(25, 1<<32-5, "HELP me\r\n\r\n.\r\n")},
		{"active: SMTP 451 to the final dot (M6): disk full, to client", answering(25, 9, "451 disk full\r\n")},
		{"client: SMTP QUIT to the VIP", asking(25, 9, "QUIT\r\n")},
	} {
		for _, cable := range []string{"client", "active"} {
			require.Equal(t, c.want, n.Comment(cable, c.frame), cable)
		}
	}
}

// A new connection from the same port knows nothing of the one before.
func TestMailOfANewConnection(t *testing.T) {
	n := New(mailHistory())
	n.Comment("active", answering(25, 100, "354 go ahead\r\n"))
	require.Equal(t, "client: SMTP data, 6 bytes to the VIP", n.Comment("active", asking(25, 100, "RSET\r\n")))
	n.Comment("active", ip(clientMAC, clientIP, vip, layers.IPProtocolTCP, &layers.TCP{SrcPort: 50000, DstPort: 25, SYN: true}))
	require.Equal(t, "client: SMTP RSET to the VIP", n.Comment("active", asking(25, 100, "RSET\r\n")))
}

// call is a message of the share's protocol as it goes over the wire.
func call(m nas.Message) string {
	b, err := nas.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestShareComments(t *testing.T) {
	ask := func(text string) []byte {
		return ip(activeMAC, activeIP, shareIP, layers.IPProtocolTCP, &layers.TCP{SrcPort: 50000, DstPort: nas.Port}, gopacket.Payload(text))
	}
	answer := func(text string) []byte {
		return ip(shareMAC, shareIP, activeIP, layers.IPProtocolTCP, &layers.TCP{SrcPort: nas.Port, DstPort: 50000}, gopacket.Payload(text))
	}
	rename := nas.Message{Op: nas.Rename, Name: "queue/tmp/a", To: "queue/a"}
	renamed := nas.Message{Op: nas.Rename, Code: nas.Done, Name: "queue/tmp/a"}
	large := call(nas.Message{Op: nas.Create, Name: "queue/tmp/a", Data: bytes.Repeat([]byte("PASS secret\r\n"), 200)})
	long := strings.Repeat("x", 121)
	for _, c := range []struct {
		want  string
		frame []byte
	}{
		{"active: NAS session Administrator to share", ask(call(nas.Message{Op: nas.Session, Name: "Administrator"}))},
		{"share: NAS session LocalSystem: denied, to active", answer(call(nas.Message{Op: nas.Session, Code: nas.Permission, Name: "LocalSystem", Data: []byte("why")}))},
		{"active: NAS rename queue/tmp/a -> queue/a to share", ask(call(rename))},
		{"share: NAS rename queue/tmp/a: done, to active", answer(call(renamed))},
		{"share: NAS read a: done, 5 bytes, to active", answer(call(nas.Message{Op: nas.Read, Code: nas.Done, Name: "a", Data: []byte("hello")}))},
		{"share: NAS stat a: not there, to active", answer(call(nas.Message{Op: nas.Stat, Code: nas.NotExist, Name: "a", Data: []byte("why")}))},
		{"active: NAS list ?[2J??? to share", ask(call(nas.Message{Op: nas.List, Name: "\x1b[2J\u3042\u202e\xff"}))},
		{"active: NAS list " + long[1:] + ".. to share", ask(call(nas.Message{Op: nas.List, Name: long}))},
		{"active: NAS create queue/tmp/a, 2600 bytes to share", ask(large)},
		{"active: NAS create queue/tmp/a, 2600 bytes to share", ask(large[:1460])},
		{"active: NAS data, 1161 bytes to share", ask(large[1460:])},
		{"active: NAS data, 14 bytes to share", ask(call(rename)[:14])},
		{"active: NAS data, 56 bytes to share", ask(call(rename) + call(rename))},
		{"active: NAS data, 21 bytes to share", ask(call(renamed))},
		{"share: NAS data, 28 bytes, to active", answer(call(rename))},
		{"active: NAS data, 13 bytes to share", ask("HELP me with!")},
	} {
		require.Equal(t, c.want, New(mailHistory()).Comment("active", c.frame))
	}
}
