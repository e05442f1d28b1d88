package study

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"ipwsim/sim/studied"
)

// chosen are the axes that an operator sets; all others are conditions he has to live with.
var chosen = []string{"interval", "ping-timeout", "release-time", "profile", "server", "cure", "watcher", "advert"}

// isChosen says whether the axis is a setting, be it of one node.
func isChosen(axis string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(axis, "active."), "standby.")
	for _, c := range chosen {
		if name == c || strings.HasPrefix(name, c+".") {
			return true
		}
	}
	return false
}

// group is cells that have some values in common.
type group struct {
	text  string // the values with their axes; "" for no axis
	cells []int
}

// groups parts the cells by the values of the axes that are settings, or of those that are conditions.
func (p *Plan) groups(settings bool) []group {
	var all []group
	index := map[string]int{}
	for i := range p.cells {
		text := p.Describe(p.cells[i].Values, func(a int) bool { return p.Axes[a].Setting == settings })
		g, ok := index[text]
		if !ok {
			g = len(all)
			index[text] = g
			all = append(all, group{text: text})
		}
		all[g].cells = append(all[g].cells, i)
	}
	return all
}

// own is the cluster's own settings under the cell's conditions, with the conditions' values.
func (p *Plan) own(like *Cell) (Cell, error) {
	var axes []studied.Axis
	var values []string
	for i, a := range p.Axes {
		if !a.Setting {
			axes, values = append(axes, a), append(values, like.Values[i])
		}
	}
	c, _, err := p.newCell(axes, -1, values)
	return c, err
}

// find is the cell with the same fault and cluster; -1: the study has none.
func (p *Plan) find(c *Cell) int {
	return slices.IndexFunc(p.cells, func(d Cell) bool {
		return d.Fault == c.Fault && reflect.DeepEqual(d.blueprint, c.blueprint)
	})
}

// today finds the cells whose settings are the cluster's own.
func (p *Plan) today(a *studied.Answers) error {
	a.Today = []int{}
	for n, g := range p.groups(false) {
		c, err := p.own(&p.cells[g.cells[0]])
		if err != nil {
			return err
		}
		if n == 0 {
			a.Own = studied.Own{Interval: c.Interval, PingTimeout: c.PingTimeout, ReleaseTime: c.ReleaseTime}
		}
		if i := p.find(&c); i >= 0 {
			a.Today = append(a.Today, i)
		}
	}
	return nil
}

// frontiers are one for each condition.
func (p *Plan) frontiers(a *studied.Answers) {
	a.Frontiers = []studied.Frontier{}
	for _, g := range p.groups(false) {
		a.Frontiers = append(a.Frontiers, studied.Frontier{Condition: g.text, All: g.cells, Cells: frontier(a.Cells, g.cells)})
	}
}

// frontier are those of the cells that are on it. Of equal cells the first counts.
func frontier(all []studied.Answer, cells []int) []int {
	order := slices.Clone(cells)
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(all[a].Outage.Sum(), all[b].Outage.Sum()), cmp.Compare(all[a].False.Sum(), all[b].False.Sum()))
	})
	best := []int{}
	for _, i := range order {
		if len(best) == 0 || all[i].False.Sum() < all[best[len(best)-1]].False.Sum() {
			best = append(best, i)
		}
	}
	return best
}
