package study

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
)

// Limits of a plan: above them a study would take years, or seeds would run into the next base seed's.
const (
	MaxCells = 100_000
	MaxRuns  = 1_000_000 // of a cell
	MaxSeed  = 1_000_000_000_000
)

// Axis is a setting that varies, with its values in order, as their parsers write them.
type Axis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Plan is a study: every combination of the axes' values is a cell, and each cell is run with the same
// seeds (common random numbers).
type Plan struct {
	Cluster   string        `json:"cluster"`   // as the user named its folder; "" for the guide's
	Axes      []Axis        `json:"axes"`      // the first varies slowest
	Runs      int           `json:"runs"`      // of each cell, the least with Precision
	Precision time.Duration `json:"precision"` // 0, or how wide the median failover's confidence interval may be
	MaxRuns   int           `json:"max_runs"`  // of a cell, with Precision
	Seed      uint64        `json:"seed"`      // base seed: 0 to MaxSeed
	Horizon   time.Duration `json:"horizon"`   // how long a run waits for an answer; 0: by the cell

	FailoverOnly bool `json:"failover_only"` // a run ends with the failover

	base  *cluster.Blueprint
	cells []Cell
}

// Cell is one combination of the axes' values, with what of it the arithmetic needs.
type Cell struct {
	Index  int      `json:"cell"`
	Values []string `json:"values"` // of each axis

	Fault       Fault         `json:"fault"`
	Interval    time.Duration `json:"interval"`     // of the slave, which takes over
	PingTimeout time.Duration `json:"ping_timeout"` // the same
	ReleaseTime int           `json:"release_time"` // the same; intervals
	NetshMin    time.Duration `json:"netsh_min"`    // the same
	NetshMax    time.Duration `json:"netsh_max"`
	Tentative   time.Duration `json:"tentative"` // the same: of an address it adds (H3)
	Profile     string        `json:"profile"`   // the same: its Windows version
	Loss        float64       `json:"loss"`      // percent of frames, the most of any cable

	Horizon time.Duration `json:"horizon"` // how long a run waits for an answer

	failoverOnly bool
	blueprint    *cluster.Blueprint
}

// Fault is what happens to the VIP's holder in a run.
type Fault string

// The faults of a study, each with its return.
const (
	Unplug   Fault = "unplug"   // the cable is pulled, and plugged in again
	Shutdown Fault = "shutdown" // in order; the machine is switched on again
	Power    Fault = "power"    // the power fails; the machine is switched on again
	Freeze   Fault = "freeze"   // a snapshot; the machine goes on
)

// Faults are all faults of a study.
var Faults = []Fault{Unplug, Shutdown, Power, Freeze}

// Blueprint is the plan's cluster with the cell's settings.
func (c *Cell) Blueprint() *cluster.Blueprint { return c.blueprint }

// Cells are all combinations of the axes' values. The last axis varies fastest.
func (p *Plan) Cells() []Cell { return p.cells }

// SeedOf is the seed of the cells' k-th run, from 0.
func (p *Plan) SeedOf(k int) uint64 { return p.Seed*MaxRuns + uint64(k) }

// RunOf is the k of a seed.
func (p *Plan) RunOf(seed uint64) int { return int(seed - p.Seed*MaxRuns) }

// Describe is the cell in words: each axis with its value.
func (p *Plan) Describe(c *Cell) string {
	var words []string
	for i, a := range p.Axes {
		words = append(words, a.Name+" "+c.Values[i])
	}
	if words == nil {
		return "the cluster as it is"
	}
	return strings.Join(words, ", ")
}

