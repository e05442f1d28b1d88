package check

import (
	"fmt"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// cleanStop is P6. An orderly stop goes through "stop pending"; a service that just dies
// promises nothing.
func cleanStop(t *trace.Trace) Result {
	switch {
	case len(t.Header.VIPs) == 0:
		return noData("the trace names no VIP")
	case !serviced(t):
		return noData("no record of the service " + watcher)
	}
	var y tally
	for i := range t.Header.Nodes {
		judgeStops(&y, t, t.Header.Nodes[i].Role)
	}
	return y.result("the service was never stopped in order")
}

func serviced(t *trace.Trace) bool {
	for _, r := range t.Records {
		if s, ok := r.Body.(trace.Service); ok && s.Name == watcher && t.Header.Node(r.Host) != nil {
			return true
		}
	}
	return false
}

// judgeStops judges the stops of one node.
func judgeStops(y *tally, t *trace.Trace, role string) {
	stops := newStops(t, role)
	for _, s := range stops.left {
		y.fail(Finding{At: s.from, Until: s.to, Host: role, VIP: s.vip, Sentence: fmt.Sprintf(
			"P6: %s stopped %s at %s, so %s should be absent there until it starts again (W6); it was %s from %s to %s",
			role, watcher, secs(s.stopped), s.vip, s.state, secs(s.from), secs(s.to))})
	}
	for _, s := range stops.off {
		y.fail(Finding{At: s.from, Until: s.from, Host: role, VIP: s.vip, Sentence: fmt.Sprintf(
			"P6: %s shut down in order and was off at %s, so %s should have been released before (H6, W6); it was still %s",
			role, secs(s.from), s.vip, s.state)})
	}
	if stops.pending {
		y.unfinished(Finding{At: stops.since, Until: t.End, Host: role, Sentence: fmt.Sprintf(
			"P6: %s was to stop %s at %s; the trace ends %s later with the stop still pending",
			role, watcher, secs(stops.since), secs(t.End-stops.since))})
	}
	for range stops.done {
		y.pass()
	}
}

// leftover is a VIP on a machine whose service was stopped.
type leftover struct {
	vip      netip.Addr
	state    trace.AddressState
	stopped  time.Duration
	from, to time.Duration
}
