package study

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// Limits of a plan: above them a study would take years, or seeds would run into the next base seed's.
const (
	MaxCells = 100_000
	MaxRuns  = 1_000_000 // of a cell
	MaxSeed  = 1_000_000_000_000
)

// Plan is a study of a cluster.
type Plan struct {
	studied.Plan

	base  *cluster.Blueprint
	cells []Cell
}

// Cell is one combination of the axes' values, with the cluster that it makes.
type Cell struct {
	studied.Cell

	client string     // "": any
	vip    netip.Addr // the zero Addr: any
	phase  time.Duration

	failoverOnly bool
	blueprint    *cluster.Blueprint
}

// Blueprint is the plan's cluster with the cell's settings.
func (c *Cell) Blueprint() *cluster.Blueprint { return c.blueprint }

// Cells are all combinations of the axes' values. The last axis varies fastest.
func (p *Plan) Cells() []Cell { return p.cells }

// SeedOf is the seed of the cells' k-th run, from 0.
func (p *Plan) SeedOf(k int) uint64 { return p.Seed*MaxRuns + uint64(k) }

// RunOf is the k of a seed.
func (p *Plan) RunOf(seed uint64) int { return int(seed - p.Seed*MaxRuns) }

// Key names the study by all that its rows depend on: the cluster, the axes and the seeds, and whose waits count.
// Runs, Precision and the cluster's folder are not among it: a study can be given more runs.
func (p *Plan) Key() string {
	head := p.Plan
	head.Cluster, head.Runs, head.MaxRuns, head.Precision = "", 0, 0, 0
	text, err := json.Marshal(struct {
		Version int
		Plan    studied.Plan
		Cluster any
	}{studied.Version, head, p.base})
	if err != nil {
		panic(fmt.Sprintf("study: a blueprint that JSON does not know: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// complete checks the plan against the cluster and makes its cells. The machines are put in the order of their names,
// so that the order of the cluster's file is no part of the study.
func (p *Plan) complete(bp *cluster.Blueprint, problems *diag.List, at place) {
	p.base = copyOf(bp)
	slices.SortStableFunc(p.base.Clients, func(a, b cluster.Client) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(p.base.Routers, func(a, b cluster.Router) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(p.base.Switches, func(a, b cluster.Switch) int { return cmp.Compare(a.Name, b.Name) })
	p.checkWho(problems, at)
	n := 1
	for _, a := range p.Axes {
		if n *= max(1, len(a.Values)); n > MaxCells {
			file, line := at(a.Name)
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
		c, axis, err := p.newCell(p.Axes, i, slices.Clone(values))
		if err != nil {
			file, line := at(axis)
			problems.Errorf(file, line, "cell %d (%s): %w", i, p.Describe(values, studied.Every), err)
			return // the next cells would say the same
		}
		p.cells = append(p.cells, c)
	}
}

// checkWho wants somebody whose waits can count.
func (p *Plan) checkWho(problems *diag.List, at place) {
	var clients, vips []string
	idle := true
	for _, c := range p.base.Clients {
		clients = append(clients, c.Name)
		idle = idle && c.Idle
	}
	for _, v := range p.base.VIPs {
		vips = append(vips, v.String())
	}
	if p.Client != "" && !slices.Contains(clients, p.Client) {
		file, line := at("client")
		problems.Errorf(file, line, "client: there is no client %.60q%s; expected %s", p.Client, diag.Suggest(p.Client, clients), diag.OneOf(clients))
	}
	if p.Client == "" && idle {
		file, line := at("client")
		problems.Errorf(file, line, "client: all clients of the cluster are idle; expected the name of one whose waits count, of %s", strings.Join(clients, ", "))
	}
	if p.VIP.IsValid() && !slices.Contains(p.base.VIPs, p.VIP) {
		file, line := at("vip")
		problems.Errorf(file, line, "vip: there is no VIP %s; expected %s", p.VIP, diag.OneOf(vips))
	}
}

// newCell applies the values to a copy of the cluster. An error names its axis.
func (p *Plan) newCell(axes []studied.Axis, index int, values []string) (c Cell, axis string, err error) {
	c = Cell{Cell: studied.Cell{Index: index, Values: values, Fault: studied.Unplug}, blueprint: copyOf(p.base)}
	c.client, c.vip, c.phase, c.failoverOnly = p.Client, p.VIP, p.Phase, p.FailoverOnly
	for i, a := range axes {
		set, err := lookup(a.Name, p.base)
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
	slave := c.slave()
	c.Interval, c.PingTimeout, c.ReleaseTime = slave.Settings.Interval, slave.Settings.PingTimeout, slave.Settings.ReleaseTime
	if k := slave.Watcher.Kind; k != cluster.IPWCS {
		c.Watcher = string(k)
	}
	c.NetshMin, c.NetshMax = slave.NetshMin, slave.NetshMax
	c.Tentative, c.Profile = slave.Server.Tentative(), slave.Server.Name
	for _, i := range c.blueprint.Impaired {
		c.Loss = max(c.Loss, i.Loss)
	}
	c.Horizon = cmp.Or(p.Horizon, c.patience())
	return c, "", nil
}

// patience is how long a run waits for an answer: three times what W14 gives a node that has just started, and the
// life of every ARP entry on the way.
func (c *Cell) patience() time.Duration {
	d := time.Duration(0)
	h := cluster.Header(c.blueprint, "", 0)
	for i := range h.Nodes {
		d = max(d, 3*facts.TakeTime(&h, &h.Nodes[i], facts.Sighting{Fresh: true}).Most+time.Minute)
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
func (c *Cell) check(axes []studied.Axis) (axis string, err error) {
	for _, i := range c.blueprint.Impaired {
		if err := i.Check(); err != nil {
			n := slices.IndexFunc(axes, func(a studied.Axis) bool { return strings.HasPrefix(a.Name, "link.") })
			return axes[max(0, n)].Name, diag.Errorf("cable %s: %w", i.Cable, err)
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
