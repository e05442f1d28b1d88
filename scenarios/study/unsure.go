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
	slices.Sort(all)
	lo, ok := medianRank(len(all))
	switch {
	case len(all) == 0:
		return false
	case !ok:
		return true
	case math.IsInf(all[lo], 1):
		return false
	}
	return all[len(all)-1-lo]-all[lo] > precision.Seconds()
}

// medianRank is the place, from 0, of the order statistic that the median is below with at most 2.5 %;
// its counterpart from the end bounds the median from above. ok is false for too few values.
func medianRank(n int) (rank int, ok bool) {
	sum, log := 0.0, -float64(n)*math.Ln2 // the binomial distribution's first term, as a logarithm
	for k := range n {
		sum += math.Exp(log)
		if sum > 0.025 {
			return k - 1, k > 0
		}
		log += math.Log(float64(n-k)) - math.Log(float64(k+1))
	}
	return 0, false
}
