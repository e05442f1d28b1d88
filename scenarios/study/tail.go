package study

import (
	"math"
	"slices"
	"time"

	"ipwsim/sim/studied"
)

// misses are how many polls in a row must be missed before the VIP counts as free (W11, W12, core/poll.go).
// The count begins with the sending of the first missed poll, at 0; the watcher takes the VIP at wait
// unless a poll sent before then is answered. Polls go out at 0, PingTimeout, 2 PingTimeout, ..., those before wait
// are wait/PingTimeout, rounded up: the one that goes out at wait itself comes too late. A wait shorter
// than PingTimeout is held up until the first poll is judged: one poll.
func (p polls) misses(wait time.Duration) int {
	return int((wait + p.timeout - 1) / p.timeout)
}

// anew is how long the watcher waits that has seen nobody since it gave the VIP up (W13).
func (p polls) anew() time.Duration {
	if p.adverts {
		return p.interval
	}
	return 2 * p.interval
}

// countdown is how long after the sending of the first missed poll the watcher takes the VIP.
func (p polls) countdown(wait time.Duration) time.Duration { return max(wait, p.timeout) }

// takes is how often a year the watcher takes a healthy VIP because polls are lost. The figure is exact for
// polls that are lost independently of each other: it counts the polls to the first run of so many misses by
// its recurrence, E(k) = (E(k-1) + 1) / miss, and needs no sampling, however rare the run is. Split is how
// often, at most, two nodes have the VIP then, because address detection is lost too: the master's own
// request, each Interval (W17), may come before the end of the detection.
//
// After a take address detection finds the owner, the watcher deletes its copy, and then yields
// (W13): until it is answered once, two intervals count.
func (p polls) takes() (taken, split float64) {
	if p.miss == 0 {
		return 0, 0
	}
	seconds := p.timeout.Seconds()
	k, unseen := p.misses(p.interval), p.misses(p.anew())
	// From an answer on, in seconds: E(k) polls, of which the last k take the countdown only.
	short := float64(k)*seconds - p.countdown(p.interval).Seconds()
	first := p.untilRun(k)*seconds - short
	// From a release on: unseen misses at once, or an answer and then as before.
	never := math.Pow(p.miss, float64(unseen))
	untilAnswer := float64(unseen)
	if p.miss < 1 {
		untilAnswer = (1 - never) / (1 - p.miss)
	}
	again := untilAnswer*seconds - never*(float64(unseen)*seconds-p.countdown(p.anew()).Seconds())
	if never < 1 {
		again += (1 - never) * first
	}
	taken = studied.Year.Seconds() / (again + p.recovery())
	return taken, taken * p.undetected()
}

// untilRun is how many polls there are, on average, until k in a row were missed.
func (p polls) untilRun(k int) float64 {
	e := 0.0
	for range k {
		e = (e + 1) / p.miss
	}
	return e
}

// undetected is the probability that every probe, or its answer, is lost.
func (p polls) undetected() float64 { return math.Pow(p.miss, float64(p.probes)) }

// recovery is the mean time from a take until the watcher polls again: netsh twice, and between them the probes
// up to the first that is answered. If none is, the master asks for the VIP within an Interval (W17).
func (p polls) recovery() float64 {
	lost, wait := 1.0, 0.0
	for range p.probes {
		lost *= p.miss
		wait += lost * p.probing.Seconds() // this probe and all before it were lost
	}
	return 2*p.netsh.Seconds() + wait + lost*p.interval.Seconds()/2
}

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
