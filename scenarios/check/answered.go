package check

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Answered is P0: the spans in which an echo request the client sends to the VIP would be
// answered, and by which nodes. Spans are as long as they can be with the same nodes, so two
// may touch. By has several nodes when several would answer a client that must ask first.
func Answered(t *trace.Trace, client string, vip netip.Addr) []Span {
	w := newWorld(&t.Header)
	c := w.byName[client]
	if c == nil {
		return nil
	}
	var rec recorder
	w.replay(t, func(at time.Duration) {
		by := w.answerers(c, vip)
		rec.set(at, len(by) > 0, by)
	})
	return rec.end(t.End)
}
