package facts

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/sim/finding"
)

// Line is the stretches of time in which something was so, in order and apart.
type Line []finding.Span

// Covers says whether it was so all the time between.
func (l Line) Covers(from, to time.Duration) bool {
	return slices.ContainsFunc(l, func(s finding.Span) bool { return s.From <= from && to <= s.To })
}

// Touches says whether it was so at some time between.
func (l Line) Touches(from, to time.Duration) bool {
	return slices.ContainsFunc(l, func(s finding.Span) bool { return s.Overlap(from, to) > 0 })
}

// At says whether it was so at the time.
func (l Line) At(at time.Duration) bool {
	return slices.ContainsFunc(l, func(s finding.Span) bool { return s.From <= at && at < s.To })
}

// Without is the stretches in which it was so and the other was not.
func (l Line) Without(o Line) Line {
	var left Line
	for _, s := range l {
		for _, gap := range o {
			if gap.To <= s.From || s.To <= gap.From {
				continue
			}
			if s.From < gap.From {
				left = append(left, finding.Span{From: s.From, To: gap.From})
			}
			s.From = gap.To
		}
		if s.From < s.To {
			left = append(left, s)
		}
	}
	return left
}

// Within is the parts of it that lie between the two times.
func (l Line) Within(from, to time.Duration) Line {
	var in Line
	for _, s := range l {
		if s.Overlap(from, to) > 0 {
			in = append(in, finding.Span{From: max(s.From, from), To: min(s.To, to)})
		}
	}
	return in
}

// Join is the stretches in which it or the other was so.
func (l Line) Join(o Line) Line {
	all := append(slices.Clone(l), o...)
	slices.SortStableFunc(all, func(a, b finding.Span) int { return cmp.Compare(a.From, b.From) })
	var joined Line
	for _, s := range all {
		if n := len(joined); n > 0 && s.From <= joined[n-1].To {
			joined[n-1].To = max(joined[n-1].To, s.To)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// recorder turns a state given over time into stretches.
type recorder[S comparable] struct {
	spans []stretch[S] // the last one is open while on
	on    bool
}

// stretch is a time in one state.
type stretch[S comparable] struct {
	from, to time.Duration
	state    S
}

// cutAt makes two of the stretch that the time lies in.
func cutAt[S comparable](all []stretch[S], at time.Duration) []stretch[S] {
	i := slices.IndexFunc(all, func(s stretch[S]) bool { return s.from < at && at < s.to })
	if i < 0 {
		return all
	}
	all = slices.Insert(slices.Clone(all), i, all[i])
	all[i].to, all[i+1].from = at, at
	return all
}

// set says which state holds from now on; the zero value is none.
func (r *recorder[S]) set(at time.Duration, state S) {
	var none S
	if r.on {
		last := &r.spans[len(r.spans)-1]
		if last.state == state {
			return
		}
		last.to, r.on = at, false
	}
	if state != none {
		r.spans = append(r.spans, stretch[S]{from: at, state: state})
		r.on = true
	}
}

// until returns all stretches, an open one up to the end.
func (r *recorder[S]) until(end time.Duration) []stretch[S] {
	all := slices.Clone(r.spans)
	if r.on {
		all[len(all)-1].to = end
	}
	return all
}

// lineOf is a recorder's stretches without their states.
func lineOf[S comparable](r *recorder[S], end time.Duration) Line {
	all := r.until(end)
	line := make(Line, len(all))
	for i, s := range all {
		line[i] = finding.Span{From: s.from, To: s.to}
	}
	return line
}
