package check

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Parts is an outage taken apart by what stood in the way at each moment. The parts add up to the
// outage's length.
type Parts struct {
	Outage
	ClientDown  time.Duration `json:"client_down"`  // the client had no link or no usable address
	Counting    time.Duration `json:"counting"`     // no node had the VIP, not even tentative within reach
	OutOfReach  time.Duration `json:"out_of_reach"` // the same, but a node the client does not reach held it (N1)
	Tentative   time.Duration `json:"tentative"`    // a node within reach had it, not usable yet (H3)
	Blocked     time.Duration `json:"blocked"`      // a node held it, its firewall closed for echo (H8)
	WrongCache  time.Duration `json:"wrong_cache"`  // a node held it, the client's ARP entry led elsewhere (N3)
	RouterCache time.Duration `json:"router_cache"` // a node held it, a router's ARP entry led elsewhere (N5)
	WayBack     time.Duration `json:"way_back"`     // a node held it and was asked, but an ARP entry on the way back was wrong
	Dual        time.Duration `json:"dual"`         // of these, with two nodes within reach holding it
}

// Sum is the time of all parts: the outage's length.
func (p Parts) Sum() time.Duration {
	return p.ClientDown + p.Counting + p.OutOfReach + p.Tentative + p.Blocked + p.WrongCache + p.RouterCache + p.WayBack
}

// Breakdown takes every outage apart, in the order of Outages.
func Breakdown(t *trace.Trace) []Parts {
	lines := map[clientVIP][]Span{}
	var all []Parts
	for _, o := range Outages(t) {
		key := clientVIP{o.Client, o.VIP}
		if _, known := lines[key]; !known {
			lines[key] = obstacles(t, o.Client, o.VIP)
		}
		p := Parts{Outage: o}
		for _, s := range lines[key] {
			p.count(s, s.overlap(o.From, o.To))
		}
		all = append(all, p)
	}
	return all
}

type clientVIP struct {
	client string
	vip    netip.Addr
}

// What can stand between a client and the VIP.
const (
	clientDown  = "client down"
	counting    = "counting"
	outOfReach  = "out of reach"
	tentative   = "tentative"
	blocked     = "blocked"
	wrongCache  = "wrong cache"
	routerCache = "router cache"
	backCache   = "way back"
	dual        = "dual"
)

func (p *Parts) count(s Span, d time.Duration) {
	switch s.By[0] {
	case clientDown:
		p.ClientDown += d
	case counting:
		p.Counting += d
	case outOfReach:
		p.OutOfReach += d
	case tentative:
		p.Tentative += d
	case blocked:
		p.Blocked += d
	case wrongCache:
		p.WrongCache += d
	case routerCache:
		p.RouterCache += d
	case backCache:
		p.WayBack += d
	}
	if len(s.By) > 1 && s.By[1] == dual {
		p.Dual += d
	}
}

// obstacles gives, for all the time in which the client would get no answer, what stood in the way.
func obstacles(t *trace.Trace, client string, vip netip.Addr) []Span {
	w := newWorld(&t.Header)
	c := w.byName[client]
	var rec recorder
	w.replay(t, func(at time.Duration) {
		silent := len(w.answerers(c, vip)) == 0
		rec.set(at, silent, w.obstacle(c, vip))
	})
	return rec.end(t.End)
}

// obstacle names what stands between the client and an answer now, nearest to the client first.
func (w *world) obstacle(c *host, vip netip.Addr) []string {
	holders, answering, coming, led, asked, apart := 0, 0, 0, 0, 0, 0 // led: the client's own entry is right
	for _, n := range w.nodes {
		switch {
		case !n.runs():
		case !w.joins(c, n, vip, noCache):
			if n.linked && n.holds(vip) {
				apart++
			}
		case n.answers(vip):
			holders++
			answering++
			if w.joins(c, n, vip, ownCache) {
				led++
			}
			if w.joins(c, n, vip, cachesThere) {
				asked++
			}
		case n.holds(vip):
			holders++
		case n.addresses[vip] == trace.Tentative:
			coming++
		}
	}
	var by []string
	switch {
	case !c.usable():
		by = []string{clientDown}
	case asked > 0:
		by = []string{backCache}
	case led > 0:
		by = []string{routerCache}
	case answering > 0:
		by = []string{wrongCache}
	case holders > 0:
		by = []string{blocked}
	case coming > 0:
		by = []string{tentative}
	case apart > 0:
		by = []string{outOfReach}
	default:
		by = []string{counting}
	}
	if holders > 1 {
		by = append(by, dual)
	}
	return by
}
