package vtime

import "time"

// Lane is what keeps its order whatever is drawn: a machine's events, and frames that leave one sender. The zero
// Lane is the world's own.
type Lane uint64

// NewLane is a lane of its own.
func (s *Scheduler) NewLane() Lane {
	s.lanes++
	return s.lanes
}

// DrawTies has things of one instant on different lanes happen in an order that is drawn from the seed, another one
// each instant, instead of the order in which they were planned. It is called before anything is planned.
func (s *Scheduler) DrawTies(seed uint64) { s.ties = mix(seed) | 1 }

// OnLane runs the task at time t, after everything of the lane already due then. A t in the past means now.
func (s *Scheduler) OnLane(l Lane, t time.Duration, task Task) {
	s.mu.Lock()
	s.push(l, t, task, nil)
	s.mu.Unlock()
}

// lot is the place of a lane's events among those of the instant.
func (s *Scheduler) lot(l Lane, at time.Duration) uint64 {
	if s.ties == 0 {
		return 0
	}
	return mix(s.ties ^ mix(uint64(at)^mix(uint64(l))))
}

// mix is the finalizer of SplitMix64: each bit of the result hangs on each bit of x.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
