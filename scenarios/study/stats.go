package study

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"ipwsim/sim/studied"
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

// share is k of n, where further runs, unknown, may or may not belong to it. Nothing is known of none of none.
func share(k, unknown, n int) studied.Share {
	if n == 0 {
		return studied.Share{High: 1}
	}
	s := studied.Share{Runs: n, Part: float64(k) / float64(n), High: 1}
	if k > 0 {
		s.Low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), oneTail)
	}
	if most := k + unknown; most < n {
		s.High = mathext.InvRegIncBeta(float64(most+1), float64(n-most), 1-oneTail)
	}
	return s
}

// sample is what was measured, sorted in two ways between which the truth lies.
type sample struct {
	ended []studied.Time // those without an answer at the end, as if endless
	cut   []studied.Time // those without an answer as if they had got it when the run ended
}

// sampleOf sorts the values that were measured.
func sampleOf(rows studied.Rows, get func(*studied.Row) (float64, bool)) sample {
	s := sample{cut: make([]studied.Time, 0, len(rows))}
	for _, r := range rows.All() {
		if v, open := get(r); !math.IsNaN(v) {
			s.cut = append(s.cut, studied.Time{Seconds: v, AtLeast: open})
		}
	}
	return s.sorted()
}

func (s sample) sorted() sample {
	order := func(endless bool) func(a, b studied.Time) int {
		return func(a, b studied.Time) int {
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
func (s sample) at(rank int) *studied.Time {
	if one := s.ended[rank]; !one.AtLeast {
		return &one
	}
	return &studied.Time{Seconds: s.cut[rank].Seconds, AtLeast: true}
}

// quantile is the quantile q with its interval.
func (s sample) quantile(q float64) studied.Quantile {
	n := len(s.ended)
	if n == 0 {
		return studied.Quantile{}
	}
	all := studied.Quantile{Value: s.at(rankOf(n, q))}
	low, high := ranks(n, q)
	if low >= 0 {
		all.Low = &studied.Time{Seconds: s.cut[low].Seconds}
	}
	if high < n && !s.ended[high].AtLeast {
		all.High = &s.ended[high]
	}
	return all
}

// Quantiles are the quantiles of times that were measured in runs drawn alike, as those of a study: each by rank, with
// its 95 % interval by order statistics, which needs no distribution. 0 is the least; all are empty where no time is.
func Quantiles(times []studied.Time, parts ...float64) (all []studied.Quantile) {
	s := sample{cut: slices.Clone(times)}.sorted()
	for _, q := range parts {
		all = append(all, s.quantile(q))
	}
	return all
}

// times sums the sample up.
func (s sample) times() studied.Times {
	n := len(s.ended)
	t := studied.Times{Runs: n, Median: s.quantile(0.5), P95: s.quantile(0.95), P99: s.quantile(0.99), Beyond: 1}
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
	t.Mean = &studied.Time{Seconds: mean, AtLeast: t.Open > 0}
	if n > 1 {
		t.Margin = 1.96 * math.Sqrt(square/float64(n-1)/float64(n))
	}
	return t
}

// within is the share between two bounds, both allowed.
func (s sample) within(low, high float64) studied.Share {
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

func failoverOf(r *studied.Row) (float64, bool) { return r.Failover, r.FailoverOpen }
func failbackOf(r *studied.Row) (float64, bool) { return r.Failback, r.FailbackOpen }
func silentOf(r *studied.Row) (float64, bool)   { return r.Silent, r.FailbackOpen }

// failovers and failbacks are what the rows of a cell say of them.
func failovers(rows studied.Rows) studied.Times {
	return timesOf(rows, failoverOf, func(r *studied.Row) studied.Who { return studied.Who{Client: r.FailoverClient, VIP: r.FailoverVIP} },
		func(r *studied.Row) (t studied.Typical) {
			h := r.Heaps()
			t.Promise, t.Silent = [2]float64{r.FailoverLeast, r.FailoverMost}, r.Failover
			t.Free, t.Tentative, t.Cache = h[studied.Free], h[studied.Tentative], h[studied.Cache]
			t.PingOnly = r.PingOnly
			return t
		})
}

func failbacks(rows studied.Rows) studied.Times {
	return timesOf(rows, failbackOf, func(r *studied.Row) studied.Who { return studied.Who{Client: r.FailbackClient, VIP: r.FailbackVIP} },
		func(r *studied.Row) studied.Typical {
			return studied.Typical{Promise: [2]float64{r.FailbackLeast, r.FailbackMost}, Silent: r.Silent,
				Free: r.FailbackFree, Tentative: r.FailbackTentative, Cache: r.FailbackCache}
		})
}

// timesOf sums the times up, with whose they are and what the median one was made of.
func timesOf(rows studied.Rows, get func(*studied.Row) (float64, bool), who func(*studied.Row) studied.Who, made func(*studied.Row) studied.Typical) studied.Times {
	s := sampleOf(rows, get)
	t := s.times()
	t.For = []studied.Who{}
	if t.Runs == 0 {
		return t
	}
	median := rankOf(t.Runs, 0.5)
	typical := s.ended[median]
	next := median - slices.Index(s.ended, typical) // of the rows that took as long, by seed
	for _, r := range rows.All() {
		v, open := get(r)
		if math.IsNaN(v) {
			continue
		}
		w := who(r)
		t.For = count(t.For, w, 1)
		if (studied.Time{Seconds: v, AtLeast: open}) != typical {
			continue
		}
		if next == 0 {
			one := made(r)
			one.Seed, one.Client, one.VIP, one.Seconds, one.AtLeast = r.Seed, w.Client, w.VIP, v, open
			t.Typical = &one
		}
		next--
	}
	rankWho(t.For)
	return t
}

// count adds so many runs of a client and VIP.
func count(all []studied.Who, w studied.Who, runs int) []studied.Who {
	i := slices.IndexFunc(all, func(o studied.Who) bool { return o.Client == w.Client && o.VIP == w.VIP })
	if i < 0 {
		i, all = len(all), append(all, studied.Who{Client: w.Client, VIP: w.VIP})
	}
	all[i].Runs += runs
	return all
}

// rankWho puts those with most runs first.
func rankWho(all []studied.Who) {
	slices.SortFunc(all, func(a, b studied.Who) int {
		return cmp.Or(b.Runs-a.Runs, cmp.Compare(a.Client, b.Client), cmp.Compare(a.VIP, b.VIP))
	})
}
