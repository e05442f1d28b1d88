package reports

import (
	"io"
	"strconv"
	"strings"
)

// TextSuite writes one line a scenario, the total, and for those that failed the reasons and the
// command that runs them again.
func TextSuite(w io.Writer, all []Result, opt Options) error {
	p := newPage(opt)
	if len(all) == 0 {
		lead, st := p.verdict(Result{})
		p.para(st, lead, p.say(noScenarios))
		return p.flush(w)
	}
	name := 0
	for _, r := range all {
		name = max(name, columns(safe(r.Scenario)))
	}
	name = min(name, p.width*2/5)
	failed := 0
	for _, r := range all {
		if !r.Passed() {
			failed++
		}
		lead, st := p.verdict(r)
		lead += pad(cut(r.Scenario, name), name) + "  "
		p.para(st, lead, p.figureSummary(r.Figures))
	}
	p.line(plain, "")
	p.line(headStyle, p.say(suiteTotal, len(all), len(all)-failed, failed))
	for _, r := range all {
		p.why(r)
	}
	return p.flush(w)
}

// why lists what a failed scenario failed at.
func (p *page) why(r Result) {
	objections := r.objections(p.lang)
	if len(objections) == 0 {
		return
	}
	p.line(plain, "")
	lead, st := p.verdict(r)
	p.para(st, lead, r.Scenario)
	indent := strings.Repeat(" ", columns(lead))
	for _, o := range objections {
		p.para(plain, indent+"- ", o.text)
	}
	if r.Rerun != "" {
		p.para(noteStyle, indent, p.say(runAgain, r.Rerun))
	}
}

// figureSummary puts a run's figures on a line, those of one name and band together.
func (p *page) figureSummary(all []Figure) string {
	type group struct {
		name, band string
	}
	var order []group
	of := make(map[group][]Figure)
	for _, f := range all {
		g := group{f.Name, p.promise(f)}
		if of[g] == nil {
			order = append(order, g)
		}
		of[g] = append(of[g], f)
	}
	var parts []string
	for _, g := range order {
		parts = append(parts, p.groupText(of[g]))
	}
	return strings.Join(parts, "  ")
}

// groupText shows the shortest and the longest of the figures, and the worst outcome.
func (p *page) groupText(fs []Figure) string {
	least, most, worst := fs[0], fs[0], fs[0]
	for _, f := range fs {
		if f.Value < least.Value {
			least = f
		}
		if f.Value > most.Value {
			most = f
		}
		if badness(f) > badness(worst) {
			worst = f
		}
	}
	text := least.number()
	if most.number() != text {
		text += "-" + most.number()
	}
	if worst.Open {
		text = p.say(atLeast, text)
	}
	if worst.Promised() {
		text += " (" + worst.band(p.lang) + ")"
	} else {
		text = p.say(inSeconds, text)
	}
	if len(fs) > 1 {
		text += " x" + strconv.Itoa(len(fs))
	}
	if badness(worst) > 0 {
		text += " " + p.outcome(worst)
	}
	return worst.name(p.lang) + " " + text
}

// badness ranks figures for groupText.
func badness(f Figure) int {
	switch {
	case f.Open:
		return 2
	case f.Promised() && !f.Kept():
		return 1
	}
	return 0
}
