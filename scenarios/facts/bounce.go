package facts

import (
	"path"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// bounces are the copies that nodes gave up, each with the greatest age that it has had by the node's own clock.
type bounces struct {
	header  *trace.Header
	created map[string]time.Duration // drafts in queue/tmp by their paths: a copy is as old as its file
	clocks  map[string]*clock        // of machines that were set
	all     []finding.Bounce
}

// clock is a machine's wall clock.
type clock struct {
	trace.WallClock
	shown []shown // whenever it was set, before and after
}

// shown is what a clock showed at a time.
type shown struct{ at, wall time.Duration }

func newBounces(h *trace.Header) bounces {
	return bounces{header: h, created: map[string]time.Duration{}, clocks: map[string]*clock{}}
}

// clock takes in that a machine's clock was set, or runs at another pace.
func (s *bounces) clock(rec *trace.Record) {
	c := s.clocks[rec.Host]
	if c == nil {
		c = &clock{}
		s.clocks[rec.Host] = c
	}
	c.shown = append(c.shown, shown{rec.At, rec.At + c.Ahead(rec.At)})
	c.Take(rec.At, rec.Body)
	c.shown = append(c.shown, shown{rec.At, rec.At + c.Ahead(rec.At)})
}

// oldest is the greatest age that what was made at since has had by the machine's clock, or by one that is right, as the
// share's is: who goes by the ticks does not notice that the clock was wrong.
func (s *bounces) oldest(host string, since, at time.Duration) time.Duration {
	c := s.clocks[host]
	if c == nil {
		return at - since
	}
	most := max(at, at+c.Ahead(at))
	for _, x := range c.shown {
		if x.at >= since {
			most = max(most, x.wall)
		}
	}
	return most - since
}

// born is when the file was made of a copy that a change brings into the queue.
func (s *bounces) born(rec *trace.Record, b trace.MailFile, name string) time.Duration {
	draft := b.File
	if path.Base(b.To) == idOf(b.To) { // a list: its copies are files of their own
		draft = path.Join(path.Dir(b.To), "tmp", name)
	}
	at, known := s.created[draft]
	delete(s.created, draft)
	if !known {
		return rec.At
	}
	return at
}

// bounced notes a copy that was given up, if the trace tells for what.
func (s *bounces) bounced(rec *trace.Record, b trace.MailBounce, q *queued) {
	if n := s.header.Node(rec.Host); n != nil && n.RetryFor > 0 && b.Ground != "" {
		s.all = append(s.all, finding.Bounce{
			At: rec.At, Node: rec.Host, To: b.To, Name: q.Name(), Ground: b.Ground, Code: b.Code, Age: s.oldest(rec.Host, q.born, rec.At), Most: n.RetryFor,
		})
	}
}
