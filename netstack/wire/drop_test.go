package wire

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sightings notes what taps and drop taps see.
func sightings(n *Network) (sent, dropped *[]string) {
	sent, dropped = new([]string), new([]string)
	n.AddTap(func(at time.Duration, c *Cable, b []byte) {
		*sent = append(*sent, fmt.Sprintf("%v %s", at, c.Name()))
	})
	n.AddDropTap(func(d Dropped, b []byte) {
		*dropped = append(*dropped, fmt.Sprintf("%v %s %s: %s", d.At, d.Cable.Name(), d.Port.owner(), d.Reason))
	})
	return sent, dropped
}

// A capture at the sender's end shows a frame once, whatever the cable then does to it.
func TestTapSeesWhatTheSenderSent(t *testing.T) {
	for _, c := range []struct {
		name string
		set  Impairment
		drop []string
	}{
		{"lost", Impairment{Loss: 1}, []string{"0s st1 st1: loss"}},
		{"cut", Impairment{Cut: true}, []string{"0s st1 st1: one-way cut"}},
		{"duplicated", Impairment{Duplicate: 1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, net, st := bench(2)
			net.SetSeed(1)
			sent, dropped := sightings(net)
			mustImpair(t, net.Cables()[0], AToB, c.set)
			st[0].send(st[1].mac)
			s.RunUntil(latency - 1)
			require.Equal(t, []string{"0s st1"}, *sent)
			require.Equal(t, c.drop, *dropped)
		})
	}
}

func TestPulledFrameIsCountedAndSeen(t *testing.T) {
	s, net, st := bench(2)
	_, dropped := sightings(net)
	st[0].send(st[1].mac)
	net.Cables()[0].SetPlugged(false)
	s.RunUntil(time.Second)
	require.Equal(t, []string{"100µs st1 st1: pulled"}, *dropped)
	require.Equal(t, Counters{Sent: 1, Lost: 1}, st[0].port.Counters())
}

func TestFrameWithoutLinkIsNeitherSentNorLost(t *testing.T) {
	_, net, st := bench(2)
	_, dropped := sightings(net)
	net.Cables()[0].SetPlugged(false)
	st[0].send(st[1].mac)
	require.Empty(t, *dropped)
	require.Zero(t, st[0].port.Counters())
}

// Every frame sent arrives or is counted as lost, and no buffer leaks or is given back twice.
func TestCountersAddUp(t *testing.T) {
	_, net, l := lines(5, 1)
	mustImpair(t, l[0].cable, AToB, rough)
	got := l[0].send(AToB, 5000, time.Millisecond)
	c := l[0].cable.Counters(AToB)
	require.Equal(t, len(got), int(c.Sent-c.Lost+c.Duplicated))
	require.NotZero(t, c.Lost)
	require.NotZero(t, c.Duplicated)
	seen := map[*Frame]bool{}
	for _, f := range net.free {
		require.False(t, seen[f], "a frame was freed twice")
		seen[f] = true
	}
}
