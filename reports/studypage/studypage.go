// Package studypage is the HTML page of a what-if study: the answer first, then maps, curves and every figure.
package studypage

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"ipwsim/reports/chart"
	"ipwsim/reports/graph"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

// Options say what a page is like.
type Options struct {
	Lang  words.Lang
	Dir   string         // the study's folder, as commands name it
	Again []string       // the commands that make the study again
	Pages map[int]string // addresses of the pages of worst cases, by cell

	Header *trace.Header // of the cluster of the first cell; nil: its network is not drawn
}

//go:embed study.html seeds.html history.html
var files embed.FS

//go:embed study.css
var style string

var layout = sync.OnceValue(func() *sheet.Layout { return sheet.New(chart.NetworkCSS+style, "", chart.Drawings, files) })

// Write writes the page of a study. Like every page it needs nothing but itself.
func Write(w io.Writer, s *studied.Study, opt Options) error {
	return layout().Write(w, opt.Lang, "study", newView(s, opt))
}

// Of many cells the page shows what matters: more would be slow to open, and nobody reads it.
const (
	mostCurves = 100
	mostCells  = 1000
)

// view is what the template shows.
type view struct {
	sheet.Head
	words.Lang
	s       *studied.Study
	a       *studied.Answers
	Network *chart.Picture
	opt     Options
	several bool // clients or VIPs are told of

	Table     bool // one run a cell
	Back      bool // there are failbacks
	Whose     string
	Answer    []line
	Clauses   []string
	Compared  []compared
	Made      []madeBlock
	MadeIntro string
	MadeNote  string
	Maps      []heatMap
	Scatters  []scatter
	Curves    []curvePanel
	CurveNote string
	Rows      []row
	RowNote   string
	Band      string
	Assumed   string
	Level     string // of confidence
	Runs      string
	Seeds     string
	Cluster   string
	Key       string
	Version   int
	Files     []described
	Columns   []described
}

// line is a line of the answer.
type line struct{ Name, Text, Rest, Link string }

// compared is the figures of settings that are held against each other, under one condition.
type compared struct {
	Condition string
	Rows      []row
}

// described is a file beside the page, or a column of one.
type described struct{ Name, Doc string }

// Files are those of a study's folder that the page names.
var Files = []string{"rows.csv", "rows.parquet", "summary.json", "summary.txt", "cells.json", "plan.toml", "columns.txt"}

func newView(s *studied.Study, opt Options) *view {
	l := opt.Lang
	v := &view{Lang: l, s: s, a: s.Answers, opt: opt, Table: s.Table(), Back: !s.FailoverOnly}
	v.Head = sheet.Head{Title: l.Say("study.page.title"), Badge: sheet.Badge{Word: "ipwsim study"}} // it is no verdict
	v.Whose = l.WhoseOf(v.a)
	v.Band = fmt.Sprintf("%g–%g s", v.a.Promise[0], v.a.Promise[1])
	v.Assumed, v.Level = l.Rates(v.a.Rates), fmt.Sprintf("%g %%", 100*v.a.Confidence)
	v.Runs, v.Seeds = v.made()
	v.MadeIntro = l.MadeOf(s)
	if opt.Header != nil && len(opt.Header.Cables) > 0 {
		plan := graph.Plan(l, opt.Header)
		p := plan.Network.Draw(plan.Title)
		v.Network = &p
	}
	v.madeOf()
	if !v.Table {
		v.Answer, v.Compared = v.answer(), v.compared()
		if w := v.a.Want; w != nil {
			for i := range w.Clauses {
				v.Clauses = append(v.Clauses, l.StudyClause(w, i))
			}
		}
		v.Maps, v.Scatters = v.heatMaps(), v.scatters()
		shown := v.a.First(mostCurves)
		v.Curves, v.CurveNote = v.curves(shown), v.leftOut(len(shown))
	}
	if !v.Table {
		shown := v.a.First(mostCells)
		for _, i := range shown {
			v.Rows = append(v.Rows, v.row(i))
		}
		v.RowNote = v.leftOut(len(shown))
	}
	v.Cluster, v.Key, v.Version = s.Cluster, v.a.Study, v.a.Version
	if v.Cluster == "" {
		v.Cluster = l.Say("study.page.guides")
	}
	for _, name := range Files {
		v.Files = append(v.Files, described{name, l.Say("study.file." + name)})
	}
	for _, c := range studied.Columns() {
		v.Columns = append(v.Columns, described{c.Name, l.Column(c.Name)})
	}
	return v
}

// Again are the commands that make the study again.
func (v *view) Again() []string { return v.opt.Again }

