package vtime

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// orders runs three things a machine, of three machines, in each of ten instants, and returns the order of each.
func orders(draw bool, seed uint64) (all []string) {
	s := NewScheduler(0, epoch)
	if draw {
		s.DrawTies(seed)
	}
	a, b, wire := s.NewDomain("a"), s.NewDomain("b"), s.NewLane()
	for i := range 10 {
		at := time.Duration(i+1) * time.Second
		var order strings.Builder
		note := func(what string) func() { return func() { order.WriteString(what) } }
		for _, n := range []string{"1", "2", "3"} {
			a.After(at-s.Now(), note("a"+n))
			b.After(at-s.Now(), note("b"+n))
			s.OnLane(wire, at, Func(note("w"+n)))
		}
		s.RunUntil(at)
		all = append(all, order.String())
	}
	return all
}

func TestTiesAreDrawnOnlyOnRequest(t *testing.T) {
	for _, order := range orders(false, 1) {
		require.Equal(t, "a1b1w1a2b2w2a3b3w3", order)
	}
}

// Drawn ties: machines and senders in any order, each in its own; the same for the same seed.
func TestTiesAreDrawnFromTheSeed(t *testing.T) {
	require.Equal(t, orders(true, 7), orders(true, 7))
	seen := map[string]bool{}
	for seed := range uint64(20) {
		for _, order := range orders(true, seed) {
			seen[order] = true
			for _, lane := range []string{"a", "b", "w"} {
				require.Contains(t, order, lane+"1"+lane+"2"+lane+"3", "a lane keeps its order")
			}
		}
	}
	require.Len(t, seen, 6, "all orders of three lanes come up")
}

// What plans itself again at once, for ever, ends the world with a sentence.
func TestAnInstantWithoutEndIsEnded(t *testing.T) {
	s, d := newTest(t)
	var again func()
	again = func() { d.After(0, again) }
	d.After(time.Second, again)
	s.RunUntil(time.Hour)
	require.EqualError(t, s.Err(), "more than 1000000 things happen at 1s of virtual time, and no end of them")

	s, d = newTest(t)
	s.Limit(10)
	again = func() { d.After(time.Second, again) }
	again()
	s.RunUntil(time.Hour)
	require.EqualError(t, s.Err(), "more than 10 things happened by 10s of virtual time, and that is all there may be")

	s, d = newTest(t)
	n := 0
	for range mostAtOnce {
		d.After(time.Second, func() { n++ })
	}
	d.After(time.Second+1, func() { n++ })
	s.RunUntil(time.Hour)
	require.NoError(t, s.Err())
	require.Equal(t, mostAtOnce+1, n)
}
