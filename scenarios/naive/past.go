package naive

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Holdings are when which node had which VIP in which state, by VIP, node and time.
func (r *Run) Holdings() (all []finding.Holding) {
	for v, vip := range r.vips {
		for n, node := range r.nodes {
			for _, s := range equal(r, func(m *moment) trace.AddressState { return m.copies[n][v].state }) {
				if s.what != "" {
					all = append(all, finding.Holding{VIP: vip, Node: node.Role, State: s.what, From: s.From, To: s.To})
				}
			}
		}
	}
	return all
}

// Duals are when two nodes that reach each other both held a VIP, by time.
func (r *Run) Duals() (all []finding.Dual) {
	for a := range r.nodes {
		for b := a + 1; b < len(r.nodes); b++ {
			for v, vip := range r.vips {
				both := func(m *moment) bool { return m.copies[a][v].holds && m.copies[b][v].holds && m.reach[a][b] }
				for _, s := range r.when(both) {
					all = append(all, finding.Dual{
						VIP: vip, Nodes: [2]string{r.nodes[a].Role, r.nodes[b].Role}, From: s.From, To: s.To, Open: s.To == r.t.End,
					})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b finding.Dual) int { return cmp.Compare(a.From, b.From) })
	return all
}

// takeover is a node coming to hold a VIP while another one held it.
type takeover struct {
	vip         netip.Addr
	at          time.Duration
	taker, from string
	heard       bool // frames got from one of them to the other
	slept       bool // one of the two was frozen in the taker's address detection
	served      bool // the holder could serve each client that the taker could serve
	helps       bool // there was one
	fault       int
}

func (r *Run) takeovers() (all []takeover) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Address)
		if !ok || r.node(rec.Host) < 0 || r.vip(b.IP) < 0 || b.State != trace.Preferred {
			continue
		}
		now, then, fault, long := r.after(k), r.after(k), 0, time.Duration(-1)
		d := r.decision(k, rec.Host, b.IP)
		if d >= 0 {
			then = r.after(d)
			fault, long = r.decisionFault(rec.Host, then), r.polls(rec.Host, d)
		}
		for _, o := range r.nodes {
			other := now.machines[o.Role]
			if o.Role != rec.Host && now.linked(now.machines[rec.Host]) && other.holds(b.IP) && now.linked(other) && !outranked(other, b.IP) {
				all = append(all, takeover{
					b.IP, rec.At, rec.Host, o.Role, r.hearing(then, d, rec.Host, o.Role, long),
					r.slept(k, rec.Host, o.Role, b.IP), r.serves(then, rec.Host, o.Role, b.IP), r.helps(then, rec.Host, b.IP), fault,
				})
			}
		}
	}
	return all
}

// outranked says whether the node gives the VIP up because it heard a higher priority.
func outranked(m *machine, vip netip.Addr) bool {
	last := m.watch[vip]
	return last.State == trace.Releasing && last.Why == trace.Outranked
}

// hearing says whether what one of two nodes sends arrives at the other after so many records, and if those are up to a
// watcher's decision, has done for as long as a poll waits for its answer.
func (r *Run) hearing(s *state, records int, a, b string, long time.Duration) bool {
	if !s.arrives(a, b) && !s.arrives(b, a) {
		return false
	}
	if records < 0 {
		return true
	}
	at, i, j := r.t.Records[records].At, r.node(a), r.node(b)
	return slices.ContainsFunc(r.when(func(m *moment) bool { return m.heard[i][j] }), func(s finding.Span) bool {
		return s.From <= at-long && at <= s.To
	})
}

// decision is the record of the watcher's decision that made a node come to hold the VIP by a record; -1 if it was
// none: the node had the address, as at its link's return or after a boot.
func (r *Run) decision(k int, role string, vip netip.Addr) int {
	for j := k; j >= 0; j-- {
		b, ok := r.t.Records[j].Body.(trace.Address)
		if !ok || r.t.Records[j].Host != role || b.IP != vip {
			continue
		}
		state := r.after(j).machines[role].addresses[vip]
		if state != "" && state != trace.Absent {
			if state != trace.Tentative {
				return -1
			}
			continue
		}
		last := r.lastTaking(k, role, vip)
		off := slices.ContainsFunc(r.t.Records[max(last, 0):k], func(rec trace.Record) bool { return isOff(rec, role) })
		if off { // what decided is no more
			return -1
		}
		return last
	}
	return -1
}

