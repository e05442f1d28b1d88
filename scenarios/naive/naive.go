// Package naive is the second definition of what a run's facts are and of what the checks say of them. Only tests
// use it: it is slow, simple, and meant to be seen right by reading. For every question it looks at what stands at
// each moment of the whole run, where package facts follows the records once and remembers as little as it can.
// That the two agree on drawn runs is what makes both of them worth something, so this one takes nothing from facts
// and check.
package naive

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Run is a run with what stood at each of its moments.
type Run struct {
	t       *trace.Trace
	h       *trace.Header
	nodes   []*trace.Node // by role
	vips    []netip.Addr
	asked   []question // by record
	moments []moment   // by time; the first is before all records
	configs []trace.Record

	uses      []finding.Use
	failbacks []finding.Failback

	known map[place][]setback // those asked for: a conflict that comes again and again makes hundreds, each with a look at the past
	vain  map[netip.Addr][]finding.Span
}

// place is a VIP on a node.
type place struct {
	role string
	vip  netip.Addr
}

// longAgo is before all that a trace tells.
const longAgo = time.Duration(-1 << 62)

// Read looks at every moment of the trace.
func Read(t *trace.Trace) *Run {
	t = t.Whole()
	r := &Run{t: t, h: &t.Header, known: map[place][]setback{}, vain: map[netip.Addr][]finding.Span{}}
	for i := range r.h.Nodes {
		r.nodes = append(r.nodes, &r.h.Nodes[i])
	}
	slices.SortFunc(r.nodes, func(a, b *trace.Node) int { return strings.Compare(a.Role, b.Role) })
	for _, v := range r.h.VIPs {
		r.vips = append(r.vips, v.Address)
	}
	for k := range t.Records {
		r.asked = append(r.asked, r.question(k))
		if _, ok := t.Records[k].Body.(trace.Config); ok {
			r.configs = append(r.configs, t.Records[k])
		}
	}
	r.lookAtAll()
	for i := range r.h.Clients {
		for v := range r.vips {
			r.uses = append(r.uses, r.use(i, v))
		}
	}
	for i := range r.uses {
		r.failbacks = append(r.failbacks, r.failbacksOf(i)...)
	}
	slices.SortStableFunc(r.failbacks, func(a, b finding.Failback) int { return cmp.Compare(a.From, b.From) })
	return r
}

// Uses are each client with each VIP.
func (r *Run) Uses() []finding.Use { return r.uses }

// Failbacks are all clients' by time.
func (r *Run) Failbacks() []finding.Failback { return r.failbacks }

// question is what becomes of a record that makes an ARP entry incomplete: the next record of the same entry tells.
type question struct {
	told bool // or the machine is off meanwhile
	vain bool // it finds it unreachable or removed
}

func (r *Run) question(k int) (q question) {
	one := r.t.Records[k]
	asked, ok := one.Body.(trace.Neighbor)
	if !ok || asked.State != trace.Incomplete {
		return q
	}
	for _, later := range r.t.Records[k+1:] {
		switch b := later.Body.(type) {
		case trace.Neighbor:
			if later.Host == one.Host && b.IP == asked.IP {
				vain := b.State == trace.Unreachable || b.State == trace.Removed
				return question{!vain, vain}
			}
		case trace.Power:
			if later.Host == one.Host && b.State == trace.Off {
				return question{told: true}
			}
		}
	}
	return q
}

// after is what stands after the first n records.
func (r *Run) after(n int) *state {
	s := newState(r.h)
	for k, rec := range r.t.Records[:n] {
		s.apply(rec, r.asked[k])
	}
	return s
}

// stateAt is what stands at a time: after all records of that time.
func (r *Run) stateAt(at time.Duration) *state {
	n := 0
	for n < len(r.t.Records) && r.t.Records[n].At <= at {
		n++
	}
	return r.after(n)
}

// lookAtAll fills in the moments: one for each time at which a record changed what stands.
func (r *Run) lookAtAll() {
	s := newState(r.h)
	r.moments = []moment{r.look(longAgo, s)}
	changed := false
	for k, rec := range r.t.Records {
		changed = s.apply(rec, r.asked[k]) || changed
		last := k+1 == len(r.t.Records) || r.t.Records[k+1].At > rec.At
		if last && changed {
			r.moments = append(r.moments, r.look(rec.At, s))
			changed = false
		}
	}
}

// piece is a stretch of time in which nothing changes.
type piece struct {
	*moment
	from, to time.Duration
}

func (p piece) length() time.Duration { return p.to - p.from }

// pieces are those of the whole run.
func (r *Run) pieces() (all []piece) {
	for i := range r.moments {
		one := piece{moment: &r.moments[i], from: r.moments[i].at, to: r.t.End}
		if i+1 < len(r.moments) {
			one.to = r.moments[i+1].at
		}
		all = append(all, one)
	}
	return all
}

// between are the pieces, and parts of such, between two times, cut at others.
func (r *Run) between(from, to time.Duration, cuts ...time.Duration) (all []piece) {
	for _, cut := range append(cuts, to) {
		for _, p := range r.pieces() {
			p.from, p.to = max(p.from, from), min(p.to, cut, to)
			if p.from < p.to {
				all = append(all, p)
			}
		}
		from = max(from, cut)
	}
	return all
}

// at is what stands at a time.
func (r *Run) at(at time.Duration) *moment {
	now := &r.moments[0]
	for i := range r.moments {
		if r.moments[i].at <= at {
			now = &r.moments[i]
		}
	}
	return now
}

// when are the stretches in which something is so.
func (r *Run) when(so func(*moment) bool) (all []finding.Span) {
	for _, s := range equal(r, so) {
		if s.what {
			all = append(all, s.Span)
		}
	}
	return all
}

// stretch is a stretch of time in which something is the same.
type stretch[T comparable] struct {
	finding.Span
	what T
}

// equal are the stretches in which what is asked for is the same.
func equal[T comparable](r *Run, ask func(*moment) T) (all []stretch[T]) {
	for _, p := range r.pieces() {
		what := ask(p.moment)
		if n := len(all); n > 0 && all[n-1].what == what {
			all[n-1].To = p.to
			continue
		}
		all = append(all, stretch[T]{finding.Span{From: p.from, To: p.to}, what})
	}
	return all
}

// ever says whether it is so at some time between.
func (r *Run) ever(from, to time.Duration, so func(*moment) bool) bool {
	return slices.ContainsFunc(r.between(from, to), func(p piece) bool { return so(p.moment) })
}

// always says whether it is so all the time between. At the run's very end, where no time is left, it is enough that it
// was so until then.
func (r *Run) always(from, to time.Duration, so func(*moment) bool) bool {
	return slices.ContainsFunc(r.when(so), func(s finding.Span) bool { return s.From <= from && to <= s.To })
}

// vip is the place of the VIP, or -1.
func (r *Run) vip(ip netip.Addr) int { return slices.Index(r.vips, ip) }

// node is the place of the role, or -1.
func (r *Run) node(role string) int {
	return slices.IndexFunc(r.nodes, func(n *trace.Node) bool { return n.Role == role })
}
