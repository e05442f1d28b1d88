package check

import (
	"fmt"

	"ipwsim/sim/trace"
)

// failbackTime is P2.
func failbackTime(t *trace.Trace) Result {
	if why := unseen(t); why != "" {
		return noData(why)
	}
	p := newPremises(t)
	var y tally
	for _, f := range Failbacks(t) {
		p.judge(&y, f)
	}
	return y.result("no master came back while a slave held its VIP: no failback was due")
}

func (p *premises) judge(y *tally, f Failback) {
	b := failbackBand(&p.t.Header, f)
	out := Finding{At: f.From, Until: f.To, Host: f.Client, VIP: f.VIP}
	if why := p.missing(f, b); why != "" {
		out.Sentence = fmt.Sprintf("P2 leaves the failback of %s to %s at %s: %s", f.VIP, f.Master, secs(f.From), why)
		y.leave(out)
		return
	}
	expected := fmt.Sprintf("P2: after the return of %s at %s client %s should see %s answered by it in %s",
		f.Master, secs(f.From), f.Client, f.VIP, b)
	switch {
	case f.Open && f.Length() <= b.hi:
		out.Sentence = fmt.Sprintf("%s; the trace ends after %s", expected, secs(f.Length()))
		y.unfinished(out)
	case f.Open:
		out.Sentence = fmt.Sprintf("%s; it has not answered for %s", expected, secs(f.Length()))
		y.fail(out)
	case !b.contains(f.Length()):
		out.Sentence = fmt.Sprintf("%s; it took %s, %s of them silent", expected, secs(f.Length()), secs(f.Silent))
		y.fail(out)
	default:
		y.pass()
	}
}

func failbackBand(h *trace.Header, f Failback) band {
	if vendorSettings(h) {
		return vendorFailback
	}
	return wayBack(h, h.Node(f.Master), h.Node(f.Peer))
}
