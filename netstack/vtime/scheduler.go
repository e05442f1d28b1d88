// Package vtime is virtual time: one event heap, one clock and one baton a world.
//
// Everything in a world runs on the goroutine that calls Run, one event after the other, ordered by
// (time, sequence), unless DrawTies says otherwise. Application code written as blocking goroutines runs too, but only while it holds
// the baton (see Proc). The same inputs so give the same order, whatever GOMAXPROCS is.
package vtime

import (
	"fmt"
	"sync"
	"time"

	"ipwsim/core/diag"
)

// Task is what an event runs.
type Task interface{ Run() }

// Func makes a Task of a function.
type Func func()

// Run calls the function.
func (f Func) Run() { f() }

// Scheduler is a world's time. Only the goroutine inside Run moves it.
type Scheduler struct {
	epoch time.Time // the simulated wall clock at virtual time 0
	now   time.Duration
	start time.Duration // now at first

	// mu guards what netstack's TCP processors touch from their own goroutines: they set timers
	// and wake procs while Run waits for them in a barrier.
	mu     sync.Mutex
	seq    uint64
	events eventHeap
	free   []*event
	ready  []*Proc

	current *Proc         // who has the baton; nil: Run itself
	yield   chan struct{} // an adopted proc hands the baton back
	procs   []*Proc       // every proc not ended, in order of birth
	ties    uint64        // what the order of one instant is drawn from; 0: it is not drawn
	lanes   Lane          // the latest
	hosts   []*Domain
	crash   *diag.Crash // of a proc
	watch   watch
	halted  error // why nothing runs any more
	instant int   // events that have run at this time
	ran     int   // and at all
	most    int   // of them; 0: no limit
}

// NewScheduler returns a world's time standing at start, which may be negative. The wall clock
// shows epoch when the time is 0.
func NewScheduler(start time.Duration, epoch time.Time) *Scheduler {
	return &Scheduler{epoch: epoch, now: start, start: start, yield: make(chan struct{})}
}

// Now is the virtual time.
func (s *Scheduler) Now() time.Duration { return s.now }

// Wall is the simulated wall clock.
func (s *Scheduler) Wall() time.Time { return s.epoch.Add(s.now) }

// At runs the task at time t, after everything already due then. A t in the past means now.
func (s *Scheduler) At(t time.Duration, task Task) {
	s.mu.Lock()
	s.push(0, t, task, nil)
	s.mu.Unlock()
}

// After runs f when d has passed; see At.
func (s *Scheduler) After(d time.Duration, f func()) { s.At(s.now+d, Func(f)) }

// RunUntil runs everything due up to and including t, then sets the time to t.
func (s *Scheduler) RunUntil(t time.Duration) {
	for s.step(t) {
	}
	if t > s.now {
		s.now = t
	}
}

// Halt ends the world: nothing runs any more, though time passes, and Err says why it was halted first.
func (s *Scheduler) Halt(why error) {
	if s.halted == nil {
		s.halted = why
	}
}

// Err is why the world was halted; nil when it was not.
func (s *Scheduler) Err() error { return s.halted }

// step runs the ready procs and one event due by t; false when there is none.
func (s *Scheduler) step(t time.Duration) bool {
	if s.halted != nil {
		return false
	}
	s.runReady()
	s.mu.Lock()
	if len(s.events) == 0 || s.events[0].at > t {
		s.mu.Unlock()
		return false
	}
	ev := s.events.pop()
	s.count(ev.at)
	s.now = ev.at
	task, d := ev.task, ev.domain
	if d != nil && d.state == frozen {
		d.held = append(d.held, ev)
		s.mu.Unlock()
		return true
	}
	s.recycle(ev)
	s.mu.Unlock()

	if d == nil {
		task.Run()
	} else if d.state == running {
		task.Run()
		d.settle()
	}
	return true
}

// mostAtOnce is how many events may run at one time. A world that has more makes new ones without end: its time stands.
const mostAtOnce = 1_000_000

// Limit has the world end after so many events, for those who run many worlds and cannot wait for a busy one.
func (s *Scheduler) Limit(events int) { s.most = events }

func (s *Scheduler) count(at time.Duration) {
	if at > s.now {
		s.instant = 0
	}
	s.instant++
	s.ran++
	switch {
	case s.most > 0 && s.ran > s.most:
		s.Halt(diag.Errorf("more than %d things happened by %v of virtual time, and that is all there may be", s.most, s.now))
	case s.instant > mostAtOnce:
		s.Halt(diag.Errorf("more than %d things happen at %v of virtual time, and no end of them", mostAtOnce, s.now))
	}
}

// Between lets run what became ready, as between two events: for a task that stands for several of them.
func (s *Scheduler) Between() { s.runReady() }

// push adds an event; mu is held.
func (s *Scheduler) push(l Lane, t time.Duration, task Task, d *Domain) *event {
	if t < s.now {
		t = s.now
	}
	var ev *event
	if n := len(s.free); n > 0 {
		ev, s.free = s.free[n-1], s.free[:n-1]
	} else {
		ev = new(event)
	}
	s.seq++
	ev.at, ev.lot, ev.id, ev.seq, ev.task, ev.domain = t, s.lot(l, t), s.seq, s.seq, task, d
	s.events.push(ev)
	return ev
}

// maxFree is how many spent events a world keeps: see package wire, whose frames are most of them.
const maxFree = 1024

// recycle keeps a spent event for the next push; mu is held. Its id is zeroed so that a Timer that
// still points at it knows that it is spent.
func (s *Scheduler) recycle(ev *event) {
	ev.id, ev.task, ev.domain = 0, nil, nil
	if len(s.free) < maxFree {
		s.free = append(s.free, ev)
	}
}

// Close ends the world: every machine is killed and every proc has ended when it returns.
func (s *Scheduler) Close() {
	defer s.watch.end()
	if s.crash != nil {
		return
	}
	for _, d := range s.hosts {
		d.Kill()
	}
	s.runReady()
	if len(s.procs) > 0 {
		panic(fmt.Sprintf("vtime: proc %q outlived its world: it does not return when its calls fail", s.procs[0].name))
	}
}
