package studytext

import (
	"fmt"
	"io"
	"math"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// Compare writes what lies between pairs of cells.
func Compare(w io.Writer, all []*studied.Comparison, opt term.Options) error {
	p := &page{Page: term.New(opt), Lang: opt.Lang}
	for i, c := range all {
		if i > 0 {
			p.gap()
		}
		p.comparison(c)
	}
	return p.Flush(w)
}

func (p *page) comparison(c *studied.Comparison) {
	for _, side := range []struct {
		name string
		of   studied.Party
	}{{"A", c.A}, {"B", c.B}} {
		p.Para(term.Plain, side.name+"  ", side.of.Name)
		if text := p.Whose(side.of.Client, side.of.VIP, side.of.For); text != "" {
			p.Para(term.Plain, "   ", text)
		}
	}
	for _, ch := range c.Changed {
		if ch.Setting != "values" {
			p.Para(term.Plain, "   ", p.Say("study.changed", ch.Setting, p.given(ch.A), p.given(ch.B)))
		}
	}
	p.gap()
	p.para(p.Say("study.paired"))
	p.gap()
	t := newTable([]string{"", p.Say("study.pairs"), "+ / -", "p", p.Say("study.median"), "", p.Say("study.mean"), ""})
	for _, one := range []struct {
		name string
		p    studied.Paired
	}{{"failover", c.Failover}, {"failback", c.Failback}} {
		x := one.p
		t.add(p.Say(one.name), fmt.Sprint(x.Pairs), fmt.Sprintf("%d/%d", x.Longer, x.Shorter), fmt.Sprintf("%.1g", x.Significance),
			signed(x.Median), bounds(x.Low, x.High), signed(x.Mean), bounds(x.MeanLow, x.MeanHigh))
	}
	t.write(p.Page)
	if n := c.Failover.Unknown + c.Failback.Unknown; n > 0 {
		p.para(p.Say("study.pairs-unknown", n))
	}
	p.gap()
	p.para(p.Say(verdict(c.Failover), p.Say("study.Failover")))
	p.para(p.Say(verdict(c.Failback), p.Say("study.Failback")))
	if a, b := verdict(c.Failover), verdict(c.Failback); a == longer && b == shorter || a == shorter && b == longer {
		p.para(p.Say("study.trade"))
	}
	for i, s := range c.Most {
		if i == 0 {
			p.gap()
			p.para(p.Say("study.differ-most"))
		}
		p.Line(term.Plain, "  "+p.Say("study.seed-pair", s.Seed, words.StudyTime(&s.A), words.StudyTime(&s.B)))
		for _, show := range []string{c.A.Show, c.B.Show} {
			p.Command(term.Plain, "    ", "", fmt.Sprintf("ipwsim study show %s --seed %d", show, s.Seed))
		}
	}
}

// given is a setting; one that is not given is said so.
func (p *page) given(value string) string {
	if value == "" || value == "0s" {
		return p.Say("study.not-given")
	}
	return value
}

// longer and shorter are what B is, as far as chance does not explain it.
const (
	longer  = "study.longer"
	shorter = "study.shorter"
)

// verdict is the difference in a sentence.
func verdict(x studied.Paired) string {
	switch {
	case x.Pairs == 0:
		return "study.no-pair"
	case x.Longer+x.Shorter == 0:
		return "study.same"
	case x.Significance > 0.05:
		return "study.not-significant"
	case x.Longer > x.Shorter:
		return longer
	}
	return shorter
}

func signed(v *float64) string {
	if v == nil {
		return "-"
	}
	if math.Abs(*v) < 0.005 { // no -0.00
		return "+0.00"
	}
	return fmt.Sprintf("%+.2f", *v)
}

func bounds(low, high *float64) string {
	if low == nil && high == nil {
		return ""
	}
	return "[" + signed(low) + " " + signed(high) + "]"
}
