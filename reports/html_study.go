package reports

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
)

var studyCSS = pageCSS + asset("study.css")

// Of many cells the page shows what matters: more would be slow to open, and nobody reads it.
const (
	mostCurves = 100
	mostCells  = 1000
)

// studyView is what the template of a study shows.
type studyView struct {
	htmlFrame
	s      *Study
	wanted []int

	Answer    []studyLine
	Clauses   []string
	Compared  []studyCompared
	Maps      []heatMap
	Scatters  []scatter
	Curves    []curvePanel
	CurveNote string
	Rows      []studyRow
	RowNote   string
	Band      string
	Assumed   string
	Method    string
	Level     string // of confidence
	Runs      string
	Seeds     string
	Commands  []string
	Cluster   string
	Key       string
	Version   int
	Files     []StudyFile
	Columns   []StudyFile
}

// studyLine is a line of the answer.
type studyLine struct{ Head, Text, Rest, Link string }

// studyCompared is the figures of settings that are held against each other, under one condition.
type studyCompared struct {
	Condition string
	Rows      []studyRow
}

// studyRow is all figures of a cell, as text.
type studyRow struct {
	ID, Name, Link string
	Marks          []string
	Runs           int
	Failover       []studyFigure // median, 95 %, 99 %
	Failback       []studyFigure
	Worst, Bound   string // of failover
	WorstBack      string
	Band           studyFigure
	Loss, Freeze   string
	Split, False   string
	Faults, Margin string
	Release        string
	Outage         string
	How            string // the worst case
	Command, Page  string
}

type studyFigure struct{ Value, Range string }

// StudyHTML writes the page of a study. Like every page it needs nothing but itself.
func StudyHTML(w io.Writer, s Study) error {
	return writeHTML(w, "study.html", newStudyView(&s))
}

func newStudyView(s *Study) *studyView {
	v := &studyView{htmlFrame: newFrame(english, "What the settings do", true), s: s}
	v.CSS, v.CSP = template.CSS(studyCSS), policy(studyCSS)
	v.Word = "ipwsim study" // it is no verdict
	if s.Want != nil {
		v.wanted = s.Want.Cells
	}
	v.Band = fmt.Sprintf("%g to %g s", s.Band[0], s.Band[1])
	v.Assumed, v.Method, v.Level = s.Assumed, s.Method, fmt.Sprintf("%g %%", 100*s.Confidence)
	v.Answer, v.Compared = v.answer(), v.compared()
	if s.Want != nil {
		for _, c := range s.Want.Clauses {
			v.Clauses = append(v.Clauses, fmt.Sprintf("%s: %d of %d settings keep it; of %d more runs decide", c.Text, c.Kept, s.Want.Settings, c.Unsure))
		}
	}
	v.Maps, v.Scatters = v.heatMaps(), v.scatters()
	chosen := s.First(mostCurves)
	v.Curves = v.curves(chosen)
	v.CurveNote = v.leftOut(len(chosen))
	chosen = s.First(mostCells)
	for _, i := range chosen {
		v.Rows = append(v.Rows, v.row(i))
	}
	v.RowNote = v.leftOut(len(chosen))
	v.Cluster = s.Cluster
	v.Commands, v.Key, v.Version, v.Files, v.Columns = s.Commands, s.Key, StudyVersion, s.Files, s.Columns
	v.Runs, v.Seeds = v.made()
	return v
}

// made is how many runs there are, and with which seeds.
func (v *studyView) made() (runs, seeds string) {
	total, least, most := 0, 0, 0
	for i, c := range v.s.Cells {
		total += c.Runs
		if most = max(most, c.Runs); i == 0 {
			least = c.Runs
		}
		least = min(least, c.Runs)
	}
	each := fmt.Sprint(most)
	if least != most {
		each = fmt.Sprintf("%d to %d", least, most)
	}
	return fmt.Sprintf("%d runs, %s of each of %d cells", total, each, len(v.s.Cells)),
		fmt.Sprintf("%d and those after it, the same in every cell", v.s.FirstSeed)
}

func (v *studyView) leftOut(shown int) string {
	if shown == len(v.s.Cells) {
		return ""
	}
	return fmt.Sprintf("%d of %d cells are shown: today's, the wanted, those on a frontier, and the first of the others. summary.json has all.", shown, len(v.s.Cells))
}

// varies says whether an axis has more than one value.
func (v *studyView) varies(axis int) bool { return len(v.s.Axes[axis].Values) > 1 }

// name is a cell in words.
func (v *studyView) name(i int) string {
	if text := v.describe(&v.s.Cells[i], func(int) bool { return true }); text != "" {
		return text
	}
	return "the cluster as it is"
}

func (v *studyView) link(i int) string {
	if len(v.s.Cells) > mostCells {
		return ""
	}
	return fmt.Sprint("#cell-", i)
}

// marks are the words that single a cell out.
func (v *studyView) marks(i int) (all []string) {
	if v.s.Cells[i].Today {
		all = append(all, "today")
	}
	if slices.Contains(v.wanted, i) {
		all = append(all, "wanted")
	}
	return all
}

func (v *studyView) row(i int) studyRow {
	r := v.figures(&v.s.Cells[i])
	r.ID, r.Name, r.Marks = fmt.Sprint("cell-", i), v.name(i), v.marks(i)
	return r
}

