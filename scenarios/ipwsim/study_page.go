package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"ipwsim/reports"
	"ipwsim/scenarios/study"
)

// studyPage writes the study's page into its folder.
func (f studyFlags) studyPage(p *study.Plan, rows []study.Row, a *study.Answers) error {
	s, err := f.pageOf(p, rows, a)
	if err != nil {
		return err
	}
	if err := f.worstPages(p, a, &s); err != nil {
		return err
	}
	return writeFile(filepath.Join(f.out, "index.html"), func(w io.Writer) error { return reports.StudyHTML(w, s) })
}

// mostWorst is of how many cells the page of the worst case is written.
const mostWorst = 12

// worstPages writes the pages of the worst cases of today's cells, of those that are wanted or on a frontier, and
// of others.
func (f studyFlags) worstPages(p *study.Plan, a *study.Answers, s *reports.Study) error {
	dir := filepath.Join(f.out, "worst")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cells := p.Cells()
	for _, i := range s.First(mostWorst) {
		if a.Cells[i].Worst.Failover == nil {
			continue
		}
		name := fmt.Sprintf("cell-%d.html", i)
		r := shownWorst(f.out, p, &cells[i], a.Cells[i].Worst)
		if err := writeFile(filepath.Join(dir, name), func(w io.Writer) error { return reports.HTML(w, r, reports.Options{}) }); err != nil {
			return err
		}
		s.Cells[i].Worst.Page = "worst/" + name
	}
	return nil
}

// pageOf is what the page of a study is made of.
func (f studyFlags) pageOf(p *study.Plan, rows []study.Row, a *study.Answers) (reports.Study, error) {
	s := reports.Study{Cluster: cmp.Or(p.Cluster, "the guide’s"), Band: a.Promise, Confidence: a.Confidence, Assumed: a.Rates.String(),
		Method: a.Method, FirstSeed: p.SeedOf(0), Key: a.Study, Commands: f.again(p), Files: studyFiles}
	for _, x := range p.Axes {
		s.Axes = append(s.Axes, reports.StudyAxis{Name: x.Name, Values: x.Values, Setting: x.Setting()})
	}
	for i := range a.Cells {
		c := pageCell(&a.Cells[i])
		c.Worst.Command = fmt.Sprintf("ipwsim study show %s --cell %d --worst", quoted(f.out), i)
		s.Cells = append(s.Cells, c)
	}
	for i := range rows {
		r := &rows[i]
		c := &s.Cells[r.Cell]
		c.Failover.Sample = sampled(c.Failover.Sample, r.Failover, r.FailoverOpen)
		c.Failback.Sample = sampled(c.Failback.Sample, r.Failback, r.FailbackOpen)
	}
	today, text, err := p.Today()
	if err != nil {
		return s, err
	}
	s.Today = text
	for _, i := range today {
		s.Cells[i].Today = true
	}
	for i, c := range p.Conditions() {
		s.Frontiers = append(s.Frontiers, reports.StudyFrontier{Condition: c.Text, All: c.Cells, Cells: a.Frontiers[i].Cells})
	}
	s.Want = wantOf(a.Want)
	for _, c := range study.ColumnDocs() {
		s.Columns = append(s.Columns, reports.StudyFile{Name: c[0], Doc: c[1]})
	}
	return s, nil
}

// again is the command that makes rows and page anew.
func (f studyFlags) again(p *study.Plan) []string {
	text := "ipwsim study " + quoted(filepath.Join(f.out, "plan.toml")) + " -o new-folder"
	r, d := f.answers.rates, study.DefaultRates
	for _, one := range []struct {
		flag  string
		value any
		given bool
	}{
		{"want", quoted(f.answers.want), f.answers.want != ""},
		{"faults-per-year", r.Faults, r.Faults != d.Faults}, {"repair", r.Repair, r.Repair != d.Repair},
		{"freezes-per-year", r.Freezes, r.Freezes != d.Freezes}, {"freeze-time", r.Frozen, r.Frozen != d.Frozen},
	} {
		if one.given {
			text += fmt.Sprintf(" --%s %v", one.flag, one.value)
		}
	}
	return []string{text}
}

