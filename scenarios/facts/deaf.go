package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Deaf is a watcher's decision, from polls that went without an answer, to take a VIP from a node that must have answered
// them.
type Deaf struct {
	VIP    netip.Addr
	At     time.Duration
	Node   string
	Holder string
}

// Unreached is a request over the pipe that found nobody, though its last try must have been answered (H14).
type Unreached struct {
	VIP  netip.Addr
	At   time.Duration
	Node string
	Peer string
}

// stirs notes what a record of a machine changes for polls and their answers.
func (r *Reader) stirs(h *host, b trace.Body) {
	switch b.(type) {
	case trace.Power, trace.Address, trace.Firewall, trace.Card:
		if h.client == nil {
			r.stirred = r.at
		}
	}
}

// deaf notes a decision to take a VIP by polls (W12, W13), if the last of them that counts was sent when all was as it is
// now, and so must have been answered. A node that has another VIP may ask as that.
func (r *Reader) deaf(h *host, vip int, rule string) {
	missed := r.at - paced(max(h.node.Interval, h.node.PingTimeout), h.slow)
	if h.node.Watcher != nil || rule != "W12" && rule != "W13" || r.stirred >= missed-Latency || !h.watches() || h.holdsAny() || r.noisy() {
		return
	}
	for _, o := range r.model.nodes {
		if o != h && o.linked() && o.answers(vip) && r.model.joins(h, o, vip, allTables) {
			r.deafs = append(r.deafs, Deaf{VIP: r.model.vips[vip], At: r.at, Node: h.name, Holder: o.name})
		}
	}
}

// holdsAny says whether the machine has any VIP.
func (h *host) holdsAny() bool {
	return slices.ContainsFunc(h.states, func(s trace.AddressState) bool { return s != "" && s != trace.Absent })
}

// noisy says whether frames are lost or delayed by chance or by choice.
func (r *Reader) noisy() bool {
	return slices.ContainsFunc(r.noise, func(n Noise) bool { return n.Concerns("") && (n.open || n.Blocks != "" && r.at <= n.To) })
}

// unreached notes a request that found nobody, if its last try went out when all was as it is now, and gets there. After a
// power loss a try may come from a port that the peer still has a connection with.
func (r *Reader) unreached(h *host, b trace.Pipe) {
	if h.node == nil {
		return
	}
	n := len(h.node.Tries)
	if b.Error != trace.PathNotFound || b.Took == 0 || b.Led.IsValid() || n < 2 {
		return
	}
	last := r.at - paced(h.node.Tries[n-1]-h.node.Tries[n-2], h.slow)
	if r.stirred >= last-Latency || !h.usable() || h.holdsAny() || r.noisy() || len(r.model.rules) > 0 || h.died {
		return
	}
	for _, o := range r.model.nodes {
		if o != h && o.usable() && o.linked() && !o.blocked(trace.PipeRule) && r.model.reaches(h, o) && r.model.reaches(o, h) {
			r.vainAsks = append(r.vainAsks, Unreached{VIP: b.VIP, At: r.at, Node: h.name, Peer: o.name})
		}
	}
}

// reaches says whether what the machine sends to another one's own address arrives.
func (m *model) reaches(from, to *host) bool {
	return from.maySpeak(from.own) && m.way(from, to, packet{form: tcp, src: from.own, dst: to.own}, allTables)
}

// sentAgain is for how long what was dropped may be sent again (H14).
const sentAgain = 21 * time.Second

// unknown notes that a switch drops what is for a machine, or no more.
func (p *past) unknown(at time.Duration, h *trace.Header, b trace.Unknown) {
	key := b.Switch + " " + b.MAC.String()
	if b.Over {
		for i := range p.noise {
			if n := &p.noise[i]; n.open && n.Blocks != "" && n.end == key {
				n.To, n.open = at+sentAgain, false
			}
		}
		return
	}
	n := Noise{From: at, Blocks: b.Switch, open: true, end: key}
	if i := slices.IndexFunc(h.Clients, func(c trace.Client) bool { return c.MAC == b.MAC }); i >= 0 {
		n.Client = h.Clients[i].Name
	}
	p.noise = append(p.noise, n)
}

// Concerns says whether it may be in the way of what the client sends or gets; "" asks for what only nodes send.
func (n *Noise) Concerns(client string) bool { return n.Client == "" || n.Client == client }