// complete checks the plan against the cluster and makes its cells.
func (p *Plan) complete(bp *cluster.Blueprint, problems *diag.List, place func(axis string) (file string, line int)) {
	p.base = bp
	n := 1
	for _, a := range p.Axes {
		if n *= max(1, len(a.Values)); n > MaxCells {
			file, line := place(a.Name)
			problems.Errorf(file, line, "the axes give more than %d cells; expected fewer values", MaxCells)
			return
		}
	}
	values := make([]string, len(p.Axes))
	for i := range n {
		rest := i
		for a := len(p.Axes) - 1; a >= 0; a-- {
			all := p.Axes[a].Values
			values[a], rest = all[rest%len(all)], rest/len(all)
		}
		c, axis, err := newCell(p.Axes, bp, i, slices.Clone(values))
		if err != nil {
			file, line := place(axis)
			problems.Errorf(file, line, "cell %d (%s): %v", i, p.Describe(&Cell{Values: values}), err)
			return // the next cells would say the same
		}
		if c.Horizon = p.Horizon; c.Horizon == 0 {
			c.Horizon = c.patience()
		}
		c.failoverOnly = p.FailoverOnly
		p.cells = append(p.cells, c)
	}
}

// newCell applies the values to a copy of the cluster. An error names its axis.
func newCell(axes []Axis, bp *cluster.Blueprint, index int, values []string) (c Cell, axis string, err error) {
	c = Cell{Index: index, Values: values, Fault: Unplug, blueprint: copyOf(bp)}
	for i, a := range axes {
		set, _, err := lookup(a.Name, bp)
		if err == nil {
			_, err = set(values[i], &c)
		}
		if err != nil {
			return c, a.Name, err
		}
	}
	if axis, err := c.check(axes); err != nil {
		return c, axis, err
	}
	c.blueprint.Impaired = slices.DeleteFunc(c.blueprint.Impaired, func(i cluster.Impaired) bool { return i.Impairment == (cluster.Impairment{}) })
	slave := &c.blueprint.Nodes[1]
	if slave.Settings.Balance < c.blueprint.Nodes[0].Settings.Balance {
		slave = &c.blueprint.Nodes[0]
	}
	c.Interval, c.PingTimeout, c.ReleaseTime = slave.Settings.Interval, slave.Settings.PingTimeout, slave.Settings.ReleaseTime
	c.NetshMin, c.NetshMax = slave.NetshMin, slave.NetshMax
	c.Tentative, c.Profile = slave.Server.Tentative(), slave.Server.Name
	for _, i := range c.blueprint.Impaired {
		c.Loss = max(c.Loss, i.Loss)
	}
	return c, "", nil
}

// patience is how long a run waits for an answer: three times what W14 gives a slave that has just
// started, and the life of every ARP entry on the way.
func (c *Cell) patience() time.Duration {
	d := time.Minute
	for _, n := range c.blueprint.Nodes {
		add := n.NetshMax*time.Duration(len(c.blueprint.VIPs)) + n.Server.Tentative()
		d = max(d, 3*(2*n.Settings.Interval+2*n.Settings.PingTimeout+add)+time.Minute)
	}
	life := time.Duration(0)
	for _, one := range c.blueprint.Clients {
		life = max(life, one.Profile.Age)
	}
	for _, one := range c.blueprint.Routers {
		life = max(life, one.Profile.Age)
	}
	return d + life
}

// check says what is wrong with values that each are right.
func (c *Cell) check(axes []Axis) (axis string, err error) {
	for _, i := range c.blueprint.Impaired {
		if err := i.Check(); err != nil {
			n := slices.IndexFunc(axes, func(a Axis) bool { return strings.HasPrefix(a.Name, "link.") })
			if n < 0 {
				n = 0
			}
			return axes[n].Name, fmt.Errorf("cable %s: %w", i.Cable, err)
		}
	}
	return "", nil
}

// copyOf is a blueprint whose slices are its own.
func copyOf(bp *cluster.Blueprint) *cluster.Blueprint {
	c := *bp
	c.Nodes, c.Clients, c.Routers = slices.Clone(c.Nodes), slices.Clone(c.Clients), slices.Clone(c.Routers)
	c.Switches, c.Impaired = slices.Clone(c.Switches), slices.Clone(c.Impaired)
	return &c
}