// made is how many runs there are, and with which seeds.
func (v *view) made() (runs, seeds string) {
	least, most := 0, 0
	for i, c := range v.a.Cells {
		if most = max(most, c.Runs); i == 0 {
			least = c.Runs
		}
		least = min(least, c.Runs)
	}
	each := fmt.Sprint(most)
	if least != most {
		each = fmt.Sprintf("%d–%d", least, most)
	}
	first := uint64(0)
	if len(v.s.Rows) > 0 {
		first = v.s.Rows[0].Row().Seed
	}
	return v.Say("study.page.runs", len(v.s.Rows), each, len(v.a.Cells)), v.Say("study.page.seeds-from", first)
}

func (v *view) leftOut(shown int) string {
	if shown == len(v.a.Cells) {
		return ""
	}
	return v.Say("study.page.left-out", shown, len(v.a.Cells))
}

// varies says whether an axis has more than one value.
func (v *view) varies(axis int) bool { return len(v.s.Axes[axis].Values) > 1 }

// name is a cell in words.
func (v *view) name(i int) string {
	return v.StudyCell(v.s.Describe(v.a.Cells[i].Values, studied.Every))
}

// settings are a cell's values on the axes that an operator chooses.
func (v *view) settings(i int) string {
	return v.StudyCell(v.s.Describe(v.a.Cells[i].Values, func(a int) bool { return v.s.Axes[a].Setting }))
}

func (v *view) link(i int) string {
	if len(v.a.Cells) > mostCells {
		return ""
	}
	return fmt.Sprint("#cell-", i)
}

// mark is a word that singles a cell out.
type mark struct{ Class, Word string }

func (v *view) marks(i int) (all []mark) {
	if v.today(i) {
		all = append(all, mark{"today", v.Say("study.page.today")})
	}
	if v.wanted(i) {
		all = append(all, mark{"wanted", v.Say("study.row-wanted")})
	}
	return all
}

func (v *view) today(i int) bool { return slices.Contains(v.a.Today, i) }

func (v *view) wanted(i int) bool { return v.a.Want != nil && slices.Contains(v.a.Want.Cells, i) }

// row is all figures of a cell, as text.
type row struct {
	ID, Name       string
	Marks          []mark
	Runs           int
	Failover       []figure // median, 95 %, 99 %
	Failback       []figure
	Worst, Bound   string // of failover
	WorstBack      string
	Who, WhoBack   string // fared worst, most often
	Band           figure
	Loss, Freeze   string
	Split, False   string
	Faults, Margin string
	Release        string
	Outage         string
	How            string // the worst case
	Command, Page  string
}

type figure struct{ Value, Range string }

func (v *view) row(i int) row {
	r := v.figures(&v.a.Cells[i])
	r.ID, r.Name, r.Marks = fmt.Sprint("cell-", i), v.name(i), v.marks(i)
	if v.opt.Dir != "" {
		r.Command = fmt.Sprintf("ipwsim study show %s --cell %d --worst", v.opt.Dir, i)
	}
	r.Page = v.opt.Pages[i]
	return r
}

// figures are a cell's as text.
func (v *view) figures(c *studied.Answer) row {
	part, interval := words.Share(c.Band)
	r := row{
		Runs: c.Runs, Failover: figuresOf(c.Failover), Failback: figuresOf(c.Failback),
		Worst: words.StudyTime(c.Longest()), WorstBack: words.StudyTime(c.Failback.Worst), Bound: tenth(c.Worst.Bound),
		Who: v.who(c.Failover), WhoBack: v.who(c.Failback), Band: figure{part, interval},
		Loss: words.Rate(c.False.Loss), Freeze: words.Rate(c.False.Freeze), Split: words.Rate(c.False.Split), False: words.Rate(c.False.Sum()),
		Faults: words.AYear(c.Outage, c.Outage.Faults), Margin: whole(c.Outage.Margin), Release: whole(c.Outage.Release), Outage: words.AYear(c.Outage, c.Outage.Sum()),
	}
	if w := c.Worst; w.Failover != nil {
		r.How = v.Say("study.page.how", words.StudyTime(w.Failover), v.Seconds(w.Phase), v.Seconds(w.Netsh), w.Client, w.VIP)
	}
	return r
}

// who fared worst most often.
func (v *view) who(t studied.Times) string {
	if len(t.For) == 0 {
		return ""
	}
	return v.Say("study.fared", t.For[0].Client, t.For[0].VIP, t.For[0].Runs, t.Runs)
}

func figuresOf(t studied.Times) (all []figure) {
	for _, q := range []studied.Quantile{t.Median, t.P95, t.P99} {
		all = append(all, figure{words.StudyTime(q.Value), words.Interval(q)})
	}
	return all
}

func tenth(v float64) string { return fmt.Sprintf("%.1f", v) }
func whole(v float64) string { return fmt.Sprintf("%.0f", v) }

// short is the cell's values where they vary, without names.
func (v *view) short(i int) string {
	var all []string
	for a, value := range v.a.Cells[i].Values {
		if v.s.Axes[a].Setting && v.varies(a) {
			all = append(all, value)
		}
	}
	if all == nil {
		return v.Say("study.as-it-is-short")
	}
	return strings.Join(all, " / ")
}
