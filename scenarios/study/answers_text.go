package study

import (
	"fmt"
	"io"
	"strings"
)

// mostLines is how many cells the text has for a terminal.
const mostLines = 40

// Report writes the answers in lines of 80 columns: every cell, or with brief none when there are more than
// fit a terminal.
func (p *Plan) Report(w io.Writer, a *Answers, brief bool) error {
	var b strings.Builder
	if !brief || len(a.Cells) <= mostLines {
		b.WriteString(paragraph("Failover, s, each with its 95 % confidence interval; > is a lower bound, for runs "+
			"without an answer. Worst is the longest seen, in the runs or by search; W14 is its bound where no frame is "+
			"lost and the client hears of the switch.") + "\n")
		b.WriteString(p.failovers(a).String())
		if !p.FailoverOnly {
			b.WriteString("\nFailback, s:\n\n" + p.failbacks(a).String())
		}
		b.WriteString("\n" + paragraph("A year: false take-overs of a healthy VIP by lost polls (counted exactly, not "+
			"sampled) and by freezes of its holder; split: at most so many of the first leave two holders. Outage, s: of "+
			"faults with what they come back with, and of release cycles (W18). Assumed: "+a.Rates.String()+".") + "\n")
		b.WriteString(p.years(a).String())
	} else {
		fmt.Fprintf(&b, "%d cells: the figures of each are in summary.txt and summary.json.\n", len(a.Cells))
	}
	b.WriteString(a.nothingLost())
	b.WriteString("\nFrontier: no other cell has less outage and fewer false take-overs.\n")
	for _, f := range a.Frontiers {
		b.WriteString("\n")
		if len(a.Frontiers) > 1 {
			b.WriteString(paragraph("With " + f.Condition + ":"))
		}
		b.WriteString(p.frontierTable(a, f.Cells).String())
	}
	if a.Want != nil {
		b.WriteString("\n" + p.wantText(a))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// nothingLost tells of runs that have no failover; "" when all have one.
func (a *Answers) nothingLost() string {
	runs, cells := 0, 0
	for i := range a.Cells {
		if n := a.Cells[i].Runs - a.Cells[i].Failover.Runs; n > 0 {
			runs, cells = runs+n, cells+1
		}
	}
	if runs == 0 {
		return ""
	}
	return "\n" + paragraph(fmt.Sprintf("%d runs of %d cells have no failover: when the fault was to come, no node held the "+
		"VIP and answered the client. They count in no time above.", runs, cells))
}

// paragraph breaks words into lines.
func paragraph(text string) string {
	var b strings.Builder
	n := 0
	for _, word := range strings.Fields(text) {
		switch {
		case n == 0:
		case n+1+len(word) > lineWidth:
			b.WriteByte('\n')
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += len(word)
	}
	return b.String() + "\n"
}

func (p *Plan) failovers(a *Answers) *textTable {
	t := newTable([]string{p.axes(), "median", "", "95 %", "", "99 %", "", "worst", "W14"})
	for i := range a.Cells {
		c := &a.Cells[i]
		t.add(p.label(&p.cells[i]), append(quantiles(c.Failover), timeText(c.worst()), fmt.Sprintf("%.1f", c.Worst.Bound))...)
	}
	return t
}

func (p *Plan) failbacks(a *Answers) *textTable {
	t := newTable([]string{p.axes(), "median", "", "95 %", "", "99 %", "", "worst"})
	for i := range a.Cells {
		c := &a.Cells[i]
		t.add(p.label(&p.cells[i]), append(quantiles(c.Failback), timeText(c.Failback.Worst))...)
	}
	return t
}

func quantiles(t Times) (texts []string) {
	for _, q := range []Quantile{t.Median, t.P95, t.P99} {
		texts = append(texts, timeText(q.Value), q.interval())
	}
	return texts
}

// interval is as 34.9-35.3; an end that is not known is left out, as 34.9-.
func (q Quantile) interval() string {
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

func timeText(t *Time) string {
	switch {
	case t == nil:
		return "-"
	case t.AtLeast:
		return fmt.Sprintf(">%.1f", t.Seconds)
	}
	return fmt.Sprintf("%.1f", t.Seconds)
}

func (p *Plan) years(a *Answers) *textTable {
	t := newTable([]string{p.axes(), "in 30-40 s", "false", "take-overs", "", "outage", "", "", ""},
		[]string{"", "", "by loss", "by freeze", "split", "faults", "+-", "cycles", "sum"})
	for i := range a.Cells {
		c := &a.Cells[i]
		t.add(p.label(&p.cells[i]), c.Band.String(), rate(c.False.Loss), rate(c.False.Freeze), rate(c.False.Split),
			c.Outage.text(c.Outage.Faults), fmt.Sprintf("%.0f", c.Outage.Margin), fmt.Sprintf("%.0f", c.Outage.Release), c.Outage.text(c.Outage.Sum()))
	}
	return t
}

// String is the interval, in percent.
func (s Share) String() string {
	if s.Runs == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f-%.1f%%", 100*s.Low, 100*s.High)
}

func (o Outage) text(v float64) string {
	if o.Open {
		return fmt.Sprintf(">%.0f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// rate is a number a year, to two digits. What is less than one in a thousand million years is said to be no more:
// something else happens before.
func rate(v float64) string {
	switch {
	case 0 < v && v < 1e-9:
		return "<1e-9"
	case v >= 10 && v < 1e6:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

func (p *Plan) frontierTable(a *Answers, cells []int) *textTable {
	t := newTable([]string{p.axes(), "outage a year, s", "false a year", "median failover, s"})
	for _, i := range cells {
		c := &a.Cells[i]
		t.add(p.label(&p.cells[i]), c.Outage.text(c.Outage.Sum()), rate(c.False.Sum()), timeText(c.Failover.Median.Value))
	}
	return t
}

// wantText says which setting keeps the promise, whether fresh seeds agree, and what today's does.
func (p *Plan) wantText(a *Answers) string {
	w := a.Want
	var b strings.Builder
	b.WriteString(paragraph("Wanted: " + strings.Join(w.Clauses, ", ")))
	if w.Setting == "" {
		fmt.Fprintf(&b, "No setting is sure to keep it. Of %d:\n", w.Settings)
		for i, text := range w.Clauses {
			fmt.Fprintf(&b, "  %s: %d keep it, of %d more runs decide\n", text, w.Kept[i], w.Unsure[i])
		}
	} else {
		b.WriteString(paragraph("Fastest that keeps it: " + w.Setting))
		fmt.Fprintf(&b, "With fresh seeds, a study of it alone: %s\n", w.Confirmed)
	}
	fmt.Fprintf(&b, "Today's setting: %s\n\n", w.Verdict)
	t := newTable([]string{"", "failover, s", "", "", "", "", "a year", ""}, []string{"", "median", "", "99 %", "", "worst", "outage, s", "false"})
	for i := range w.Today {
		if axes, _ := p.partOf(&p.cells[0], false); len(axes) > 0 {
			t.add("With " + (&Plan{Axes: axes}).Describe(&Cell{Values: w.Today[i].Values}) + ":")
		}
		if w.Setting != "" {
			wantedRow(t, "wanted", &a.Cells[w.Cells[i]])
			wantedRow(t, "fresh seeds", &w.Fresh[i])
		}
		wantedRow(t, "today's", &w.Today[i])
	}
	b.WriteString(t.String())
	for i := range w.Today {
		if w.Setting != "" {
			b.WriteString("\n" + paragraph(p.difference(&w.Today[i], &a.Cells[w.Cells[i]])))
		}
	}
	return b.String()
}

func wantedRow(t *textTable, name string, c *CellAnswer) {
	m, q := c.Failover.Median, c.Failover.P99
	t.add(name, timeText(m.Value), m.interval(), timeText(q.Value), q.interval(), timeText(c.worst()), c.Outage.text(c.Outage.Sum()), rate(c.False.Sum()))
}

// difference is what today's setting costs against the wanted one, under the same conditions.
func (p *Plan) difference(today, wanted *CellAnswer) string {
	text := ""
	if axes, values := p.partOf(&p.cells[wanted.Cell], false); len(axes) > 0 {
		text = "With " + (&Plan{Axes: axes}).Describe(&Cell{Values: values}) + ", today's"
	} else {
		text = "Today's"
	}
	text += fmt.Sprintf(" setting has %s of outage a year, and %s false take-overs a year instead of %s",
		moreOrLess("%.0f s", today.Outage.Sum()-wanted.Outage.Sum()), rate(today.False.Sum()), rate(wanted.False.Sum()))
	if a, b := today.Failover.Median.Value, wanted.Failover.Median.Value; a != nil && b != nil {
		text += fmt.Sprintf("; its median failover is %s", moreOrLess("%.1f s", a.Seconds-b.Seconds))
	}
	return text + "."
}

func moreOrLess(form string, v float64) string {
	if v < 0 {
		return fmt.Sprintf(form, -v) + " less"
	}
	return fmt.Sprintf(form, v) + " more"
}
