package naive

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// moment is the answers to all questions about a state.
type moment struct {
	at     time.Duration
	nodes  []nodeNow
	reach  [][]bool // which nodes reach which
	heard  [][]bool // what one of the two sends arrives at the other
	copies [][]copyNow
	pairs  [][]pairNow // by client and VIP
}

// nodeNow is what a node can do.
type nodeNow struct {
	linked    bool
	connected bool
	works     bool
	serves    bool // its watcher's service runs, whatever the machine does
	mute      bool // drops echo requests
	shut      bool // drops requests over the pipe
	missed    bool // another node's entry for it is of a card that it has left
}

// copyNow is a node's part in a VIP.
type copyNow struct {
	state  trace.AddressState // while the node runs; "" for absent
	there  bool               // whatever the machine does
	holds  bool
	sees   bool // somebody answers its polls
	alien  bool // a stranger does
	hidden bool // inspection keeps its ARP from all others
	awaits bool // a master at work that has not got it, within reach of a slave at work
}

// pairNow is a client and a VIP.
type pairNow struct {
	used     bool
	answered string // by these nodes, parted by blanks
	ready    []bool // the nodes that could serve it
	joined   []bool // the nodes that it reaches
	served   bool   // a node would answer, were the caches right
	what     finding.Obstacle
	dual     bool // two nodes within its reach hold the VIP
	mail     bool // a connection to a holder gets through
}

// by are the nodes of a set.
func by(set string) []string { return strings.Fields(set) }

func (r *Run) look(at time.Duration, s *state) moment {
	now := moment{at: at}
	for _, n := range r.nodes {
		m := s.machines[n.Role]
		now.nodes = append(now.nodes, nodeNow{
			linked:    s.linked(m),
			connected: s.connected(m),
			works:     m.works(),
			serves:    m.service == trace.Running,
			mute:      m.shuts(trace.EchoRule),
			shut:      m.shuts(trace.PipeRule),
			missed:    r.missed(s, m),
		})
		var reach, heard []bool
		for _, o := range r.nodes {
			reach = append(reach, s.reaches(n.Role, o.Role))
			heard = append(heard, s.arrives(n.Role, o.Role) || s.arrives(o.Role, n.Role))
		}
		now.reach, now.heard = append(now.reach, reach), append(now.heard, heard)
		var copies []copyNow
		for v := range r.vips {
			copies = append(copies, r.copyNow(s, m, v))
		}
		now.copies = append(now.copies, copies)
	}
	for i := range r.h.Clients {
		var pairs []pairNow
		for v := range r.vips {
			pairs = append(pairs, r.pairNow(s, s.machines[r.h.Clients[i].Name], v))
		}
		now.pairs = append(now.pairs, pairs)
	}
	return now
}

func (r *Run) missed(s *state, m *machine) bool {
	return slices.ContainsFunc(r.nodes, func(n *trace.Node) bool {
		e := s.machines[n.Role].entries[m.own()]
		return n.Role != m.name && e.usable && e.mac != m.mac
	})
}

func (r *Run) copyNow(s *state, n *machine, v int) copyNow {
	vip := r.vips[v]
	now := copyNow{holds: n.holds(vip), hidden: !s.speaks(n, vip)}
	state := n.addresses[vip]
	now.there = state != "" && state != trace.Absent
	if now.there && n.runs() {
		now.state = state
	}
	now.alien = n.keeps(vip) && s.strangerAnswers(n, vip)
	now.sees = now.alien
	for _, other := range r.nodes {
		o := s.machines[other.Role]
		if o == n || !n.keeps(vip) {
			continue
		}
		if o.answers(vip) && s.joins(n, o, vip, heed{routers: !n.isNear(vip)}) { // routers find it as their entries have it
			now.sees = true
		}
		if n.node.Master && !o.node.Master && o.keeps(vip) && !n.holds(vip) && s.reaches(n.name, o.name) {
			now.awaits = true
		}
	}
	return now
}

