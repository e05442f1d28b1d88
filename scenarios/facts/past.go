package facts

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// past is what has happened to the cluster, as far as what comes after depends on it.
type past struct {
	faults    []finding.Fault
	releases  []release
	handovers []handover
	requests  []Request
	setbacks  []Setback
	clashes   []finding.Clash
	takeovers []Takeover
	deafs     []Deaf
	vainAsks  []Unreached
	stirred   time.Duration // when last something changed that polls and their answers go by
	takings   []taking
	vain      []vainTaking
	duals     []dualLine
	joins     []joinLine
	returns   []homecoming
	linked    []bool          // by node
	ran       []bool          // by node: its watcher's service
	waiting   []time.Duration // by node: since when its link is back and no frame has passed; never: it is not
	changes   []time.Duration
	noise     []Noise
	stops     []*stops
	apart     map[string]bool // cables to machines that are no nodes
	ways      map[[2]string][]int
	powered   bool
	atOnce    bool // some node was on whose watcher starts with Windows (H17)
	serviced  bool
	held      []bool // by VIP: some node ever was its holder
}

// never is before every time of a run.
const never = time.Duration(-1 << 62)

// nodeOf is a node and a VIP by its place.
type nodeOf struct {
	node string
	vip  int
}

// release is a watcher giving a VIP up.
type release struct {
	nodeOf
	at, until time.Duration // until the watcher was in another state again
	open      bool
	why       trace.Reason
	rule      string
}

// handover is a release that the asker heard of over the pipe (W16).
type handover struct {
	asker string
	vip   netip.Addr
	begun time.Duration // of the request
	at    time.Duration
}

// Release is a slave's release cycle under way (W18).
type Release struct {
	Node     string
	VIP      netip.Addr
	From, To time.Duration
}

// Request is a request over the pipe as its asker saw it (W15).
type Request struct {
	Asker      string
	VIP        netip.Addr
	Begun, End time.Duration
	Answer     trace.PipeAnswer
	Error      string
}

// Failed says whether the peer was not heard, or would not.
func (r *Request) Failed() bool { return r.Answer != trace.Released && r.Answer != trace.NotHeld }

// Takeover is a node coming to hold a VIP while another one held it. What is said of the network is of the moment at
// which the taker decided.
type Takeover struct {
	VIP    netip.Addr
	At     time.Duration
	Taker  string
	From   string
	Heard  bool // frames got from one of the two to the other, for so long that a poll could have been answered
	Slept  bool // one of the two was frozen in the taker's address detection, in which it did not hear of the holder
	Served bool // the holder could serve each client that the taker could serve
	Helps  bool // the taker could serve a client at all
	Fault  int  // the number of the fault behind it; 0: none on record
}

// Noise is a stretch in which the network loses or delays frames by chance or by choice, so that no check can
// promise a time.
type Noise struct {
	From, To time.Duration
	Cable    string // that is disturbed; "": one of the others
	Rule     string // that is in force, as its line says it
	Blocks   string // the switch that drops what it does not know (N8),
	Client   string // of what is for that client; "": for another machine
	Twins    string // machines with one MAC
	Astray   string // a machine that a switch looks for where it was (N10)
	open     bool
	end      string
}

// dualLine is when two nodes that reach each other both hold a VIP.
type dualLine struct {
	vip  int
	a, b *host
	on   recorder[bool]
}

// joinLine is when two nodes reach each other.
type joinLine struct {
	a, b *host
	on   recorder[bool]

	// heard is since when what one of them sends has arrived at the other, whatever of an answer; never: it does not.
	heard time.Duration
}

func (p *past) init(m *model) {
	p.held = make([]bool, len(m.vips))
	p.linked, p.ran = make([]bool, len(m.nodes)), make([]bool, len(m.nodes))
	for range m.nodes {
		p.waiting = append(p.waiting, never)
	}
	for i, a := range m.nodes {
		for _, b := range m.nodes[i+1:] {
			p.joins = append(p.joins, joinLine{a: a, b: b, heard: never})
			for v := range m.vips {
				p.duals = append(p.duals, dualLine{vip: v, a: a, b: b})
			}
		}
	}
	for i := range m.nodes {
		p.stops = append(p.stops, newStops(m.nodes[i]))
	}
	if twins := m.header.Twins; len(twins) > 0 { // switches send to whichever spoke last
		p.noise = append(p.noise, Noise{From: never, Twins: strings.Join(twins, ", "), open: true})
	}
	p.apart = cablesApart(m.header)
	p.ways = map[[2]string][]int{}
}

