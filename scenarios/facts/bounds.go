package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Latency is what the network may add to a computed time: an echo in flight when the cable is pulled, an answer
// on its way. The maker's own bands are taken as they stand.
const Latency = 100 * time.Millisecond

// The maker's measured bands [G 15], with the defaults and one VIP, and what it promises of the cure [G A].
var (
	GuideFailover = finding.Promise{Least: 30 * time.Second, Most: 40 * time.Second, Guide: true}
	GuideFailback = finding.Promise{Least: 5 * time.Second, Most: 10 * time.Second, Guide: true}
	guideCured    = finding.Promise{Least: 5 * time.Second, Most: 40 * time.Second, Guide: true}
)

// Bound is a band of times with the rules that it follows from.
type Bound struct {
	finding.Band
	Rules []string
}

// AsGuide says whether the maker's bands apply: the defaults of W3, H2 and H3 on every node, and one VIP, since
// netsh does one address after the other.
func AsGuide(h *trace.Header) bool {
	for _, n := range h.Nodes {
		if n.Watcher != nil || n.Interval != 30*time.Second || n.PingTimeout != 3*time.Second ||
			n.NetshMax > time.Second || n.DAD > 3*time.Second {
			return false
		}
	}
	return len(h.VIPs) == 1
}

// NetshTime is the most that netsh takes to do its command for every VIP, one after the other (H2).
func NetshTime(h *trace.Header, n *trace.Node) time.Duration {
	return time.Duration(len(h.VIPs)) * n.NetshMax
}

// Sighting is what a watcher knew of a VIP when it was lost.
type Sighting struct {
	Counted  time.Duration // the earliest the count of W12 may have begun, from the loss: <= 0
	Fresh    bool          // not surely seen since its own start or release: W13 may apply
	Glimpsed bool          // seen too briefly to be sure
	InTheWay bool          // a copy stands on its interface, another's or by hand, of this VIP or one that goes first, which must be deleted first (W20, H18)
}

// Sighting gives what the node's watcher knew of the VIP when it was lost at from; a start or a release up to
// until counts. A poll comes each PingTimeout (W11), so only an answer that lasted so long was surely seen.
func (f *Facts) Sighting(node string, vip netip.Addr, from, until time.Duration) Sighting {
	_, one := f.nodeVIP(node, vip)
	if one == nil {
		return Sighting{Fresh: true}
	}
	since, saw := never, never
	for _, a := range one.Anew {
		if a <= until {
			since = a
		}
	}
	var s Sighting
	poll := f.Slowest(from).Node(node).PingTimeout
	for _, a := range one.Sees {
		start, end := max(a.From, since), min(a.To, from)
		switch {
		case end-start >= poll+Latency:
			saw = end
		case end > start:
			s.Glimpsed = true
		}
	}
	s.Fresh = saw == never
	s.InTheWay = slices.ContainsFunc(f.Holdings, func(h finding.Holding) bool {
		return h.Node == node && (h.VIP == vip || h.State == trace.Duplicate) && h.From < from && from <= h.To
	})
	s.Counted = min(max(saw, since), from) - from
	return s
}

func (f *Facts) nodeVIP(node string, vip netip.Addr) (*Node, *NodeVIP) {
	for i := range f.Nodes {
		if n := &f.Nodes[i]; n.Role == node {
			for v := range n.VIPs {
				if n.VIPs[v].VIP == vip {
					return n, &n.VIPs[v]
				}
			}
		}
	}
	return nil, nil
}

// Node is the node of the role, or nil.
func (f *Facts) Node(role string) *Node {
	for i := range f.Nodes {
		if f.Nodes[i].Role == role {
			return &f.Nodes[i]
		}
	}
	return nil
}

// Of is the node's part in a VIP.
func (f *Facts) Of(node string, vip netip.Addr) *NodeVIP {
	_, one := f.nodeVIP(node, vip)
	return one
}

// TakeTime is W14: from the VIP's loss to the node's holding it. From the loss it takes 0..PingTimeout to the
// first missed poll's sending (W11), one Interval from there (W12) or two (W13), but PingTimeout at least, for
// until then nobody knows that it is missed; netsh (H2) and the address's tentative time (H3). A watcher that
// has only just deleted the VIP polls when netsh is done with that (W5).
func TakeTime(h *trace.Header, n *trace.Node, s Sighting) Bound {
	if n.Watcher != nil {
		return takeTimeOf(h, n, s)
	}
	count := max(n.Interval, n.PingTimeout)
	least, most := count, count
	b := Bound{Rules: []string{"W11", "W12", "W14"}}
	if s.Fresh && !n.Master {
		b.Rules = []string{"W11", "W13", "W14"}
		most = max(2*n.Interval, n.PingTimeout)
		if !s.Glimpsed {
			least = most
		}
	}
	b.Least = max(0, s.Counted+least+n.NetshMin+n.DAD-Latency)
	b.Most = n.PingTimeout + most + NetshTime(h, n) + n.DAD + Latency
	if s.Fresh {
		b.Most += NetshTime(h, n)
	}
	if s.InTheWay {
		b.Most += NetshTime(h, n)
	}
	return b
}

