package core_test

import (
	"math/rand/v2"
	"slices"
	"time"

	. "ipwsim/core"
)

// pair is a master and a slave on one wire: a sketch of what the simulator does with real packets,
// enough to search fault schedules by the thousand. Nothing is ever lost on the wire.
type pair struct {
	nodes  [2]*node
	now    time.Duration
	agenda []task // by time, then by age
	random *rand.Rand

	clashSince time.Duration // both answer for the VIP since; noClash: they do not
	longest    time.Duration // of such times
}

type task struct {
	at   time.Duration
	node *node
	life int
	run  func()
}

// The sketch's times.
const (
	hop       = ms
	dad       = 3 * s  // H3
	readLimit = 10 * s // an ask that nobody answers
	dialLimit = 21 * s // an ask of a host that is down
	boot      = 10 * s
	noClash   = -1
)

// node is one host with its watcher, and what can be wrong with it.
type node struct {
	pair     *pair
	peer     *node
	settings Settings

	life    int // a power cut ends one
	powered bool
	plugged bool
	frozen  bool
	late    []func() // fell due while frozen
	netsh   netsh

	usable  bool // the node's own address
	address AddressState
	probe   int // generation of probes and links

	m       *Machine // nil: the service does not run
	state   State
	wake    time.Duration
	pipe    bool
	replies map[int]func(Answer)
	asked   int
}

type netsh int

const (
	works netsh = iota
	fails
	lies
)

func newPair(seed uint64) *pair {
	p := &pair{random: rand.New(rand.NewPCG(seed, 0)), clashSince: noClash}
	for i := range p.nodes {
		p.nodes[i] = &node{pair: p, settings: settings(Balance(i)), plugged: true}
	}
	p.nodes[0].peer, p.nodes[1].peer = p.nodes[1], p.nodes[0]
	return p
}

func (p *pair) after(d time.Duration, n *node, f func()) {
	t := task{p.now + d, n, n.life, f}
	i, _ := slices.BinarySearchFunc(p.agenda, t.at, func(e task, at time.Duration) int {
		if e.at > at {
			return 1
		}
		return -1
	})
	p.agenda = slices.Insert(p.agenda, i, t)
}

func (p *pair) runFor(d time.Duration) {
	end := p.now + d
	for len(p.agenda) > 0 && p.agenda[0].at <= end {
		t := p.agenda[0]
		p.agenda = slices.Delete(p.agenda, 0, 1)
		p.now = t.at
		switch {
		case t.life != t.node.life:
		case t.node.frozen:
			t.node.late = append(t.node.late, t.run)
		default:
			t.run()
		}
		p.watchClash()
	}
	p.now = end
	p.watchClash()
}

// watchClash measures how long both answer while they could agree: connected, running, with a netsh
// that works.
func (p *pair) watchClash() {
	a, b := p.nodes[0], p.nodes[1]
	clash := a.reaches(b) && a.address == Preferred && b.address == Preferred
	if !clash || a.netsh != works || b.netsh != works || !a.watching() || !b.watching() {
		p.clashSince = noClash
		return
	}
	if p.clashSince == noClash {
		p.clashSince = p.now
	}
	p.longest = max(p.longest, p.now-p.clashSince)
}

func (n *node) watching() bool { return n.m != nil && n.pipe }
func (n *node) linked() bool   { return n.powered && n.plugged }
func (n *node) reaches(o *node) bool {
	return n.linked() && o.linked() && n.usable && o.usable && !o.frozen && !n.frozen
}

// The faults. Each is its own opposite, so that any list of them makes sense.

func (n *node) togglePlug() {
	n.plugged = !n.plugged
	n.linkChanged()
}

func (n *node) togglePower() {
	n.powered = !n.powered
	n.life++
	n.m, n.pipe, n.frozen, n.late, n.replies = nil, false, false, nil, nil
	n.linkChanged()
	if n.powered {
		n.pair.after(boot, n, n.startService)
	}
}

func (n *node) toggleFreeze() {
	n.frozen = n.powered && !n.frozen
	if !n.frozen {
		late := n.late
		n.late = nil
		for _, f := range late {
			f()
		}
	}
}

func (n *node) toggleService() {
	if n.m == nil {
		n.startService()
	} else if !n.frozen {
		n.step(Stop{})
	}
}

// heal undoes every fault.
func (n *node) heal() {
	n.netsh = works
	if n.frozen {
		n.toggleFreeze()
	}
	if !n.plugged {
		n.togglePlug()
	}
	if !n.powered {
		n.togglePower()
	}
	n.pair.after(60*s, n, n.startService)
}

func (n *node) startService() {
	if n.m != nil || !n.powered {
		return
	}
	n.m, n.wake, n.replies = New(n.settings, []Entry{entry}), 0, map[int]func(Answer){}
	n.step(AddressChanged{vip, n.address})
	n.step(Start{})
}
