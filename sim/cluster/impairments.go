package cluster

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

// impairedDraft is an [[impairment]].
type impairedDraft struct {
	cable     field[string]
	from      field[string]
	fromGiven bool
	set       Impairment
}

func (d *draft) readImpairments(top *section) {
	impairments, _ := top.tables("impairment")
	for _, s := range impairments {
		var i impairedDraft
		i.cable = get(&s, "cable", toLabel)
		i.from, i.fromGiven = optional(&s, "from", toLabel)
		right := true
		for _, word := range ImpairmentWords() {
			f, given := optional(&s, word, func(v any) (Impairment, error) { return i.set, setImpairment(&i.set, word, v) })
			right = right && (!given || f.ok)
		}
		if err := i.set.Check(); right && err != nil {
			d.errorf(s.line(), "impairment: %w", err)
		}
		if right && i.set == (Impairment{}) {
			d.errorf(s.line(), "impairment: it disturbs nothing; expected some of %s", strings.Join(ImpairmentWords(), ", "))
		}
		s.close()
		d.impaired = append(d.impaired, i)
	}
}

func setImpairment(i *Impairment, word string, v any) error {
	s, ok := v.(string)
	if !ok {
		return diag.Errorf(`expected a string, as "5%%" or "10ms", not %s`, describe(v))
	}
	return i.Set(word, s)
}

// checkImpairments wants cables that are there, and ends of theirs.
func (d *draft) checkImpairments() {
	ends := map[string][2]string{}
	var names []string
	add := func(c trace.Cable) {
		ends[c.Name] = [2]string{c.A, c.B}
		names = append(names, c.Name)
	}
	for _, m := range d.machines() {
		add(trace.Cable{Name: m.label.Error(), A: m.label.Error(), B: m.plugged.v})
	}
	for _, t := range d.trunks {
		add(trace.Cable{Name: Trunk{t.a.v, t.b.v}.Name(), A: t.a.v, B: t.b.v})
	}
	for _, r := range d.routers {
		for _, m := range r.interfaces {
			add(trace.Cable{Name: m.label.Error(), A: r.label.Error(), B: m.plugged.v})
		}
	}
	for _, i := range d.impaired {
		e, known := ends[i.cable.v]
		switch {
		case !i.cable.ok:
		case !known:
			d.errorf(i.cable.line, "impairment.cable: there is no cable %s; expected one of %s%s",
				i.cable.v, strings.Join(names, ", "), didYouMean(i.cable.v, names))
		case i.fromGiven && i.from.ok && i.from.v != e[0] && i.from.v != e[1]:
			d.errorf(i.from.line, "impairment.from: %s is no end of the cable %s; expected %s or %s", i.from.v, i.cable.v, e[0], e[1])
		}
	}
}