// takeTimeOf is what another watcher promises (V2), and netsh and the tentative time besides (H2, H3). One that has only
// just begun may have a delete under way; or it has given way to one that takes longer (V3), and may first have to delete what it
// has added too soon (V6).
func takeTimeOf(h *trace.Header, n *trace.Node, s Sighting) Bound {
	b := Bound{Rules: []string{"V2", "H2", "H3"}}
	b.Least = max(0, n.Watcher.Least+n.NetshMin+n.DAD-Latency)
	b.Most = n.Watcher.Most + NetshTime(h, n) + n.DAD + Latency
	for i := range h.Nodes {
		if o := &h.Nodes[i]; s.Fresh && o.Watcher != nil {
			b.Most = max(b.Most, o.Watcher.Most+2*NetshTime(h, o)+o.DAD+Latency)
		}
	}
	return b
}

// WayBack bounds a failback by its steps. The master's own address is tentative for DAD (H3); it asks at once
// (W16); the peer deletes (H2); the master adds (H2), tentative for DAD again. At most, it must first delete
// its own duplicate (W19), and wait for one poll to see who answers and for another if it asked too early
// (W16).
func WayBack(h *trace.Header, master, peer *trace.Node) Bound {
	if master.Watcher != nil {
		return wayBackOf(h, master, peer)
	}
	b := Bound{Rules: []string{"W16", "H2", "H3"}}
	b.Least = max(0, 2*master.DAD+peer.NetshMin+master.NetshMin-Latency)
	b.Most = 2*master.DAD + 2*NetshTime(h, master) + NetshTime(h, peer) + 2*master.PingTimeout + Latency
	return b
}

// wayBackOf is what another watcher promises (V3, V5). At most, the master's start deletes first, and its first add finds
// the peer's copy there still: it deletes its own and adds it again (V6).
func wayBackOf(h *trace.Header, master, peer *trace.Node) Bound {
	w, b := master.Watcher, Bound{Rules: []string{"V3", "V5", "H2", "H3"}}
	b.Least = max(0, master.DAD+w.Returns+master.NetshMin+master.DAD-Latency)
	b.Most = master.DAD + w.Returns + 4*NetshTime(h, master) + NetshTime(h, peer) + w.Settles + 2*master.DAD + Latency
	return b
}

// Settling is how long a split brain may last in a network that is whole (P3): the longest of any node's
// Interval + 2 PingTimeout + address add; or what another watcher promises in place of the first two.
func Settling(h *trace.Header) time.Duration {
	var most time.Duration
	for i := range h.Nodes {
		n := &h.Nodes[i]
		asks := n.Interval + 2*n.PingTimeout
		if n.Watcher != nil {
			asks = n.Watcher.Settles
		}
		most = max(most, asks+NetshTime(h, n)+n.DAD)
	}
	return most + Latency
}

// PollTime is the longest that any node's watcher takes to poll anew after a poll that was lost (W11).
func (f *Facts) PollTime(at time.Duration) (most time.Duration) {
	for _, n := range f.Slowest(at).Nodes {
		most = max(most, n.Hearing())
	}
	return most + Latency
}

// Cycle is how long the master may wait for a slave it cannot ask (P7): the slave's release cycle (W18), then a
// take-over by the master, the slave's netsh before it.
func Cycle(h *trace.Header, master, slave *trace.Node) time.Duration {
	if AsGuide(h) {
		return slave.ReleaseTime + GuideFailover.Most
	}
	return slave.ReleaseTime + NetshTime(h, slave) + TakeTime(h, master, Sighting{}).Most
}

// FailoverBound is the maker's band where it was measured: defaults, and a watcher that saw the VIP answered up
// to the loss; else W14's with the taker's settings.
func (f *Facts) FailoverBound(o *finding.Outage, taker string) Bound {
	s := f.Sighting(taker, o.VIP, o.From, o.To)
	if f.AsGuide(o.From) && !s.Fresh && s.Counted == 0 {
		return Bound{finding.Band{Least: GuideFailover.Least, Most: GuideFailover.Most}, []string{"P1", "W14"}}
	}
	return f.TakeTime(taker, o.From, s)
}

