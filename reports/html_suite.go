package reports

import (
	"slices"
	"time"
)

// suitePage is what the template of many runs shows.
type suitePage struct {
	htmlFrame
	Said string
	Rows []suiteRow
}

type suiteRow struct {
	Passed     bool
	Word, Name string
	Title      string
	Href       string
	Figures    []figureRow
	Away       string // the longest outage
	Reasons    []string
	Rerun      string
}

// suiteView lists the runs, those that failed first.
func suiteView(all []Result, link func(Result) string, l lang) suitePage {
	failed := 0
	for _, r := range all {
		if !r.Passed() {
			failed++
		}
	}
	v := suitePage{htmlFrame: newFrame(l, l.say(htmlSuiteTitle), failed == 0 && len(all) > 0),
		Said: l.say(suiteTotal, len(all), len(all)-failed, failed)}
	if len(all) == 0 {
		v.Said = l.say(noScenarios)
	}
	p := newPage(Options{})
	p.lang = l
	for _, r := range all {
		row := suiteRow{Passed: r.Passed(), Word: l.say(failWord), Name: r.Scenario, Title: r.Title, Href: link(r),
			Figures: figureRows(p, worstFigures(r.Figures)), Away: longestAway(l, r), Rerun: r.Rerun}
		if row.Passed {
			row.Word = l.say(passWord)
		}
		for _, o := range r.objections(l) {
			row.Reasons = append(row.Reasons, o.text)
		}
		v.Rows = append(v.Rows, row)
	}
	slices.SortStableFunc(v.Rows, func(a, b suiteRow) int {
		return map[bool]int{true: 1}[a.Passed] - map[bool]int{true: 1}[b.Passed]
	})
	return v
}

// worstFigures keeps of each name the worst figure, of equal ones the longest.
func worstFigures(all []Figure) []Figure {
	var out []Figure
	for _, f := range all {
		i := slices.IndexFunc(out, func(o Figure) bool { return o.Name == f.Name })
		switch {
		case i < 0:
			out = append(out, f)
		case badness(f) > badness(out[i]), badness(f) == badness(out[i]) && f.Value > out[i].Value:
			out[i] = f
		}
	}
	return out
}

func longestAway(l lang, r Result) string {
	var longest Outage
	for _, o := range r.Outages {
		if o.To-o.From > longest.To-longest.From {
			longest = o
		}
	}
	if longest.To-longest.From <= 0 {
		return ""
	}
	text := l.say(inSeconds, shortly((longest.To - longest.From).Round(time.Millisecond)))
	if longest.Open {
		text = l.say(atLeast, text)
	}
	return text
}
