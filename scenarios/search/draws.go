package search

import (
	"math/rand/v2"
	"slices"
	"time"
)

// draws is one tape: what is drawn from it changes nothing that is drawn from another.
type draws struct{ *rand.Rand }

// tape is the tape of a name under a seed and the number of a case.
func tape(seed uint64, number int, name uint64) draws {
	return draws{rand.New(rand.NewPCG(seed, uint64(number)<<8|name))}
}

// The tapes of a case.
const (
	worldTape = iota
	faultTape
	rareTape
)

// below draws from 0 to n-1.
func (d draws) below(n int) int { return d.IntN(n) }

// chance is true so many times of a hundred.
func (d draws) chance(percent int) bool { return d.below(100) < percent }

// upTo draws a time below most, to the millisecond.
func (d draws) upTo(most time.Duration) time.Duration {
	if most < time.Millisecond {
		return 0
	}
	return time.Duration(d.below(int(most/time.Millisecond))) * time.Millisecond
}

// between draws a time, to the millisecond.
func (d draws) between(least, most time.Duration) time.Duration { return least + d.upTo(most-least) }

// one draws one of them.
func one[T any](d draws, all ...T) T { return all[d.below(len(all))] }

// weighted is drawn weight times as often as what has the weight 1.
type weighted[T any] struct {
	weight int
	of     T
}

func byWeight[T any](d draws, all []weighted[T]) T {
	sum := 0
	for _, w := range all {
		sum += w.weight
	}
	n := d.below(sum)
	i := slices.IndexFunc(all, func(w weighted[T]) bool { n -= w.weight; return n < 0 })
	return all[i].of
}
