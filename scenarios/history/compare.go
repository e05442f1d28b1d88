package history

import (
	"cmp"
	"math"
	"slices"

	"ipwsim/sim/studied"
)

// Alpha is how likely, at most, chance alone makes one of all comparisons of a report look like a change: each is
// tested at Alpha by their number (Bonferroni).
const Alpha = 0.01

// Before is with how many nights, at most, the latest is compared.
const Before = 10

// fewest is how many values a sample must have on each side for a test of it.
const fewest = 8

type report struct{ *Report }

// Compare holds the latest night against up to Before nights before it.
func Compare(all []Night) *Report {
	r := report{&Report{Nights: []Night{}, Changes: []Change{}, New: []string{}, Gone: []string{}, Alpha: Alpha}}
	if len(all) == 0 {
		return r.Report
	}
	cluster := all[len(all)-1].Cluster
	for _, n := range all {
		if n.Cluster == cluster {
			r.Nights = append(r.Nights, n)
		}
	}
	r.Left = len(all) - len(r.Nights)
	last := len(r.Nights) - 1
	r.Latest = &r.Nights[last]
	var before []*Night
	for i := last - 1; i >= 0 && len(before) < Before; i-- {
		if n := &r.Nights[i]; n.Seed != r.Latest.Seed {
			before = append(before, n)
		}
	}
	r.Compared = len(before)
	r.samples(before)
	r.bugs(before)
	r.failures(before)
	r.judge()
	r.news(r.Nights[:last])
	return r.Report
}

func (r *report) samples(before []*Night) {
	for _, s := range r.Latest.Samples {
		var base []float64
		for _, n := range before {
			if o := n.Sample(s.Name); o != nil && o.Unit == s.Unit {
				base = append(base, o.Values...)
			}
		}
		c := Change{Kind: studied.OfSample, Name: s.Name, Unit: s.Unit, Test: studied.MannWhitney, N: int64(len(s.Values)), Before: int64(len(base)), Verdict: studied.Untested, P: 1}
		for i := range r.Nights {
			point := studied.NightPoint{None: true}
			if o := r.Nights[i].Sample(s.Name); o != nil && len(o.Values) > 0 {
				v := o.Quantiles(0.5)[0]
				if point = (studied.NightPoint{Value: v}); math.IsInf(v, 1) {
					point = studied.NightPoint{Open: true}
				}
			}
			c.Trend = append(c.Trend, point)
		}
		if len(s.Values) >= fewest && len(base) >= fewest {
			p, worse := mannWhitney(base, s.Values)
			c.P, c.Verdict = p, direction(worse)
		}
		r.Changes = append(r.Changes, c)
	}
}

// bugs compare how often a case catches a bug. A bug that needs more cases is worse.
func (r *report) bugs(before []*Night) {
	for _, b := range r.Latest.Bugs {
		c := Change{Kind: studied.OfBug, Name: b.Name, Test: studied.Fisher, N: b.Cases, Verdict: studied.Untested, P: 1}
		caught := int64(0)
		for _, n := range before {
			if o := n.Bug(b.Name); o != nil {
				c.Before, caught = c.Before+o.Cases, caught+count(o.Caught)
			}
		}
		for i := range r.Nights {
			point := studied.NightPoint{None: true}
			if o := r.Nights[i].Bug(b.Name); o != nil {
				point = studied.NightPoint{Value: float64(o.Cases), Open: !o.Caught}
			}
			c.Trend = append(c.Trend, point)
		}
		r.rate(c, count(b.Caught), caught, false)
	}
}

// failures compare how often a case fails so. Those that only nights before had count, too.
func (r *report) failures(before []*Night) {
	var names []string
	for _, n := range append(slices.Clone(before), r.Latest) {
		for _, f := range n.Failures {
			names = append(names, f.Signature)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c := Change{Kind: studied.OfFailure, Name: name, Test: studied.Fisher, N: r.Latest.Cases, Verdict: studied.Untested, P: 1}
		failed := int64(0)
		for _, n := range before {
			c.Before, failed = c.Before+n.Cases, failed+n.Failed(name)
		}
		for i := range r.Nights {
			c.Trend = append(c.Trend, studied.NightPoint{Value: float64(r.Nights[i].Failed(name))})
		}
		r.rate(c, r.Latest.Failed(name), failed, true)
	}
}

// rate adds a comparison of k of N cases with l of those before. more says that more is worse.
func (r *report) rate(c Change, k, l int64, more bool) {
	k, l = min(k, c.N), min(l, c.Before) // who counts failures otherwise than cases has failed in all
	if c.N > 0 && c.Before > 0 {
		c.P = fisher(k, c.N, l, c.Before)
		higher := float64(k)*float64(c.Before) > float64(l)*float64(c.N)
		c.Verdict = direction(higher == more)
	}
	r.Changes = append(r.Changes, c)
}

func direction(worse bool) studied.NightVerdict {
	if worse {
		return studied.Regression
	}
	return studied.Improvement
}

func count(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// judge takes back what chance explains, by the number of tests that were made.
func (r *report) judge() {
	for _, c := range r.Changes {
		if c.Verdict != studied.Untested {
			r.Comparisons++
		}
	}
	r.Alpha = Alpha / float64(max(1, r.Comparisons))
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Verdict != studied.Untested && c.P > r.Alpha {
			c.Verdict = studied.Same
		}
	}
	order := []studied.NightVerdict{studied.Regression, studied.Improvement, studied.Same, studied.Untested}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict))
	})
}

// news are what needs no test: failures never seen before, and probes that are reached no more.
func (r *report) news(before []Night) {
	for _, f := range r.Latest.Failures {
		if f.Cases > 0 && !slices.ContainsFunc(before, func(n Night) bool { return n.Failed(f.Signature) > 0 }) {
			r.New = append(r.New, f.Signature)
		}
	}
	if len(before) == 0 {
		return
	}
	for _, p := range before[len(before)-1].Probes {
		if p.Cases > 0 && !slices.ContainsFunc(r.Latest.Probes, func(o Probe) bool { return o.Name == p.Name && o.Cases > 0 }) {
			r.Gone = append(r.Gone, p.Name)
		}
	}
}