// lastTaking is the record of the watcher's last decision before a record to take the VIP; -1 for none.
func (r *Run) lastTaking(k int, role string, vip netip.Addr) int {
	for k--; k >= 0; k-- {
		rec := r.t.Records[k]
		if b, ok := rec.Body.(trace.Watch); ok && rec.Host == role && b.VIP == vip && b.State == trace.Taking {
			return k
		}
	}
	return -1
}

// serves says whether one node could serve each client that another one could serve, were the VIP its own.
func (r *Run) serves(s *state, taker, holder string, vip netip.Addr) bool {
	return !slices.ContainsFunc(r.h.Clients, func(one trace.Client) bool {
		c := s.machines[one.Name]
		return c.usable() && s.joins(c, s.machines[taker], vip, heed{}) && !(s.machines[holder].runs() && s.joins(c, s.machines[holder], vip, heed{}))
	})
}

// slept says whether the holder, or the node itself, was frozen in the node's address detection, which ends with the record:
// the question got no answer, or nobody heard it.
func (r *Run) slept(k int, role, holder string, vip netip.Addr) bool {
	if r.after(k).machines[role].addresses[vip] != trace.Tentative {
		return false
	}
	begins := func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.Address)
		return ok && rec.Host == role && b.IP == vip && b.State == trace.Tentative
	}
	since := k - 1
	for since > 0 && !begins(r.t.Records[since]) {
		since--
	}
	for i := k; i > 0 && r.t.Records[i].At >= r.t.Records[since].At; i-- {
		who := r.t.Records[i].Host
		_, power := r.t.Records[i].Body.(trace.Power)
		if power && (who == holder || who == role) && r.after(i).machines[who].power == trace.Frozen {
			return true
		}
	}
	return false
}

// helps says whether a node could serve any client, were the VIP its own.
func (r *Run) helps(s *state, taker string, vip netip.Addr) bool {
	return slices.ContainsFunc(r.h.Clients, func(one trace.Client) bool {
		c := s.machines[one.Name]
		return c.usable() && s.joins(c, s.machines[taker], vip, heed{})
	})
}

// changes are the times at which the network of the nodes changed.
func (r *Run) changes() (all []time.Duration) {
	s := newState(r.h)
	apart := func(cable string) bool { // it ends at a machine that is no node
		return slices.ContainsFunc(r.h.Cables, func(c trace.Cable) bool {
			return c.Name == cable && (s.isMachine(c.A) && r.node(c.A) < 0 || s.isMachine(c.B) && r.node(c.B) < 0)
		})
	}
	for _, rec := range r.t.Records {
		counts := false
		switch b := rec.Body.(type) {
		case trace.Link:
			counts = !apart(b.Cable)
		case trace.Moved:
			counts = !apart(b.Cable)
		case trace.PortState:
			counts = !apart(b.Cable)
		case trace.Impairment:
			counts = !apart(b.Cable)
		case trace.Rule, trace.RuleOver:
			counts = true
		case trace.Power, trace.Firewall:
			counts = r.node(rec.Host) >= 0
		}
		if counts {
			all = append(all, rec.At)
		}
	}
	return slices.Compact(all)
}

// noise is a stretch in which the network disturbs frames.
type noise struct {
	from, to    time.Duration
	cable, rule string // one of them
	kind        finding.Kind
	client      string // that alone it is in the way of; "": of all
}

