package study

import (
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// Bound is W14 for the node that takes over and has seen the VIP, without what the network may add: a PingTimeout
// until the first missed poll, an Interval, netsh, and the address's detection.
func (c *Cell) Bound() time.Duration {
	h := cluster.Header(c.blueprint, "", 0)
	return facts.TakeTime(&h, h.Node(c.slave().Role), facts.Sighting{}).Most - facts.Latency
}

const (
	grid     = 4                    // phases looked at in a poll's cycle
	maxGrid  = 32                   // at first; with the least of netsh a quarter of them
	fineness = 2 * time.Millisecond // of the phase found
)

// FindWorst searches. The failover is longest when the fault comes just after a poll was answered: over the
// phase it falls steadily and jumps up there, once a PingTimeout. So the search looks at a grid of phases over the
// whole cycle of polls and intervals, with netsh at its least and at its most, and then closes in on the jump
// after, or before, the longest. A world that was halted is an error.
func (c *Cell) FindWorst(seed uint64) (studied.Worst, error) {
	best := studied.Worst{Bound: c.Bound().Seconds(), Seed: seed}
	var halted error
	try := func(netsh, phase time.Duration) {
		if halted == nil {
			halted = c.try(&best, netsh, phase)
		}
	}
	cycle := c.scaled(1)
	polls, poll := c.cycle()
	n := min(maxGrid, grid*polls)
	for i := range n {
		phase := poll + cycle*time.Duration(i)/time.Duration(n) // there is room before it
		try(c.NetshMax, phase)
		if c.NetshMin < c.NetshMax && i%4 == 0 {
			try(c.NetshMin, phase)
		}
	}
	for step := cycle / time.Duration(n) / 2; step >= fineness; step /= 2 {
		at := best.Phase
		try(best.Netsh, at-step)
		try(best.Netsh, at+step)
	}
	return best, halted
}

// try runs the cell with the fault at the phase.
func (c *Cell) try(w *studied.Worst, netsh, phase time.Duration) error {
	w.Runs++
	row, r := playAt(c.fixed(netsh), w.Seed, phase, 0, facts.NewWaits)
	found := &studied.Time{Seconds: row.Failover, AtLeast: row.FailoverOpen}
	if !nothing(&row) && found.Longer(w.Failover) {
		w.Failover, w.Phase, w.Netsh = found, phase, netsh
		w.Client, w.VIP = row.FailoverClient, row.FailoverVIP
	}
	return r.halted(w.Seed)
}

// fixed is the cell with every netsh command of the node that takes over taking the time; a run of it ends with the
// failover. The other node keeps its own times, lest the two add the VIP in step at the start.
func (c *Cell) fixed(netsh time.Duration) *Cell {
	f := *c
	f.failoverOnly = true
	f.blueprint = copyOf(c.blueprint)
	n := f.slave()
	n.NetshMin, n.NetshMax = netsh, netsh
	return &f
}
