package check

import (
	"slices"
	"time"
)

// Span is a stretch of virtual time: From belongs to it, To does not, unless To is the end of
// the trace. By names the nodes it is about, by role and sorted; it is constant over the span.
type Span struct {
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
	By   []string      `json:"by,omitempty"`
}

// Length is how long the span lasts.
func (s Span) Length() time.Duration { return s.To - s.From }

// overlap is how much of the span lies between the two times.
func (s Span) overlap(from, to time.Duration) time.Duration {
	return max(0, min(s.To, to)-max(s.From, from))
}

// recorder turns a state given over time into spans.
type recorder struct {
	spans []Span
	on    bool
}

// set says what holds from now on.
func (r *recorder) set(at time.Duration, on bool, by []string) {
	if r.on && on && slices.Equal(r.spans[len(r.spans)-1].By, by) || !r.on && !on {
		return
	}
	if r.on {
		r.spans[len(r.spans)-1].To = at
	}
	if on {
		r.spans = append(r.spans, Span{From: at, By: by})
	}
	r.on = on
}

// end closes the last span and returns all.
func (r *recorder) end(at time.Duration) []Span {
	if r.on {
		r.spans[len(r.spans)-1].To = at
	}
	return r.spans
}

// covered says whether one of the spans holds all the time between.
func covered(spans []Span, from, to time.Duration) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From <= from && to <= s.To })
}

// touched says whether one of the spans has a part between the times.
func touched(spans []Span, from, to time.Duration) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.overlap(from, to) > 0 })
}

// during says whether one of the spans holds at the time.
func during(spans []Span, at time.Duration) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From <= at && at < s.To })
}

// split cuts the span at the times, which are sorted, that lie inside it.
func split(s Span, at []time.Duration) []Span {
	var parts []Span
	for _, cut := range at {
		if s.From < cut && cut < s.To {
			parts = append(parts, Span{From: s.From, To: cut})
			s.From = cut
		}
	}
	return append(parts, s)
}
