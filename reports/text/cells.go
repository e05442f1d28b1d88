package text

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/reports/lanes"
)

// stretch is a piece of a lane in seconds; state "" is none.
type stretch struct {
	from, to float64
	state    lanes.State
}

// stretches lays a lane out without gaps or overlaps over the seconds 0 to end.
func stretches(all []lanes.Span, end float64) []stretch {
	spans := slices.Clone(all)
	slices.SortStableFunc(spans, func(a, b lanes.Span) int { return cmp.Compare(a.From, b.From) })
	var out []stretch
	at := 0.0
	for _, s := range spans {
		from, to := max(at, s.From.Seconds()), min(end, s.To.Seconds())
		if to <= from {
			continue
		}
		if from > at {
			out = append(out, stretch{at, from, ""})
		}
		out = append(out, stretch{from, to, s.State})
		at = to
	}
	if at < end {
		out = append(out, stretch{at, end, ""})
	}
	return out
}

// cells gives the state each of n columns shows: the one that fills most of it. A stretch too
// short for that still gets a column, unless a graver one needs it.
func cells(spans []lanes.Span, end float64, n int) []lanes.State {
	all := stretches(spans, end)
	owner := make([]int, n)
	most := make([]float64, n)
	best := make([]int, len(all)) // the column that holds most of the stretch
	for k, s := range all {
		share := 0.0
		for i := int(s.from / end * float64(n)); i < n && edge(i, end, n) < s.to; i++ {
			overlap := min(edge(i+1, end, n), s.to) - max(edge(i, end, n), s.from)
			if overlap > share {
				share, best[k] = overlap, i
			}
			if overlap > most[i] {
				most[i], owner[i] = overlap, k
			}
		}
	}
	seen := make([]int, len(all))
	for _, k := range owner {
		seen[k]++
	}
	for k, s := range all {
		now := owner[best[k]]
		if seen[k] == 0 && (seen[now] > 1 || notable(s.state) > notable(all[now].state)) {
			seen[now]--
			seen[k]++
			owner[best[k]] = k
		}
	}
	states := make([]lanes.State, n)
	for i, k := range owner {
		states[i] = all[k].state
	}
	return states
}

// edge is where a column begins.
func edge(i int, end float64, n int) float64 { return end * float64(i) / float64(n) }

// column is where a time falls on an axis of n columns, if it does.
func column(at time.Duration, end float64, n int) (int, bool) {
	t := at.Seconds()
	if t < 0 || t > end || end <= 0 {
		return 0, false
	}
	return min(n-1, int(t/end*float64(n))), true
}
