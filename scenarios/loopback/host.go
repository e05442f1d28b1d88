package loopback

import (
	"crypto/tls"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"ipwsim/netstack/vtime"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// Host is a machine in real time. Its goroutines run in parallel.
type Host struct {
	net    *Net
	holds  []netip.Addr
	seed   uint64
	record func(trace.Body)
	done   chan struct{} // closed when the machine ends
	tls    func() *tls.Config

	running sync.WaitGroup // its goroutines, and connections not closed by those who use them
	mu      sync.Mutex
	ended   bool
	conns   map[*conn]struct{}
}

var _ mail.Certified = (*Host)(nil)

// NewHost returns a machine that holds the simulated addresses. It calls record from several
// goroutines at a time, and no more once it has ended.
func NewHost(n *Net, seed uint64, holds []netip.Addr, record func(trace.Body)) *Host {
	return &Host{net: n, holds: holds, seed: seed, record: record, tls: sync.OnceValue(newTLS), done: make(chan struct{}), conns: map[*conn]struct{}{}}
}

// End is a loss of power: every call that waits fails. It returns when nobody uses the machine any more.
func (h *Host) End() {
	h.mu.Lock()
	if !h.ended {
		h.ended = true
		close(h.done)
	}
	for c := range h.conns {
		_ = c.Conn.Close()
	}
	h.mu.Unlock()
	h.running.Wait()
}

// Now is part of mail.Host.
func (h *Host) Now() time.Time { return time.Now() }

// Listen is part of mail.Host: it answers on the ports that are open on the Net for addresses of the
// machine.
func (h *Host) Listen(at netip.AddrPort) (net.Listener, error) {
	var sockets []*socket
	for _, ip := range h.holds {
		if at.Addr() != ip && !at.Addr().IsUnspecified() {
			continue
		}
		if s := h.net.take(netip.AddrPortFrom(ip, at.Port())); s != nil {
			sockets = append(sockets, s)
		}
	}
	if sockets == nil {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Addr: net.TCPAddrFromAddrPort(at), Err: syscall.EADDRNOTAVAIL}
	}
	return h.listen(sockets), nil
}

// Dial is part of mail.Host. Addresses that are not on the Net cannot be reached.
func (h *Host) Dial(_ netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	c, err := h.net.dial(to, net.Dialer{Timeout: timeout})
	if err != nil {
		return nil, err
	}
	return h.own(c, c.LocalAddr())
}

// Go is part of mail.Host.
func (h *Host) Go(_ string, f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.ended {
		h.running.Go(f)
	}
}

// Sleep is part of mail.Host.
func (h *Host) Sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-h.done:
		return false
	}
}

// Holds is part of mail.Host.
func (h *Host) Holds(ip netip.Addr) bool { return slices.Contains(h.holds, ip) }

// Random is part of mail.Host.
func (h *Host) Random(name string) *rand.Rand { return vtime.Stream(h.seed, name) }

// Record is part of mail.Host.
func (h *Host) Record(b trace.Body) { h.record(b) }