// cablesApart are the cables that end at a machine that is no node.
func cablesApart(h *trace.Header) map[string]bool {
	machine := map[string]bool{}
	for _, c := range h.Clients {
		machine[c.Name] = true
	}
	for _, r := range h.Routers {
		machine[r.Name] = true
	}
	for _, o := range h.Others {
		machine[o.Name] = true
	}
	apart := map[string]bool{}
	for _, c := range h.Cables {
		apart[c.Name] = machine[c.A] || machine[c.B]
	}
	return apart
}

// look notes what stands after an instant in which something changed that all depend on.
func (p *past) look(r *Reader) {
	for i := range p.duals {
		d := &p.duals[i]
		d.on.set(r.at, d.a.holds(d.vip) && d.b.holds(d.vip) && d.a.reaches(d.b))
	}
	for i := range p.joins {
		j := &p.joins[i]
		j.on.set(r.at, j.a.reaches(j.b))
		switch heard := r.heard(j.a, j.b); {
		case !heard:
			j.heard = never
		case j.heard == never:
			j.heard = r.at
		}
	}
	p.comeHome(r)
	for _, s := range p.stops {
		s.look(r.at)
	}
}

// fault takes a fault in, and the end of those that are over with it.
func (p *past) fault(at time.Duration, f trace.Fault) {
	p.faults = append(p.faults, finding.Fault{Fault: f, At: at, Until: at, Open: f.Lasts()})
	for _, id := range f.Ends {
		p.over(at, id)
	}
}

func (p *past) over(at time.Duration, id int) {
	if f := p.numbered(id); f != nil {
		f.Until, f.Open = at, false
	}
}

// numbered is the fault of that number, nil for none.
func (p *past) numbered(id int) *finding.Fault { return finding.Numbered(p.faults, id) }

// behind is the number of the latest fault that touches one of the parts: of those in force, or with any is
// true of all; 0 for none.
func (p *past) behind(parts []trace.Touch, any bool) int {
	for _, f := range slices.Backward(p.faults) {
		if (f.Open || any) && slices.ContainsFunc(f.Touches, func(t trace.Touch) bool { return slices.Contains(parts, t) }) {
			return f.ID
		}
	}
	return 0
}

// watched takes a change of mind in.
func (p *past) watched(at time.Duration, key nodeOf, b trace.Watch) {
	for i := range p.releases {
		if open := &p.releases[i]; open.open && open.nodeOf == key {
			open.until, open.open = at, false
		}
	}
	if b.State == trace.Releasing {
		p.releases = append(p.releases, release{nodeOf: key, at: at, open: true, why: b.Why, rule: b.Rule})
	}
}

// released is the release that the node was carrying out at the time, or nil.
func (p *past) released(key nodeOf, at time.Duration) *release {
	for i := len(p.releases) - 1; i >= 0; i-- {
		if r := &p.releases[i]; r.nodeOf == key && r.at <= at && (r.open || at <= r.until) {
			return r
		}
	}
	return nil
}

// rule notes a rule on frames that makes times a matter of chance or choice.
func (p *past) rule(at time.Duration, b trace.Rule) {
	p.changes = append(p.changes, at)
	if !onARP(b) && !aside(b) && !(exact(b) && b.Protocol == "icmp") {
		p.noise = append(p.noise, Noise{From: at, Rule: b.Text, open: true})
	}
}

// ruleOver notes the end of all rules of a text.
func (p *past) ruleOver(at time.Duration, text string) {
	p.changes = append(p.changes, at)
	for i := range p.noise {
		if n := &p.noise[i]; n.open && n.Rule == text {
			n.To, n.open = at, false
		}
	}
}

// unnoticed is the most that an impairment or a rule may delay a frame without being a disturbance.
const unnoticed = 25 * time.Millisecond

// impaired notes what a cable does to frames from now on.
func (p *past) impaired(at time.Duration, b trace.Impairment) {
	for i := range p.noise {
		if n := &p.noise[i]; n.open && n.Cable == b.Cable && n.end == b.From {
			n.To, n.open = at, false
		}
	}
	if b.Loss > 0 && b.Loss < 1 || b.Delay > unnoticed { // to lose all is to cut
		p.noise = append(p.noise, Noise{From: at, Cable: b.Cable, end: b.From, open: true})
	}
}

