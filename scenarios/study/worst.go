package study

import (
	"math"
	"time"

	"ipwsim/netstack/vtime"
)

// Worst is the longest failover of a cell that was found by a search over the moment of the fault and the
// extremes of netsh, in the real simulation.
type Worst struct {
	Failover *Time         `json:"failover"` // nil: no node was lost that the client was answered by
	Bound    float64       `json:"bound"`    // W14, in seconds; without loss and with a client that hears of the switch
	Phase    time.Duration `json:"phase"`    // of the fault; nanoseconds from the run's time 0
	Netsh    time.Duration `json:"netsh"`    // what every netsh command took; nanoseconds
	Seed     uint64        `json:"seed"`
	Runs     int           `json:"runs"` // simulated in the search
}

// Bound is W14: a PingTimeout until the first missed poll, an Interval, netsh, and the address's detection.
func (c *Cell) Bound() time.Duration {
	wait := max(c.Interval, c.PingTimeout) // a shorter Interval waits for the first poll's end
	return c.PingTimeout + wait + c.NetshMax + c.Tentative
}

const (
	grid     = 4                    // phases looked at in a poll's cycle
	maxGrid  = 32                   // at first; with the least of netsh a quarter of them
	fineness = 2 * time.Millisecond // of the phase found
)

// FindWorst searches. The failover is longest when the fault comes just after a poll was answered: over the
// phase it falls steadily and jumps up there, once a PingTimeout. So the search looks at a grid of phases over the
// whole cycle of polls and intervals, with netsh at its least and at its most, and then closes in on the jump
// after, or before, the longest.
func (c *Cell) FindWorst(seed uint64) Worst {
	best := Worst{Bound: c.Bound().Seconds(), Seed: seed}
	cycle := c.scaled(1)
	n := min(maxGrid, grid*int((c.Interval+c.PingTimeout-1)/c.PingTimeout))
	for i := range n {
		phase := c.PingTimeout + cycle*time.Duration(i)/time.Duration(n) // there is room before it
		best.try(c, c.NetshMax, phase)
		if c.NetshMin < c.NetshMax && i%4 == 0 {
			best.try(c, c.NetshMin, phase)
		}
	}
	for step := cycle / time.Duration(n) / 2; step >= fineness; step /= 2 {
		at := best.Phase
		best.try(c, best.Netsh, at-step)
		best.try(c, best.Netsh, at+step)
	}
	return best
}

// try runs the cell with the fault at the phase.
func (w *Worst) try(c *Cell, netsh, phase time.Duration) {
	w.Runs++
	row, _ := playAt(c.fixed(netsh), w.Seed, phase, 0)
	found := &Time{row.Failover, row.FailoverOpen}
	if !math.IsNaN(row.Failover) && found.longer(w.Failover) {
		w.Failover, w.Phase, w.Netsh = found, phase, netsh
	}
}

// longer says whether the time is longer than another, or was without an answer where the other was not. Any time
// is longer than none.
func (t *Time) longer(other *Time) bool {
	return other == nil || t.Seconds > other.Seconds || t.AtLeast && !other.AtLeast
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

// phasesOf are the moments of a seed's fault, and of its end after the failover.
func phasesOf(c *Cell, seed uint64) (phase, rest time.Duration) {
	phases := vtime.Stream(seed, "study/phases")
	return c.scaled(phases.Float64()), c.scaled(phases.Float64())
}
