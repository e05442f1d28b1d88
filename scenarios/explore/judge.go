package explore

import (
	"encoding/binary"
	"time"

	"ipwsim/core"
)

// slack is what the checks of a run allow a computed time, too.
const slack = 100 * time.Millisecond

// unluckyAtMost is how often a clash of two that take the VIP is excused in one silence, as in P4.
const unluckyAtMost = 2

// What a break is about.
type What string

// The breaks.
const (
	TwoHolders    What = "both hold the VIP"
	Nobody        What = "nobody holds the VIP"
	TooLate       What = "the master gets the VIP back too late"
	NotBack       What = "the VIP is not with the master alone"
	TwoCommands   What = "a command is asked for while another runs"
	TwoRequests   What = "the peer is asked while a request is out"
	AnsweredTwice What = "a request is answered that nobody waits for"
	Unanswered    What = "a request is not answered"
	LeftBehind    What = "the service has stopped and left the VIP behind"
)

// rules are a case with the bounds that follow from it.
type rules struct {
	Case
	settle   time.Duration       // a split brain (P3)
	back     time.Duration       // until the master must hold the VIP
	silent   [2][2]time.Duration // by node, and whether it is fresh (P4, W13)
	failback time.Duration       // from all being whole (P2)
	crossed  bool                // one master, one slave
}

func newRules(c Case) *rules {
	r := &rules{Case: c, crossed: c.Nodes[0].Balance != c.Nodes[1].Balance}
	for i, s := range c.Nodes {
		netsh := time.Duration(c.VIPs) * c.Netsh[i]
		count, anew := max(s.Interval, s.PingTimeout), max(s.Interval, s.PingTimeout)
		if s.Balance == core.Slave {
			anew = max(2*s.Interval, s.PingTimeout)
		}
		r.settle = max(r.settle, s.Interval+2*s.PingTimeout+netsh+detection+slack)
		r.failback += netsh
		if s.Balance == core.Master {
			r.failback += netsh + 2*detection + 2*s.PingTimeout + slack
		}
		r.silent[i] = [2]time.Duration{s.PingTimeout + count + netsh + detection + slack, s.PingTimeout + anew + 2*netsh + detection + slack}
		r.back += r.silent[i][1]
	}
	r.back *= 2
	return r
}

// slave is the node that gives back; of two alike none does.
func (r *rules) slave() int {
	if r.Nodes[0].Balance == core.Slave {
		return 0
	}
	return 1
}

// clocks are what the rules that name a time go by.
type clocks struct {
	whole   time.Duration             // since when all has been in order; never
	away    [maxVIPs]time.Duration    // since when all is whole and the VIP with the slave, which must give it back; never
	idle    [2][maxVIPs]time.Duration // since when the node could serve and nobody does; never
	fresh   [2][maxVIPs]bool          // not seen answered since its start or its release (W13)
	excused [2][maxVIPs]time.Duration // until when something that was spoilt counts, or until it polls again; 0: nothing was
	unlucky [2][maxVIPs]uint8         // clashes in this silence
	old     [maxVIPs]bool             // both have held it, or probed for it, since before all was whole
}

func newClocks() clocks {
	c := clocks{whole: never, away: [maxVIPs]time.Duration{never, never}}
	for i := range c.idle {
		c.idle[i] = [maxVIPs]time.Duration{never, never}
	}
	return c
}

func (c *clocks) appendKey(b []byte, now time.Duration) []byte {
	for i := range c.fresh {
		for v := range c.fresh[i] {
			b = append(b, flags(c.fresh[i][v], c.old[v]), c.unlucky[i][v])
			b = binary.LittleEndian.AppendUint64(b, uint64(max(c.excused[i][v]-now, 0)))
		}
	}
	return b
}

// mark is how far the clocks are, and how much may still happen. One that is as far in all that another is covers it.
type mark struct {
	left  uint32
	tied  bool                  // it took another order of what is due at one moment to come here
	times [1 + 3*maxVIPs]uint32 // ms
}

