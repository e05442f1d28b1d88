package study

import (
	"math"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// byRule is where W14 puts every failover of the cell. It says nothing where cables disturb frames, for then polls are
// lost or late, and where a run, or the worst case that was found, lies elsewhere: something besides the watcher counts.
func (c *Cell) byRule(rows studied.Rows, worst *studied.Time) *studied.Span {
	if len(c.blueprint.Impaired) > 0 {
		return nil
	}
	h := cluster.Header(c.blueprint, "", 0)
	b := facts.TakeTime(&h, h.Node(c.slave().Role), facts.Sighting{})
	span := &studied.Span{Least: b.Least.Seconds(), Most: b.Most.Seconds()}
	if worst != nil && !span.Has(worst.Seconds, worst.AtLeast) {
		return nil
	}
	for _, r := range rows.All() {
		if v, open := failoverOf(r); math.IsNaN(v) || !span.Has(v, open) {
			return nil
		}
	}
	return span
}

// ruled is the interval cut to what a rule says.
func ruled(q studied.Quantile, by *studied.Span) (low, high *float64) {
	low, high = ends(q)
	if by == nil {
		return low, high
	}
	if low == nil || *low < by.Least {
		low = &by.Least
	}
	if high == nil || *high > by.Most {
		high = &by.Most
	}
	return low, high
}

// ruledShare is the interval of the part of failovers in the promised band, cut to what a rule says.
func ruledShare(s studied.Share, by *studied.Span) (low, high *float64) {
	all, none := 1.0, 0.0
	switch {
	case by == nil:
		return &s.Low, &s.High
	case bandLow <= by.Least && by.Most <= bandHigh:
		return &all, &all
	case by.Most < bandLow || bandHigh < by.Least:
		return &none, &none
	}
	return &s.Low, &s.High
}
