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
	for _, r := range t.Records {
		w.apply(r)
		n := w.byName[r.Host]
		if n == nil || n.node == nil {
			continue
		}
		for _, v := range t.Header.VIPs {
			if s, ok := w.setback(n, v.Address, r); ok {
				key := nodeVIP{n.name, v.Address}
				all[key] = append(all[key], s)
			}
		}
	}
	return all
}

// setback says whether the record is one for the node and the VIP.
func (w *world) setback(n *host, vip netip.Addr, r trace.Record) (setback, bool) {
	switch b := r.Body.(type) {
	case trace.Address:
		if b.IP != vip || b.State != trace.Duplicate {
			break
		}
		for _, o := range w.nodes {
			if o != n && o.holds(vip) && o.reaches(n) {
				return setback{r.At, fmt.Sprintf("%s defends %s (W20)", o.name, vip), true}, true
			}
		}
		return setback{r.At, "both were taking it (W20)", false}, true
	case trace.Command:
		if b.Exit != 0 && strings.Contains(b.Line, "add address") && names(b.Line, vip) {
			return setback{r.At, fmt.Sprintf("netsh failed on %s (H2)", n.name), true}, true
		}
	}
	return setback{}, false
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
