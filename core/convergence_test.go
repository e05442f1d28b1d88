package core_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "ipwsim/core"
)

// fault is something done to a node after a pause.
type fault struct {
	Pause time.Duration
	Node  int
	What  string
}

var faults = map[string]func(*node){
	"plug":        (*node).togglePlug,
	"power":       (*node).togglePower,
	"freeze":      (*node).toggleFreeze,
	"service":     (*node).toggleService,
	"netsh works": func(n *node) { n.netsh = works },
	"netsh fails": func(n *node) { n.netsh = fails },
	"netsh lies":  func(n *node) { n.netsh = lies },
}

var faultNames = []string{"plug", "power", "freeze", "service", "netsh works", "netsh fails", "netsh lies"}

func anyFault(t *rapid.T) fault {
	return fault{
		Pause: time.Duration(rapid.Int64Range(0, int64(100*s)).Draw(t, "pause")) / time.Duration(rapid.SampledFrom([]int{1, 10, 100}).Draw(t, "scale")),
		Node:  rapid.IntRange(0, 1).Draw(t, "node"),
		What:  rapid.SampledFrom(faultNames).Draw(t, "what"),
	}
}

// P3, P4: whatever happened to the two nodes, once everything is well again the master holds the VIP
// and the slave polls it; and while they could agree both never answered for longer than Interval +
// 2 PingTimeout + address add.
func TestP3_P4_OneHolderAfterAnyFaults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPair(rapid.Uint64().Draw(t, "seed"))
		for _, n := range p.nodes {
			n.togglePower()
		}
		for _, f := range rapid.SliceOfN(rapid.Custom(anyFault), 0, 20).Draw(t, "faults") {
			p.runFor(f.Pause)
			faults[f.What](p.nodes[f.Node])
		}
		for _, n := range p.nodes {
			n.heal()
		}
		p.runFor(5 * time.Minute)
		// A duplicate that netsh could not delete may be left on the slave; it is not used (H1).
		require.Equal(t, "master preferred held, slave absent polling", strings.Replace(p.String(), "duplicate", "absent", 1))
		require.LessOrEqual(t, p.longest, (30+2*3+5)*s, "P3")
	})
}

func (p *pair) String() string {
	a, b := p.nodes[0], p.nodes[1]
	return fmt.Sprintf("%v %v %v, %v %v %v",
		a.settings.Balance, a.address, a.state, b.settings.Balance, b.address, b.state)
}

// P1, P2: failover and failback of the guide's own test, a cable pulled and put back, at any phase.
func TestP1_P2_CablePull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPair(rapid.Uint64().Draw(t, "seed"))
		master, slave := p.nodes[0], p.nodes[1]
		master.togglePower()
		slave.togglePower()
		p.runFor(100*s + time.Duration(rapid.Int64Range(0, int64(30*s)).Draw(t, "phase")))
		require.Equal(t, "master preferred held, slave absent polling", p.String())

		master.togglePlug()
		over := p.timeUntil(func() bool { return slave.address == Preferred })
		require.GreaterOrEqual(t, over, 30*s, "P1")
		require.LessOrEqual(t, over, 40*s, "P1")

		p.runFor(time.Duration(rapid.Int64Range(0, int64(600*s)).Draw(t, "away")))
		master.togglePlug()
		back := p.timeUntil(func() bool { return master.address == Preferred })
		require.GreaterOrEqual(t, back, 5*s, "P2")
		require.LessOrEqual(t, back, 10*s, "P2")
		require.Equal(t, Absent, slave.address)
	})
}

func (p *pair) timeUntil(cond func() bool) time.Duration {
	start := p.now
	for !cond() && p.now-start < 100*s {
		p.runFor(10 * ms)
	}
	return p.now - start
}
