package auditpage

import (
	"fmt"
	"math"
	"strconv"

	"ipwsim/reports/words"
	"ipwsim/sim/audited"
)

// axis is a scale that all estimates of a kind share.
type axis struct{ from, to float64 }

// axisOf has room for all estimates, and for zero.
func axisOf(all []audited.Estimate) (a axis) {
	for _, e := range all {
		a.from, a.to = min(a.from, e.Low, e.Value), max(a.to, e.High, e.Value)
	}
	if a.to == a.from {
		a.to = a.from + 1
	}
	return a
}

// at is where a value stands, in percent, with a margin for dots at the ends.
func (a axis) at(value float64) string {
	part := (value - a.from) / (a.to - a.from)
	return strconv.FormatFloat(math.Round(10*(2+96*part))/10, 'f', -1, 64)
}

// whisker is an estimate on its axis: places in percent.
type whisker struct{ Zero, Low, High, At, Width, Class string }

func (a axis) whisker(e audited.Estimate) whisker {
	w := whisker{Zero: a.at(0), Low: a.at(e.Low), High: a.at(e.High), At: a.at(e.Value)}
	zero := 2 + 96*(-a.from)/(a.to-a.from)
	at, _ := strconv.ParseFloat(w.At, 64)
	w.Width = strconv.FormatFloat(math.Round(10*max(0, at-zero))/10, 'f', -1, 64)
	switch {
	case e.Low > 0:
		w.Class = "better"
	case e.High < 0:
		w.Class = "worse"
	}
	return w
}

// change is a change that was tried.
type change struct {
	N        int // of the list; 0: it gains nothing
	Title    string
	Choice   bool
	Gain     string
	Details  []string
	Whisker  whisker
	Do       []do
	Upward   string // in which order Edits are made; "": it does not matter
	Edits    []words.AuditPlaced
	Verdict  string
	Interval string
}

type do struct {
	On, Text string
	Command  bool
}

// changes are the list to work through, and what was tried besides, on one axis.
func (v *view) changes() {
	tried, refused := v.a.Played()
	var all []audited.Estimate
	for _, list := range [][]audited.Tried{v.a.Todo, tried} {
		for _, t := range list {
			all = append(all, t.Gain)
		}
	}
	scale := axisOf(all)
	for i := range v.a.Todo {
		c := v.change(&v.a.Todo[i], scale)
		c.N = i + 1
		v.Todo = append(v.Todo, c)
	}
	for i := range tried {
		v.Tried = append(v.Tried, v.change(&tried[i], scale))
	}
	for i := range refused {
		v.Refused = append(v.Refused, v.AuditChange(&refused[i].Change))
	}
	v.Followed = v.AuditFollowed(v.a)
	if len(v.Todo) > 0 && !(v.Todo[0].Choice && len(v.Before) > 0) {
		v.First = &v.Todo[0]
	}
}

func (v *view) change(t *audited.Tried, scale axis) change {
	c := change{Title: v.AuditThen(t, v.AuditChange(&t.Change)), Choice: t.Class == audited.Choice, Verdict: v.Say(verdictKeys[t.Verdict])}
	c.Whisker, c.Gain, c.Details = scale.whisker(t.Gain), v.AuditGain(t), v.AuditDetails(v.a, t)
	c.Interval = v.Say("audit.page.interval", v.AuditAbout(t.Gain.Value, t.Gain.AtLeast), v.AuditTime(t.Gain.Low), v.AuditTime(t.Gain.High))
	for i := range t.Change.Do {
		d := &t.Change.Do[i]
		c.Do = append(c.Do, do{d.On, v.AuditDo(d), d.Command != ""})
	}
	c.Upward, c.Edits = v.AuditEdits(t.Change.Edits)
	return c
}

// verdictKeys are the texts of verdicts.
var verdictKeys = map[audited.Verdict]string{
	audited.Gains: "audit.page.verdict-gains", audited.Asked: "audit.page.verdict-asked", audited.NoGain: "audit.page.verdict-none",
	audited.Instead: "audit.page.verdict-instead", audited.Costs: "audit.page.verdict-costs",
}

// row is a fault, or two, with what it costs a year.
type row struct {
	N                        int
	Name, Year, Each, Rate   string
	Parts, Interval, Longest string
	Pings                    string // that ping alone is silent besides
	Whisker                  whisker
	Story                    string // of the page; "": none
}

// mostRows is how many rows stand open.
const mostRows = 10

func (v *view) rows() {
	story := map[int]string{}
	for i, s := range v.a.Stories {
		story[s.Row] = fmt.Sprint("#story-", i+1)
	}
	var all []audited.Estimate
	for _, r := range v.a.Rows {
		all = append(all, r.Year)
	}
	scale := axisOf(all)
	for i := range v.a.Rows {
		r := &v.a.Rows[i]
		one := row{
			N: i + 1, Name: v.AuditRow(v.a, r), Year: v.AuditAbout(r.Year.Value, r.Year.AtLeast), Each: v.AuditAbout(r.Each.Mean.Value, r.Each.Mean.AtLeast), Rate: words.AuditRate(r.Rate),
			Parts: v.AuditParts(r.Each.Parts, 3), Pings: v.AuditPings(&r.Each), Interval: v.Say("audit.page.range", v.AuditTime(r.Year.Low), v.AuditTime(r.Year.High)), Whisker: scale.whisker(r.Year), Story: story[i],
		}
		if x := r.Longest; x != nil {
			one.Longest = v.Say("audit.page.longest", v.AuditAbout(x.Seconds, x.AtLeast), x.Client, x.VIP)
		}
		if i < mostRows {
			v.Rows = append(v.Rows, one)
		} else {
			v.MoreRows = append(v.MoreRows, one)
		}
	}
}
