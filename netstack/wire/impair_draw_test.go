package wire

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/vtime"
)

// rough is an impairment that draws for everything.
var rough = Impairment{Jitter: 3 * time.Millisecond, Loss: 0.2, Duplicate: 0.2, Reorder: 0.2, Hold: 5 * time.Millisecond}

func TestSameSeedSameArrivals(t *testing.T) {
	run := func(seed uint64) []arrival {
		_, _, l := lines(seed, 1)
		mustImpair(t, l[0].cable, AToB, rough)
		return l[0].send(AToB, 200, time.Millisecond)
	}
	require.Equal(t, run(7), run(7))
	require.NotEqual(t, run(7), run(8))
}

// What happens on one cable, or in one direction, never changes the draws of another.
func TestDrawsAreIndependent(t *testing.T) {
	run := func(t require.TestingT, disturb func(l []*line)) []arrival {
		_, _, l := lines(3, 2)
		mustImpair(t, l[0].cable, AToB, rough)
		disturb(l)
		start := l[0].cable.net.s.Now()
		got := l[0].send(AToB, 100, time.Millisecond)
		for i := range got {
			got[i].at -= start
		}
		return got
	}
	alone := run(t, func([]*line) {})
	rapid.Check(t, func(t *rapid.T) {
		set := Impairment{
			Jitter: time.Duration(rapid.IntRange(0, 9999999).Draw(t, "jitter")), Loss: rapid.Float64Range(0, 1).Draw(t, "loss"),
			Duplicate: rapid.Float64Range(0, 1).Draw(t, "duplicate"), Reorder: rapid.Float64Range(0, 1).Draw(t, "reorder"), Hold: 1,
		}
		require.Equal(t, alone, run(t, func(l []*line) {
			if rapid.Bool().Draw(t, "other cable") {
				mustImpair(t, l[1].cable, AToB, set)
				l[1].send(AToB, rapid.IntRange(0, 50).Draw(t, "frames"), time.Millisecond)
			} else {
				mustImpair(t, l[0].cable, BToA, set)
				l[0].send(BToA, rapid.IntRange(0, 50).Draw(t, "frames"), time.Millisecond)
			}
		}))
	})
	require.NotEqual(t, alone, run(t, func(l []*line) { l[0].send(AToB, 1, 0) }), "a frame of its own direction does change its draws")
}

// Directions and cables draw apart from each other, also where both ends have one name.
func TestStreamsHaveNamesOfTheirOwn(t *testing.T) {
	net := NewNetwork(vtime.NewScheduler(0, time.Time{}))
	sw1, sw2 := NewSwitch(net, "sw1"), NewSwitch(net, "sw2")
	station := net.Connect("active", NewPort("active", nil), sw1.AddPort("active"), latency, nil)
	trunk := net.Connect("trunk", sw1.AddPort("trunk"), sw2.AddPort("trunk"), latency, nil)
	loop := net.Connect("loop", sw1.AddPort("x"), sw1.AddPort("y"), latency, nil)
	require.Equal(t, "cable/active/active->sw1", station.stream(AToB))
	require.Equal(t, "cable/active/sw1->active", station.stream(BToA))
	require.Equal(t, "cable/trunk/sw2->sw1", trunk.stream(BToA))
	require.NotEqual(t, loop.stream(AToB), loop.stream(BToA))

	d, err := trunk.DirectionFrom("sw2")
	require.NoError(t, err)
	require.Equal(t, BToA, d)
	_, err = station.DirectionFrom("standby")
	require.EqualError(t, err, `wire: cable active: found "standby", expected one of its ends: active or sw1`)
	_, err = loop.DirectionFrom("sw1")
	require.Error(t, err)
}

// What is off draws nothing, so that switching one impairment off leaves the stream where it stood.
func TestImpairmentOffDrawsNothing(t *testing.T) {
	_, _, l := lines(9, 1)
	c := l[0].cable
	fresh := vtime.Stream(9, "cable/c0/a0->b0")
	mustImpair(t, c, AToB, Impairment{Loss: 0.5})
	for _, i := range []Impairment{{}, {Latency: 1}, {Cut: true}, {Hold: 1}} {
		mustImpair(t, c, AToB, i)
		l[0].send(AToB, 5, time.Millisecond)
	}
	require.Equal(t, fresh.Uint64(), c.ways[AToB].random.Uint64())
	mustImpair(t, c, AToB, Impairment{Loss: 0.5})
	l[0].send(AToB, 1, 0)
	fresh.Uint64()
	require.Equal(t, fresh.Uint64(), c.ways[AToB].random.Uint64(), "loss is one draw a frame")
}

// A world may start before its zero.
func TestImpairmentBeforeTimeZero(t *testing.T) {
	s := vtime.NewScheduler(-time.Hour, time.Time{})
	l := &line{ears: [2]*ear{{s: s}, {s: s}}}
	l.ports = [2]*Port{NewPort("a", l.ears[0]), NewPort("b", l.ears[1])}
	l.cable = NewNetwork(s).Connect("c", l.ports[0], l.ports[1], latency, nil)
	mustImpair(t, l.cable, AToB, Impairment{Latency: time.Minute})
	require.Equal(t, []arrival{{0, latency - 59*time.Minute}}, l.send(AToB, 1, 0))
}
