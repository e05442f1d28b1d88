package vtime

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"ipwsim/core/diag"
)

// OnHang is told why a world stands still for good, from a goroutine of its own; it ends the program. The proc with the
// baton waits for what only another one could do, or computes without end.
var OnHang = func(why error) { panic(why) }

// A world stands still when it is found with the same proc at the same turn so often, so long apart in real time. More
// than twice, as a program that was stopped and goes on finds the alarm due at once.
const (
	alarms     = 4
	alarmAfter = 10 * time.Second
)

// watch finds a baton that is held without progress. It costs a turn two stores, and a world one timer.
type watch struct {
	turns  atomic.Uint64        // batons given so far
	holder atomic.Pointer[Proc] // who has the baton; nil: Run itself
	timer  *time.Timer
	ended  atomic.Bool
	last   uint64 // turns at the alarm before
	alarms int    // at the same turn
}

// begin starts the alarm clock with the first proc.
func (w *watch) begin(s *Scheduler, after time.Duration) {
	if w.timer == nil {
		w.timer = time.AfterFunc(time.Hour, func() { w.alarm(s, after) }) // wall clock: it only ends a world that hangs
		w.timer.Reset(after)                                              // now that the alarm can set it again
	}
}

func (w *watch) end() {
	w.ended.Store(true)
	if w.timer != nil {
		w.timer.Stop()
	}
}

func (w *watch) alarm(s *Scheduler, after time.Duration) {
	turns, p := w.turns.Load(), w.holder.Load()
	if p == nil || turns != w.last {
		w.last, w.alarms = turns, 0
	} else if w.alarms++; w.alarms == alarms {
		OnHang(s.hang(p))
		return
	}
	if !w.ended.Load() {
		w.timer.Reset(after)
	}
}

// hang says who has the baton and who waits for it.
func (s *Scheduler) hang(p *Proc) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, q := range s.ready {
		names = append(names, q.String())
	}
	waiting := diag.Say("%s", strings.Join(slices.Compact(names), ", "))
	if len(names) == 0 {
		waiting = diag.Say("the clock")
	}
	return diag.Errorf("the world stands still at %v: %v has the turn and does not give it back; %s wait for it", s.now, p, waiting)
}

// String names the proc and its machine.
func (p *Proc) String() string { return p.domain.name + "/" + p.name }

// caught keeps what a proc panicked with, to be raised where the world is run.
func (p *Proc) caught() {
	why := recover()
	if why == any(outOfPower) {
		return
	}
	if c := diag.Caught(why); c != nil && p.domain.s.crash == nil {
		p.domain.s.crash = c
	}
}
