package check

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Failback is a master's way back to a VIP its peer holds: from the return of the master's
// network, by cable or by boot, to the VIP being answered by the master for a client.
type Failback struct {
	Client string        `json:"client"`
	VIP    netip.Addr    `json:"vip"`
	Master string        `json:"master"`
	Peer   string        `json:"peer"` // the slave that held the VIP at From
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`             // the first answer by the master, or the end of the trace
	Open   bool          `json:"open,omitempty"` // the master had not answered at the end of the trace
	Silent time.Duration `json:"silent"`         // in between, how long nobody answered
	Held   bool          `json:"held,omitempty"` // From is when frames passed, later than the link: spanning tree, a cut (N1, N2)
}

// Length is the time from the return to the master's answer, so far if there is none.
func (f Failback) Length() time.Duration { return f.To - f.From }

// Failbacks gives every failback a client saw, by time. Of several returns before one answer,
// as from a cable that flaps, the last one counts.
func Failbacks(t *trace.Trace) []Failback {
	var all []Failback
	back := returns(t)
	for _, c := range t.Header.Clients {
		for _, v := range t.Header.VIPs {
			all = append(all, failbacks(Answered(t, c.Name, v.Address), back, Failback{Client: c.Name, VIP: v.Address}, t.End)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Failback) int { return cmp.Compare(a.From, b.From) })
	return all
}

// failbacks measures one client and VIP, named by what.
func failbacks(answered []Span, back []homecoming, what Failback, end time.Duration) []Failback {
	var all []Failback
	for i, r := range back {
		if r.vip != what.VIP {
			continue
		}
		f := what
		f.Master, f.Peer, f.From, f.To, f.Open, f.Held = r.master, r.peer, r.at, end, true, r.held
		for _, s := range answered {
			if s.To > r.at && slices.Contains(s.By, r.master) {
				f.To, f.Open = max(s.From, r.at), false
				break
			}
		}
		if superseded(back[i+1:], r, f.To) {
			continue
		}
		f.Silent = f.Length()
		for _, s := range answered {
			f.Silent -= s.overlap(f.From, f.To)
		}
		all = append(all, f)
	}
	return all
}

// superseded says whether the same master came back once more before it answered.
func superseded(later []homecoming, r homecoming, answer time.Duration) bool {
	return slices.ContainsFunc(later, func(l homecoming) bool {
		return l.master == r.master && l.vip == r.vip && l.at < answer
	})
}

// homecoming is a master's network coming up while a slave within reach holds a VIP.
type homecoming struct {
	at           time.Duration
	master, peer string
	vip          netip.Addr
	held         bool // frames passed later than the link came
}

// returns gives the homecomings by time.
func returns(t *trace.Trace) []homecoming {
	w := newWorld(&t.Header)
	linked, waiting := map[string]bool{}, map[string]time.Duration{} // since its link came up
	var all []homecoming
	w.replay(t, func(at time.Duration) {
		for _, m := range w.nodes {
			if m.linked && !linked[m.name] {
				waiting[m.name] = at
			}
			linked[m.name] = m.linked
			since, awaited := waiting[m.name]
			if !awaited || !m.linked || len(m.segments) == 0 {
				continue
			}
			delete(waiting, m.name)
			if !m.node.Master {
				continue
			}
			for _, v := range t.Header.VIPs {
				if p := w.slaveHolding(m, v.Address); p != nil {
					all = append(all, homecoming{at, m.name, p.name, v.Address, since < at})
				}
			}
		}
	})
	return all
}

// slaveHolding gives a slave within the master's reach that holds the VIP, or nil.
func (w *world) slaveHolding(master *host, vip netip.Addr) *host {
	for _, n := range w.nodes {
		if !n.node.Master && n.holds(vip) && n.reaches(master) {
			return n
		}
	}
	return nil
}
