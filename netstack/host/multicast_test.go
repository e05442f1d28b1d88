package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
)

// A group's packets reach who has joined it, but neither their sender nor a closed firewall.
func TestGroup(t *testing.T) {
	l := newLAN(t)
	group := netip.MustParseAddr("224.0.0.18")
	var heard []string
	hears := func(name string) func(netip.Addr, uint8, []byte) {
		return func(from netip.Addr, ttl uint8, packet []byte) {
			heard = append(heard, fmt.Sprintf("%s: %v %d %s", name, from, ttl, packet))
		}
	}
	a, b, c := l.add("10.0.0.1/24"), l.add("10.0.0.2/24"), l.add("10.0.0.3/24")
	require.False(t, a.NIC().SendGroup(112, group, 255, []byte("early")), "its address is tentative still")
	l.run(5 * time.Second)
	a.NIC().JoinGroup(112, group, hears("a"))
	joined := b.NIC().JoinGroup(112, group, hears("b"))
	b.NIC().JoinGroup(113, group, hears("another protocol"))
	c.NIC().JoinGroup(112, netip.MustParseAddr("224.0.0.19"), hears("another group"))
	var frames []string
	l.net.AddTap(func(_ time.Duration, cable *wire.Cable, f []byte) {
		if cable.Name() == "h1" {
			frames = append(frames, fmt.Sprintf("%x", f))
		}
	})
	require.True(t, a.NIC().SendGroup(112, group, 255, []byte("one")))
	l.run(time.Second)
	require.Equal(t, []string{"b: 10.0.0.1 255 one"}, heard)
	require.Contains(t, frames, "01005e00001202000000000108004500001700004000ff7091630a000001e0000012"+fmt.Sprintf("%x", "one"))

	b.NIC().Firewall().Closed = true
	a.NIC().SendGroup(112, group, 255, []byte("two"))
	l.run(time.Second)
	b.NIC().Firewall().Closed = false
	joined.Leave()
	a.NIC().SendGroup(112, group, 255, []byte("three"))
	a.NIC().Port().SetPower(false)
	require.False(t, a.NIC().SendGroup(112, group, 255, []byte("four")))
	l.run(time.Second)
	require.Len(t, heard, 1)
}
