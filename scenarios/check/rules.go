package check

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// packet is an echo request or its answer on its way.
type packet struct {
	form     string // "echo" or "reply"
	src, dst netip.Addr
}

// carries says whether the packet gets from one host to another one on its segment.
func (w *world) carries(from, to *host, p packet) bool {
	return from.reaches(to) && !slices.ContainsFunc(w.rules, func(r trace.Rule) bool { return w.drops(r, from, to, p) })
}

// drops says whether the rule takes the packet away on its way between two hosts of a segment.
func (w *world) drops(r trace.Rule, from, to *host, p packet) bool {
	return exact(r) &&
		(r.Form == "" || r.Form == p.form) &&
		(!r.Src.IsValid() || r.Src == p.src) &&
		(!r.Dst.IsValid() || r.Dst == p.dst) &&
		(r.From == "" || r.From == from.name) &&
		(r.To == "" || r.To == to.name) &&
		(r.Cable == "" || w.onPath(r.Cable, from, to))
}

func (w *world) onPath(name string, from, to *host) bool {
	i, known := w.net.index[name]
	return known && slices.Contains(w.net.path(from, to), i)
}

// Ethernet types a rule may name.
const (
	typeIPv4 = 0x0800
	typeARP  = 0x0806
)

// exact says whether the rule takes away every echo packet that it matches, so that P0 can tell.
func exact(r trace.Rule) bool {
	return r.Verdict == "drop" && !r.Some && onEcho(r)
}

// onEcho says whether echo packets are among what the rule speaks of.
func onEcho(r trace.Rule) bool {
	switch r.Protocol {
	case "icmp", "ip":
		return true
	case "":
		return r.Type == 0 || r.Type == typeIPv4
	}
	return false
}

// onARP says whether the rule speaks of ARP alone: what becomes of that shows in the caches.
func onARP(r trace.Rule) bool { return r.Protocol == "arp" || r.Type == typeARP }

// unnoticed is the most that an impairment or a rule may delay a frame without being a disturbance.
const unnoticed = 25 * time.Millisecond

// disturbances gives the spans in which the network loses or delays frames by chance or by choice, so
// that no check can promise a time; By names what does it.
func disturbances(t *trace.Trace) []Span {
	var all []Span
	type direction struct{ cable, from string }
	open := map[direction]int{}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Impairment:
			key := direction{b.Cable, b.From}
			if i, was := open[key]; was {
				all[i].To = r.At
				delete(open, key)
			}
			if b.Loss > 0 || b.Delay > unnoticed {
				open[key] = len(all)
				all = append(all, Span{r.At, t.End, []string{"the cable " + b.Cable + " is disturbed (N1)"}})
			}
		case trace.Rule:
			if !onARP(b) && !(exact(b) && b.Protocol == "icmp") {
				all = append(all, Span{r.At, t.End, []string{"a rule is in force: " + b.Text}})
			}
		}
	}
	return all
}

// disturbed says what disturbs the network at some time between, or "".
func disturbed(all []Span, from, to time.Duration) string {
	for _, s := range all {
		if s.From <= to && from <= s.To {
			return s.By[0]
		}
	}
	return ""
}
