package words

import (
	"fmt"
	"math"
	"strconv"

	"ipwsim/sim/studied"
)

// HistoryHead says which nights there are, and how the latest is compared.
func (l Lang) HistoryHead(r *studied.NightReport) (all []string) {
	n := r.Latest
	if n == nil {
		return []string{l.Say("history.none")}
	}
	text := l.Say("history.nights", len(r.Nights), n.Cluster, n.Date.Format("2006-01-02 15:04"), n.Version, strconv.FormatUint(n.Seed, 10))
	if r.Left > 0 {
		text += l.Say("history.left", r.Left)
	}
	if r.Compared == 0 {
		return []string{text, l.Say("history.alone")}
	}
	return []string{text, l.Say("history.tests", r.Compared, r.Comparisons, Probability(r.Alpha), Probability(r.Alpha*float64(max(1, r.Comparisons))))}
}

// NightVerdict is a verdict as a heading: of a regression, or an improvement.
func (l Lang) NightVerdict(v studied.NightVerdict) string {
	if v == studied.Regression {
		return l.Say("history.regression")
	}
	return l.Say("history.improvement")
}

// NightWord is a verdict in a word.
func (l Lang) NightWord(v studied.NightVerdict) string {
	switch v {
	case studied.Regression:
		return l.Say("history.worse")
	case studied.Improvement:
		return l.Say("history.better")
	case studied.Untested:
		return l.Say("history.untested")
	}
	return l.Say("history.same")
}

// NightTest is the test of a change and what it says.
func (l Lang) NightTest(c *studied.NightChange) string {
	if c.Verdict == studied.Untested {
		return ""
	}
	return l.Say("history.p", Probability(c.P), string(c.Test), c.N, c.Before)
}

// NightPoint is a figure of one night.
func (l Lang) NightPoint(c *studied.NightChange, p studied.NightPoint) string {
	switch {
	case p.None:
		return "-"
	case p.Open && c.Kind == studied.OfBug:
		return l.Say("history.not-caught", int(p.Value))
	case p.Open:
		return l.Say("history.open")
	case c.Kind == studied.OfSample:
		return NightValue(p.Value, c.Unit)
	}
	return strconv.FormatFloat(p.Value, 'f', 0, 64)
}

// NightValue is a value of a sample with its unit; "-" for none.
func NightValue(v float64, unit string) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case math.IsInf(v, 1):
		return "inf"
	case unit == studied.Ratio:
		return fmt.Sprintf("%.2f x", v)
	}
	return fmt.Sprintf("%.1f s", v)
}

// Probability is one to three digits.
func Probability(p float64) string { return strconv.FormatFloat(p, 'g', 3, 64) }
