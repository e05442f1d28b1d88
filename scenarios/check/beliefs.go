package check

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Belief is a stretch of time in which a host's ARP cache had one MAC for a VIP (N3): where the host's
// packets for the VIP went, or would have gone.
type Belief struct {
	Host  string        `json:"host"` // a node's role, a client or a router
	MAC   trace.MAC     `json:"mac"`
	Whose string        `json:"whose"` // the node with that MAC; "" for no node
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Open  bool          `json:"open,omitempty"` // still so at the end of the trace

	// Wrong is when nodes held the VIP (Preferred), By, but not the node with that MAC. While the host
	// itself holds the VIP its entry leads nothing anywhere.
	Wrong []Span `json:"wrong,omitempty"`
}

// Beliefs gives, for each host, which MAC it believed the VIP to be, from when to when: the nodes as in
// the header, then the clients, then the routers; each by time. While a host has no usable entry it
// believes nothing. What comes and goes within an instant is left out.
func Beliefs(t *trace.Trace, vip netip.Addr) []Belief {
	whose := map[trace.MAC]string{}
	for _, n := range t.Header.Nodes {
		whose[n.MAC] = n.Role
	}
	holdings := slices.DeleteFunc(Holders(t, vip), func(h Holding) bool { return h.State != trace.Preferred })
	lives := cached(t, vip)
	var all []Belief
	for _, host := range hostsOf(&t.Header) {
		for _, b := range lives[host] {
			b.Host, b.Whose = host, whose[b.MAC]
			b.Wrong = b.wrong(holdings)
			all = append(all, b)
		}
	}
	return all
}

// cached are the beliefs of every host in the records, by host and time.
func cached(t *trace.Trace, vip netip.Addr) map[string][]Belief {
	lives := map[string][]Belief{}
	last := func(host string) *Belief {
		if n := len(lives[host]); n > 0 && lives[host][n-1].Open {
			return &lives[host][n-1]
		}
		return nil
	}
	end := func(host string, at time.Duration) {
		if b := last(host); b != nil {
			b.To, b.Open = at, false
		}
	}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Power:
			if b.State == trace.Off {
				end(r.Host, r.At)
			}
		case trace.Neighbor:
			was := last(r.Host)
			usable := b.State.Usable()
			if b.IP != vip || usable && was != nil && was.MAC == b.MAC {
				continue
			}
			end(r.Host, r.At)
			if usable {
				lives[r.Host] = append(lives[r.Host], Belief{MAC: b.MAC, From: r.At, To: t.End, Open: true})
			}
		}
	}
	for host, all := range lives { // order: each by itself
		lives[host] = slices.DeleteFunc(all, func(b Belief) bool { return b.From == b.To && !b.Open })
	}
	return lives
}

// wrong is when the belief led past all who held the VIP.
func (b Belief) wrong(holdings []Holding) []Span {
	var cuts []time.Duration
	for _, h := range holdings {
		cuts = append(cuts, h.From, h.To)
	}
	slices.Sort(cuts)
	var rec recorder
	for _, part := range split(Span{From: b.From, To: b.To}, slices.Compact(cuts)) {
		var by []string
		for _, h := range holdings {
			if h.From <= part.From && part.To <= h.To {
				by = append(by, h.Node)
			}
		}
		misled := len(by) > 0 && !slices.Contains(by, b.Whose) && !slices.Contains(by, b.Host)
		rec.set(part.From, misled, by)
	}
	return rec.end(b.To)
}

// hostsOf are the hosts that have an ARP cache.
func hostsOf(h *trace.Header) (hosts []string) {
	for _, n := range h.Nodes {
		hosts = append(hosts, n.Role)
	}
	for _, c := range h.Clients {
		hosts = append(hosts, c.Name)
	}
	for _, r := range h.Routers {
		hosts = append(hosts, r.Name)
	}
	return hosts
}