func (r *Run) pairNow(s *state, c *machine, v int) pairNow {
	vip := r.vips[v]
	now := pairNow{used: s.used[usedVIP{c.name, vip}]}
	var answering []string
	holding := 0
	for _, node := range r.nodes {
		n := s.machines[node.Role]
		joins := s.joins(c, n, vip, heed{})
		now.joined = append(now.joined, c.usable() && s.reaches(c.name, n.name))
		now.ready = append(now.ready, c.usable() && n.couldTake(vip) && joins)
		if c.usable() && n.answers(vip) && joins {
			now.served = true
			if s.joins(c, n, vip, heed{true, true, true}) {
				answering = append(answering, n.name)
			}
		}
		if n.runs() && n.holds(vip) && joins {
			holding++
		}
		if c.usable() && n.holds(vip) && !n.shuts(trace.MailRule) && s.talks(c, n, vip, heed{true, true, true}) {
			now.mail = true
		}
	}
	now.answered = strings.Join(answering, " ")
	now.what = r.obstacle(s, c, v)
	now.dual = holding >= 2
	return now
}

// obstacle is what stands between the client and an answer, the first that there is.
func (r *Run) obstacle(s *state, c *machine, v int) finding.Obstacle {
	vip, all := r.vips[v], heed{own: true, routers: true}
	some := func(so func(n *machine) bool) bool {
		return slices.ContainsFunc(r.nodes, func(n *trace.Node) bool { return so(s.machines[n.Role]) })
	}
	near := func(so func(n *machine) bool) bool {
		return some(func(n *machine) bool { return n.runs() && s.joins(c, n, vip, heed{}) && so(n) })
	}
	answers := func(n *machine) bool { return n.answers(vip) }
	tentative := func(n *machine) bool { return n.addresses[vip] == trace.Tentative }
	watching := func(n *machine, states ...trace.WatchState) bool { return slices.Contains(states, n.watch[vip].State) }
	switch {
	case !c.usable(), !s.connected(c):
		return finding.ClientDown
	case near(func(n *machine) bool { return answers(n) && s.joins(c, n, vip, all) }): // but for the switches
		return finding.OutOfReach
	case near(func(n *machine) bool { return answers(n) && s.asks(c, n, vip, all) }):
		return finding.WayBack
	case near(func(n *machine) bool { return answers(n) && s.asks(c, n, vip, heed{own: true}) }):
		return finding.RouterCache
	case near(answers) && (c.entries[vip].usable && c.isNear(vip) || c.entries[c.gateway].usable && !c.isNear(vip)):
		return finding.WrongCache
	case near(answers):
		return finding.NoEntry
	case near(func(n *machine) bool { return n.holds(vip) && n.blocked[trace.Inbound] }):
		return finding.Public
	case near(func(n *machine) bool { return n.holds(vip) }):
		return finding.Blocked
	case some(func(n *machine) bool {
		return s.linked(n) && n.holds(vip) && !s.joins(c, n, vip, heed{}) && s.unruled().joins(c, n, vip, heed{})
	}):
		return finding.Filtered
	case near(func(n *machine) bool { return tentative(n) && watching(n, trace.Held) }):
		return finding.Redetection
	case near(tentative):
		return finding.Detection
	case s.strangerAnswers(c, vip):
		return finding.Foreign
	case some(func(n *machine) bool { return s.linked(n) && n.holds(vip) && !s.joins(c, n, vip, heed{}) }):
		return finding.OutOfReach
	case near(func(n *machine) bool { return n.addresses[vip] == trace.Duplicate }):
		return finding.Conflict
	case near(func(n *machine) bool { return n.keeps(vip) && watching(n, trace.Taking, trace.Releasing) }):
		return finding.Netsh
	case near(func(n *machine) bool { return n.wouldTake(vip) }):
		if r.nodes[0].Watcher != nil { // both nodes have the same
			return finding.Awaiting
		}
		return finding.Counting
	}
	return finding.NodesGone
}
