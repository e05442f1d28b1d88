package words

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// StudyCell is a cell by its axes' values, as studied.Plan.Describe gives them.
func (l Lang) StudyCell(values string) string {
	if values == "" {
		return l.Say("study.as-it-is")
	}
	return values
}

// With is a condition, "with loss 1%"; "" where there is but one.
func (l Lang) With(key, condition string, all []studied.Frontier) string {
	if len(all) < 2 {
		return ""
	}
	return l.Say(key, condition)
}

// MadeOf introduces the waits of a study and what they are made of.
func (l Lang) MadeOf(s *studied.Study) string {
	key := "study.made-of"
	if !s.Table() {
		key = "study.made-of-median"
	}
	if s.FailoverOnly {
		key += "-failover"
	}
	return l.Say(key)
}

// Whose says whose waits a study tells of: of the client and the VIP that were asked for, or of those that fared
// worst, and in how many runs each did.
func (l Lang) Whose(client, vip string, all []studied.Who) string {
	const most = 3
	total := 0
	for _, w := range all {
		total += w.Runs
	}
	var items []string
	for i, w := range all {
		if i == most {
			items = append(items, "…")
			break
		}
		items = append(items, l.Say("study.fared", w.Client, w.VIP, w.Runs, total))
	}
	list := strings.Join(items, l.Say("comma"))
	switch {
	case client != "" && vip != "":
		return l.Say("study.whose-both", client, vip)
	case total == 0:
		return ""
	case client != "":
		return l.Say("study.whose-vip", client, list)
	case vip != "":
		return l.Say("study.whose-client", vip, list)
	}
	return l.Say("study.whose", list)
}

// WhoseOf is Whose of all cells' failovers.
func (l Lang) WhoseOf(a *studied.Answers) string {
	var all []studied.Who
	for i := range a.Cells {
		for _, w := range a.Cells[i].Failover.For {
			k := slices.IndexFunc(all, func(o studied.Who) bool { return o.Client == w.Client && o.VIP == w.VIP })
			if k < 0 {
				k, all = len(all), append(all, studied.Who{Client: w.Client, VIP: w.VIP})
			}
			all[k].Runs += w.Runs
		}
	}
	slices.SortStableFunc(all, func(a, b studied.Who) int { return b.Runs - a.Runs })
	vip := ""
	if a.VIP.IsValid() {
		vip = a.VIP.String()
	}
	return l.Whose(a.Client, vip, all)
}

// StudyVerdict says whether a promise is kept, and what would decide that.
func (l Lang) StudyVerdict(v studied.Verdict, m studied.More) string {
	return l.Say("study."+string(v)) + l.more(m)
}

// StudyClause says of the n-th clause of a promise how many settings keep it.
func (l Lang) StudyClause(w *studied.Want, n int) string {
	if w.Unsure[n] == 0 {
		return l.Say("study.clause", w.Clauses[n], w.Kept[n], w.Settings)
	}
	return l.Say("study.clause-unsure", w.Clauses[n], w.Kept[n], w.Settings, w.Unsure[n]) + l.more(w.More[n])
}

func (l Lang) more(m studied.More) string {
	switch {
	case m.Runs > 0 && m.Never:
		return l.Say("study.runs-more-some", m.Runs)
	case m.Runs > 0:
		return l.Say("study.runs-more", m.Runs)
	case m.Never:
		return l.Say("study.runs-more-never")
	}
	return ""
}

// Rates are what is assumed of a year.
func (l Lang) Rates(r studied.Rates) string {
	return l.Say("study.rates", strconv.FormatFloat(r.Faults, 'g', -1, 64), l.Span(r.Repair), strconv.FormatFloat(r.Freezes, 'g', -1, 64), l.Span(r.Frozen))
}

