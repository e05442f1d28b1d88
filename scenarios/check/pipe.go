package check

import (
	"fmt"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// pipes is what a trace tells of the named pipes (W15): requests, and firewalls shut on them.
type pipes struct {
	asked []request
	shut  map[string][]Span // for each node, when its firewall blocks the pipe
}

// request is one request as its asker saw it.
type request struct {
	asker      string
	vip        netip.Addr
	begun, end time.Duration
	answer     string
}

// failed says whether the peer was not heard, or would not.
func (r request) failed() bool { return r.answer != "released" && r.answer != "not held" }

func newPipes(t *trace.Trace) *pipes {
	p := &pipes{shut: map[string][]Span{}}
	for _, r := range t.Records {
		if b, ok := r.Body.(trace.Pipe); ok {
			p.asked = append(p.asked, request{r.Host, b.VIP, r.At - b.Took, r.At, b.Answer})
		}
	}
	w := newWorld(&t.Header)
	var s survey
	for _, n := range w.nodes {
		s.ask(func() bool { return n.blocked["pipe"] }, func(on []Span) { p.shut[n.name] = on })
	}
	s.answer(t, w)
	return p
}

func (r request) String() string {
	return fmt.Sprintf("the request of %s at %s ended %q", r.asker, secs(r.begun), r.answer)
}

// dead says why the asker's pipe to the peer did not work between the times, or "": the peer's
// firewall was shut on it, or the last request begun then failed.
func (p *pipes) dead(asker, peer string, vip netip.Addr, from, to time.Duration) string {
	if shut := p.blocked(peer, from, to); shut != "" {
		return shut
	}
	var last *request
	for i := range p.asked {
		r := &p.asked[i]
		if r.asker == asker && r.vip == vip && from <= r.begun && r.begun <= to && (last == nil || r.begun >= last.begun) {
			last = r
		}
	}
	if last == nil || !last.failed() {
		return ""
	}
	return last.String()
}

// blocked says whether the node's firewall was shut on the pipe at some time between.
func (p *pipes) blocked(node string, from, to time.Duration) string {
	if !touched(p.shut[node], from, to) {
		return ""
	}
	return fmt.Sprintf("the firewall of %s blocks it", node)
}
