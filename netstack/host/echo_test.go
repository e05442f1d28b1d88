package host

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"pgregory.net/rapid"

	"ipwsim/netstack/wire"
)

// netstackOnly is an interface whose IPv4 packets all go to netstack.
type netstackOnly struct{ *NIC }

func (n netstackOnly) Receive(p *wire.Port, f *wire.Frame) {
	if f.Type() != wire.TypeIPv4 || f.Dst() != n.mac && !f.Dst().IsGroup() {
		n.NIC.Receive(p, f)
		return
	}
	n.link.deliver(f)
	f.Free()
}

// What a host answers without netstack, and what it hears, is what netstack would answer and hear: byte by byte, at the
// same times, whatever comes.
func TestEchoIsNetstacks(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		type step struct {
			after time.Duration
			do    int // 0: a frame
			frame []byte
		}
		var drawn []step
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			drawn = append(drawn, step{
				time.Duration(rapid.SampledFrom([]int{0, 1, 40, 900, 20_000}).Draw(r, "after")) * time.Millisecond,
				rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2, 3, 4}).Draw(r, "do"), drawEcho(r),
			})
		}
		play := func(whole bool) (log []string) {
			l := newLAN(nothingLater{t})
			l.net.AddTap(func(at time.Duration, c *wire.Cable, frame []byte) {
				log = append(log, fmt.Sprintf("%v %s %x", at, c.Name(), frame))
			})
			station := func(name string, last byte, prefix string) *Host {
				port := wire.NewPort(name, nil)
				port.SetPower(false)
				h := New(l.net, port, wire.MAC{2, 0, 0, 0, 0, last}, Config{Name: name, Neighbor: modern, TTL: 128, Seed: 3})
				if whole {
					port.Attach(netstackOnly{h.NIC()})
				}
				h.NIC().Add(netip.MustParsePrefix(prefix))
				l.net.Connect(name, port, l.sw.AddPort(name), 100*time.Microsecond, nil)
				port.SetPower(true)
				l.hosts = append(l.hosts, h)
				return h
			}
			h, other := station("h", 1, "10.0.0.1/24"), station("other", 2, "10.0.0.2/24")
			h.SetGateway(netip.MustParseAddr("10.0.0.2"))
			ping := h.NewPinger(netip.MustParseAddr("10.0.0.2"), netip.Addr{}, 128, 32, PingHandler{
				Reply: func(a Reply) { log = append(log, fmt.Sprintf("%v reply %v", l.s.Now(), a)) },
				Unreachable: func(seq uint16, from netip.Addr) {
					log = append(log, fmt.Sprintf("%v lost %d %v", l.s.Now(), seq, from))
				},
			})
			l.run(time.Second)
			for i, s := range drawn {
				switch second := netip.MustParsePrefix("10.0.0.3/24"); s.do {
				case 0:
					f := l.net.NewFrame(len(s.frame))
					copy(f.B, s.frame)
					other.NIC().Port().Send(f)
				case 1:
					ping.Send(uint16(i))
				case 2:
					h.NIC().FlushNeighbors()
				case 3:
					h.NIC().Add(second)
				case 4:
					h.NIC().Remove(second.Addr())
				}
				l.run(s.after)
			}
			l.run(10 * time.Second)
			l.close()
			return log
		}
		require.Equal(r, play(true), play(false))
	})
}

// drawEcho is a frame with an ICMP message to 10.0.0.1 or about it, mostly well made.
func drawEcho(r *rapid.T) []byte {
	rare := func(what string, usual, strange int) int {
		return rapid.SampledFrom([]int{usual, usual, usual, usual, usual, usual, strange}).Draw(r, what)
	}
	data := rare("data", 32, rapid.IntRange(0, 1400).Draw(r, "length"))
	f := make([]byte, wire.HeaderLen+header.IPv4MinimumSize+header.ICMPv4MinimumSize+data+rare("padding", 0, 18))
	copy(f, []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0})
	if rare("group", 0, 1) == 1 {
		copy(f, wire.Broadcast[:])
	}
	b := f[wire.HeaderLen:]
	ip := header.IPv4(b)
	address := func(what string, usual string) []byte {
		strange := rapid.SampledFrom([]string{"10.0.0.3", "10.0.0.9", "10.0.0.255", "10.0.0.0", "255.255.255.255", "0.0.0.0",
			"127.0.0.1", "224.0.0.1", "10.0.0.1", "10.0.0.2", "192.168.1.1", "240.0.0.1"}).Draw(r, "strange")
		return netip.MustParseAddr([]string{usual, strange}[rare(what, 0, 1)]).AsSlice()
	}
	b[0], b[1] = byte(rare("version", 0x45, 0x46)), byte(rare("tos", 0, 4))
	binary.BigEndian.PutUint16(b[2:], uint16(rare("total", header.IPv4MinimumSize+header.ICMPv4MinimumSize+data, rapid.IntRange(0, 1500).Draw(r, "strange total"))))
	binary.BigEndian.PutUint16(b[4:], uint16(rapid.IntRange(0, 3).Draw(r, "id")))
	b[6], b[7] = byte(rare("flags", 0x40, rapid.IntRange(0, 255).Draw(r, "strange flags"))), byte(rare("offset", 0, 1))
	b[8], b[9] = byte(rare("ttl", 128, rapid.IntRange(0, 3).Draw(r, "strange ttl"))), byte(rare("protocol", 1, 17))
	copy(b[12:], address("src", "10.0.0.2"))
	copy(b[16:], address("dst", "10.0.0.1"))
	ip.SetChecksum(^ip.CalculateChecksum() + uint16(rare("sum", 0, 1)))
	icmp := b[header.IPv4MinimumSize:]
	icmp[0], icmp[1] = byte(rapid.SampledFrom([]int{8, 8, 0, 0, 3, 13}).Draw(r, "type")), byte(rare("code", 0, 1))
	binary.BigEndian.PutUint16(icmp[4:], uint16(rare("ident", 1, 2))) // the first pinger's is 1
	sum := ^checksum.Checksum(icmp[:header.ICMPv4MinimumSize+data], 0)
	binary.BigEndian.PutUint16(icmp[2:], sum+uint16(rare("icmp sum", 0, 1)))
	return f
}