// astray notes that a switch looks for a machine where it was, or no more: who is silent for how long is up to what the
// machine sends. After a notice that is over before it tells.
func (p *past) astray(at time.Duration, b trace.Astray) {
	key := b.Switch + " " + b.MAC.String()
	if !b.Over {
		p.noise = append(p.noise, Noise{From: at, Astray: b.Cable, open: true, end: key})
		return
	}
	for i := range p.noise {
		if n := &p.noise[i]; n.open && n.Astray != "" && n.end == key {
			n.To, n.open = at, false
		}
	}
	p.noise = slices.DeleteFunc(p.noise, func(n Noise) bool { return n.Astray != "" && !n.open && n.To-n.From <= Latency })
}

// asked takes a request over the pipe in.
func (p *past) asked(at time.Duration, asker string, b trace.Pipe) {
	p.requests = append(p.requests, Request{asker, b.VIP, at - b.Took, at, b.Answer, b.Error})
	if b.Answer == trace.Released {
		p.handovers = append(p.handovers, handover{asker, b.VIP, at - b.Took, at})
	}
}

// homecoming is a master's network coming up, or its watcher being started, while a slave that it comes to reach, or
// reaches, holds a VIP.
type homecoming struct {
	at           time.Duration // of the link, or the start
	master, peer string
	vip          int
	late         bool // frames passed later
	began        bool // it is a start
}

// comeHome notes the masters whose network is back, or whose watcher is.
func (p *past) comeHome(r *Reader) {
	for i, m := range r.model.nodes {
		starts := m.service == trace.Running && !p.ran[i]
		if p.ran[i] = m.service == trace.Running; starts && m.runs() && m.linked() && p.linked[i] && p.waiting[i] == never {
			p.isHome(r, m, r.at, true)
		}
		if m.linked() && !p.linked[i] {
			p.waiting[i] = r.at
		}
		p.linked[i] = m.linked()
		if p.waiting[i] == never || !m.linked() || len(m.segments()) == 0 {
			continue
		}
		since := p.waiting[i]
		p.waiting[i] = never
		p.isHome(r, m, since, false)
	}
}

// isHome notes the VIPs that a node, if it is a master, has come back to since then.
func (p *past) isHome(r *Reader, m *host, since time.Duration, began bool) {
	if !m.node.Master {
		return
	}
	for v, vip := range r.model.vips {
		if !m.node.Keeps(vip) {
			continue
		}
		for _, peer := range r.model.nodes {
			if !peer.node.Master && peer.holds(v) && peer.reaches(m) {
				p.returns = append(p.returns, homecoming{since, m.name, peer.name, v, since < r.at, began})
				break
			}
		}
	}
}

// facts fills in what is past up to the end.
func (p *past) facts(r *Reader, f *Facts, end time.Duration) {
	f.Faults = slices.Clone(p.faults)
	for i := range f.Faults {
		if f.Faults[i].Open {
			f.Faults[i].Until = end
		}
	}
	f.Powered, f.Serviced, f.Held = p.powered, p.serviced || p.powered && !p.atOnce, slices.Clone(p.held)
	f.Changes = slices.Compact(slices.Clone(p.changes))
	f.Noise = slices.Clone(p.noise)
	for i := range f.Noise {
		if f.Noise[i].open {
			f.Noise[i].To = end
		}
	}
	f.Clashes = slices.Clone(p.clashes)
	f.Asked, f.Setbacks, f.Takeovers, f.Deafs, f.Unreached = p.requests, p.setbacks, p.takeovers, p.deafs, p.vainAsks
	for i := range p.releases {
		c := &p.releases[i]
		if c.why != trace.ByCycle {
			continue
		}
		until := c.until
		if c.open {
			until = end
		}
		f.Cycles = append(f.Cycles, Release{c.node, r.model.vips[c.vip], c.at, until})
	}
	for i := range p.duals {
		d := &p.duals[i]
		for _, s := range d.on.until(end) {
			f.Duals = append(f.Duals, finding.Dual{
				VIP: r.model.vips[d.vip], Nodes: [2]string{d.a.name, d.b.name}, From: s.from, To: s.to, Open: s.to >= end,
			})
		}
	}
	slices.SortStableFunc(f.Duals, func(a, b finding.Dual) int { return cmp.Compare(a.From, b.From) })
	for i := range p.joins {
		j := &p.joins[i]
		line := lineOf(&j.on, end)
		f.Joined[[2]string{j.a.name, j.b.name}], f.Joined[[2]string{j.b.name, j.a.name}] = line, line
	}
	for _, s := range p.stops {
		f.Stops = append(f.Stops, s.facts(end))
	}
}
