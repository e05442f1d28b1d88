package vtime

import "time"

type domainState int

const (
	running domainState = iota
	frozen
	dead
)

// Domain is one machine's share of time: everything a machine does is scheduled through its own
// domain, so that the machine can be frozen (H7) or lose its power (H6) as a whole.
type Domain struct {
	s       *Scheduler
	name    string
	lane    Lane
	state   domainState
	held    []*event // fell due while frozen, in order
	heldRun []*Proc  // became ready while frozen, in order
	barrier func()
	touched bool // since the last barrier
	drift   drift
}

// NewDomain adds a running machine.
func (s *Scheduler) NewDomain(name string) *Domain {
	d := &Domain{s: s, name: name, lane: s.NewLane()}
	s.hosts = append(s.hosts, d)
	return d
}

// Name is the machine's name.
func (d *Domain) Name() string { return d.name }

// Now is the virtual time as the machine's own clock counts it: see SetDrift.
func (d *Domain) Now() time.Duration { return d.drift.own(d.s.now) }

// Running is false while the machine is frozen and after it was killed.
func (d *Domain) Running() bool { return d.state == running }

// Dead is true after Kill.
func (d *Domain) Dead() bool { return d.state == dead }

// SetBarrier sets what is called to wait for helpers that run on goroutines of their own (netstack's
// TCP processors): after each of the machine's events and procs that may have given them work.
func (d *Domain) SetBarrier(f func()) { d.barrier = f }

// Touch says that what runs now may give the helpers work. Delayed timers of netstack say it by
// themselves.
func (d *Domain) Touch() { d.touched = true }

// Settled says that the helpers have been waited for.
func (d *Domain) Settled() { d.touched = false }

// settle waits for the helpers, if they may have been given work.
func (d *Domain) settle() {
	if d.touched && d.barrier != nil && d.state != dead {
		d.touched = false
		d.barrier()
	}
}

// After runs f when delay has passed by the machine's clock, while the machine runs: a frozen machine runs it when it
// thaws, a dead one never. A negative delay means now. f is never called from within After.
func (d *Domain) After(delay time.Duration, f func()) Timer {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ev := s.push(d.lane, s.now+d.drift.world(s.now, delay), Func(f), d)
	return Timer{d: d, ev: ev, id: ev.id}
}

// Freeze stops the machine: nothing of it runs until Thaw (H7).
func (d *Domain) Freeze() {
	if d.state == running {
		d.state = frozen
	}
}

// Thaw lets a frozen machine go on: what fell due meanwhile runs now, in its old order.
func (d *Domain) Thaw() {
	if d.state != frozen {
		return
	}
	d.state = running
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ev := range d.held {
		if ev.task == nil { // stopped while held
			s.recycle(ev)
			continue
		}
		s.seq++
		ev.at, ev.lot, ev.seq = s.now, s.lot(d.lane, s.now), s.seq
		s.events.push(ev)
	}
	d.held = nil
	s.ready = append(s.ready, d.heldRun...)
	d.heldRun = nil
}

// Kill takes the machine's power away: nothing of it ever runs again. Its procs are woken in order
// of birth, and every blocking call of theirs fails.
func (d *Domain) Kill() {
	if d.state == dead {
		return
	}
	d.state = dead
	for _, p := range d.heldRun {
		p.queued = false
	}
	d.held, d.heldRun = nil, nil
	for _, p := range d.s.procs {
		if p.domain == d {
			p.Wake()
		}
	}
}

// Timer is an event that can be taken back. The zero Timer is spent.
type Timer struct {
	d  *Domain
	ev *event
	id uint64
}

// Stop takes the event back. It says false when the event has run or was stopped before.
func (t *Timer) Stop() bool {
	if t.ev == nil {
		return false
	}
	s := t.d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ev := t.ev
	t.ev = nil
	if ev.id != t.id || ev.task == nil {
		return false
	}
	if ev.index < len(s.events) && s.events[ev.index] == ev {
		s.events.remove(ev.index)
		s.recycle(ev)
	} else {
		ev.task = nil // held by a frozen machine; Thaw drops it
	}
	return true
}
