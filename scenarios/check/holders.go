package check

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Holding is a stretch of time in which a machine that runs has a VIP in one state (H1). Only
// Preferred is answered.
type Holding struct {
	Node  string             `json:"node"`
	State trace.AddressState `json:"state"`
	From  time.Duration      `json:"from"`
	To    time.Duration      `json:"to"`
}

// Holders gives every node's holdings of the VIP: by role, then by time.
func Holders(t *trace.Trace, vip netip.Addr) []Holding {
	w := newWorld(&t.Header)
	recs := make([]recorder, len(w.nodes))
	w.replay(t, func(at time.Duration) {
		for i, n := range w.nodes {
			s := n.addresses[vip]
			present := n.runs() && s != "" && s != trace.Absent
			recs[i].set(at, present, []string{string(s)})
		}
	})
	var all []Holding
	for i, n := range w.nodes {
		for _, s := range recs[i].end(t.End) {
			all = append(all, Holding{n.name, trace.AddressState(s.By[0]), s.From, s.To})
		}
	}
	return all
}

// DualHolder is a stretch of time in which two nodes that reach each other both hold a VIP.
type DualHolder struct {
	VIP   netip.Addr    `json:"vip"`
	Nodes [2]string     `json:"nodes"` // by role, sorted
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Open  bool          `json:"open,omitempty"` // still so at the end of the trace
}

// DualHolders gives every split brain within reach, however short, by time. A figure: P3 says
// which of them are faults.
func DualHolders(t *trace.Trace) []DualHolder {
	w := newWorld(&t.Header)
	var all []DualHolder
	var s survey
	for _, v := range t.Header.VIPs {
		for i, a := range w.nodes {
			for _, b := range w.nodes[i+1:] {
				s.ask(func() bool {
					return a.holds(v.Address) && b.holds(v.Address) && a.reaches(b)
				}, func(on []Span) {
					for _, o := range on {
						all = append(all, DualHolder{v.Address, [2]string{a.name, b.name}, o.From, o.To, o.To >= t.End})
					}
				})
			}
		}
	}
	s.answer(t, w)
	slices.SortStableFunc(all, func(a, b DualHolder) int { return cmp.Compare(a.From, b.From) })
	return all
}
