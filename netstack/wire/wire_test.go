package wire

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/vtime"
)

const latency = 100 * time.Microsecond

// peer is a device that notes what it hears.
type peer struct {
	s    *vtime.Scheduler
	port *Port
	mac  MAC
	got  []string
	link []bool
}

func (st *peer) Receive(_ *Port, f *Frame) {
	st.got = append(st.got, fmt.Sprintf("%v from %d", st.s.Now(), f.Src()[5]))
	f.Free()
}

func (st *peer) LinkChanged(_ *Port, up bool) { st.link = append(st.link, up) }

func (st *peer) send(to MAC) {
	st.port.Send(frameTo(st, to))
}

// bench is n stations on one switch.
func bench(n int) (*vtime.Scheduler, *Network, []*peer) {
	s := vtime.NewScheduler(0, time.Time{})
	net := NewNetwork(s)
	sw := NewSwitch(net, "sw1")
	var all []*peer
	for i := range n {
		st := &peer{s: s, mac: MAC{2, 0, 0, 0, 0, byte(i + 1)}}
		st.port = NewPort(fmt.Sprint("st", i+1), st)
		net.Connect(st.port.Name(), st.port, sw.AddPort(st.port.Name()), latency, nil)
		all = append(all, st)
	}
	return s, net, all
}

func TestFrameTakesEachCablesLatency(t *testing.T) {
	s, _, st := bench(2)
	st[0].send(st[1].mac)
	s.RunUntil(2*latency - 1)
	require.Empty(t, st[1].got)
	s.RunUntil(2 * latency)
	require.Equal(t, []string{"200µs from 1"}, st[1].got)
}

// N2: a switch floods what it does not know and forwards what it has learnt.
func TestN2_SwitchLearns(t *testing.T) {
	s, _, st := bench(3)
	st[0].send(st[1].mac)
	s.RunUntil(time.Second)
	require.Len(t, st[2].got, 1, "an unknown destination goes to all ports")
	st[1].send(st[0].mac)
	s.RunUntil(2 * time.Second)
	require.Len(t, st[0].got, 1)
	require.Len(t, st[2].got, 1, "a learnt destination goes to its port only")
	st[1].send(Broadcast)
	s.RunUntil(3 * time.Second)
	require.Len(t, st[0].got, 2)
	require.Len(t, st[2].got, 2, "a broadcast goes to all ports but its own")
	require.Len(t, st[1].got, 1)
}

// N2: a switch forgets a station it has not heard for 300 s.
func TestN2_SwitchForgets(t *testing.T) {
	for _, c := range []struct {
		silent time.Duration
		floods bool
	}{{299 * time.Second, false}, {300 * time.Second, true}} {
		s, _, st := bench(3)
		st[1].send(Broadcast)
		s.RunUntil(latency + c.silent)
		heard := len(st[2].got)
		st[0].send(st[1].mac)
		s.RunUntil(c.silent + time.Second)
		require.Equal(t, c.floods, len(st[2].got) > heard, "after %v of silence", c.silent)
	}
}

func frameTo(st *peer, to MAC) *Frame {
	f := st.port.cable.net.NewFrame(60)
	clear(f.B)
	copy(f.B[0:6], to[:])
	copy(f.B[6:12], st.mac[:])
	return f
}

func TestPulledCableLosesWhatIsOnItsWay(t *testing.T) {
	s, net, st := bench(2)
	c := net.Cables()[1]
	st[0].send(st[1].mac)
	s.RunUntil(latency + latency/2)
	c.SetPlugged(false)
	c.SetPlugged(true)
	s.RunUntil(time.Second)
	require.Empty(t, st[1].got, "a frame on a cable that was pulled is lost, even if it is back before the frame would arrive")
	require.Equal(t, []bool{true, false, true}, st[1].link)
}

func TestLinkNeedsBothEnds(t *testing.T) {
	_, net, st := bench(2)
	c := net.Cables()[0]
	st[0].port.SetPower(false)
	require.False(t, c.Up())
	c.SetPlugged(false)
	st[0].port.SetPower(true)
	require.False(t, c.Up(), "powered but not plugged in")
	c.SetPlugged(true)
	require.True(t, c.Up())
	require.Equal(t, []bool{true, false, true}, st[0].link, "a device hears of changes only")
}

func TestSendWithoutLinkIsLost(t *testing.T) {
	s, net, st := bench(2)
	seen := 0
	net.AddTap(func(time.Duration, *Cable, []byte) { seen++ })
	net.Cables()[0].SetPlugged(false)
	st[0].send(st[1].mac)
	s.RunUntil(time.Second)
	require.Empty(t, st[1].got)
	require.Zero(t, seen, "a frame that never reached a cable is in no capture")
}

func TestTapSeesEachCable(t *testing.T) {
	s, net, st := bench(2)
	var seen []string
	net.AddTap(func(at time.Duration, c *Cable, b []byte) {
		seen = append(seen, fmt.Sprintf("%v %s %d", at, c.Name(), len(b)))
	})
	st[0].send(st[1].mac)
	s.RunUntil(time.Second)
	require.Equal(t, []string{"0s st1 60", "100µs st2 60"}, seen)
}

func TestStationMovesToAnotherPort(t *testing.T) {
	s, _, st := bench(3)
	st[0].send(Broadcast)
	s.RunUntil(time.Second)
	st[1].mac = st[0].mac // the same address now speaks at another port
	st[1].send(Broadcast)
	s.RunUntil(2 * time.Second)
	was := len(st[0].got)
	st[2].send(st[0].mac)
	s.RunUntil(3 * time.Second)
	require.Len(t, st[0].got, was, "frames go where the address was last heard")
	require.Equal(t, "2.0002s from 3", st[1].got[len(st[1].got)-1])
}

func TestLatencyBelowTheMinimumIsRefused(t *testing.T) {
	net := NewNetwork(vtime.NewScheduler(0, time.Time{}))
	require.Panics(t, func() { net.Connect("c", NewPort("a", nil), NewPort("b", nil), time.Microsecond, nil) })
}

// Buffers are used again, but those of a burst are not kept for good.
func TestTheBuffersOfABurstAreNotKept(t *testing.T) {
	n := NewNetwork(vtime.NewScheduler(0, time.Time{}))
	f := n.NewFrame(60)
	f.Free()
	require.Same(t, f, n.NewFrame(60))
	var burst []*Frame
	for range 3 * maxFree {
		burst = append(burst, n.NewFrame(60))
	}
	for _, f := range burst {
		f.Free()
	}
	require.Len(t, n.free, maxFree)
}

// N2: a switch without power takes the link of all its cables; with it again it has forgotten who is where.
func TestN2_SwitchLosesItsPower(t *testing.T) {
	s, net, st := bench(3)
	sw := net.Cables()[0].ends[1].sw
	st[1].send(Broadcast)
	s.RunUntil(time.Second)
	require.True(t, sw.Powered())
	sw.SetPower(false)
	require.False(t, sw.Powered())
	for i := range st {
		require.False(t, net.Cables()[i].Up())
		st[i].got = nil
	}
	st[0].send(st[1].mac)
	sw.SetPower(true)
	s.RunUntil(2 * time.Second)
	require.Equal(t, []bool{true, false, true}, st[0].link)
	require.Empty(t, st[1].got, "nothing is kept for later")
	st[0].send(st[1].mac)
	s.RunUntil(3 * time.Second)
	require.Len(t, st[1].got, 1)
	require.Len(t, st[2].got, 1, "the station that it knew goes to all ports now")
}
