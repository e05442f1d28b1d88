package check

import (
	"time"

	"ipwsim/sim/trace"
)

// stops follows the service on one node for P6.
type stops struct {
	node    *host
	state   string        // the service's last state, kept over a power loss
	since   time.Duration // of that state
	orderly bool          // stopped in order, and not started since
	pending bool
	done    int        // orderly stops and shutdowns seen
	left    []leftover // VIPs present while stopped
	off     []leftover // VIPs present when an orderly shutdown cut the power
}

func newStops(t *trace.Trace, role string) *stops {
	w := newWorld(&t.Header)
	s := &stops{node: w.byName[role]}
	open := map[int]int{} // the VIP's place in the header to its leftover's in left
	for i, r := range t.Records {
		if r.Host == role {
			s.before(t, r, cut(t, i))
		}
		w.apply(r)
		if r.Host == role {
			s.after(r)
		}
		if i+1 == len(t.Records) || t.Records[i+1].At != r.At {
			s.look(t, r.At, open)
		}
	}
	for _, i := range open { // order: each on its own
		s.left[i].to = t.End
	}
	return s
}

// before looks at what stands when an orderly shutdown reaches its end.
func (s *stops) before(t *trace.Trace, r trace.Record, cut bool) {
	p, ok := r.Body.(trace.Power)
	if !ok || p.State != trace.Off {
		return
	}
	s.pending = false
	if cut && s.orderly && s.since == r.At { // what stopped the service was the power cut
		s.orderly = false
		s.done--
	}
	if s.node.power != trace.Stopping || cut {
		return
	}
	s.done++
	for _, v := range t.Header.VIPs {
		if state := s.node.addresses[v.Address]; state != "" && state != trace.Absent {
			s.off = append(s.off, leftover{vip: v.Address, state: state, from: r.At, to: r.At})
		}
	}
}

// cut says whether a fault came at the record's very instant: the power was cut in the middle
// of a shutdown.
func cut(t *trace.Trace, i int) bool {
	at := t.Records[i].At
	for ; i > 0 && t.Records[i-1].At == at; i-- {
	}
	for ; i < len(t.Records) && t.Records[i].At == at; i++ {
		if _, ok := t.Records[i].Body.(trace.Fault); ok {
			return true
		}
	}
	return false
}

// after follows the service's state.
func (s *stops) after(r trace.Record) {
	b, ok := r.Body.(trace.Service)
	if !ok || b.Name != watcher {
		return
	}
	switch b.State {
	case "stopped":
		if s.state == "stop pending" && s.node.runs() {
			s.orderly = true
			s.done++
		}
	case "start pending", "running":
		s.orderly = false
	}
	s.state, s.since, s.pending = b.State, r.At, b.State == "stop pending"
}

// look notes, at the end of an instant, which VIPs a stopped service left behind.
func (s *stops) look(t *trace.Trace, at time.Duration, open map[int]int) {
	for i, v := range t.Header.VIPs {
		state := s.node.addresses[v.Address]
		there := s.orderly && state != "" && state != trace.Absent
		n, was := open[i]
		switch {
		case there && !was:
			open[i] = len(s.left)
			s.left = append(s.left, leftover{vip: v.Address, state: state, stopped: s.since, from: at})
		case was && !there:
			s.left[n].to = at
			delete(open, i)
		}
	}
}
