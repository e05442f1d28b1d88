package study

import (
	"time"

	"ipwsim/sim/studied"
)

// falseTakes is how often a year the slave takes a healthy VIP.
func (c *Cell) falseTakes(r studied.Rates) studied.False {
	p := c.polls()
	f := studied.False{Miss: p.miss, Misses: p.misses(p.interval), PerOne: p.frozen(r.Frozen)}
	f.Loss, f.Split = p.takes()
	f.Freeze = r.Freezes * f.PerOne
	return f
}

// outage is how long a year a client waits, by its failovers and the silence of its failbacks.
func (c *Cell) outage(over, silent studied.Times, r studied.Rates) studied.Outage {
	var o studied.Outage
	for _, t := range []studied.Times{over, silent} {
		if t.Mean != nil {
			o.Faults += r.Faults * t.Mean.Seconds
			o.Margin += r.Faults * t.Margin
			o.Open = o.Open || t.Mean.AtLeast
		}
	}
	if c.cycles() {
		hold, gone := c.releaseCycle()
		o.OneCycle = gone.Seconds()
		o.Release = r.Faults * goneWithin(r.Repair, hold, gone).Seconds()
	}
	return o
}

// releaseCycle is how long a slave holds the VIP, and how long it is then gone, while the master is away: two
// intervals (W13, W18), and the time to add the address.
func (c *Cell) releaseCycle() (hold, gone time.Duration) {
	n := c.slave()
	p := c.polls()
	return n.Settings.ReleaseCycle() + p.netsh, p.countdown(p.anew()) + p.netsh + n.Server.Tentative()
}

// goneWithin is how much of a time the VIP is gone, when it is held and gone in turn.
func goneWithin(length, hold, gone time.Duration) time.Duration {
	cycles := length / (hold + gone)
	rest := length % (hold + gone)
	return cycles*gone + max(0, rest-hold)
}
