package conform

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// books are what is kept of a watcher whatever its rules are. All times are by the machine's own clock.
type books struct {
	rules
	reader *Reader
	role   string
	clock  *clock
	config *trace.Config // that it has read last, where that is not what the header says

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
	// record takes in what is neither a clock's nor the power's.
	record(now time.Duration, b trace.Body)

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
	return books{rules: of, reader: r, role: role, clock: newClock(), awake: -never}
}

// anew are the books of a new life.
func (n *books) anew(now time.Duration) books {
	n.reader.lives++
	return books{
		rules: n.rules, reader: n.reader, role: n.role, clock: n.clock, config: n.config, power: n.power, awake: n.awake,
		judged: true, at: n.at, now: now, base: now,
	}
}

// reads is what the node's watcher goes by, and the VIPs of its table.
func (n *books) reads() (*trace.Node, []netip.Addr) {
	h := n.reader.header
	of := h.Node(n.role)
	if n.config != nil {
		of = of.Reads(*n.config)
	}
	vips := of.VIPs
	if vips == nil {
		for _, v := range h.VIPs {
			vips = append(vips, v.Address)
		}
	}
	return of, vips
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
	default:
		n.record(n.clock.own(at), b)
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

// told takes in what the watcher is told: what was due before has been done by then, what is due now follows.
func (n *books) told(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	what()
	n.fallDue(now)
}

// does takes in what the watcher does, for which what is due now may be the reason.
func (n *books) does(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	n.fallDue(now)
	what()
}

// pass lets time pass up to now, and says whether the watcher is judged: it is not before its start, nor after a breach.
func (n *books) pass(now time.Duration) bool {
	if !n.judges() {
		return false
	}
	n.fallDue(now - 1)
	n.overdue(now)
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

// writes is an entry in the event log, whose last word is one of these VIPs, or which breaks the rule.
func (n *books) writes(e trace.Event, vips []netip.Addr, not *statement) {
	for _, ip := range vips {
		if e.ID == eventAdded && strings.HasSuffix(e.Text, " "+ip.String()) {
			n.pays(debt{event: true, ip: ip}, not)
			return
		}
	}
	n.breach(eventWithout, vips[0], n.now)
}

// endsLife is the watcher's own end: it owes nothing any more.
func (n *books) endsLife(early *statement) {
	n.pays(debt{}, early)
	for _, d := range n.owed {
		n.breach(d.rule, d.ip, n.now)
	}
}
