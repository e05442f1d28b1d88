package study

import (
	"math"
	"slices"
)

// Time is a time in seconds, or a lower bound of it.
type Time struct {
	Seconds float64 `json:"seconds"`
	AtLeast bool    `json:"at_least,omitempty"` // it lies among runs that ended without an answer
}

// Quantile is a quantile of a cell's runs and its 95 % confidence interval, which assumes nothing of their
// distribution. Low or High is nil when there are too few runs, or too many without an answer, to bound it.
type Quantile struct {
	Value *Time `json:"value"` // nil: no run
	Low   *Time `json:"low"`
	High  *Time `json:"high"`
}

// Times are what the runs of a cell say of a time.
type Times struct {
	Runs   int      `json:"runs"`   // in which it was measured
	Open   int      `json:"open"`   // of Runs, those that ended without an answer
	Median Quantile `json:"median"` // 50 %
	P95    Quantile `json:"p95"`
	P99    Quantile `json:"p99"`
	Worst  *Time    `json:"worst"`  // the longest; nil: no run
	Beyond float64  `json:"beyond"` // with 95 %, at most this part of all runs would be longer than Worst
	Mean   *Time    `json:"mean"`   // nil: no run
	Margin float64  `json:"margin"` // Mean is known to so many seconds, by the normal distribution
}

// sample is what was measured, sorted in two ways between which the truth lies.
type sample struct {
	ended []Time // those without an answer at the end, as if endless
	cut   []Time // those without an answer as if they had got it when the run ended
}

// sampleOf sorts the values that were measured.
func sampleOf(rows []Row, get func(*Row) (float64, bool)) sample {
	var s sample
	for i := range rows {
		if v, open := get(&rows[i]); !math.IsNaN(v) {
			s.cut = append(s.cut, Time{v, open})
		}
	}
	return s.sorted()
}

func (s sample) sorted() sample {
	order := func(endless bool) func(a, b Time) int {
		return func(a, b Time) int {
			switch {
			case endless && a.AtLeast != b.AtLeast:
				return sign(a.AtLeast)
			case a.Seconds < b.Seconds:
				return -1
			case a.Seconds > b.Seconds:
				return 1
			}
			return 0
		}
	}
	s.ended = slices.Clone(s.cut)
	slices.SortFunc(s.cut, order(false))
	slices.SortFunc(s.ended, order(true))
	return s
}

func sign(more bool) int {
	if more {
		return 1
	}
	return -1
}

// rankOf is the rank, from 0, of the quantile q: the least value that at least this part did not exceed.
func rankOf(n int, q float64) int { return max(0, int(math.Ceil(q*float64(n)))-1) }

// at is the value at a rank: one that may be of a run without an answer is a lower bound.
func (s sample) at(rank int) *Time {
	if one := s.ended[rank]; !one.AtLeast {
		return &one
	}
	return &Time{s.cut[rank].Seconds, true}
}

// quantile is the quantile q with its interval.
func (s sample) quantile(q float64) Quantile {
	n := len(s.ended)
	if n == 0 {
		return Quantile{}
	}
	all := Quantile{Value: s.at(rankOf(n, q))}
	low, high := ranks(n, q)
	if low >= 0 {
		all.Low = &Time{Seconds: s.cut[low].Seconds}
	}
	if high < n && !s.ended[high].AtLeast {
		all.High = &s.ended[high]
	}
	return all
}

// times sums the sample up.
func (s sample) times() Times {
	n := len(s.ended)
	t := Times{Runs: n, Median: s.quantile(0.5), P95: s.quantile(0.95), P99: s.quantile(0.99), Beyond: 1}
	if n == 0 {
		return t
	}
	t.Worst = s.at(n - 1)
	t.Beyond = -math.Expm1(math.Log(0.05) / float64(n))
	mean, square := 0.0, 0.0
	for _, one := range s.cut {
		mean += one.Seconds / float64(n)
		if one.AtLeast {
			t.Open++
		}
	}
	for _, one := range s.cut {
		square += (one.Seconds - mean) * (one.Seconds - mean)
	}
	t.Mean = &Time{mean, t.Open > 0}
	if n > 1 {
		t.Margin = 1.96 * math.Sqrt(square/float64(n-1)/float64(n))
	}
	return t
}

// within is the share between two bounds, both allowed.
func (s sample) within(low, high float64) Share {
	in, unknown := 0, 0
	for _, one := range s.cut {
		switch {
		case one.AtLeast && one.Seconds <= high:
			unknown++
		case !one.AtLeast && low <= one.Seconds && one.Seconds <= high:
			in++
		}
	}
	return share(in, unknown, len(s.cut))
}

func failoverOf(r *Row) (float64, bool) { return r.Failover, r.FailoverOpen }
func failbackOf(r *Row) (float64, bool) { return r.Failback, r.FailbackOpen }
func silentOf(r *Row) (float64, bool)   { return r.Silent, r.FailbackOpen }
