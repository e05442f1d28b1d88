package windows

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"ipwsim/netstack/host"
)

// connectTime is how long Windows tries to reach a dead host: SYNs at 0, 3 and 9 s, given up at 21 s
// (FIELD-FACTS, "TCP connect to a dead host").
const connectTime = 21 * time.Second

// dialPatiently connects as Windows does: a neighbour that does not answer ARP is asked for again and
// again until the time is over. It blocks its proc; stop, asked between two tries, ends it.
func dialPatiently(h *host.Host, from netip.Addr, to netip.AddrPort, timeout time.Duration, stop func() bool) (*host.Conn, error) {
	proc := h.Domain().Current()
	deadline := h.Domain().Now() + timeout
	for {
		conn, err := h.Dial(from, to, deadline-h.Domain().Now())
		if err == nil {
			return conn, nil
		}
		if errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNREFUSED) || h.Domain().Now() >= deadline || stop() {
			return nil, err
		}
		proc.Sleep(min(time.Second, deadline-h.Domain().Now()))
	}
}
