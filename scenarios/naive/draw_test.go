package naive_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var (
	// nightly lets the tests take minutes (make nightly).
	nightly = flag.Bool("nightly", false, "draw ten thousand cases of each kind")
	// seed runs a case that failed again.
	seed = flag.Uint64("seed", 0, "draw this case only")
)

// source draws what a case is made of.
type source struct{ *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 0))} }

// below draws from 0 to n-1.
func (s source) below(n int) int { return s.IntN(n) }

// chance is true so many times of a hundred.
func (s source) chance(percent int) bool { return s.below(100) < percent }

// upTo draws a time, to the millisecond.
func (s source) upTo(most time.Duration) time.Duration {
	return time.Duration(s.below(int(most/time.Millisecond))) * time.Millisecond
}

// one draws one of them.
func one[T any](s source, all ...T) T { return all[s.below(len(all))] }

// each judges so many drawn cases until one fails: the same in each run, others in each nightly one.
func each(t *testing.T, cases int, judge func(t *testing.T, seed uint64)) {
	first := uint64(1)
	if *nightly {
		first, cases = rand.Uint64()>>20, 10_000 // short enough to be typed
	}
	if *seed != 0 {
		first, cases = *seed, 1
	}
	for i := range cases {
		if judge(t, first+uint64(i)); t.Failed() {
			t.Logf("to see it again: go test ./scenarios/naive -run '^%s$' -seed %d", t.Name(), first+uint64(i))
			return
		}
	}
}

// fewest keeps of n things those without which the case does not fail any more.
func fewest(n int, fails func(keep []int) bool) (keep []int) {
	for i := range n {
		keep = append(keep, i)
	}
	for size := max(1, n/2); ; size = max(1, size/2) {
		dropped := false
		for i := 0; i < len(keep); {
			rest := append(append([]int{}, keep[:i]...), keep[min(i+size, len(keep)):]...)
			if fails(rest) {
				keep, dropped = rest, true
			} else {
				i += size
			}
		}
		if size == 1 && !dropped {
			return keep
		}
	}
}
