package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// setback is a node failing to take a VIP it set out to take. Its watcher polls on, so the time
// it has for taking it begins anew (W20).
type setback struct {
	at       time.Duration
	why      string
	excusing bool // another's doing or the host's, so it may happen for ever
}

// unluckyAtMost is how often a clash with a node that was only taking the VIP too is excused in
// one outage. Two watchers that clash again and again leave the VIP unanswered: a fault.
const unluckyAtMost = 2

// setbacks gives each node's setbacks with each VIP, by time.
func setbacks(t *trace.Trace) map[nodeVIP][]setback {
	w := newWorld(&t.Header)
	all := map[nodeVIP][]setback{}
	taking := map[nodeVIP]bool{}
	for _, r := range t.Records {
		w.apply(r)
		n := w.byName[r.Host]
		if n == nil || n.node == nil {
			continue
		}
		for _, v := range t.Header.VIPs {
			key := nodeVIP{n.name, v.Address}
			if s, ok := w.setback(n, v.Address, r, taking[key]); ok {
				all[key] = append(all[key], s)
			}
			if b, ok := r.Body.(trace.Watch); ok && b.VIP == v.Address {
				taking[key] = b.State == "taking"
			}
		}
	}
	return all
}

// setback says whether the record is one for the node and the VIP.
func (w *world) setback(n *host, vip netip.Addr, r trace.Record, taking bool) (setback, bool) {
	switch b := r.Body.(type) {
	case trace.Address:
		if b.IP == vip && b.State == trace.Duplicate {
			return w.clash(n, vip, r.At, "W20"), true
		}
	case trace.Watch:
		if b.VIP == vip && b.State == "releasing" && taking && cites(b.Why, "W15") {
			return w.clash(n, vip, r.At, "W15"), true
		}
	case trace.Command:
		if b.Exit != 0 && strings.Contains(b.Line, "add address") && names(b.Line, vip) {
			return setback{r.At, fmt.Sprintf("netsh failed on %s (H2)", n.name), true}, true
		}
	}
	return setback{}, false
}

// clash is a take-over given up because of another node.
func (w *world) clash(n *host, vip netip.Addr, at time.Duration, rule string) setback {
	for _, o := range w.nodes {
		if o != n && o.holds(vip) && o.reaches(n) {
			return setback{at, fmt.Sprintf("%s defends %s (%s)", o.name, vip, rule), true}
		}
	}
	return setback{at, "both were taking it", false}
}

// names says whether a netsh command line is about the VIP.
func names(line string, vip netip.Addr) bool {
	return slices.ContainsFunc(strings.Fields(line), func(word string) bool {
		return strings.TrimPrefix(word, "addr=") == vip.String()
	})
}

// tries cuts a stretch at the setbacks that start its time anew, and tells of the excusing ones.
func tries(s Span, backs []setback) (parts []Span, whys []string) {
	var cuts []time.Duration
	unlucky := 0
	for _, b := range backs {
		if b.at <= s.From || s.To <= b.at {
			continue
		}
		if b.excusing {
			whys = append(whys, b.why)
		} else if unlucky++; unlucky > unluckyAtMost {
			continue
		}
		cuts = append(cuts, b.at)
	}
	return split(s, cuts), slices.Compact(whys)
}
