package vtime

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Proc is a goroutine of a simulated machine: application code written in the blocking style. It
// runs only while it holds the baton, and hands it back whenever it waits, so that exactly one of
// {Run, proc} runs at any moment.
//
// A goroutine that a foreign library starts (a server's connection handler) is adopted: Reserve
// makes its turn, its first virtual call claims it, Release gives it back for good.
type Proc struct {
	domain  *Domain
	name    string
	carrier *carrier
	resume  chan struct{} // of one that is adopted; nil: it has a carrier
	queued  bool          // in the run queue, or held by a frozen machine
	woken   bool          // woken while it had the baton: the next Park returns at once
	joined  bool          // an adopted one that has claimed its turn
	ended   bool          // for good
}

// Go starts f on a goroutine of its own, which gets the baton after everything already ready.
func (d *Domain) Go(name string, f func()) *Proc {
	p := d.newProc(name)
	p.carrier = hire(func() {
		defer p.end()
		defer p.caught()
		f()
	})
	p.Wake()
	return p
}

// Reserve makes a turn for a goroutine that the caller is about to start and cannot change.
func (d *Domain) Reserve(name string) *Proc {
	p := d.newProc(name)
	p.resume = make(chan struct{})
	p.Wake()
	return p
}

func (d *Domain) newProc(name string) *Proc {
	p := &Proc{domain: d, name: name}
	d.s.procs = append(d.s.procs, p)
	return p
}

// Current is the proc that holds the baton, nil while the scheduler itself runs.
func (d *Domain) Current() *Proc { return d.s.current }

// Join checks that the caller has the baton; an adopted goroutine's first call waits for its turn
// here. A call without the baton is a bug that would make runs differ, so it panics.
func (p *Proc) Join() {
	if p.resume != nil && !p.joined {
		p.joined = true
		<-p.resume
	}
	if p.domain.s.current != p {
		panic(fmt.Sprintf("vtime: %s: virtual socket used by a goroutine without the baton; serve each connection on one goroutine", p.name))
	}
}

// Park hands the baton on until Wake. A Wake that came first makes it return at once. It says
// false when the machine is dead: the caller must give up.
func (p *Proc) Park() bool {
	if p.domain.state == dead {
		return false
	}
	s := p.domain.s
	s.mu.Lock()
	if p.woken {
		p.woken = false
		s.mu.Unlock()
		return true
	}
	s.mu.Unlock()
	if p.resume == nil {
		p.carrier.park(struct{}{})
	} else {
		s.yield <- struct{}{}
		<-p.resume
	}
	return p.domain.state != dead
}

// outOfPower is what a proc of a dead machine panics with that would sleep.
var outOfPower = new(int)

// quit ends the goroutine that runs the proc, as far as it is the proc's own.
func (p *Proc) quit() {
	if p.resume != nil {
		runtime.Goexit()
	}
	panic(outOfPower)
}

// Sleep parks for d of virtual time. A proc of a dead machine ends here.
func (p *Proc) Sleep(d time.Duration) {
	done := false
	timer := p.domain.After(d, func() { done = true; p.Wake() })
	defer timer.Stop()
	for !done {
		if !p.Park() {
			p.quit()
		}
	}
}

// Wake makes the proc ready. It may be called from anywhere in the world, any number of times; on a
// proc that has ended it does nothing.
func (p *Proc) Wake() {
	s := p.domain.s
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case p.queued, p.ended:
	case s.current == p:
		p.woken = true
	case p.domain.state == frozen:
		p.queued = true
		p.domain.heldRun = append(p.domain.heldRun, p)
	default:
		p.queued = true
		s.ready = append(s.ready, p)
	}
}

// Release ends an adopted proc's turn for good: the caller has closed its connection and goes on
// without the baton. For a proc started by Go it does nothing: that ends when its function does.
func (p *Proc) Release() {
	if p.resume != nil {
		p.end()
		p.domain.s.yield <- struct{}{}
	}
}

// end takes the proc out.
func (p *Proc) end() {
	s := p.domain.s
	s.mu.Lock()
	p.ended = true
	s.mu.Unlock()
	s.procs = slices.DeleteFunc(s.procs, func(q *Proc) bool { return q == p })
}

// runReady gives each ready proc the baton in turn until none is ready.
func (s *Scheduler) runReady() {
	for {
		s.mu.Lock()
		if len(s.ready) == 0 {
			s.mu.Unlock()
			return
		}
		p := s.ready[0]
		s.ready = s.ready[1:]
		if p.domain.state == frozen {
			p.domain.heldRun = append(p.domain.heldRun, p)
			s.mu.Unlock()
			continue
		}
		p.queued = false
		s.mu.Unlock()
		s.run(p)
		p.domain.settle()
	}
}

// run hands the baton to p and waits for it to come back.
func (s *Scheduler) run(p *Proc) {
	s.current = p
	s.watch.begin(s, alarmAfter)
	s.watch.turns.Add(1)
	s.watch.holder.Store(p)
	if p.resume != nil {
		p.resume <- struct{}{} // an adopted goroutine takes it with its first virtual call
		<-s.yield
	} else if p.carrier.next(); p.ended {
		p.carrier.dismiss()
	}
	s.watch.holder.Store(nil)
	s.current = nil
	if s.crash != nil {
		panic(s.crash)
	}
}
