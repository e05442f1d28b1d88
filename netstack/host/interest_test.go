package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
)

// A host that is spared the ARP broadcasts which mean nothing to it does all that it does when it hears them all: what it
// sends, what its addresses become and what its cache has are the same.
func TestSparedBroadcastsMeanNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		address := rapid.Map(rapid.IntRange(0, 6), func(i int) netip.Addr {
			if i == 0 {
				return netip.IPv4Unspecified()
			}
			return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})
		})
		type message struct {
			after time.Duration
			p     arpPacket
		}
		var drawn []message
		for range rapid.IntRange(1, 30).Draw(r, "messages") {
			p := arpPacket{
				op:        rapid.SampledFrom([]uint16{arpRequest, arpReply}).Draw(r, "op"),
				senderMAC: wire.MAC{2, 0, 0, 0, 1, rapid.Byte().Draw(r, "mac")},
				sender:    address.Draw(r, "sender"), target: address.Draw(r, "target"),
			}
			drawn = append(drawn, message{time.Duration(rapid.IntRange(0, 4000).Draw(r, "after")) * time.Millisecond, p})
		}
		cached := rapid.SampledFrom([]arp.Reaction{arp.Ignore, arp.Update, arp.Create}).Draw(r, "cached sender")
		gratuitous := rapid.SampledFrom([]arp.Reaction{arp.Ignore, arp.Update, arp.Create}).Draw(r, "gratuitous")

		play := func(spare bool) (log []string) {
			l := newLAN(nothingLater{t})
			change := func(c *Config) {
				c.Neighbor.CachedSender, c.Neighbor.GratuitousRequest = cached, gratuitous
				if !spare {
					c.ProxyARP = func(*NIC, netip.Addr) bool { return false } // it hears all, and answers for nobody
				}
				c.OnNeighbor = func(ip netip.Addr, mac wire.MAC, s NeighborState) {
					l.log = append(l.log, fmt.Sprint(l.s.Now(), c.Name, ip, mac, s))
				}
			}
			a := l.add("10.0.0.1/24", change)
			l.add("10.0.0.2/24", change)
			l.net.AddTap(func(at time.Duration, c *wire.Cable, frame []byte) {
				l.log = append(l.log, fmt.Sprintf("%v %s %x", at, c.Name(), frame))
			})
			port := wire.NewPort("raw", nil)
			port.SetPower(false)
			raw := New(l.net, port, wire.MAC{2, 0, 0, 0, 9, 9}, Config{Name: "raw", Neighbor: modern, TTL: 64})
			l.net.Connect("raw", port, l.sw.AddPort("raw"), 100*time.Microsecond, nil)
			raw.NIC().Port().SetPower(true)
			l.hosts = append(l.hosts, raw)
			pinger := a.NewPinger(netip.MustParseAddr("10.0.0.3"), netip.Addr{}, 128, 32, PingHandler{
				Reply: func(Reply) {}, Unreachable: func(uint16, netip.Addr) {},
			})
			for i, m := range drawn {
				raw.NIC().sendARP(wire.Broadcast, m.p)
				pinger.Send(uint16(i + 1))
				l.run(m.after)
			}
			log = l.log
			l.close()
			return log
		}
		require.Equal(r, play(false), play(true))
	})
}

// nothingLater is a test whose worlds are closed by hand, as there are many.
type nothingLater struct{ testing.TB }

func (nothingLater) Cleanup(func()) {}
