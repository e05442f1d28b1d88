// Package studytext is the report of a what-if study for a terminal.
package studytext

import (
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// mostLines is how many cells a terminal is shown one by one.
const mostLines = 40

// page is a report being written.
type page struct {
	*term.Page
	words.Lang
	s *studied.Study
	a *studied.Answers
}

// Say is the words of the page's language.
func (p *page) Say(key string, args ...any) string { return p.Lang.Say(key, args...) }

// Report writes what a study says: every cell, or with brief the overview of all, and the details of none where there
// are more than a terminal holds.
func Report(w io.Writer, s *studied.Study, opt term.Options, brief bool) error {
	p := &page{term.New(opt), opt.Lang, s, s.Answers}
	details := !brief || len(p.a.Cells) <= mostLines
	if !s.Table() {
		p.overview()
		p.gap()
	}
	p.para(p.Say("study.made", len(s.Rows), len(p.a.Cells)) + p.whose())
	if details {
		p.gap()
		p.made()
	}
	if s.Table() {
		return p.Flush(w)
	}
	if details {
		p.details()
	} else {
		p.para(p.Say("study.many-cells", len(p.a.Cells)))
	}
	p.nothingLost()
	p.frontiers()
	if p.a.Want != nil {
		p.gap()
		p.want()
	}
	return p.Flush(w)
}

func (p *page) gap()             { p.Line(term.Plain, "") }
func (p *page) para(text string) { p.Para(term.Plain, "", text) }

// whose says whose waits are told.
func (p *page) whose() string {
	text := p.WhoseOf(p.a)
	if text != "" {
		text = p.Say("sentence-gap") + text
	}
	return text
}

// axes are the names of the axes, and label a cell's values, in one order.
func (p *page) axes() string {
	var names []string
	for _, a := range p.s.Axes {
		names = append(names, a.Name)
	}
	return strings.Join(names, " ")
}

func (p *page) label(values []string) string {
	if len(values) == 0 {
		return p.Say("study.as-it-is-short")
	}
	return strings.Join(values, " ")
}

// overview is a line for each cell: what a client waits for at failover and failback.
func (p *page) overview() {
	t := newTable([]string{p.axes(), p.Say("study.runs"), p.Say("failover"), "", "", "", p.Say("failback"), "", p.Say("study.band-head")},
		[]string{"", "", p.Say("study.median"), "95 %", "99 %", p.Say("study.worst"), p.Say("study.median"), p.Say("study.worst"), fmt.Sprintf("%g-%g s", p.a.Promise[0], p.a.Promise[1])})
	for i := range p.a.Cells {
		c := &p.a.Cells[i]
		band, _ := words.Share(c.Band)
		t.add(p.label(c.Values), fmt.Sprint(c.Runs), words.StudyTime(c.Failover.Median.Value), words.StudyTime(c.Failover.P95.Value),
			words.StudyTime(c.Failover.P99.Value), words.StudyTime(c.Failover.Worst), words.StudyTime(c.Failback.Median.Value), words.StudyTime(c.Failback.Worst), band)
	}
	t.write(p.Page)
}

// made is what the waits are made of: of the only run of each cell, or of the one with the median.
func (p *page) made() {
	p.para(p.MadeOf(p.s) + p.Say("sentence-gap") + p.Say("study.heaps"))
	p.gap()
	heads := []string{""}
	for _, what := range []string{"study.over", "study.back"} {
		heads = append(heads, p.Say(what), p.Say("study.free"), p.Say("study.tentative"), p.Say("study.cache"))
		if p.s.FailoverOnly {
			break
		}
	}
	t := newTable(heads)
	rows := p.s.RowAxis()
	title := ""
	for i := range p.a.Cells {
		c := &p.a.Cells[i]
		label := p.Say("study.as-it-is-short")
		if rows >= 0 {
			label = c.Values[rows]
		}
		if text := p.s.Describe(c.Values, func(a int) bool { return a != rows }); text != title {
			title = text
			t.add(title)
		}
		columns := heaps(c.Failover.Typical)
		if !p.s.FailoverOnly {
			columns = append(columns, heaps(c.Failback.Typical)...)
		}
		t.add(label, columns...)
	}
	t.write(p.Page)
	p.pings()
}

// pings says of each cell how much of its typical failover is a silence to ping alone.
func (p *page) pings() {
	gap := true
	for i := range p.a.Cells {
		c := &p.a.Cells[i]
		t := c.Failover.Typical
		if t == nil || t.PingOnly < leastPings {
			continue
		}
		if gap {
			p.gap()
			gap = false
		}
		p.para(p.Say("study.ping-only", cmp.Or(p.s.Describe(c.Values, func(int) bool { return true }), p.Say("study.as-it-is-short")), words.StudyTime(&t.Time), fmt.Sprintf("%.1f", t.PingOnly)))
	}
}

// leastPings is a silence to ping alone, in seconds, that is worth a word.
const leastPings = 0.1

// heaps are a time and what its silence was made of; a time that breaks what was promised for it is marked.
func heaps(t *studied.Typical) []string {
	if t == nil {
		return []string{"-", "-", "-", "-"}
	}
	total := words.StudyTime(&t.Time)
	if kept, told := t.Kept(); told && !kept {
		total = "!" + total
	}
	all := []string{total}
	for _, v := range []float64{t.Free, t.Tentative, t.Cache} {
		text := "-"
		if v > 0 {
			text = fmt.Sprintf("%.1f", v)
		}
		all = append(all, text)
	}
	return all
}

// details are the confidence intervals and a year.
func (p *page) details() {
	p.gap()
	p.para(p.Say("study.failovers"))
	p.gap()
	p.times(func(c *studied.Answer) (studied.Times, []string) {
		return c.Failover, []string{words.StudyTime(c.Longest()), fmt.Sprintf("%.1f", c.Worst.Bound)}
	}, "W14")
	if !p.s.FailoverOnly {
		p.gap()
		p.para(p.Say("study.failbacks"))
		p.gap()
		p.times(func(c *studied.Answer) (studied.Times, []string) {
			return c.Failback, []string{words.StudyTime(c.Failback.Worst)}
		})
	}
	p.gap()
	p.para(p.Say("study.year", p.Rates(p.a.Rates)))
	p.gap()
	t := newTable([]string{p.axes(), fmt.Sprintf("%g-%g s", p.a.Promise[0], p.a.Promise[1]), p.Say("study.false"), "", "", p.Say("study.outage"), "", "", ""},
		[]string{"", "", p.Say("study.by-loss"), p.Say("study.by-freeze"), p.Say("study.split"), p.Say("study.by-faults"), "+-", p.Say("study.cycles"), p.Say("study.sum")})
	for i := range p.a.Cells {
		c := &p.a.Cells[i]
		part, interval := words.Share(c.Band)
		t.add(p.label(c.Values), cmp.Or(interval, part), words.Rate(c.False.Loss), words.Rate(c.False.Freeze), words.Rate(c.False.Split),
			words.AYear(c.Outage, c.Outage.Faults), fmt.Sprintf("%.0f", c.Outage.Margin), fmt.Sprintf("%.0f", c.Outage.Release), words.AYear(c.Outage, c.Outage.Sum()))
	}
	t.write(p.Page)
}

// times is a table of quantiles with their intervals, the longest, and what else of says.
func (p *page) times(of func(*studied.Answer) (studied.Times, []string), more ...string) {
	t := newTable(append([]string{p.axes(), p.Say("study.median"), "", "95 %", "", "99 %", "", p.Say("study.worst")}, more...))
	for i := range p.a.Cells {
		c := &p.a.Cells[i]
		times, rest := of(c)
		t.add(p.label(c.Values), append(quantiles(times.Median, times.P95, times.P99), rest...)...)
	}
	t.write(p.Page)
}

func quantiles(all ...studied.Quantile) (texts []string) {
	for _, q := range all {
		texts = append(texts, words.StudyTime(q.Value), words.Interval(q))
	}
	return texts
}

// nothingLost tells of runs that have no failover.
func (p *page) nothingLost() {
	runs, cells := 0, 0
	for i := range p.a.Cells {
		if n := p.a.Cells[i].Runs - p.a.Cells[i].Failover.Runs; n > 0 {
			runs, cells = runs+n, cells+1
		}
	}
	if runs > 0 {
		p.gap()
		p.para(p.Say("study.no-failover", runs, cells))
	}
}

func (p *page) frontiers() {
	p.gap()
	p.para(p.Say("study.frontier"))
	for _, f := range p.a.Frontiers {
		p.gap()
		if with := p.With("study.with-head", f.Condition, p.a.Frontiers); with != "" {
			p.para(with)
		}
		t := newTable([]string{p.axes(), p.Say("study.outage-year"), p.Say("study.false-year"), p.Say("study.median-failover")})
		for _, i := range f.Cells {
			c := &p.a.Cells[i]
			t.add(p.label(c.Values), words.AYear(c.Outage, c.Outage.Sum()), words.Rate(c.False.Sum()), words.StudyTime(c.Failover.Median.Value))
		}
		t.write(p.Page)
	}
}

// want says which setting keeps the promise, whether fresh seeds agree, and what today's does.
func (p *page) want() {
	w := p.a.Want
	found := len(w.Cells) > 0
	p.para(p.Say("study.wanted", strings.Join(w.Clauses, ", ")))
	if found {
		p.para(p.Say("study.fastest", p.StudyCell(w.Setting)))
		p.para(p.Say("study.confirmed", p.StudyVerdict(w.Confirmed, w.FreshMore)))
	} else {
		p.para(p.Say("study.none-sure", w.Settings))
		for i := range w.Clauses {
			p.Para(term.Plain, "  ", p.StudyClause(w, i))
		}
	}
	p.para(p.Say("study.todays", p.StudyVerdict(w.Verdict, w.TodayMore)))
	p.gap()
	t := newTable([]string{"", p.Say("study.failover-s"), "", "", "", "", p.Say("study.a-year"), ""}, []string{"", p.Say("study.median"), "", "99 %", "", p.Say("study.worst"), p.Say("study.outage"), p.Say("study.false-short")})
	row := func(key string, c *studied.Answer) {
		t.add(p.Say(key), append(quantiles(c.Failover.Median, c.Failover.P99), words.StudyTime(c.Longest()), words.AYear(c.Outage, c.Outage.Sum()), words.Rate(c.False.Sum()))...)
	}
	for i := range w.Today {
		if with := p.With("study.with-head", p.condition(i), p.a.Frontiers); with != "" {
			t.add(with)
		}
		if found {
			row("study.row-wanted", &p.a.Cells[w.Cells[i]])
			row("study.row-fresh", &w.Fresh[i])
		}
		row("study.row-today", &w.Today[i])
	}
	t.write(p.Page)
	for i := range w.Today {
		if found {
			p.gap()
			p.para(p.Say("study.against", p.With("study.with-lead", p.condition(i), p.a.Frontiers), p.Difference(&w.Today[i], &p.a.Cells[w.Cells[i]])))
		}
	}
}

// condition is the n-th.
func (p *page) condition(n int) string {
	if n < len(p.a.Frontiers) {
		return p.a.Frontiers[n].Condition
	}
	return ""
}

// Columns describes every column of the data files, a line each and what is long below its beginning.
func Columns(w io.Writer, opt term.Options) error {
	p := &page{Page: term.New(opt), Lang: opt.Lang}
	p.para(p.Say("study.columns"))
	p.gap()
	wide := 0
	for _, c := range studied.Columns() {
		wide = max(wide, len(c.Name))
	}
	for _, c := range studied.Columns() {
		p.Para(term.Plain, term.Pad(c.Name, wide+1), p.Column(c.Name))
	}
	p.gap()
	p.para(p.Say("study.examples"))
	p.Line(term.Plain, `  duckdb -c "select cell, median(failover) from 'rows.parquet' group by cell"`)
	p.Line(term.Plain, `  python3 -c "import pandas; print(pandas.read_csv('rows.csv').describe())"`)
	return p.Flush(w)
}

// Title is what a run of a cell is called when it is shown: with whose failover it is, "" for none, and its worst case,
// nil for a run that was drawn.
func Title(s *studied.Plan, c *studied.Cell, worst *studied.Worst, client string, vip netip.Addr) finding.Phrase {
	say := func(l words.Lang) string {
		text := l.Say("study.cell", c.Index, l.StudyCell(s.Describe(c.Values, studied.Every)))
		if worst != nil {
			text += l.Say("study.cell-worst", l.Seconds(worst.Phase), l.Seconds(worst.Netsh))
		}
		if client != "" {
			text += l.Say("study.cell-who", client, vip)
		}
		return text
	}
	return finding.Phrase{En: say(words.English), Ja: say(words.Japanese)}
}