func (m *mark) covers(o *mark) bool {
	for i := range m.times {
		if m.times[i] < o.times[i] {
			return false
		}
	}
	return m.left >= o.left && (!m.tied || o.tied)
}

func (w *world) mark() mark {
	m := mark{left: uint32(w.left), tied: w.tied}
	since := func(t, enough time.Duration) uint32 {
		if t == never {
			return 0
		}
		return 1 + uint32(min(w.now-t, enough+time.Millisecond)/time.Millisecond)
	}
	m.times[0] = since(w.clocks.whole, max(w.c.settle, w.c.back))
	for v, t := range w.clocks.away {
		m.times[1+v] = since(t, w.c.failback)
	}
	for i := range w.clocks.idle {
		for v, t := range w.clocks.idle[i] {
			m.times[1+2*(1+i)+v] = since(t, w.c.silent[i][1])
		}
	}
	return m
}

// anew is a watcher that begins to poll.
func (c *clocks) anew(i int) {
	for v := range c.fresh[i] {
		c.fresh[i][v], c.idle[i][v] = true, never
	}
}

// echoed is a poll answered in time.
func (c *clocks) echoed(n *node, i, v int, e event) {
	if n.state[v] == core.Polling && (e.n == n.seq || !e.late) {
		c.fresh[i][v] = false
	}
}

// excuse gives the watcher time to notice that something was spoilt: one that was lied to does after an Interval (H2).
func (w *world) excuse(i, v int) {
	w.clocks.excused[i][v] = w.now + hangLimit + w.c.Nodes[i].Interval + time.Duration(w.c.VIPs)*w.c.Netsh[i]
}

// disturbed has the time in order begin anew.
func (c *clocks) disturbed(w *world) {
	if c.whole != never {
		c.whole = w.now
	}
	for v, t := range c.away {
		if t != never {
			c.away[v] = w.now
		}
	}
}

// changed is a watcher in another state. Having to give up a VIP that it was taking lets its time begin anew: ever so often
// where a command was spoilt.
func (c *clocks) changed(w *world, i, v int, was core.State, a core.StateChanged) {
	switch a.State {
	case core.Releasing:
		if a.Why != core.WhyAsked && w.c.Nodes[i].Balance == core.Slave {
			c.away[v] = never // nobody gives back what the slave gives up (W18)
		}
		c.fresh[i][v] = true
		if was == core.Taking && (a.Why == core.WhyConflict || a.Why == core.WhyAsked) && c.idle[i][v] != never {
			if !w.nodes[0].spoilt && !w.nodes[1].spoilt {
				c.unlucky[i][v]++
			}
			if c.unlucky[i][v] <= unluckyAtMost {
				c.idle[i][v] = w.now
			}
		}
	case core.Polling, core.Held:
		if c.excused[i][v] > 0 {
			c.excused[i][v], c.idle[i][v] = 0, never
		}
	}
}

// whole says whether all is in order, and no watcher is still to get over what was spoilt.
func (w *world) whole() bool {
	for i := range w.nodes {
		if n := &w.nodes[i]; w.clocks.excused[i] != [maxVIPs]time.Duration{} || n.noEcho || n.noPipe || n.stopping || !n.pipe || n.hung {
			return false
		}
	}
	return w.reach()
}

// deaf says whether a request is out that may have begun when the peer was away.
func (w *world) deaf() bool {
	for i := range w.nodes {
		for v := range w.c.VIPs {
			if w.nodes[i].asking[v] != no {
				return true
			}
		}
	}
	return false
}

// serves says whether somebody whom the node's network reaches has the VIP.
func (w *world) serves(i, v int) bool {
	return w.nodes[i].address[v] == core.Preferred || w.linked() && w.nodes[1-i].address[v] == core.Preferred
}

// able says whether the node could serve.
func (n *node) able() bool { return n.linked() && n.usable && n.pipe && !n.stopping && !n.hung }

