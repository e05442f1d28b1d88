package wire

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// held is three stations on a switch; the first port got its link at time 0 without port-fast.
func held() (*rig, []*peer) {
	s, net, st := bench(3)
	c := net.Cables()[0]
	c.SetPlugged(false)
	far := c.ends[1]
	far.PortFast = false
	c.SetPlugged(true)
	return &rig{net: net, run: s.RunUntil, port: far}, st
}

type rig struct {
	net  *Network
	run  func(time.Duration)
	port *Port
}

// N2: after link up without port-fast a port is listening for 15 s, learning for 15 s, then forwards.
func TestN2_PortStates(t *testing.T) {
	r, _ := held()
	for _, c := range []struct {
		at   time.Duration
		want PortState
	}{
		{0, Listening}, {15*time.Second - 1, Listening},
		{15 * time.Second, Learning}, {30*time.Second - 1, Learning},
		{30 * time.Second, Forwarding}, {time.Hour, Forwarding},
	} {
		r.run(c.at)
		require.Equal(t, c.want, r.port.State(), "at %v", c.at)
	}
}

// N2: a port that is held lets nothing in or out; in its second half it learns.
func TestN2_HeldPort(t *testing.T) {
	for _, c := range []struct {
		state    PortState
		at       time.Duration
		forwards bool
		learns   bool
	}{
		{Listening, 5 * time.Second, false, false},
		{Learning, 20 * time.Second, false, true},
		{Forwarding, 31 * time.Second, true, true},
	} {
		t.Run(string(c.state), func(t *testing.T) {
			r, st := held()
			r.run(c.at)
			st[0].send(Broadcast)
			r.run(c.at + time.Second)
			require.Equal(t, c.forwards, len(st[1].got) > 0, "in by the port")
			st[1].send(Broadcast)
			r.run(c.at + 2*time.Second)
			require.Equal(t, c.forwards, len(st[0].got) > 0, "out by the port")

			before := len(st[2].got)
			st[1].send(st[0].mac)
			r.run(c.at + 3*time.Second)
			require.Equal(t, c.learns, len(st[2].got) == before, "what is learnt is not flooded")
			require.Equal(t, c.forwards, len(st[0].got) > 0, "out by the port, learnt or not")
		})
	}
}

// N2: the wait begins anew at each link up, and only where port-fast is off.
func TestN2_WaitAtEachLinkUp(t *testing.T) {
	r, _ := held()
	r.run(time.Minute)
	require.Equal(t, Forwarding, r.port.State())
	r.port.cable.SetPlugged(false)
	require.Equal(t, Disabled, r.port.State())
	r.port.cable.SetPlugged(true)
	require.Equal(t, Listening, r.port.State())
	r.port.PortFast = true
	require.Equal(t, Listening, r.port.State(), "port-fast is read when the link comes up")
	r.port.cable.SetPlugged(false)
	r.port.cable.SetPlugged(true)
	require.Equal(t, Forwarding, r.port.State())
}

func TestPortForwardsAtOnceUnlessSetOtherwise(t *testing.T) {
	_, net, _ := bench(1)
	require.Equal(t, Forwarding, net.Cables()[0].ends[1].State())
}

func TestHeldPortCountsWhatItDiscards(t *testing.T) {
	r, st := held()
	_, dropped := sightings(r.net)
	st[0].send(Broadcast)
	r.run(time.Second)
	st[1].send(Broadcast)
	r.run(2 * time.Second)
	require.Equal(t, []string{"100µs st1 sw1: spanning tree", "1.0001s st1 sw1: spanning tree"}, *dropped)
	require.Equal(t, Counters{Discarded: 2}, r.port.Counters())
}

// N2: the age is a setting; 300 s stays the default.
func TestN2_AgeIsSettable(t *testing.T) {
	for _, c := range []struct {
		age, silent time.Duration
		floods      bool
	}{
		{10 * time.Second, 9 * time.Second, false}, {10 * time.Second, 10 * time.Second, true},
		{time.Hour, 59 * time.Minute, false}, {time.Hour, time.Hour, true},
	} {
		s, net, st := bench(3)
		net.Cables()[0].ends[1].sw.Age = c.age
		st[1].send(Broadcast)
		s.RunUntil(latency + c.silent)
		heard := len(st[2].got)
		st[0].send(st[1].mac)
		s.RunUntil(c.silent + time.Second)
		require.Equal(t, c.floods, len(st[2].got) > heard, "age %v, after %v of silence", c.age, c.silent)
	}
}

// N2: who listens hears of each state, once, at its time; a link lost meanwhile ends the wait.
func TestN2_PortStatesAreTold(t *testing.T) {
	r, _ := held()
	type change struct {
		at    time.Duration
		state PortState
	}
	var got []change
	r.port.sw.OnPortState = func(p *Port, s PortState) {
		require.Same(t, r.port, p)
		require.Equal(t, s, p.State(), "what is told is so")
		got = append(got, change{r.net.s.Now(), s})
	}
	c := r.port.Cable()
	r.run(100 * time.Second)
	c.SetPlugged(false)
	c.SetPlugged(true)
	r.run(110 * time.Second)
	c.SetPlugged(false)
	r.run(111 * time.Second)
	c.SetPlugged(true)
	r.run(200 * time.Second)
	require.Equal(t, []change{
		{100 * time.Second, Listening},
		{111 * time.Second, Listening}, {126 * time.Second, Learning}, {141 * time.Second, Forwarding},
	}, got)
}
