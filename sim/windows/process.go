package windows

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"time"

	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// Process is a program on the machine that uses its network: a mail service, a mail client. It ends
// with the machine's power, or when it is killed; every call of its that waits then fails.
type Process struct {
	machine *Machine
	host    *host.Host
	name    string
	over    bool
	sockets []killable
	waits   []*vtime.Proc // in Sleep, or in a Waiter's wait
}

// killable is a socket of a process.
type killable interface{ kill() }

// StartProcess starts a program; nil without power. The name keys its randomness: each name once a
// boot.
func (m *Machine) StartProcess(name string) *Process {
	if m.host == nil {
		return nil
	}
	return &Process{machine: m, host: m.host, name: fmt.Sprintf("%s/%d/%s", m.name, m.boots, name)}
}

// Kill ends the process as Task Manager does: its connections are reset, and nothing of it goes on.
func (p *Process) Kill() {
	if p.over {
		return
	}
	p.over = true
	for _, s := range p.sockets {
		s.kill()
	}
	for _, w := range p.waits {
		w.Wake()
	}
	p.sockets = nil
}

func (p *Process) ended() bool { return p.over || p.host.Domain().Dead() }

// Now is the simulated wall clock.
func (p *Process) Now() time.Time { return p.host.Wall() }

// Go starts a goroutine of the process.
func (p *Process) Go(name string, f func()) {
	if !p.ended() {
		p.host.Domain().Go(p.name+"/"+name, f)
	}
}

// Sleep waits; false when the process has ended.
func (p *Process) Sleep(d time.Duration) bool {
	wait, wake := p.Waiter()
	done := false
	timer := p.host.Domain().After(d, func() { done = true; wake() })
	defer timer.Stop()
	for !done {
		if !wait() {
			return false
		}
	}
	return !p.ended()
}

// Waiter lets the goroutine that calls it wait for another one of the machine: wait returns after wake
// was called, or without that, and says false when the process has ended.
func (p *Process) Waiter() (wait func() bool, wake func()) {
	proc := p.host.Domain().Current()
	return func() bool {
		if p.ended() {
			return false
		}
		p.waits = append(p.waits, proc)
		proc.Park()
		i := slices.Index(p.waits, proc)
		p.waits = slices.Delete(p.waits, i, i+1)
		return !p.ended()
	}, proc.Wake
}

// Holds says whether the address is usable on this machine now.
func (p *Process) Holds(ip netip.Addr) bool {
	return !p.ended() && p.host.NIC().State(ip) == host.Preferred
}

// Random is the process's stream of that name.
func (p *Process) Random(name string) *rand.Rand {
	return vtime.Stream(p.machine.env.Seed, p.name+"/"+name)
}

// Record appends to the run's trace, until the process ends.
func (p *Process) Record(b trace.Body) {
	if !p.ended() {
		p.machine.env.Record(p.machine.name, b)
	}
}

// Listen accepts connections to the address, the unspecified one for any.
func (p *Process) Listen(at netip.AddrPort) (net.Listener, error) {
	if p.ended() {
		return nil, net.ErrClosed
	}
	l, err := p.host.Listen(at)
	if err != nil {
		return nil, err
	}
	own := &processListener{l, p}
	p.sockets = append(p.sockets, own)
	return own, nil
}

// Dial connects from an address of the machine (the zero Addr: its own choice) as its system does (H14):
// Windows within 21 s at the most.
func (p *Process) Dial(from netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	if p.ended() {
		return nil, net.ErrClosed
	}
	c, err := p.host.Connect(from, to, timeout, p.ended)
	if err != nil {
		return nil, err
	}
	return p.own(c), nil
}

func (p *Process) own(c *host.Conn) net.Conn {
	own := &processConn{c, p}
	p.sockets = append(p.sockets, own)
	if p.over { // killed while it connected
		own.kill()
	}
	return own
}

func (p *Process) forget(s killable) {
	p.sockets = slices.DeleteFunc(p.sockets, func(o killable) bool { return o == s })
}

type processListener struct {
	*host.Listener
	process *Process
}

// Accept waits for the next connection.
func (l *processListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.process.own(c.(*host.Conn)), nil
}

// Close stops listening.
func (l *processListener) Close() error {
	l.process.forget(l)
	return l.Listener.Close()
}

func (l *processListener) kill() { _ = l.Listener.Close() }

type processConn struct {
	*host.Conn
	process *Process
}

// Close closes both directions.
func (c *processConn) Close() error {
	c.process.forget(c)
	return c.Conn.Close()
}

func (c *processConn) kill() { c.Abort() }
