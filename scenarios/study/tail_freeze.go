package study

import (
	"math"
	"slices"
	"time"
)

// frozen is the probability that the watcher takes the VIP because its holder is frozen for so long (H7):
// a snapshot, or a move of the virtual machine. It is exact for polls lost independently of each other, and for a
// freeze that begins at any moment of the poll's cycle alike.
//
// A frozen holder answers when it wakes, so that the last poll counts if its time has not run out. Polls lost
// just before the freeze lengthen the count, and so do those lost just after it.
//
// A frozen watcher takes nothing: it starts its count anew (core/poll.go, overslept).
func (p polls) frozen(length time.Duration) float64 {
	k := p.misses(p.interval)
	total, weights := 0.0, 0.0
	for before := range k { // polls missed in a row before the freeze, given that they have not sufficed
		weight := math.Pow(p.miss, float64(before))
		total += weight * p.frozenAfter(length, before)
		weights += weight
	}
	return total / weights
}

// frozenAfter averages over the time from the freeze to the next poll, which is uniform over 0 to
// PingTimeout. What comes of it changes only where a poll is judged as the holder wakes, or the countdown ends.
func (p polls) frozenAfter(length time.Duration, before int) float64 {
	free := p.countdown(p.interval) - time.Duration(before)*p.timeout // after the next poll
	edges := []time.Duration{0, p.timeout}
	for _, at := range []time.Duration{length % p.timeout, (length - free) % p.timeout} {
		if at > 0 {
			edges = append(edges, at)
		}
	}
	slices.Sort(edges)
	sum := 0.0
	for i, to := range edges[1:] {
		from := edges[i]
		sum += float64(to-from) / float64(p.timeout) * p.frozenAt(length, (from+to)/2, before)
	}
	return sum
}

// frozenAt has the next poll go out at first after the holder froze.
func (p polls) frozenAt(length, first time.Duration, before int) float64 {
	free := first + p.countdown(p.interval) - time.Duration(before)*p.timeout
	missed := int((length - first) / p.timeout) // polls whose time ran out meanwhile
	switch {
	case length > free:
		return 1
	case length < first || missed == 0:
		return 0 // the freeze changed no answer
	}
	return math.Pow(p.miss, float64(p.misses(p.interval)-before-missed))
}
