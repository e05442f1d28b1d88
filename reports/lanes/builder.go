package lanes

import "time"

// builder makes lanes in the order in which they first come.
type builder struct {
	end   time.Duration
	lanes []*Lane
	names map[string]*Lane
	all   []Lane
}

func newBuilder(end time.Duration) *builder { return &builder{end: end, names: map[string]*Lane{}} }

// lane is the one of the name.
func (b *builder) lane(name, label string) *Lane {
	if b.names[name] == nil {
		b.names[name] = &Lane{Label: label}
		b.lanes = append(b.lanes, b.names[name])
	}
	return b.names[name]
}

// set says that the lane is in the state from now on; "" is none.
func (b *builder) set(l *Lane, at time.Duration, s State) {
	if n := len(l.Spans); n > 0 && l.Spans[n-1].To == forEver {
		if l.Spans[n-1].State == s {
			return
		}
		l.Spans[n-1].To = at
	}
	if s != "" {
		l.Spans = append(l.Spans, Span{From: at, To: forEver, State: s})
	}
}

// endOf ends the states of the host's lanes.
func (b *builder) endOf(host string, at time.Duration) {
	for _, l := range b.lanes {
		if l.Host == host {
			b.set(l, at, "")
		}
	}
}

// forEver is the end of a span that is not over.
const forEver = time.Duration(1<<63 - 1)

// close ends what is open at the end of the run.
func (b *builder) close() []Lane {
	for _, l := range b.lanes {
		if n := len(l.Spans); n > 0 && l.Spans[n-1].To == forEver {
			l.Spans[n-1].To = b.end
		}
		b.all = append(b.all, *l)
	}
	return b.all
}