// noises are all of the run by their beginning.
func (r *Run) noises() (all []noise) {
	for i, name := range r.h.Twins {
		if i == 0 {
			all = append(all, noise{from: longAgo, to: r.t.End, rule: name, kind: "why.twins"})
		} else {
			all[len(all)-1].rule += ", " + name
		}
	}
	for k, rec := range r.t.Records {
		switch b := rec.Body.(type) {
		case trace.Rule:
			aside := b.Protocol == "arp" || b.Type == arp || b.Port != 0 && b.Port != 445 || exact(b) && b.Protocol == "icmp"
			if !aside {
				all = append(all, noise{from: rec.At, to: r.ruleEnd(k, b.Text), rule: b.Text, kind: "why.rule"})
			}
		case trace.Astray:
			if b.Over {
				continue
			}
			one, brief := noise{from: rec.At, to: r.t.End, rule: b.Cable, kind: "why.astray"}, false
			for _, later := range r.t.Records[k+1:] {
				if next, ok := later.Body.(trace.Astray); ok && next.Switch == b.Switch && next.MAC == b.MAC && next.Over {
					one.to, brief = later.At, later.At-rec.At <= latency // a notice set the switches right
					break
				}
			}
			if !brief {
				all = append(all, one)
			}
		case trace.Unknown:
			if b.Over {
				continue
			}
			one := noise{from: rec.At, to: r.t.End, rule: b.Switch, kind: "why.blocks"}
			for _, c := range r.h.Clients {
				if c.MAC == b.MAC {
					one.client = c.Name
				}
			}
			for _, later := range r.t.Records[k+1:] {
				if next, ok := later.Body.(trace.Unknown); ok && next.Switch == b.Switch && next.MAC == b.MAC && next.Over {
					one.to = later.At + 21*time.Second // Windows' TCP gives up then (H14)
					break
				}
			}
			all = append(all, one)
		case trace.Impairment:
			if (b.Loss == 0 || b.Loss >= 1) && b.Delay <= 25*time.Millisecond {
				continue
			}
			one := noise{from: rec.At, to: r.t.End, cable: b.Cable, kind: "why.noise"}
			for _, later := range r.t.Records[k+1:] {
				if next, ok := later.Body.(trace.Impairment); ok && next.Cable == b.Cable && next.From == b.From {
					one.to = later.At
					break
				}
			}
			all = append(all, one)
		}
	}
	return all
}

// ruleEnd is when the rule ends that a record puts in force.
func (r *Run) ruleEnd(k int, text string) time.Duration {
	for _, later := range r.t.Records[k+1:] {
		if later.Body == (trace.RuleOver{Text: text}) {
			return later.At
		}
	}
	return r.t.End
}

// request is a request over the pipe as its asker saw it.
type request struct {
	asker      string
	vip        netip.Addr
	begun, end time.Duration
	text       string // of one that failed; "" for one that did not
}

func (r *Run) requests() (all []request) {
	s := newState(r.h)
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Pipe)
		if !ok || s.machines[rec.Host] == nil {
			continue
		}
		one := request{asker: rec.Host, vip: b.VIP, begun: rec.At - b.Took, end: rec.At}
		if b.Answer != trace.Released && b.Answer != trace.NotHeld {
			one.text = cmp.Or(b.Error, string(b.Answer))
		}
		all = append(all, one)
	}
	return all
}

// setback is a node's failing to take a VIP.
type setback struct {
	at   time.Duration
	kind finding.Kind
	peer string
}

// setbacks are those of a node and a VIP by time.
func (r *Run) setbacks(role string, vip netip.Addr) []setback {
	of := place{role, vip}
	if _, found := r.known[of]; !found {
		r.known[of] = r.findSetbacks(role, vip)
	}
	return r.known[of]
}

func (r *Run) findSetbacks(role string, vip netip.Addr) (all []setback) {
	for k, rec := range r.t.Records {
		if rec.Host != role {
			continue
		}
		switch b := rec.Body.(type) {
		case trace.Command:
			if b.Does == trace.AddAddress && b.IP == vip && b.Exit != 0 {
				one := setback{at: rec.At, kind: "why.netsh"}
				if b.Missing {
					one.kind = "why.interface"
				}
				all = append(all, one)
			}
		case trace.Address:
			if b.IP == vip && b.State == trace.Duplicate {
				if p := r.after(k).speakerOf(b.Owner, vip); p.alien() {
					all = append(all, setback{rec.At, "why.foreign", p.whose})
				} else {
					all = append(all, r.clash(rec.At, role, vip, r.after(k+1)))
				}
			}
		case trace.Watch:
			s := r.after(k)
			if b.VIP == vip && b.State == trace.Releasing && (b.Why == trace.ByPeer || b.Why == trace.Outranked) && s.machines[role].watch[vip].State == trace.Taking {
				all = append(all, r.clash(rec.At, role, vip, s))
			}
		}
	}
	return all
}

// clash is a setback by another node: by one that holds the VIP, or by one that was taking it too.
func (r *Run) clash(at time.Duration, role string, vip netip.Addr, s *state) setback {
	for _, o := range r.nodes {
		if o.Role != role && s.machines[o.Role].holds(vip) && s.reaches(o.Role, role) {
			return setback{at, "why.defended", o.Role}
		}
	}
	return setback{at: at, kind: "why.clashed"}
}
