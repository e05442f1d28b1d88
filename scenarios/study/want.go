package study

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/studied"
)

// Clause is one condition of a promise: a figure of a cell, and what it must be below or above.
type Clause struct {
	Text   string // as written
	metric metric
	limit  float64 // seconds, a year's number, or a part
	equal  bool    // the limit itself is allowed
}

// Want is a promise: all clauses hold.
type Want []Clause

// metric is a figure that a promise can speak of.
type metric struct {
	name  string
	unit  unit
	above bool // more is better
	// of is the figure of a cell, and the interval that it lies in. The ends are nil where they are not known.
	of func(*studied.Answer) (low, high *float64)
	// enough is the number of runs at which an unsure clause would be decided, see Want.enough; nil: runs decide nothing.
	enough func(Clause, *studied.Answer, studied.Rows) int
}

// unit is how a limit is written.
type unit struct {
	form diag.Text // for messages
	read func(string) (float64, bool)
}

var (
	inTime = unit{diag.Say("a time with its unit, as 20s"), func(s string) (float64, bool) {
		d, err := time.ParseDuration(s)
		return d.Seconds(), err == nil && d >= 0
	}}
	timeAYear = unit{diag.Say("a time a year, as 10m/year"), func(s string) (float64, bool) {
		text, ok := strings.CutSuffix(s, "/year")
		d, err := time.ParseDuration(text)
		return d.Seconds(), ok && err == nil && d >= 0
	}}
	timesAYear = unit{diag.Say("a number a year, as 1/year or 0.1/year"), func(s string) (float64, bool) {
		text, ok := strings.CutSuffix(s, "/year")
		v, err := strconv.ParseFloat(text, 64)
		return v, ok && err == nil && v >= 0 && v <= 1e9
	}}
	percent = unit{diag.Say("a percentage, as 99%%"), func(s string) (float64, bool) {
		text, ok := strings.CutSuffix(s, "%")
		v, err := strconv.ParseFloat(text, 64)
		return v / 100, ok && err == nil && v >= 0 && v <= 100
	}}
)

// metrics are all figures, in the manual's order.
var metrics = []metric{
	{"median failover", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ruled(c.Failover.Median, c.ByRule) }, enoughForQuantile(failoverOf, 0.5)},
	{"p95 failover", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ruled(c.Failover.P95, c.ByRule) }, enoughForQuantile(failoverOf, 0.95)},
	{"p99 failover", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ruled(c.Failover.P99, c.ByRule) }, enoughForQuantile(failoverOf, 0.99)},
	{"worst failover", inTime, false, func(c *studied.Answer) (*float64, *float64) { return worstEnds(c.Longest()) }, nil},
	{"median failback", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ends(c.Failback.Median) }, enoughForQuantile(failbackOf, 0.5)},
	{"p95 failback", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ends(c.Failback.P95) }, enoughForQuantile(failbackOf, 0.95)},
	{"p99 failback", inTime, false, func(c *studied.Answer) (*float64, *float64) { return ends(c.Failback.P99) }, enoughForQuantile(failbackOf, 0.99)},
	{"worst failback", inTime, false, func(c *studied.Answer) (*float64, *float64) { return worstEnds(c.Failback.Worst) }, nil},
	{"false", timesAYear, false, func(c *studied.Answer) (*float64, *float64) { v := c.False.Sum(); return &v, &v }, nil},
	{"split", timesAYear, false, func(c *studied.Answer) (*float64, *float64) { return new(float64), &c.False.Split }, nil},
	{"outage", timeAYear, false, func(c *studied.Answer) (*float64, *float64) { return outageEnds(c.Outage) }, enoughForMean},
	{"band", percent, true, func(c *studied.Answer) (*float64, *float64) { return ruledShare(c.Band, c.ByRule) }, enoughForShare},
}

