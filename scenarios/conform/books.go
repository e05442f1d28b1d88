package conform

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// books are what is kept of a watcher whatever its rules are. All times are by the machine's own clock.
type books struct {
	of     rules
	reader *Reader
	role   string
	clock  *clock
	config *trace.Config // that it has read last, where that is not what the header says
	table  []netip.Addr  // VIPs that this life's watcher has read

	power  trace.PowerState
	awake  time.Duration // since when it has not been frozen
	life   life
	judged bool // this life is
	at     time.Duration
	now    time.Duration // of what is being taken in
	base   time.Duration // of what was taken in last but polls
	owed   []debt
}

// rules are a watcher's.
type rules interface {
	// record takes in what is neither a clock's, the power's nor the service's.
	record(now time.Duration, b trace.Body)

	// starts begins a new life.
	starts(now time.Duration)

	// stops takes in that the service is told to end.
	stops(now time.Duration)

	// endsEarly is the rule that a watcher breaks which ends before its stop is complete.
	endsEarly() *statement

	// fallDue has the rules say what follows from the time alone, up to now.
	fallDue(now time.Duration)

	// overdue demands what was to be done before now.
	overdue(now time.Duration)
}

// life is where a watcher is in its life.
type life int

const (
	gone life = iota
	starting
	running
	stopping
)

func newBooks(r *Reader, role string, of rules) books {
	return books{of: of, reader: r, role: role, clock: newClock(), awake: -never}
}

// anew are the books of a new life.
func (n *books) anew(now time.Duration) books {
	n.reader.lives++
	return books{
		of: n.of, reader: n.reader, role: n.role, clock: n.clock, config: n.config, power: n.power, awake: n.awake,
		judged: true, at: n.at, now: now, base: now,
	}
}

// reads is what the node's watcher goes by from now on.
func (n *books) reads() *trace.Node {
	h := n.reader.header
	of := h.Node(n.role)
	if n.config != nil {
		of = of.Reads(*n.config)
	}
	n.table = of.VIPs
	if n.table == nil {
		for _, v := range h.VIPs {
			n.table = append(n.table, v.Address)
		}
	}
	return of
}

// read takes a record of the node in.
func (n *books) read(at time.Duration, b trace.Body) {
	n.at = at
	switch b := b.(type) {
	case trace.Drift:
		n.clock.drifts(at, b)
	case trace.Config:
		n.config = &b
	case trace.Power:
		n.powered(at, b.State)
	case trace.Service:
		n.service(n.clock.own(at), b)
	default:
		n.of.record(n.clock.own(at), b)
	}
}

func (n *books) powered(at time.Duration, s trace.PowerState) {
	switch {
	case s == trace.On && n.power == trace.Frozen:
		n.awake = n.clock.own(at)
	case s == trace.On:
		n.clock.boots(at)
	case s == trace.Off:
		n.life = gone
	}
	n.power = s
}

// service takes in what becomes of the watcher's service.
func (n *books) service(now time.Duration, s trace.Service) {
	switch {
	case s.Name != trace.Watcher:
	case s.State == trace.StartPending:
		n.of.starts(now)
	case s.State == trace.StopPending:
		n.of.stops(now)
	case s.Killed:
		n.pass(now)
		n.life = gone
	case s.State == trace.Stopped:
		n.does(now, func() { n.endsLife(n.of.endsEarly()) })
		n.life = gone
	}
}

// told takes in what the watcher is told: what was due before has been done by then, what is due now follows.
func (n *books) told(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	what()
	n.of.fallDue(now)
}

// does takes in what the watcher does, for which what is due now may be the reason.
func (n *books) does(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	n.of.fallDue(now)
	what()
}

// pass lets time pass up to now, and says whether the watcher is judged: it is not before its start, nor after a breach.
func (n *books) pass(now time.Duration) bool {
	if !n.judges() {
		return false
	}
	n.of.fallDue(now - 1)
	n.of.overdue(now)
	n.now, n.base = now, now
	return n.judges()
}

func (n *books) judges() bool { return n.life != gone && n.judged }

// breach notes that a rule is not kept, by what was due at a time, or was done then though it was not. What comes later in
// this life may follow from that, and is not judged.
func (n *books) breach(s *statement, ip netip.Addr, due time.Duration) {
	if !n.judged {
		return
	}
	n.judged = false
	out := *s
	out.Node, out.VIP, out.At, out.Until = n.role, ip, n.at-(n.clock.own(n.at)-due), n.at
	n.reader.broken = append(n.reader.broken, out)
}

// unsure ends the judging of this life without a breach.
func (n *books) unsure() {
	n.judged = false
	n.reader.unsure++
}

// eventAdded is the event of an address that was added (W8).
const eventAdded = 100

// writes is an entry in the event log, whose last word is one of the VIPs, or which breaks the rule.
func (n *books) writes(e trace.Event, not *statement) {
	for _, ip := range n.table {
		if e.ID == eventAdded && strings.HasSuffix(e.Text, " "+ip.String()) {
			n.pays(debt{event: true, ip: ip}, not)
			return
		}
	}
	n.breach(eventWithout, n.table[0], n.now)
}

// endsLife is the watcher's own end: it owes nothing any more.
func (n *books) endsLife(early *statement) {
	n.pays(debt{}, early)
	for _, d := range n.owed {
		n.breach(d.rule, d.ip, n.now)
	}
}