var studyFiles = []reports.StudyFile{
	{Name: "rows.csv", Doc: "one row a run, as text"},
	{Name: "rows.parquet", Doc: "the same for DuckDB, pandas, R"},
	{Name: "summary.json", Doc: "every figure of this page, for scripts"},
	{Name: "summary.txt", Doc: "the same for a terminal"},
	{Name: "cells.json", Doc: "the cells with their settings"},
	{Name: "plan.toml", Doc: "the study itself: ipwsim study runs it"},
	{Name: "columns.txt", Doc: "what the columns of the rows are"},
}

// sampled adds a time that was measured.
func sampled(all []reports.StudyTime, seconds float64, open bool) []reports.StudyTime {
	if math.IsNaN(seconds) {
		return all
	}
	return append(all, reports.StudyTime{Seconds: seconds, AtLeast: open})
}

func pageCell(a *study.CellAnswer) reports.StudyCell {
	c := reports.StudyCell{Values: a.Values, Runs: a.Runs, Failover: pageTimes(a.Failover), Failback: pageTimes(a.Failback),
		Band:   reports.StudyShare{Runs: a.Band.Runs, Part: a.Band.Part, Low: a.Band.Low, High: a.Band.High},
		False:  reports.StudyFalse{Loss: a.False.Loss, Freeze: a.False.Freeze, Split: a.False.Split},
		Outage: reports.StudyOutage{Faults: a.Outage.Faults, Margin: a.Outage.Margin, Release: a.Outage.Release, Open: a.Outage.Open},
		Worst:  reports.StudyWorst{Failover: pageTime(a.Worst.Failover), Bound: a.Worst.Bound, Phase: a.Worst.Phase, Netsh: a.Worst.Netsh}}
	c.Failover.Worst = longer(c.Failover.Worst, c.Worst.Failover)
	return c
}

// longer is the longer of two times, either of which may be missing.
func longer(a, b *reports.StudyTime) *reports.StudyTime {
	both := slices.DeleteFunc([]*reports.StudyTime{a, b}, func(t *reports.StudyTime) bool { return t == nil })
	if len(both) == 0 {
		return nil
	}
	return slices.MaxFunc(both, func(a, b *reports.StudyTime) int {
		open := map[bool]int{true: 1}
		return cmp.Or(cmp.Compare(a.Seconds, b.Seconds), open[a.AtLeast]-open[b.AtLeast])
	})
}

func pageTimes(t study.Times) reports.StudyTimes {
	q := func(q study.Quantile) reports.StudyQuantile {
		return reports.StudyQuantile{Value: pageTime(q.Value), Low: pageTime(q.Low), High: pageTime(q.High)}
	}
	return reports.StudyTimes{Median: q(t.Median), P95: q(t.P95), P99: q(t.P99), Worst: pageTime(t.Worst)}
}

func pageTime(t *study.Time) *reports.StudyTime {
	if t == nil {
		return nil
	}
	return &reports.StudyTime{Seconds: t.Seconds, AtLeast: t.AtLeast}
}

func wantOf(a *study.WantAnswer) *reports.StudyWant {
	if a == nil {
		return nil
	}
	w := &reports.StudyWant{Settings: a.Settings, Setting: a.Setting, Cells: a.Cells, Confirmed: string(a.Confirmed), Verdict: string(a.Verdict)}
	for i, text := range a.Clauses {
		w.Clauses = append(w.Clauses, reports.StudyClause{Text: text, Kept: a.Kept[i], Unsure: a.Unsure[i]})
	}
	for i := range a.Fresh {
		w.Fresh = append(w.Fresh, pageCell(&a.Fresh[i]))
	}
	for i := range a.Today {
		w.Today = append(w.Today, pageCell(&a.Today[i]))
	}
	return w
}