// FailbackBound is the maker's band, or that of the settings at its end: the master's watcher may start in between.
// Of a watcher that was started the maker says nothing.
func (f *Facts) FailbackBound(b *finding.Failback) Bound {
	if b.Began {
		way := f.wayBack(b.To, b.Master, b.Peer)
		way.Band, way.Rules = withoutFirst(way.Band, f.Slowest(b.To).Node(b.Master).DAD), append([]string{"W5"}, way.Rules...)
		return way
	}
	if f.AsGuide(b.To) {
		return Bound{finding.Band{Least: GuideFailback.Least, Most: GuideFailback.Most}, []string{"P2", "W17"}}
	}
	return f.wayBack(b.To, b.Master, b.Peer)
}

// withoutFirst is a way back whose master's own address is tentative no more: that passed before its watcher was started.
func withoutFirst(b finding.Band, dad time.Duration) finding.Band {
	return finding.Band{Least: max(0, b.Least-dad), Most: b.Most - dad}
}

// failoverPromise is what the maker promises where it was measured, else what follows from the settings of the
// node that took over, or that could have. Nobody promises anything where no other node stood ready, or where the
// network loses frames.
func (f *Facts) failoverPromise(p *Pair, o *finding.Outage) (none finding.Promise) {
	until := min(o.To, o.From+GuideFailover.Most)
	if slices.ContainsFunc(f.Noise, func(n Noise) bool { return n.Concerns(o.Client) && n.From <= until && o.From <= n.To }) {
		return none
	}
	for i, n := range f.Nodes {
		taker := slices.Contains(o.After, n.Role) || len(o.After) == 0 || slices.Equal(o.After, o.Before)
		if !taker || slices.Contains(o.Before, n.Role) || !n.standsBy(p, i, o.From, until) {
			continue
		}
		if f.AsGuide(o.From) {
			return GuideFailover
		}
		b := f.TakeTime(n.Role, o.From, f.Sighting(n.Role, o.VIP, o.From, o.From))
		return finding.Promise{Least: b.Least, Most: b.Most}
	}
	return none
}

// standsBy says whether the node, the i-th, is at work within the client's reach at some time between, however the
// network's settings hinder it.
func (n *Node) standsBy(p *Pair, i int, from, until time.Duration) bool {
	return p.Ready[i].Touches(from, until) || n.Works.Touches(from, until) && p.Joined[i].Touches(from, until)
}

// failbackPromise is the maker's, for a client that the cure has to heal that of the cure; else what follows
// from the settings.
func (f *Facts) failbackPromise(p *Pair, b *finding.Failback) finding.Promise {
	if b.Began || !f.AsGuide(b.To) {
		bound := f.FailbackBound(b)
		return finding.Promise{Least: bound.Least, Most: bound.Most}
	}
	misled := slices.ContainsFunc(p.Silent, func(s Stretch) bool {
		return s.From < b.To && b.From < s.To && (s.What == finding.WrongCache || s.What == finding.RouterCache)
	})
	if _, healing := f.CureTime(p, f.Header.Node(b.Master)); misled && healing == Heals {
		return guideCured
	}
	return GuideFailback
}

// Healing is what a node's arpclear.bat does for a client.
type Healing int

// The ways it turns out. TooEarly: its pings end while the address is still tentative, so they send nothing (H3).
const (
	NotListed Healing = iota
	TooEarly
	Heals
)

// CureTime is how long the node's arpclear.bat takes until it has pinged what heals the client's way to the VIP
// (H11): the client itself, or any host behind its router (N5). Each ping before takes a second a request when
// its target lives. 0 if it does not heal it.
func (f *Facts) CureTime(p *Pair, n *trace.Node) (time.Duration, Healing) {
	best, spent := NotListed, time.Duration(0)
	for _, c := range n.Cure {
		heals := c.Target == p.Client.Address.Addr()
		if !p.Client.Address.Contains(p.Use.VIP) { // the entry is a router's
			heals = !n.Address.Contains(c.Target)
		}
		heals = heals && c.Source == p.Use.VIP
		spent += c.After
		all := time.Duration(c.Count) * time.Second
		switch {
		case heals && spent+all-time.Second >= n.DAD: // when its last request goes
			return paced(spent+time.Second, f.slow[n.Role]), Heals // a second for cmd.exe, and for the first request
		case heals:
			best = TooEarly
		}
		spent += all
	}
	return 0, best
}
