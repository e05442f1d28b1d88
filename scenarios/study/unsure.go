package study

import (
	"math"
	"slices"
	"time"
)

// unsure says whether the 95 % confidence interval of the median failover is wider than the precision.
// The interval is that of order statistics, which assumes nothing of the distribution. Failovers without
// an end count as endless; where they are the most, and where there is no failover, more runs say no more.
func unsure(rows []*Row, precision time.Duration) bool {
	var all []float64
	for _, r := range rows {
		switch {
		case math.IsNaN(r.Failover):
		case r.FailoverOpen:
			all = append(all, math.Inf(1))
		default:
			all = append(all, r.Failover)
		}
	}
	if len(all) == 0 {
		return false
	}
	slices.Sort(all)
	low, high := ranks(len(all), 0.5)
	switch {
	case low < 0 || high >= len(all):
		return true
	case math.IsInf(all[low], 1):
		return false
	}
	return all[high]-all[low] > precision.Seconds()
}
