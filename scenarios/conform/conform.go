// Package conform holds what a watcher does, as its machine sees it, against the rules that it is to keep: P10. It knows
// the records of the ports and nothing of the watcher's own view of itself, and reads each record once.
//
// What the watcher is told, the rules turn into what it owes: to do something now, or at a time by its own clock. What it
// does must be owed, and what is owed must be done at that very moment.
package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Judged is what came of it.
type Judged struct {
	Watcher  string         // that the nodes run
	Lives    int            // of watchers, from a start to an end, that were judged
	Unsure   int            // of them that could not be judged to their end: two things came at one instant
	Breaches []finding.Note // in order of time, at most one of a life
}

// Reader judges a run as it happens.
type Reader struct {
	header *trace.Header
	nodes  map[string]watcher // by role
	roles  []string
	said   []said // answers that nobody is known to have got
	lives  int
	unsure int
	broken []finding.Note
}

// said is an answer to a request over the pipe.
type said struct {
	at     time.Duration
	vip    netip.Addr
	answer trace.PipeAnswer
}

// NewReader returns a reader of a run that has not begun. The header must stay as it is, but for VIPs that are added.
func NewReader(h *trace.Header) *Reader {
	r := &Reader{header: h, nodes: map[string]watcher{}}
	for i := range h.Nodes {
		of := &h.Nodes[i]
		r.roles = append(r.roles, of.Role)
		switch {
		case h.Watcher == trace.IPWatcher:
			n := &node{}
			n.books, r.nodes[of.Role] = newBooks(r, of.Role, n), n
		case h.Watcher == trace.VRRP && of.Watcher != nil && of.Watcher.VRRP != nil:
			n := &vrrp{}
			n.books, r.nodes[of.Role] = newBooks(r, of.Role, n), n
		}
	}
	return r
}

// watcher is a node's, with the rules that it is to keep.
type watcher interface {
	read(at time.Duration, b trace.Body)

	// until demands what was to be done before the end, by what is known.
	until(at time.Duration)
}

// Read takes the next record in.
func (r *Reader) Read(rec *trace.Record) {
	switch rec.Body.(type) {
	case trace.Port, trace.Polls, trace.Adverts, trace.Power, trace.Service, trace.Drift, trace.Config, trace.Event, trace.Pipe:
		if n := r.nodes[rec.Host]; n != nil {
			n.read(rec.At, rec.Body)
		}
	}
}

// Judged is what came of it so far.
func (r *Reader) Judged() Judged {
	return Judged{Watcher: r.header.Watcher, Lives: r.lives, Unsure: r.unsure, Breaches: slices.Clone(r.broken)}
}

// Close judges what was to be done by the end of the run; of polls, what was to be by when the trace told of them last.
func (r *Reader) Close(end time.Duration) Judged {
	for _, role := range r.roles {
		if n := r.nodes[role]; n != nil {
			n.until(end)
		}
	}
	return r.Judged()
}

// hears is an asker getting an answer that must have been given since it asked.
func (r *Reader) hears(at time.Duration, p trace.Pipe) bool {
	if p.Answer == trace.NoAnswer {
		return true
	}
	i := slices.IndexFunc(r.said, func(s said) bool { return s.vip == p.VIP && s.answer == p.Answer && s.at >= at-p.Took })
	if i < 0 {
		return false
	}
	r.said = slices.Delete(r.said, i, i+1)
	return true
}
