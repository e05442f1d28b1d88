package studypage

import (
	"slices"
	"strings"

	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// answer is what an operator asked for, in plain words.
func (v *view) answer() (all []line) {
	w := v.a.Want
	if w == nil {
		return append(v.plain(), v.mind()...)
	}
	all = append(all, line{Name: v.Say("study.page.wanted"), Text: strings.Join(w.Clauses, ", ")})
	if len(w.Cells) == 0 {
		all = append(all, line{Name: v.Say("study.page.answer"), Text: v.Say("study.page.none-sure", w.Settings)})
	} else {
		all = append(all, line{Name: v.Say("study.page.fastest-kept"), Text: v.StudyCell(w.Setting), Link: v.link(w.Cells[0])},
			line{Name: v.Say("study.page.confirmed"), Text: v.StudyVerdict(w.Confirmed, w.FreshMore)})
	}
	all = append(all, line{Name: v.Say("study.page.todays-is", v.Own(v.a.Own)), Text: v.StudyVerdict(w.Verdict, w.TodayMore)})
	for n := range min(len(w.Today), len(w.Cells)) {
		all = append(all, line{Name: v.under("study.page.against", n), Text: v.Difference(&w.Today[n], &v.a.Cells[w.Cells[n]])})
	}
	return append(all, v.mind()...)
}

// under is a heading, with the n-th condition where there are several.
func (v *view) under(key string, n int) string {
	text := v.Say(key)
	if n < len(v.a.Frontiers) {
		text += v.With("study.page.with", v.a.Frontiers[n].Condition, v.a.Frontiers)
	}
	return text
}

// mind warns of conditions under which nothing can make a fast setting risky: nothing is lost, and nothing freezes.
func (v *view) mind() (all []line) {
	for n, f := range v.a.Frontiers {
		if !slices.ContainsFunc(f.All, func(i int) bool { return v.a.Cells[i].False.Sum() > 0 }) {
			all = append(all, line{Name: v.under("study.page.mind", n), Rest: v.Say("study.page.nothing-lost")})
		}
	}
	return all
}

// plain is the answer where nothing was asked: of each condition today's setting, the fastest, and the fastest that
// hardly ever takes a healthy address.
func (v *view) plain() (all []line) {
	for n, f := range v.a.Frontiers {
		name := v.under("study.page.todays", n)
		if i := slices.IndexFunc(f.All, v.today); i >= 0 {
			all = append(all, v.line(name, f.All[i], v.Own(v.a.Own)))
		} else {
			all = append(all, line{Name: name, Text: v.Own(v.a.Own), Rest: v.Say("study.page.not-a-cell")})
		}
		name = v.under("study.page.rarest", n)
		if i := v.rarest(f.All); i >= 0 {
			all = append(all, v.line(name, i, v.settings(i)))
		} else {
			all = append(all, line{Name: name, Text: v.Say("study.page.none")})
		}
		if len(f.Cells) > 0 {
			all = append(all, v.line(v.under("study.page.least-outage", n), f.Cells[0], v.settings(f.Cells[0])))
		}
	}
	return all
}

// line tells a cell's main figures.
func (v *view) line(name string, i int, text string) line {
	c := &v.a.Cells[i]
	return line{name, text, v.Say("study.page.figures", words.StudyTime(c.Failover.Median.Value), words.StudyTime(c.Failover.P99.Value),
		words.AYear(c.Outage, c.Outage.Sum()), v.Rarely(c.False.Sum())), v.link(i)}
}

// compared holds the wanted setting and today's against each other; without a promise, today's, the fastest and the
// best.
func (v *view) compared() (all []compared) {
	for n, f := range v.a.Frontiers {
		one := compared{Condition: v.With("study.with-head", f.Condition, v.a.Frontiers)}
		add := func(name string, c *studied.Answer) {
			r := v.figures(c)
			r.Name = name
			one.Rows = append(one.Rows, r)
		}
		own := v.Say("study.page.row-today", v.Own(v.a.Own))
		if w := v.a.Want; w != nil {
			if n < len(w.Cells) {
				add(v.Say("study.page.row-wanted", v.StudyCell(w.Setting)), &v.a.Cells[w.Cells[n]])
			}
			if n < len(w.Fresh) {
				add(v.Say("study.page.row-fresh"), &w.Fresh[n])
			}
			if n < len(w.Today) {
				add(own, &w.Today[n])
			}
			all = append(all, one)
			continue
		}
		if i := slices.IndexFunc(f.All, v.today); i >= 0 {
			add(own, &v.a.Cells[f.All[i]])
		}
		if i := v.fastest(f.All); i >= 0 {
			add(v.Say("study.page.row-fastest", v.settings(i)), &v.a.Cells[i])
		}
		if len(f.Cells) > 0 {
			add(v.Say("study.page.row-least", v.settings(f.Cells[0])), &v.a.Cells[f.Cells[0]])
		}
		if i := v.rarest(f.All); i >= 0 && i != v.fastest(f.All) {
			add(v.Say("study.page.row-rarest", v.settings(i)), &v.a.Cells[i])
		}
		all = append(all, one)
	}
	return all
}

// fastest is the cell with the least median failover; -1: none has one.
func (v *view) fastest(cells []int) int {
	best := -1
	for _, i := range cells {
		if t := v.a.Cells[i].Failover.Median.Value; t != nil && (best < 0 || t.Seconds < v.a.Cells[best].Failover.Median.Value.Seconds) {
			best = i
		}
	}
	return best
}

// rarest is the fastest of the cells with less than one false take-over a year.
func (v *view) rarest(cells []int) int {
	return v.fastest(slices.DeleteFunc(slices.Clone(cells), func(i int) bool { return v.a.Cells[i].False.Sum() >= 1 }))
}
