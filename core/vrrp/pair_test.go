package vrrp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
)

// pairNode is a machine with its host: commands take a while, and an added address is usable at once.
type pairNode struct {
	m    *Machine
	own  netip.Addr
	has  bool
	busy time.Duration // when its command ends; 0: none runs
	run  core.Run
}

// pair is two machines on a network that passes each advertisement at once, or not.
type pair struct {
	nodes  [2]*pairNode
	now    time.Duration
	passes func(from int) bool
	takes  time.Duration // a command
}

func (p *pair) step(i int, ev core.Event) {
	n := p.nodes[i]
	for _, a := range append([]core.Action(nil), n.m.Step(p.now, ev)...) {
		switch a := a.(type) {
		case core.Run:
			n.run, n.busy = a, p.now+p.takes
		case core.Advertise:
			if p.passes(i) {
				p.step(1-i, core.Advertised{From: n.own, Packet: a.Packet})
			}
		}
	}
}

// advance lets the next thing happen that is due up to then.
func (p *pair) advance(until time.Duration) {
	for {
		next, who, ends := until, -1, false
		for i, n := range p.nodes {
			if n.busy != 0 && n.busy < next {
				next, who, ends = n.busy, i, true
			}
			if at, waits := n.m.Deadline(); waits && at < next {
				next, who, ends = at, i, false
			}
		}
		p.now = next
		switch {
		case who < 0:
			return
		case !ends:
			p.step(who, core.Tick{})
		default:
			p.ended(who)
		}
	}
}

func (p *pair) ended(i int) {
	n := p.nodes[i]
	_, adds := n.run.Command.(core.AddAddress)
	state, exit := core.Absent, 0
	if adds {
		state = core.Preferred
	} else if !n.has {
		exit = 1
	}
	if n.busy = 0; n.has != adds {
		n.has = adds
		p.step(i, core.AddressChanged{VIP: vip, State: state})
	}
	p.step(i, core.CommandDone{ID: n.run.ID, Exit: exit})
}

// V2, V3: whatever the network did before, two machines that hear each other have one holder, the one of the higher
// priority, or any of equals, from two advertisements, the down time and the commands on, and keep it.
func TestV3_OneOfTwoHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		healed := false
		lost := rapid.SliceOfN(rapid.Bool(), 64, 64).Draw(t, "lost")
		sent := 0
		p := &pair{takes: time.Duration(rapid.IntRange(1, 400).Draw(t, "takes")) * ms}
		p.passes = func(int) bool {
			sent++
			return healed || !lost[sent%len(lost)]
		}
		var priorities [2]byte
		for i, ip := range []netip.Addr{own, peer} {
			set := DefaultSettings()
			set.Own, set.Priority = ip, byte(rapid.IntRange(1, 254).Draw(t, "priority"))
			priorities[i] = set.Priority
			p.nodes[i] = &pairNode{m: New(set, []core.Entry{{VIP: vip, Interface: iface}}), own: ip}
		}
		for i := range p.nodes {
			p.advance(p.now + time.Duration(rapid.IntRange(0, 5000).Draw(t, "start"))*ms)
			p.step(i, core.Start{})
		}
		p.advance(p.now + time.Duration(rapid.IntRange(0, 30000).Draw(t, "disturbed"))*ms)
		healed = true
		p.advance(p.now + 2*s + 4*s + 4*p.takes)
		wins := 0
		if priorities[1] > priorities[0] || priorities[1] == priorities[0] && p.nodes[1].has {
			wins = 1
		}
		for range 20 {
			require.True(t, p.nodes[wins].has)
			require.False(t, p.nodes[1-wins].has)
			p.advance(p.now + 700*ms)
		}
	})
}