// figures are a cell's as text.
func (v *studyView) figures(c *StudyCell) studyRow {
	r := studyRow{Runs: c.Runs, Failover: c.Failover.figures(), Failback: c.Failback.figures(),
		Worst: c.Failover.Worst.text(), WorstBack: c.Failback.Worst.text(), Bound: tenth(c.Worst.Bound), Band: c.Band.figure(),
		Loss: rateText(c.False.Loss), Freeze: rateText(c.False.Freeze), Split: rateText(c.False.Split), False: rateText(c.False.Sum()),
		Faults: c.Outage.bounded(c.Outage.Faults), Margin: whole(c.Outage.Margin), Release: whole(c.Outage.Release), Outage: c.Outage.text(),
		Command: c.Worst.Command, Page: c.Worst.Page}
	if c.Worst.Failover != nil {
		r.How = fmt.Sprintf("%s s: fault %s s after the start, netsh takes %s s", c.Worst.Failover.text(), strconv.FormatFloat(c.Worst.Phase.Seconds(), 'f', 3, 64), bare(c.Worst.Netsh))
	}
	return r
}

// compared holds the wanted setting and today's against each other; without a promise, today's, the fastest and the best.
func (v *studyView) compared() (all []studyCompared) {
	for n, f := range v.s.Frontiers {
		one := studyCompared{Condition: f.Condition}
		if w := v.s.Want; w != nil {
			if n < len(w.Cells) {
				one.Rows = append(one.Rows, v.named("wanted: "+w.Setting, v.s.Cells[w.Cells[n]]))
			}
			if n < len(w.Fresh) {
				one.Rows = append(one.Rows, v.named("the same with fresh seeds", w.Fresh[n]))
			}
			if n < len(w.Today) {
				one.Rows = append(one.Rows, v.named("today's: "+v.s.Today, w.Today[n]))
			}
		} else {
			for _, i := range f.All {
				if v.s.Cells[i].Today {
					one.Rows = append(one.Rows, v.named("today's: "+v.s.Today, v.s.Cells[i]))
				}
			}
			if i := v.fastest(f.All); i >= 0 {
				one.Rows = append(one.Rows, v.named("fastest failover: "+v.settings(i), v.s.Cells[i]))
			}
			if len(f.Cells) > 0 {
				one.Rows = append(one.Rows, v.named("least outage a year: "+v.settings(f.Cells[0]), v.s.Cells[f.Cells[0]]))
			}
			if i := v.rarest(f.All); i >= 0 && i != v.fastest(f.All) {
				one.Rows = append(one.Rows, v.named("fastest with less than one false take-over a year: "+v.settings(i), v.s.Cells[i]))
			}
		}
		all = append(all, one)
	}
	return all
}

func (v *studyView) named(name string, c StudyCell) studyRow {
	r := v.figures(&c)
	r.Name = name
	return r
}

// settings are a cell's values on the axes that an operator chooses.
func (v *studyView) settings(i int) string {
	text := v.describe(&v.s.Cells[i], func(a int) bool { return v.s.Axes[a].Setting })
	if text == "" {
		return "the cluster as it is"
	}
	return text
}

// fastest is the cell with the least median failover; -1: none has one.
func (v *studyView) fastest(cells []int) int {
	best, least := -1, 0.0
	for _, i := range cells {
		if s, ok := v.s.Cells[i].Failover.Median.Value.known(); ok && (best < 0 || s < least) {
			best, least = i, s
		}
	}
	return best
}

// rarest is the fastest of the cells with less than one false take-over a year.
func (v *studyView) rarest(cells []int) int {
	var few []int
	for _, i := range cells {
		if v.s.Cells[i].False.Sum() < 1 {
			few = append(few, i)
		}
	}
	return v.fastest(few)
}

// known is the time, be it a lower bound.
func (t *StudyTime) known() (float64, bool) {
	if t == nil {
		return 0, false
	}
	return t.Seconds, true
}

func (t *StudyTime) text() string {
	switch {
	case t == nil:
		return "–"
	case t.AtLeast:
		return "> " + tenth(t.Seconds)
	}
	return tenth(t.Seconds)
}

func (t StudyTimes) figures() (all []studyFigure) {
	for _, q := range []StudyQuantile{t.Median, t.P95, t.P99} {
		all = append(all, studyFigure{q.Value.text(), q.text()})
	}
	return all
}

// text is the interval; an end that is not known is left open.
func (q StudyQuantile) text() string {
	switch {
	case q.Low == nil && q.High == nil:
		return ""
	case q.High == nil:
		return tenth(q.Low.Seconds) + " or more"
	case q.Low == nil:
		return tenth(q.High.Seconds) + " or less"
	}
	return tenth(q.Low.Seconds) + "–" + tenth(q.High.Seconds)
}

func (s StudyShare) figure() studyFigure {
	if s.Runs == 0 {
		return studyFigure{Value: "–"}
	}
	return studyFigure{fmt.Sprintf("%.1f %%", 100*s.Part), fmt.Sprintf("%.1f–%.1f %%", 100*s.Low, 100*s.High)}
}

func (o StudyOutage) text() string { return o.bounded(o.Sum()) }

func (o StudyOutage) bounded(v float64) string {
	if o.Open {
		return "> " + whole(v)
	}
	return whole(v)
}

// rateText is a number a year, to two digits.
func rateText(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v <= leastRate:
		return "≤ 1e-9"
	case v >= 10 && v < 1e6:
		return whole(v)
	}
	return strings.NewReplacer("e-0", "e-", "e+0", "e").Replace(fmt.Sprintf("%.2g", v))
}
