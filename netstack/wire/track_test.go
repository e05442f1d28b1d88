package wire

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	swMAC = MAC{2, 0, 0, 3, 0, 1}
	m1    = MAC{2, 0, 0, 0, 0, 1}
	m2    = MAC{2, 0, 0, 0, 0, 2}
)

// arps are the ARP messages that are put on a cable, with who sends them.
type sighted struct {
	at             time.Duration
	from           MAC
	form           Form
	sender, target netip.Addr
}

func arpsOn(net *Network, cable string) *[]sighted {
	all := new([]sighted)
	net.AddTap(func(at time.Duration, c *Cable, b []byte) {
		if a, ok := parseARP(b[HeaderLen:]); ok && c.Name() == cable {
			*all = append(*all, sighted{at, MAC(b[6:12]), a.form(), a.sender, a.target})
		}
	})
	return all
}

// N8: a switch that tracks devices probes who it has heard behind a port, from 0.0.0.0 and to it alone, when the port
// gets link and each 30 s; one that is silent three times it leaves until the next link.
func TestN8_TracksDevices(t *testing.T) {
	s, net, st := bench(2)
	sw := net.Cables()[0].ends[1].sw
	sw.Track(swMAC, 2*time.Second)
	st[0].port.Send(arpFrame(net, 1, m1, vip, other))
	s.RunUntil(time.Second)
	seen, others := arpsOn(net, "st1"), arpsOn(net, "st2")
	for _, up := range []bool{false, true} {
		net.Cables()[0].SetPlugged(up)
	}
	s.RunUntil(time.Hour)
	probe := func(at time.Duration) sighted { return sighted{time.Second + at, swMAC, Probe, none, vip} }
	require.Equal(t, []sighted{probe(2 * time.Second), probe(32 * time.Second), probe(62 * time.Second)}, *seen)
	require.Empty(t, *others)
	require.Empty(t, st[1].got[1:], "nothing of it goes elsewhere")

	st[0].port.Send(arpFrame(net, 2, m1, vip, none)) // heard again
	s.RunUntil(s.Now() + 30*time.Second)
	require.Len(t, *seen, 5)

	st[1].port.Send(arpFrame(net, 1, m2, vip, vip)) // it has moved
	s.RunUntil(s.Now() + time.Hour)
	require.Len(t, *seen, 6, "the announcement is passed on, and nobody is asked here any more")
}

// The answer to a probe ends at the switch.
func TestN8_TheAnswerIsTheSwitchs(t *testing.T) {
	s, net, st := bench(3)
	sw := net.Cables()[0].ends[1].sw
	sw.Track(swMAC, 0)
	f := arpFrame(net, 2, m1, vip, none)
	copy(f.B[0:6], swMAC[:])
	st[0].port.Send(f)
	s.RunUntil(time.Second)
	require.Empty(t, st[1].got)
	require.Empty(t, st[2].got)
}

// N8: with ARP suppression the switch answers for who it has heard, and passes the rest on, whether it tracks devices or not.
func TestN8_SuppressesARP(t *testing.T) {
	for _, tracks := range []bool{false, true} {
		suppresses(t, tracks)
	}
}

func suppresses(t *testing.T, tracks bool) {
	s, net, st := bench(2)
	sw := net.Cables()[0].ends[1].sw
	sw.Suppress(swMAC)
	if tracks {
		sw.Track(swMAC, time.Hour)
	}
	st[0].port.Send(arpFrame(net, 1, m1, vip, vip))
	s.RunUntil(time.Second)
	seen, others := arpsOn(net, "st2"), arpsOn(net, "st1")
	ask := func(sender netip.Addr) {
		st[1].port.Send(arpFrame(net, 1, m2, sender, vip))
		s.RunUntil(s.Now() + time.Second)
	}
	ask(other)
	ask(none)
	require.Equal(t, []Form{Request, Reply, Probe, Reply}, []Form{(*seen)[0].form, (*seen)[1].form, (*seen)[2].form, (*seen)[3].form})
	require.Empty(t, *others, "the owner is not asked")
	require.Equal(t, uint64(2), sw.Suppressed())

	net.Cables()[0].SetPlugged(false)
	net.Cables()[0].SetPlugged(true)
	ask(other)
	require.Len(t, *others, 1, "who lost link is not known any more")
}

// N8: a switch may learn from data alone, and may drop what it does not know.
func TestN8_LearnsFromData(t *testing.T) {
	for _, c := range []struct {
		dataOnly, block bool
		got             int // at the third station, of a frame to the first
	}{{false, false, 0}, {true, false, 1}, {true, true, 0}} {
		s, net, st := bench(3)
		sw := net.Cables()[0].ends[1].sw
		sw.DataOnly, sw.BlockUnknown = c.dataOnly, c.block
		var told []string
		sw.OnUnknown = func(mac MAC) func() {
			told = append(told, fmt.Sprint("missed ", mac))
			return func() { told = append(told, "heard") }
		}
		st[0].port.Send(arpFrame(net, 1, m1, vip, other))
		s.RunUntil(time.Second)
		st[0].got, st[2].got = nil, nil
		st[1].send(m1)
		if c.block {
			st[1].send(m1) // of which nobody is told again
		}
		s.RunUntil(2 * time.Second)
		require.Len(t, st[2].got, c.got)
		require.Equal(t, !c.block, len(st[0].got) == 1)
		st[0].send(m2) // data
		s.RunUntil(3 * time.Second)
		st[0].got = nil
		st[1].send(m1)
		s.RunUntil(4 * time.Second)
		require.Len(t, st[0].got, 1, "it has been heard")
		if c.block {
			require.Equal(t, []string{fmt.Sprint("missed ", m1), "heard"}, told)
		} else {
			require.Empty(t, told)
		}
	}
}