// Span is a time as people say it: of hours, minutes and seconds those that there are.
func (l Lang) Span(d time.Duration) string {
	h, m, s := d/time.Hour, d%time.Hour/time.Minute, d%time.Minute
	var all []string
	for _, one := range []struct {
		n    time.Duration
		unit string
		text string
	}{{h, "study.hours", strconv.Itoa(int(h))}, {m, "study.minutes", strconv.Itoa(int(m))}, {s, "in-seconds", Bare(s)}} {
		if one.n > 0 || one.unit == "in-seconds" && d == 0 {
			all = append(all, l.Say(one.unit, one.text))
		}
	}
	return strings.Join(all, " ")
}

// Own are a cluster's own settings, by their names in the registry.
func (l Lang) Own(o studied.Own) string {
	return fmt.Sprintf("Interval %s, PingTimeout %s, ReleaseTime %d", l.Seconds(o.Interval), l.Seconds(o.PingTimeout), o.ReleaseTime)
}

// Column is what a column of a study's data files is.
func (l Lang) Column(name string) string {
	for _, o := range finding.Obstacles {
		if studied.PartColumn(o) == name {
			return l.Say("study.column.part", l.Obstacle(o))
		}
	}
	return l.Say("study.column." + name)
}

// More is a difference: so much more, or less.
func (l Lang) More(format string, v float64) string {
	key := "study.more"
	if v < 0 {
		key = "study.less"
	}
	return l.Say(key, fmt.Sprintf(format, math.Abs(v)))
}

// Difference is what today's setting costs a year against another.
func (l Lang) Difference(today, other *studied.Answer) string {
	text := l.Say("study.difference", l.More("%.0f", today.Outage.Sum()-other.Outage.Sum()), l.Rarely(today.False.Sum()), l.Rarely(other.False.Sum()))
	if a, b := today.Failover.Median.Value, other.Failover.Median.Value; a != nil && b != nil {
		text += l.Say("study.difference-median", l.More("%.1f", a.Seconds-b.Seconds))
	}
	return text
}

// Rarely is a number a year for people: what is rarer than once in a thousand years is said to be.
func (l Lang) Rarely(v float64) string {
	switch {
	case v == 0:
		return l.Say("study.never")
	case v < 1e-3:
		return l.Say("study.practically-never", Rate(v))
	}
	return l.Say("study.times-a-year", Rate(v))
}

// LeastRate is the lowest number a year that is told: what is rarer happens never.
const LeastRate = 1e-9

// Rate is a number a year, to two digits. What is less than one in a thousand million years is said to be no more:
// something else happens before.
func Rate(v float64) string {
	switch {
	case 0 < v && v < LeastRate:
		return "<1e-9"
	case v >= 10 && v < 1e6:
		return fmt.Sprintf("%.0f", v)
	}
	return strings.NewReplacer("e-0", "e-", "e+0", "e").Replace(fmt.Sprintf("%.2g", v))
}

// StudyTime is a time in seconds, or its lower bound; "-" for none.
func StudyTime(t *studied.Time) string {
	switch {
	case t == nil:
		return "-"
	case t.AtLeast:
		return fmt.Sprintf(">%.1f", t.Seconds)
	}
	return fmt.Sprintf("%.1f", t.Seconds)
}

// Interval is a quantile's, as 34.9-35.3; an end that is not known is left out, as 34.9-.
func Interval(q studied.Quantile) string {
	if q.Low == nil && q.High == nil {
		return ""
	}
	text := "-"
	if q.Low != nil {
		text = fmt.Sprintf("%.1f-", q.Low.Seconds)
	}
	if q.High != nil {
		text += fmt.Sprintf("%.1f", q.High.Seconds)
	}
	return text
}

// Share is a part of runs in percent, and the interval it lies in.
func Share(s studied.Share) (part, interval string) {
	if s.Runs == 0 {
		return "-", ""
	}
	return fmt.Sprintf("%.1f%%", math.Floor(1000*s.Part)/10), fmt.Sprintf("%.1f-%.1f%%", 100*s.Low, 100*s.High)
}

// AYear is seconds a year, of an outage that may be a lower bound.
func AYear(o studied.Outage, v float64) string {
	if o.Open {
		return fmt.Sprintf(">%.0f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