// ends are those of the interval; nil where it is not known.
func ends(q studied.Quantile) (low, high *float64) {
	if q.Low != nil {
		low = &q.Low.Seconds
	}
	if q.High != nil {
		high = &q.High.Seconds
	}
	return low, high
}

// worstEnds of a longest time: it is known, or it is at least so long.
func worstEnds(t *studied.Time) (low, high *float64) {
	switch {
	case t == nil:
		return nil, nil
	case t.AtLeast:
		return &t.Seconds, nil
	}
	return &t.Seconds, &t.Seconds
}

func outageEnds(o studied.Outage) (low, high *float64) {
	least, most := o.Sum()-o.Margin, o.Sum()+o.Margin
	if o.Open {
		return &least, nil
	}
	return &least, &most
}

var clauseForm = regexp.MustCompile(`^([^<>=]*)([<>=]+)([^<>=]*)$`)

// ParseWant reads a promise: clauses parted by commas, as "p99 failover < 20s, false < 1/year". Every
// problem is reported.
func ParseWant(text string) (Want, diag.List) {
	var w Want
	var problems diag.List
	for part := range strings.SplitSeq(text, ",") {
		c, err := parseClause(strings.TrimSpace(part))
		if err != nil {
			problems.Errorf("", 0, "--want: %w", err)
			continue
		}
		w = append(w, c)
	}
	return w, problems
}

func parseClause(text string) (Clause, error) {
	words := clauseForm.FindStringSubmatch(text)
	if words == nil {
		return Clause{}, diag.Errorf("found %.60q, expected a figure, < or >, and a limit, as p99 failover < 20s", text)
	}
	name, sign, limit := strings.Join(strings.Fields(words[1]), " "), words[2], strings.TrimSpace(words[3])
	m, err := metricOf(name)
	if err != nil {
		return Clause{}, err
	}
	better := "<"
	if m.above {
		better = ">"
	}
	if sign != better && sign != better+"=" {
		return Clause{}, diag.Errorf("%s: found %s, expected %s or %s=", name, sign, better, better)
	}
	v, ok := m.unit.read(limit)
	if !ok {
		return Clause{}, diag.Errorf("%s: found %.60q, expected %s", name, limit, m.unit.form)
	}
	return Clause{name + " " + sign + " " + limit, m, v, sign != better}, nil
}

func metricOf(name string) (metric, error) {
	var names []string
	for _, m := range metrics {
		if m.name == name {
			return m, nil
		}
		names = append(names, m.name)
	}
	return metric{}, diag.Errorf("unknown figure %.60q%s; expected one of %s", name, diag.Suggest(name, names), strings.Join(names, ", "))
}

// judge goes by the whole interval of the figure.
func (c Clause) judge(a *studied.Answer) studied.Verdict {
	low, high := c.metric.of(a)
	good, bad := high, low
	if c.metric.above {
		good, bad = low, high
	}
	switch {
	case good != nil && c.allows(*good):
		return studied.Kept
	case bad != nil && !c.allows(*bad):
		return studied.Broken
	}
	return studied.Unsure
}

func (c Clause) allows(v float64) bool {
	return v == c.limit && c.equal || v < c.limit && !c.metric.above || v > c.limit && c.metric.above
}

// judge is the worst of the clauses' verdicts.
func (w Want) judge(a *studied.Answer) studied.Verdict {
	all := studied.Kept
	for _, c := range w {
		switch c.judge(a) {
		case studied.Broken:
			return studied.Broken
		case studied.Unsure:
			all = studied.Unsure
		}
	}
	return all
}

// Figures are the names of what a promise can be about.
func Figures() (names []string) {
	for _, m := range metrics {
		names = append(names, m.name)
	}
	return names
}

// WantManual names the figures and how their limits are written, in words without line breaks.
func WantManual() string {
	return "any of " + strings.Join(Figures(), ", ") + "; limits are as 20s, 1/year, 10m/year of outage, or band >= 99% (of failovers, within 30 to 40 s)"
}