// both says whether both hold the VIP.
func (w *world) both(v int) bool {
	return w.nodes[0].address[v] == core.Preferred && w.nodes[1].address[v] == core.Preferred
}

// claims says whether the node has the VIP, or will have it unless it hears of another.
func (n *node) claims(v int) bool {
	return n.address[v] == core.Preferred || n.address[v] == core.Tentative
}

// judge sets the clocks after whatever has happened.
func (w *world) judge() {
	c := &w.clocks
	for i := range c.excused {
		for v, until := range c.excused[i] {
			if until <= w.now {
				c.excused[i][v] = 0
			}
		}
	}
	switch {
	case !w.whole():
		c.whole = never
	case c.whole == never && !w.deaf():
		c.whole = w.now
	}
	for v := range w.c.VIPs {
		switch {
		case c.whole == never || !w.c.crossed || w.masterHolds(v) || w.both(v):
			c.away[v] = never
		case c.away[v] == never && w.nodes[w.c.slave()].state[v] == core.Held:
			c.away[v] = w.now
		}
		c.old[v] = (c.old[v] || c.whole == never) && w.nodes[0].claims(v) && w.nodes[1].claims(v)
		for i := range w.nodes {
			switch {
			case !w.nodes[i].able() || w.serves(i, v):
				c.idle[i][v], c.unlucky[i][v] = never, 0
			case c.excused[i][v] > 0:
				c.idle[i][v] = never
			case c.idle[i][v] == never:
				c.idle[i][v] = w.now
			}
		}
	}
}

func (w *world) breaks(b Break) {
	if w.broken == nil {
		b.At = w.now
		w.broken = &b
	}
}

// wait lets time pass until then, when the next thing happens, and says what breaks meanwhile.
func (w *world) wait(until time.Duration, l *Longest) {
	c := &w.clocks
	over := func(since, limit time.Duration, b Break) {
		if since != never && until-since > limit {
			b.At, b.Limit = max(w.now, since+limit), limit
			if w.broken == nil || b.At < w.broken.At {
				w.broken = &b
			}
		}
	}
	for v := range w.c.VIPs {
		for i := range w.nodes {
			fresh := 0
			if c.fresh[i][v] || w.nodes[i].spoilt {
				fresh = 1
			}
			limit := w.c.silent[i][fresh]
			over(c.idle[i][v], limit, Break{Rule: "P4", What: Nobody, Node: i, VIP: v})
			w.forgotten(i, v)
		}
		if w.both(v) {
			if w.c.crossed || !c.old[v] {
				over(c.whole, w.c.settle, Break{Rule: "P3", What: TwoHolders, Node: -1, VIP: v})
			}
			if c.whole != never {
				l.Dual = max(l.Dual, until-c.whole)
			}
		}
		if since := c.away[v]; since != never {
			l.Return, l.MayReturn = max(l.Return, until-since), w.c.failback
			over(since, w.c.failback, Break{Rule: "P2", What: TooLate, Node: -1, VIP: v})
		}
		if w.c.crossed && c.whole != never && !w.masterHolds(v) {
			over(c.whole, w.c.back, Break{Rule: "W16", What: NotBack, Node: -1, VIP: v})
		}
	}
	w.now = until
}

// forgotten is a request that waits although nothing is under way that would answer it.
func (w *world) forgotten(i, v int) {
	n := &w.nodes[i]
	if n.frozen || n.running || n.state[v] == core.Releasing {
		return
	}
	for _, r := range n.requests {
		if int(r.vip) == v {
			w.breaks(Break{Rule: "W15", What: Unanswered, Node: i, VIP: v})
		}
	}
}

// masterHolds says whether the VIP is where it belongs.
func (w *world) masterHolds(v int) bool {
	for i := range w.nodes {
		if (w.nodes[i].address[v] == core.Preferred) != (w.c.Nodes[i].Balance == core.Master) {
			return false
		}
	}
	return true
}
