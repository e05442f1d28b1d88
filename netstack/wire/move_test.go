package wire

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/vtime"
)

// apart is two stations, one at each of two switches, and a third one at the first.
func apart() (s *vtime.Scheduler, net *Network, far *Switch, st []*peer) {
	s, net, st = bench(2)
	near := net.Cables()[0].ends[1].sw
	far = NewSwitch(net, "sw2")
	net.Connect("sw1-sw2", near.AddPort("sw1-sw2"), far.AddPort("sw1-sw2"), latency, nil)
	third := &peer{s: s, mac: MAC{2, 0, 0, 0, 0, 3}}
	third.port = NewPort("st3", third)
	net.Connect("st3", third.port, far.AddPort("st3"), latency, nil)
	return s, net, far, append(st, third)
}

// N10: a switch sends to the port that a station has left until it hears from it, or has forgotten it; with the
// hypervisor's notice at once to the new one. The station's link does not go.
func TestN10_MovedToAnotherSwitch(t *testing.T) {
	for _, c := range []struct {
		how    string
		then   func(net *Network, moved *peer)
		silent time.Duration
		heard  int
	}{
		{"notice", func(net *Network, moved *peer) { moved.port.Send(net.Notice(moved.mac)) }, time.Second, 1},
		{"silent", func(*Network, *peer) {}, MACAge - 2*time.Second, 0},
		{"forgotten", func(*Network, *peer) {}, MACAge, 1},
		{"speaks", func(_ *Network, moved *peer) { moved.send(Broadcast) }, time.Second, 1},
	} {
		s, net, far, st := apart()
		moved, said := st[0], []string(nil)
		moved.send(Broadcast)
		s.RunUntil(time.Second)
		var lost []Reason
		net.AddDropTap(func(d Dropped, _ []byte) { lost = append(lost, d.Reason) })
		net.Cables()[0].Move(far.AddPort("st1"), moved.mac, func(sw *Switch, astray bool) {
			said = append(said, fmt.Sprint(sw.Name(), " ", astray))
		})
		require.Equal(t, []string{"sw2 true", "sw1 true"}, said, "both looked for it at the first switch")
		c.then(net, moved)
		for _, one := range st {
			one.got = nil
		}
		s.RunUntil(s.Now() + c.silent)
		moved.got = nil
		st[1].send(moved.mac)
		st[2].send(moved.mac)
		s.RunUntil(s.Now() + 10*time.Millisecond)
		require.Len(t, moved.got, 2*c.heard, c.how)
		require.Len(t, lost, 2-2*c.heard, c.how)
		require.Equal(t, []bool{true}, moved.link, "the link stays")
		if c.heard > 0 {
			require.ElementsMatch(t, []string{"sw1 false", "sw2 false"}, said[2:], c.how)
		} else {
			require.Equal(t, Astray, lost[0])
			require.Len(t, said, 2)
		}
	}
}

// Moved to another port of the same switch it is looked for where it was, too; so that it comes back into its old one is
// no case: ports are new. What it sends goes out of the new one, and back at the first switch all is as ever.
func TestN10_MovedToAndFro(t *testing.T) {
	s, net, far, st := apart()
	near := net.Cables()[0].ends[1].sw
	st[0].send(Broadcast)
	s.RunUntil(time.Second)
	open := 0
	tell := func(_ *Switch, astray bool) {
		if astray {
			open++
		} else {
			open--
		}
	}
	for _, sw := range []*Switch{near, far, far, near} {
		net.Cables()[0].Move(sw.AddPort("st1"), st[0].mac, tell)
	}
	require.Positive(t, open)
	st[0].send(Broadcast)
	st[1].got = nil
	s.RunUntil(2 * time.Second)
	require.Zero(t, open, "all have heard of it")
	require.Len(t, st[1].got, 1)
	st[2].send(st[0].mac)
	s.RunUntil(3 * time.Second)
	require.Len(t, st[0].got, 1)
	near.SetPower(false)
	require.Equal(t, []bool{true, false}, st[0].link, "it is at that switch again")
}

// N10, N2: a port of a switch without power gives no link until that has power, which a station there loses and gets.
func TestN10_MovedToASwitchWithoutPower(t *testing.T) {
	s, net, far, st := apart()
	near := net.Cables()[0].ends[1].sw
	move := func(sw *Switch) { net.Cables()[0].Move(sw.AddPort("st1"), st[0].mac, func(*Switch, bool) {}) }
	far.SetPower(false)
	move(far)
	require.False(t, net.Cables()[0].Up())
	require.Equal(t, []bool{true, false}, st[0].link)
	far.SetPower(true)
	require.Equal(t, []bool{true, false, true}, st[0].link)
	st[2].got = nil
	st[0].send(Broadcast)
	s.RunUntil(time.Second)
	require.Len(t, st[2].got, 1)
	near.SetPower(false)
	move(near)
	require.False(t, net.Cables()[0].Up())
	move(far)
	require.Equal(t, []bool{true, false, true, false, true}, st[0].link, "it comes back where there is power")
}
