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
		b.WriteString("Failover, s: each with its 95 % confidence interval; > is a lower bound, for runs\n" +
			"without an answer. Worst is the longest found by search, W14 its bound.\n\n")
		b.WriteString(p.failovers(a).String())
		if !p.FailoverOnly {
			b.WriteString("\nFailback, s:\n\n" + p.failbacks(a).String())
		}
		b.WriteString("\nA year: false take-overs of a healthy VIP by lost polls (exact, counted) and by\n" +
			"freezes of its holder; split: most of them that leave two holders. Outage, s: of\n" +
			"faults with what they come back with, and of release cycles (W18).\n" + paragraph("Assumed: "+a.Rates.String()+".") + "\n")
		b.WriteString(p.years(a).String())
	} else {
		fmt.Fprintf(&b, "%d cells: the figures of each are in summary.txt and summary.json.\n", len(a.Cells))
	}
	b.WriteString("\nFrontier: no other cell has less outage and fewer false take-overs.\n\n")
	b.WriteString(p.frontierTable(a).String())
	if a.Want != nil {
		b.WriteString("\n" + p.wantText(a))
	}
	_, err := io.WriteString(w, b.String())
	return err
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

// rate is a number a year, to two digits.
func rate(v float64) string {
	if v >= 10 && v < 1e6 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

func (p *Plan) frontierTable(a *Answers) *textTable {
	t := newTable([]string{p.axes(), "outage a year, s", "false a year", "median failover, s"})
	for _, i := range a.Frontier {
		c := &a.Cells[i]
		t.add(p.label(&p.cells[i]), c.Outage.text(c.Outage.Sum()), rate(c.False.Sum()), timeText(c.Failover.Median.Value))
	}
	return t
}

// wantText says which cell keeps the promise, whether fresh seeds agree, and what today's setting does.
func (p *Plan) wantText(a *Answers) string {
	w := a.Want
	var b strings.Builder
	b.WriteString("Wanted: " + strings.Join(w.Text, ", ") + "\n")
	t := newTable([]string{"", "", "p99 failover, s", "", "worst", "outage", "false"})
	row := func(name string, c *CellAnswer, v Verdict) {
		t.add(name, string(v), timeText(c.Failover.P99.Value), c.Failover.P99.interval(), timeText(c.worst()), c.Outage.text(c.Outage.Sum()), rate(c.False.Sum()))
	}
	if w.Cell == nil {
		b.WriteString("No cell is sure to keep it:\n")
		for i, text := range w.Text {
			fmt.Fprintf(&b, "  %s: %d of %d cells\n", text, w.Kept[i], len(a.Cells))
		}
	} else {
		c := &a.Cells[*w.Cell]
		b.WriteString(paragraph("Fastest that keeps it: " + p.Describe(&p.cells[*w.Cell])))
		row("this setting", c, Kept)
		row("the same, fresh seeds", w.Fresh, w.Confirmed)
	}
	row("today's setting", &w.Today, w.Verdict)
	b.WriteString("\n" + t.String())
	if w.Cell != nil {
		c := &a.Cells[*w.Cell]
		b.WriteString("\n" + paragraph(difference(&w.Today, c)))
	}
	return b.String()
}

// difference is what today's setting costs against the wanted one.
func difference(today, wanted *CellAnswer) string {
	text := fmt.Sprintf("Today's setting costs %+.0f s of outage a year against it, and %s false take-overs a year against %s",
		today.Outage.Sum()-wanted.Outage.Sum(), rate(today.False.Sum()), rate(wanted.False.Sum()))
	if a, b := today.Failover.Median.Value, wanted.Failover.Median.Value; a != nil && b != nil {
		text += fmt.Sprintf("; its median failover is %+.1f s", a.Seconds-b.Seconds)
	}
	return text + "."
}
