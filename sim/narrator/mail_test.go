package narrator

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

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

// message9P is a message of 9P of a type: its length, the type, a tag.
func message9P(kind byte, body string) string {
	b := binary.LittleEndian.AppendUint32(nil, uint32(7+len(body)))
	return string(append(b, kind, 1, 0)) + body
}

func TestShareComments(t *testing.T) {
	ask := func(text string) []byte {
		return ip(activeMAC, activeIP, shareIP, layers.IPProtocolTCP, &layers.TCP{SrcPort: 50000, DstPort: 564}, gopacket.Payload(text))
	}
	answer := func(text string) []byte {
		return ip(shareMAC, shareIP, activeIP, layers.IPProtocolTCP, &layers.TCP{SrcPort: 564, DstPort: 50000}, gopacket.Payload(text))
	}
	for _, c := range []struct {
		want  string
		frame []byte
	}{
		{"active: 9P Trenameat to share", ask(message9P(74, "a"))},
		{"share: 9P Rrenameat, to active", answer(message9P(75, ""))},
		{"share: 9P Rlerror, to active", answer(message9P(7, "\x1c\x00\x00\x00"))},
		{"active: 9P Twrite to share", ask(message9P(118, "PASS secret"))},
		{"active: 9P Tclunk to share", ask(message9P(120, "abcd") + message9P(110, "x"))},
		{"active: 9P Tclunk to share", ask(message9P(120, "abcd") + message9P(110, "cut in two")[:9])},
		{"share: 9P data, 23 bytes, to active", answer(message9P(53, "\x00") + "file names, cut")},
		{"active: 9P data, 7 bytes to share", ask(message9P(200, ""))},
		{"share: 9P data, 6 bytes, to active", answer(message9P(75, "")[:6])},
		{"active: 9P data, 13 bytes to share", ask("HELP me with!")},
	} {
		require.Equal(t, c.want, New(mailHistory()).Comment("active", c.frame))
	}
}
