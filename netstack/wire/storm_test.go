package wire

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// someFrames are mostFrames of a test that has no time for so many.
const someFrames = 20_000

// A ring of switches sends a broadcast round for ever. The world halts with the cables of the ring.
func TestARingOfSwitchesHaltsTheWorld(t *testing.T) {
	s, net, st := bench(3)
	first := st[0].port.cable.ends[1].sw
	second, third, fourth := NewSwitch(net, "sw2"), NewSwitch(net, "sw3"), NewSwitch(net, "sw4")
	for _, pair := range [][2]*Switch{{first, fourth}, {first, second}, {second, third}, {third, first}} {
		name := pair[0].name + "-" + pair[1].name
		net.Connect(name, pair[0].AddPort(name), pair[1].AddPort(name), latency, nil)
	}
	st[0].send(Broadcast)
	s.RunUntil(time.Hour)
	require.Equal(t, time.Hour, s.Now())
	require.ErrorContains(t, s.Err(), "more than 10000 frames in one second of virtual time, at ")
	require.ErrorContains(t, s.Err(), "the cables sw1-sw2, sw2-sw3, sw3-sw1 form a ring, and no spanning tree opens it")
}

// Two rules that multiply each other's frames halt the world with the one that made most.
func TestAMultiplyingRuleHaltsTheWorld(t *testing.T) {
	s, net, st := bench(3)
	for _, line := range []string{"duplicate 99 type 0x9999 on st1", "duplicate 100 type 0x9999 on st2", "duplicate 98 type 0x9999 on st3"} {
		r, err := ParseRule(strings.Fields(line))
		require.NoError(t, err)
		_, err = net.AddRule(r)
		require.NoError(t, err)
	}
	for range 100 {
		f := frameTo(st[0], Broadcast)
		f.B[12], f.B[13] = 0x99, 0x99
		st[0].port.Send(f)
	}
	s.RunUntil(time.Second)
	require.ErrorContains(t, s.Err(), "the rule `duplicate 100 type 0x9999 on st2` multiplies them")
}

// Without ring and rule the sentence names the busiest cable; as many frames over a longer time are no storm.
func TestAStormIsCountedBySecond(t *testing.T) {
	s, net, st := bench(2)
	net.load.most = someFrames
	for range 22 * someFrames / 10000 { // more frames than a second may have, in four
		s.RunUntil(s.Now() + time.Millisecond*100)
		for range 500 {
			st[0].send(st[1].mac)
		}
		st[1].got = nil
	}
	require.NoError(t, s.Err())
	for range someFrames {
		st[0].send(st[1].mac)
	}
	require.ErrorContains(t, s.Err(), "most of them are on the cable st1")
}

// Frames that are delayed longer than it takes to send so many halt the world, with the rule that has delayed most where
// they are, or else that cable. Large ones count for more: they are held in memory.
func TestFramesThatAreHeldHaltTheWorld(t *testing.T) {
	const few, each = "delay 23h arp from st1", "delay 24h from st1"
	for name, c := range map[string]struct {
		rules   []string
		latency time.Duration
		size    int
		want    string
	}{
		"rule":       {[]string{"delay 24h from st2", few, each}, 0, 64, "the rule `delay 24h0m0s from st1` holds them"},
		"impairment": {nil, time.Hour, 64, "most of them are on the cable st1"},
		"large":      {[]string{each}, 0, 1500, "the rule `delay 24h0m0s from st1` holds them"},
	} {
		t.Run(name, func(t *testing.T) {
			s, net, st := bench(2)
			net.load.most = someFrames
			for _, line := range c.rules {
				r, err := ParseRule(strings.Fields(line))
				require.NoError(t, err)
				_, err = net.AddRule(r)
				require.NoError(t, err)
			}
			mustImpair(t, st[0].port.cable, AToB, Impairment{Latency: c.latency})
			sent := 0
			for ; s.Err() == nil && s.Now() < 20*time.Minute; s.RunUntil(s.Now() + time.Second) {
				for range someFrames / 1000 {
					f := net.NewFrame(c.size)
					copy(f.B, Broadcast[:])
					copy(f.B[6:], st[0].mac[:])
					st[0].port.Send(f)
					sent++
				}
			}
			require.ErrorContains(t, s.Err(), "more than 20016 frames on their way at once, at ")
			require.ErrorContains(t, s.Err(), c.want)
			require.InDelta(t, someFrames/(1+c.size/256), sent, 2*someFrames/1000)
		})
	}
}

// What has arrived, or is lost with the link, is on its way no more.
func TestFramesThatArriveAreNotHeld(t *testing.T) {
	s, net, st := bench(2)
	mustImpair(t, st[0].port.cable, AToB, Impairment{Latency: time.Second})
	for _, pulled := range []bool{false, true} {
		for range 100 {
			st[0].send(st[1].mac)
		}
		require.Equal(t, 100, net.load.flying)
		st[0].port.cable.SetPlugged(!pulled)
		s.RunUntil(s.Now() + 2*time.Second)
		require.Zero(t, net.load.flying)
	}
	require.Len(t, st[1].got, 100)
}
