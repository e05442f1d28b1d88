package conform

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// forwardDelay is how long a port listens after link up, and then learns, before it forwards (N2).
const forwardDelay = 15 * time.Second

// phases are what a port that waits goes through, each so long after link up.
var phases = []struct {
	state trace.PortPhase
	after time.Duration
}{{trace.Listening, 0}, {trace.Learning, forwardDelay}, {trace.Forwarding, 2 * forwardDelay}}

// ports are the switches' that wait for spanning tree at each link up.
type ports struct {
	ends   map[string][]*portWait // by cable
	waits  []string               // switches
	broken []finding.Note
	judged int // ports that came to forward
}

// portWait is how far a port is since its link came up.
type portWait struct {
	sw, cable string
	up        bool // and it waits, or has
	since     time.Duration
	next      int // of phases: what is due
}

func newPorts(h *trace.Header) ports {
	s := ports{ends: map[string][]*portWait{}, waits: h.Waits}
	for _, c := range h.Cables {
		for _, end := range []string{c.A, c.B} {
			s.lay(c.Name, end)
		}
	}
	return s
}

// lay puts a cable into a port of the switch, if its ports wait.
func (s *ports) lay(cable, sw string) {
	if slices.Contains(s.waits, sw) {
		s.ends[cable] = append(s.ends[cable], &portWait{sw: sw, cable: cable})
	}
}

// linked has a port wait anew, or no more.
func (s *ports) linked(at time.Duration, b trace.Link) {
	for _, p := range s.ends[b.Cable] {
		p.up, p.since, p.next = b.Up, at, 0
	}
}

// moved is a machine's cable being in a port of the switch whose link is up all the time: there is no wait before the
// next link up (N10).
func (s *ports) moved(b trace.Moved) {
	if len(s.waits) > 0 {
		delete(s.ends, b.Cable)
		s.lay(b.Cable, b.Switch)
	}
}

// becomes takes in what a port does from now on.
func (s *ports) becomes(at time.Duration, b trace.PortState) {
	for _, p := range s.ends[b.Cable] {
		if p.sw != b.Switch || !p.up {
			continue
		}
		i := 0
		for i < len(phases)-1 && phases[i].state != b.State {
			i++
		}
		if due := p.since + phases[i].after; at < due {
			s.breach(portEarly, p, at, due)
		}
		p.next = i + 1
		if b.State == trace.Forwarding {
			s.judged++
		}
	}
}

// passes looks at what was due before the time goes on to at. A port that does not listen when its link is up forwards.
func (s *ports) passes(last, at time.Duration) {
	for _, all := range s.ends { // order: sorted when told
		for _, p := range all {
			if !p.up || p.next == len(phases) {
				continue
			}
			due := p.since + phases[p.next].after
			switch {
			case due >= at:
			case p.next == 0:
				s.breach(portEarly, p, last, p.since+2*forwardDelay)
				p.next = len(phases)
			default:
				s.breach(portLate, p, due, due)
				p.next++
			}
		}
	}
}

// breach notes what a port did at a time, or did not, and when it was due.
func (s *ports) breach(what *statement, p *portWait, at, due time.Duration) {
	out := *what
	out.Node, out.Text, out.At, out.Until = p.sw, p.cable, at, due
	s.broken = append(s.broken, out)
	slices.SortStableFunc(s.broken, func(a, b finding.Note) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Text, b.Text))
	})
}
