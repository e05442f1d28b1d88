package check

import (
	"fmt"
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// returnedByCycle is P7.
func returnedByCycle(t *trace.Trace) Result {
	if why := unheld(t); why != "" {
		return noData(why)
	}
	asked, noise := newPipes(t), disturbances(t)
	var y tally
	for _, wait := range waits(t) {
		wait.judge(&y, t, asked, noise)
	}
	return y.result("no master ever failed to ask for a VIP its slave held")
}

// wait is a master kept from a VIP, and its slave.
type wait struct {
	master, slave *trace.Node
	vip           netip.Addr
	waiting       []Span // both at work and within reach, the master without the VIP
	slaves        []Span // the slave holds it
	masters       []Span // the master holds it
}

// waits gives every pair of master and slave with each VIP.
func waits(t *trace.Trace) []*wait {
	w := newWorld(&t.Header)
	var all []*wait
	var s survey
	for _, master := range w.nodes {
		for _, slave := range w.nodes {
			if !master.node.Master || slave.node.Master {
				continue
			}
			for _, v := range t.Header.VIPs {
				one := &wait{master: master.node, slave: slave.node, vip: v.Address}
				all = append(all, one)
				s.ask(func() bool {
					return master.watches() && slave.watches() && master.reaches(slave) && !master.holds(one.vip)
				}, func(on []Span) { one.waiting = on })
				s.ask(func() bool { return slave.holds(one.vip) }, func(on []Span) { one.slaves = on })
				s.ask(func() bool { return master.holds(one.vip) }, func(on []Span) { one.masters = on })
			}
		}
	}
	s.answer(t, w)
	return all
}

func (w *wait) judge(y *tally, t *trace.Trace, asked *pipes, noise []Span) {
	for _, s := range w.waiting {
		first := slices.IndexFunc(w.slaves, func(h Span) bool { return h.overlap(s.From, s.To) > 0 })
		if first < 0 {
			continue
		}
		s.From = max(s.From, w.slaves[first].From)
		if r, ok := w.inVain(asked, s); ok {
			w.judgeOne(y, t, noise, s, r)
		}
	}
}

// inVain gives the first request of the master that failed while the slave held the VIP.
func (w *wait) inVain(asked *pipes, s Span) (request, bool) {
	for _, r := range asked.asked {
		if r.asker == w.master.Role && r.vip == w.vip && r.failed() &&
			s.From <= r.end && r.end <= s.To && during(w.slaves, r.end) {
			return r, true
		}
	}
	return request{}, false
}

func (w *wait) judgeOne(y *tally, t *trace.Trace, noise []Span, s Span, r request) {
	limit := cycle(&t.Header, w.master, w.slave)
	out := Finding{At: s.From, Until: s.To, Host: w.master.Role, VIP: w.vip}
	out.Sentence = fmt.Sprintf(
		"P7: %s is back from %s but its pipe fails (%q at %s), so the release cycle of %s should bring it %s within %s (W16, W18); it was without it for %s",
		w.master.Role, secs(s.From), r.answer, secs(r.end), w.slave.Role, w.vip, secs(limit), secs(s.Length()))
	noisy := disturbed(noise, s.From, s.To)
	switch {
	case noisy != "":
		out.Sentence += "; not judged: " + noisy
		y.leave(out)
	case s.Length() > limit:
		y.fail(out)
	case slices.ContainsFunc(w.masters, func(h Span) bool { return h.From == s.To }):
		y.pass()
	case s.To >= t.End:
		y.unfinished(out)
	default:
		out.Sentence += "; then one of them was lost"
		y.leave(out)
	}
}
