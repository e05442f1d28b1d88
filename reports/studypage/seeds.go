package studypage

import (
	"fmt"
	"io"
	"slices"

	"ipwsim/reports/chart"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// confidence is that of the bands of curves.
const confidence = 0.95

// mostSpreads is how many clients and VIPs of all figures a page draws: it shows the rest in its table.
const mostSpreads = 30

// Seeds writes the page of scenarios under many seeds.
func Seeds(w io.Writer, all []*studied.Seeds, lang words.Lang) error {
	v := &seedsView{Lang: lang, Head: sheet.Head{Title: lang.Say("seeds.page.titles"), Badge: seedsBadge(lang, all)}}
	for i, s := range all {
		v.All = append(v.All, seedsOf(lang, i, s))
		v.Meta = []string{s.Program}
	}
	if len(all) == 1 {
		v.Title = lang.Say("seeds.page.title", all[0].Scenario)
	}
	return layout().Write(w, lang, "seeds", v)
}

type seedsView struct {
	sheet.Head
	words.Lang
	All []seedsPart
}

// seedsPart is one scenario.
type seedsPart struct {
	ID, Name, Title, Counts string
	Rows                    []seedsRow
	Open                    string
	Curves                  []curvePanel
	Limits, Causes          []seedsSaid
	Worst, Command          string
}

type seedsRow struct {
	Name, Seeds, Min, Max, Seed string
	Quantiles                   []figure
}

// seedsSaid is a sentence with a verdict, and a command or a note below it.
type seedsSaid struct{ Word, Class, Text, Note, Command string }

// seedsBadge is the worst of the verdicts.
func seedsBadge(l words.Lang, all []*studied.Seeds) sheet.Badge {
	order := []finding.Outcome{finding.Well, finding.Weakness, finding.Bad}
	worst, badge := -1, sheet.Badge{}
	for _, s := range all {
		word, outcome := l.SeedsOutcome(s)
		if k := slices.Index(order, outcome); k > worst {
			worst, badge = k, sheet.Badge{Class: []string{"pass", "weak", "fail"}[k], Word: word}
		}
	}
	return badge
}

func seedsOf(l words.Lang, i int, s *studied.Seeds) seedsPart {
	p := seedsPart{ID: fmt.Sprint("scenario-", i), Name: s.Scenario, Title: s.Title, Counts: l.SeedCounts(s)}
	if l == words.Japanese && s.TitleJa != "" {
		p.Title = s.TitleJa
	}
	open := 0
	for k := range s.Figures {
		f := &s.Figures[k]
		open = max(open, f.Open)
		p.Rows = append(p.Rows, seedsRow{
			Name: l.SeedFigure(f), Seeds: fmt.Sprint(f.Seeds), Min: words.StudyTime(f.Min), Max: words.StudyTime(f.Max), Seed: f.Seed,
			Quantiles: []figure{
				{words.StudyTime(f.Median.Value), words.Interval(f.Median)}, {words.StudyTime(f.P95.Value), words.Interval(f.P95)},
				{words.StudyTime(f.P99.Value), words.Interval(f.P99)},
			},
		})
	}
	if open > 0 {
		p.Open = l.Say("seeds.open", open)
	}
	p.Curves = seedCurves(l, p.ID, s.Figures)
	for _, x := range s.Limits {
		one := seedsSaid{Word: l.Outcome(finding.Well), Class: "pass", Text: l.Expectation(&finding.Expectation{Line: x.Line, Text: x.Text}), Note: l.SeedLimit(x)}
		if !x.OK {
			one.Word, one.Class = l.Outcome(finding.Bad), "fail"
		}
		p.Limits = append(p.Limits, one)
	}
	for _, c := range s.Reasons {
		one := seedsSaid{Word: l.Outcome(c.Outcome), Class: "weak", Text: l.Say("seeds.cause", l.SeedCause(c), c.Seeds, c.First), Command: c.Rerun}
		if c.Outcome == finding.Bad {
			one.Class = "fail"
		}
		p.Causes = append(p.Causes, one)
	}
	if s.Worst != nil {
		p.Worst, p.Command = l.SeedWorst(s.Worst), s.Worst.Rerun
	}
	return p
}

// closeUp is a scale of the values from the least to the most, with some room.
func closeUp(values []float64, from, to float64) chart.Scale {
	s := chart.ScaleOf(values, from, to)
	if len(values) == 0 || s.Log {
		return s
	}
	least, most := slices.Min(values), slices.Max(values)
	room := max((most-least)/20, most/50, 0.01)
	s.Low, s.High = max(0, least-room), most+room
	return s
}

// seedCurves draws how the figures spread, each figure on one scale of time.
func seedCurves(l words.Lang, id string, all []studied.Spread) (panels []curvePanel) {
	if len(all) > mostSpreads {
		all = all[:mostSpreads]
	}
	values := map[finding.FigureName][]float64{}
	for _, s := range all {
		for _, t := range s.Times {
			if !t.AtLeast {
				values[s.Name] = append(values[s.Name], t.Seconds)
			}
		}
	}
	for i := range all {
		s := &all[i]
		x := closeUp(values[s.Name], curveLeft, curveRight)
		p := curvePanel{ID: fmt.Sprint(id, "-curve-", i), Title: l.SeedFigure(s), BandX: "0", BandW: "0"}
		p.axes(x)
		class := "over"
		if s.Name == finding.Failbacks {
			class = "back"
		}
		if steps, margin := distribution(s.Times, x, confidence); len(steps) > 0 {
			p.Curves = []curve{{class, linePath(steps), areaPath(steps, margin)}}
		}
		p.Said = l.Say("study.page.curve", l.SeedFigure(s), words.StudyTime(s.Median.Value), words.StudyTime(s.P99.Value), s.Seeds)
		if s.Open > 0 {
			p.Open = l.Say("study.page.curve-open", s.Open)
		}
		panels = append(panels, p)
	}
	return panels
}
