package study

import (
	"strings"
)

// chosen are the axes that an operator sets; all others are conditions he has to live with.
var chosen = []string{"interval", "ping-timeout", "release-time", "profile", "server"}

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
	text  string // the values with their axes
	cells []int
}

// groups parts the cells by the values of the axes that are settings, or of those that are conditions.
func (p *Plan) groups(settings bool) []group {
	var all []group
	index := map[string]int{}
	for i := range p.cells {
		axes, values := p.partOf(&p.cells[i], settings)
		text := (&Plan{Axes: axes}).Describe(&Cell{Values: values})
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

// partOf are the axes that are settings, or conditions, with the cell's values.
func (p *Plan) partOf(c *Cell, settings bool) (axes []Axis, values []string) {
	for i, a := range p.Axes {
		if isChosen(a.Name) == settings {
			axes, values = append(axes, a), append(values, c.Values[i])
		}
	}
	return axes, values
}
