package reports

import (
	"strings"
	"time"
)

// spanRecorder turns changes of state into stretches, a lane for each name, in the order they came.
type spanRecorder struct {
	names []string
	lanes map[string][]Span // the last is open while its To is unknown
	open  map[string]bool
}

func newSpanRecorder() *spanRecorder {
	return &spanRecorder{lanes: map[string][]Span{}, open: map[string]bool{}}
}

// set says that the lane is in the state from now on; "" is none.
func (r *spanRecorder) set(name string, at time.Duration, state string) {
	r.note(name)
	if r.open[name] {
		all := r.lanes[name]
		if all[len(all)-1].State == state {
			return
		}
		all[len(all)-1].To = at
		r.open[name] = false
	}
	if state != "" {
		r.lanes[name] = append(r.lanes[name], Span{From: at, State: state})
		r.open[name] = true
	}
}

// put adds a whole stretch.
func (r *spanRecorder) put(name string, s Span) {
	r.note(name)
	if s.To > s.From {
		r.lanes[name] = append(r.lanes[name], s)
	}
}

func (r *spanRecorder) note(name string) {
	if _, known := r.lanes[name]; !known {
		r.names = append(r.names, name)
		r.lanes[name] = nil
	}
}

// endHost ends the state of the lanes whose names begin so.
func (r *spanRecorder) endHost(prefix string, at time.Duration) {
	for _, name := range r.names {
		if strings.HasPrefix(name, prefix) {
			r.set(name, at, "")
		}
	}
}

// tracks draws the lanes that are in any state after 0.
func (r *spanRecorder) tracks(c *chart, l lang, end time.Duration, label func(name string) string) []track {
	for _, name := range r.names {
		if all := r.lanes[name]; r.open[name] {
			all[len(all)-1].To = end
		}
	}
	return r.tracksBy(c, l, label, l.look)
}

func (r *spanRecorder) tracksBy(c *chart, l lang, label func(string) string, look func(string) (string, string)) []track {
	var all []track
	for _, name := range r.names {
		t := c.spans(l, label(strings.TrimSpace(name)), r.lanes[name], look)
		if len(t.Boxes) > 0 {
			all = append(all, t)
		}
	}
	return all
}
