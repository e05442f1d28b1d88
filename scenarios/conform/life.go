package conform

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// starts is a new life. By W5 it begins with a release of all.
func (n *node) starts(now time.Duration) {
	*n = node{books: n.anew(now), id: n.id}
	of := n.reads()
	n.set = settings{
		master: of.Master, interval: max(of.Interval, time.Second), pingTimeout: max(of.PingTimeout, time.Second), again: of.Again,
	}
	n.set.cycle = of.ReleaseTime
	if n.set.cycle < n.set.interval { // longer than can be told
		n.set.cycle = never
	}
	for _, ip := range n.table {
		n.vips = append(n.vips, &vip{ip: ip, polling: polling{freeAt: never, next: never}})
	}
	n.releaseAll(starting)
}

// stops is W6: whatever is under way, all is released, and commands that have not begun are dropped.
func (n *node) stops(now time.Duration) {
	n.told(now, func() {
		if n.life != stopping {
			n.releaseAll(stopping)
		}
	})
}

// endsEarly is part of rules.
func (n *node) endsEarly() *statement { return endsEarly }

func (n *node) releaseAll(l life) {
	n.life, n.swept, n.queue = l, 0, nil
	for _, v := range n.vips {
		v.turns(releasing)
	}
	n.goOn()
}

// goOn is what follows when no command is left: the next VIP is released, and after the last the watcher opens the pipe and
// polls each VIP (W5), or closes it and ends (W6).
func (n *node) goOn() {
	switch {
	case n.runs != nil || len(n.queue) > 0 || n.life == running:
	case n.swept < len(n.vips):
		v := n.vips[n.swept]
		n.swept++
		rule := startReleases
		if n.life == stopping {
			rule = stopReleases
		}
		n.orders(command{trace.DeleteAddress, v, rule})
		n.orders(command{trace.FlushARP, v, rule})
	case n.life == starting:
		n.life, n.open = running, true
		n.owes(debt{call: trace.PipeOpened}, pipeOpens)
		for _, v := range n.vips {
			n.released(v, firstPoll)
		}
	default:
		for _, v := range n.vips {
			n.answerAll(v)
		}
		if n.open {
			n.owes(debt{call: trace.PipeClosed}, ends)
		}
		n.owes(debt{}, ends)
	}
}

// command is one that is to be run for a VIP, and the rule that is not kept if it is not.
type command struct {
	does trace.CommandKind
	of   *vip
	rule *statement
}

// orders has the command run after those before it.
func (n *node) orders(c command) {
	if n.runs == nil && len(n.queue) == 0 {
		n.since = n.now
	}
	n.queue = append(n.queue, c)
}

// begins is a command having begun: the first of those that are to.
func (n *node) begins(p trace.Port) {
	fits := func(c command) bool { return c.does == p.Does && (c.does == trace.FlushARP || c.of.ip == p.VIP) }
	switch {
	case n.runs == nil && len(n.queue) > 0 && fits(n.queue[0]):
		c := n.queue[0]
		n.queue, n.runs, n.id = n.queue[1:], &c, p.ID
		if p.Interface != "" {
			c.of.iface = p.Interface
		}
	case slices.ContainsFunc(n.queue, fits): // out of turn
		n.breach(n.queue[0].rule, n.queue[0].of.ip, n.now)
	case n.life != running:
		n.breach(n.inLife(nil), p.VIP, n.now)
	case p.Does == trace.AddAddress:
		n.breach(n.tooEarly(n.find(p.VIP)), p.VIP, n.now)
	default:
		n.breach(deletes, p.VIP, n.now)
	}
}

// ends is the end of the command that runs.
func (n *node) ends(p trace.Port) {
	if n.runs == nil || p.ID != n.id {
		return
	}
	c := n.runs
	n.runs, n.since = nil, n.now
	switch {
	case c.does == trace.AddAddress && c.of.state == taking:
		n.addEnds(c.of, p.Exit)
	case c.does == trace.DeleteAddress && c.of.state == releasing:
		n.deleteEnds(c.of, p.Exit)
	}
	n.goOn()
}
