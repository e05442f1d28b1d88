package study

import (
	"fmt"
	"reflect"
	"slices"
)

// own is the cluster's own settings under the cell's conditions, with the conditions' values.
func (p *Plan) own(like *Cell) (Cell, error) {
	axes, values := p.partOf(like, false)
	c, _, err := newCell(axes, p.base, -1, values)
	if err != nil {
		return c, err
	}
	c.failoverOnly = p.FailoverOnly
	if c.Horizon = p.Horizon; c.Horizon == 0 {
		c.Horizon = c.patience()
	}
	return c, nil
}

// find is the cell with the same fault and cluster; -1: the study has none.
func (p *Plan) find(c *Cell) int {
	return slices.IndexFunc(p.cells, func(d Cell) bool {
		return d.Fault == c.Fault && reflect.DeepEqual(d.blueprint, c.blueprint)
	})
}

// Today is the cells whose settings are the cluster's own, and these in words.
func (p *Plan) Today() (cells []int, text string, err error) {
	for _, g := range p.groups(false) {
		c, err := p.own(&p.cells[g.cells[0]])
		if err != nil {
			return nil, "", err
		}
		if text == "" {
			text = fmt.Sprintf("Interval %s, PingTimeout %s, ReleaseTime %d", short(c.Interval), short(c.PingTimeout), c.ReleaseTime)
		}
		if i := p.find(&c); i >= 0 {
			cells = append(cells, i)
		}
	}
	return cells, text, nil
}

// Condition is the cells of one combination of the axes that an operator cannot choose, in words.
type Condition struct {
	Text  string
	Cells []int
}

// Conditions are in the order of Answers.Frontiers.
func (p *Plan) Conditions() (all []Condition) {
	for _, g := range p.groups(false) {
		all = append(all, Condition{g.text, g.cells})
	}
	return all
}

// Setting says whether an operator chooses the axis; else it is a condition he has to live with.
func (a Axis) Setting() bool { return isChosen(a.Name) }
