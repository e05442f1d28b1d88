package study

import (
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is that of every interval of a study: 95 %, half of the rest at each end.
const oneTail = 0.025

// ranks are the places, from 0, of the order statistics between which the quantile q of what n values were
// drawn from lies with at least 95 %, whatever its distribution: below the one with at most 2.5 %, above the other
// with as much. A rank of -1, or n, says that n values do not bound it on that side.
func ranks(n int, q float64) (low, high int) {
	if n == 0 {
		return -1, 0
	}
	below := distuv.Binomial{N: float64(n), P: q} // how many of the values are below the quantile
	low = sort.Search(n, func(k int) bool { return below.CDF(float64(k)) > oneTail }) - 1
	high = sort.Search(n, func(k int) bool { return below.CDF(float64(k)) >= 1-oneTail })
	return low, high
}

// Share is a part of runs, with its Clopper-Pearson interval.
type Share struct {
	Runs int     `json:"runs"` // of how many
	Part float64 `json:"part"` // 0 to 1
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// share is k of n, where further runs, unknown, may or may not belong to it. Nothing is known of none of none.
func share(k, unknown, n int) Share {
	if n == 0 {
		return Share{High: 1}
	}
	s := Share{Runs: n, Part: float64(k) / float64(n), High: 1}
	if k > 0 {
		s.Low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), oneTail)
	}
	if most := k + unknown; most < n {
		s.High = mathext.InvRegIncBeta(float64(most+1), float64(n-most), 1-oneTail)
	}
	return s
}
