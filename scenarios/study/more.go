package study

import (
	"math"
	"sort"

	"ipwsim/sim/studied"
)

// enough is the least number of runs of a cell, from n on, at which all of the clauses that are unsure of it would be
// decided if further runs came as these did; 0 where all are decided, and MaxRuns+1 where no number of runs that a study
// can have would.
func (w Want) enough(a *studied.Answer, rows studied.Rows) (n int) {
	for _, c := range w {
		if c.judge(a) != studied.Unsure {
			continue
		}
		if c.metric.enough == nil {
			return MaxRuns + 1
		}
		n = max(n, c.metric.enough(c, a, rows))
	}
	return n
}

// more is how many runs more each cell of a setting needs.
func (w Want) more(cells []studied.Answer, rows func(i int) studied.Rows) studied.More {
	var m studied.More
	for i := range cells {
		switch n := w.enough(&cells[i], rows(i)); {
		case n > MaxRuns:
			m.Never = true
		case n > 0:
			m.Runs = max(m.Runs, n-cells[i].Runs)
		}
	}
	return m
}

// least is the least number from n+1 to MaxRuns for which something holds that holds for all larger ones too.
func least(n int, holds func(n int) bool) int {
	return n + 1 + sort.Search(max(0, MaxRuns-n), func(i int) bool { return holds(n + 1 + i) })
}

// enoughForQuantile counts how many of the runs keep the limit: with that part of n, the interval of the quantile's rank
// is on one side of it.
func enoughForQuantile(get func(*studied.Row) (float64, bool), q float64) func(Clause, *studied.Answer, studied.Rows) int {
	return func(c Clause, _ *studied.Answer, rows studied.Rows) int {
		kept, all := 0, 0
		for _, r := range rows.All() {
			v, open := get(r)
			if math.IsNaN(v) {
				continue
			}
			all++
			if !open && c.allows(v) {
				kept++
			}
		}
		if all == 0 {
			return MaxRuns + 1
		}
		part := float64(kept) / float64(all)
		return least(len(rows), func(n int) bool {
			inside := part * float64(n) // how many keep it
			low, high := ranks(n, q)
			return high < int(inside) || low >= int(math.Ceil(inside))
		})
	}
}

// enoughForShare waits until the limit is outside of the part's interval.
func enoughForShare(c Clause, a *studied.Answer, rows studied.Rows) int {
	return least(len(rows), func(n int) bool {
		s := share(int(math.Round(a.Band.Part*float64(n))), 0, n)
		return c.allows(s.Low) || !c.allows(s.High)
	})
}

// enoughForMean goes by this: a mean's margin shrinks with the root of the runs.
func enoughForMean(c Clause, a *studied.Answer, rows studied.Rows) int {
	off := math.Abs(a.Outage.Sum() - c.limit)
	if off == 0 || a.Outage.Open {
		return MaxRuns + 1
	}
	return min(MaxRuns+1, int(math.Ceil(float64(len(rows))*math.Pow(a.Outage.Margin/off, 2)))+1)
}
