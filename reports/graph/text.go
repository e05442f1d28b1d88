package graph

import (
	"fmt"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// Text writes the views and the deeds below them for a terminal. A view without a title has no heading.
func Text(p *term.Page, l words.Lang, views []View, struck []Deed) {
	for _, v := range views {
		if v.Title == "" {
			p.Line(term.Plain, "")
		} else {
			p.Section(v.Title)
		}
		tree(p, l, v.Network)
	}
	if len(struck) == 0 {
		return
	}
	p.Section(l.Say("net.deeds"))
	for _, d := range struck {
		p.Para(term.Plain, term.PadLeft(fmt.Sprint(d.N), 3)+"  ", d.Text)
		p.Para(term.Note, "     ", l.Say("net.deed", d.Line, d.When))
	}
	p.Line(term.Plain, "")
	p.Para(term.Note, "  ", l.Say("net.signs"))
}

// Widths of a row's parts.
const (
	mostName = 34
	arm      = 5 // of a tree
)

// row is a device's line: what it hangs from, its name, its address, and the rest.
type row struct {
	lead, name, below string
	said              []string
	style             term.Style
}

// tree writes a network as a tree: switches and routers with what hangs from them.
func tree(p *term.Page, l words.Lang, n *chart.Network) {
	var rows []row
	name, below := 0, 0
	open := []bool{} // by depth: more hang from the device above
	for _, b := range n.Tree() {
		r := rowOf(l, &b)
		if b.Depth > 0 {
			open = append(open[:b.Depth-1], !b.Last)
			r.lead = armOf(open, b.Wire.Broken)
		}
		rows = append(rows, r)
		name = max(name, term.Columns(r.lead+words.Safe(r.name)))
		if len(r.said) > 0 {
			below = max(below, term.Columns(words.Safe(r.below)))
		}
	}
	name, below = min(name, mostName), min(below, p.Width()/3)
	for _, r := range rows {
		head := r.lead + term.Cut(r.name, max(8, mostName-term.Columns(r.lead)))
		line := strings.TrimRight(term.Pad(head, name)+"  "+term.Pad(r.below, below), " ")
		if len(r.said) == 0 {
			p.Line(r.style, line)
			continue
		}
		p.Para(r.style, term.Pad(line, name+below+2)+"  ", strings.Join(r.said, "; "))
	}
}

// armOf is what stands before a device: a line for each one above from which more hang, and its own wire.
func armOf(open []bool, broken bool) string {
	var b strings.Builder
	for _, more := range open[:len(open)-1] {
		if more {
			b.WriteString(term.Pad("|", arm))
			continue
		}
		b.WriteString(strings.Repeat(" ", arm))
	}
	corner, wire := "`", "--- "
	if open[len(open)-1] {
		corner = "|"
	}
	if broken {
		wire = "-X- "
	}
	return b.String() + corner + wire
}

func rowOf(l words.Lang, b *chart.Branch) row {
	r := row{name: b.Name, below: b.Below}
	if b.Again {
		return row{name: b.Name, below: l.Say("net.again")}
	}
	for _, m := range []chart.Mark{b.Wire, b.Mark} {
		if m.Numbers != "" {
			r.name += " (" + m.Numbers + ")"
		}
		if m.Word != "" {
			r.said = append(r.said, m.Word)
			r.style = term.Bad
		}
		if m.Broken {
			r.style = term.Bad
		}
	}
	if r.below == "" && (b.Kind == chart.Switch || b.Kind == chart.Router) {
		r.below = l.Say("net." + string(b.Kind))
	}
	for _, c := range b.Chips {
		r.said = append(r.said, strings.TrimSpace(c.Lead+" "+c.Text))
		switch {
		case c.Class == "away" || c.Class == "bad":
			r.style = term.Bad
		case c.Class == "held" && r.style == term.Plain:
			r.style = term.Good
		}
	}
	return r
}
