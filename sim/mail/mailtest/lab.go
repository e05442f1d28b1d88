// Package mailtest is a small virtual network for tests of the mail services: machines on one switch,
// without a cluster around them.
package mailtest

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// Lab is the network, its time and its trace.
type Lab struct {
	Trace    *trace.Trace
	s        *vtime.Scheduler
	net      *wire.Network
	sw       *wire.Switch
	seed     uint64
	machines []*Machine
}

// New returns an empty network at virtual time 0.
func New(seed uint64) *Lab {
	l := &Lab{
		s:    vtime.NewScheduler(0, time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC)),
		seed: seed, Trace: &trace.Trace{},
	}
	l.net = wire.NewNetwork(l.s)
	l.sw = wire.NewSwitch(l.net, "sw")
	return l
}

// Network is the lab's wires, for taps.
func (l *Lab) Network() *wire.Network { return l.net }

// Machine is a computer of the lab.
type Machine struct {
	Cable *wire.Cable
	lab   *Lab
	host  *host.Host
}

var _ mail.Host = (*Machine)(nil)

// policy is windows-modern's, as far as it matters here.
var policy = arp.Policy{
	BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
	Retransmit: time.Second, DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, MulticastProbes: 3,
}

// Machine adds a running computer with an address, as 10.0.0.1/24.
func (l *Lab) Machine(name, address string) *Machine {
	port := wire.NewPort(name, nil)
	port.SetPower(false)
	h := host.New(l.net, port, wire.MAC{2, 0, 0, 0, 0, byte(len(l.machines) + 1)}, host.Config{Name: name, Seed: l.seed, TTL: 128, Neighbor: policy})
	h.NIC().Add(netip.MustParsePrefix(address))
	m := &Machine{lab: l, host: h}
	m.Cable = l.net.Connect(name, port, l.sw.AddPort(name), 100*time.Microsecond, nil)
	port.SetPower(true)
	l.machines = append(l.machines, m)
	return m
}

// Run lets virtual time pass.
func (l *Lab) Run(d time.Duration) { l.s.RunUntil(l.s.Now() + d) }

// Close ends all machines.
func (l *Lab) Close() {
	for _, m := range l.machines {
		m.PowerOff()
	}
	l.s.Close()
}

// PowerOff pulls the machine's plug.
func (m *Machine) PowerOff() {
	if !m.host.Domain().Dead() {
		m.host.PowerOff()
	}
}

// Host is the machine's network.
func (m *Machine) Host() *host.Host { return m.host }

// Now is part of mail.Host.
func (m *Machine) Now() time.Time { return m.host.Wall() }

// Listen is part of mail.Host.
func (m *Machine) Listen(at netip.AddrPort) (net.Listener, error) {
	l, err := m.host.Listen(at)
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Dial is part of mail.Host.
func (m *Machine) Dial(from netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	c, err := m.host.Dial(from, to, timeout)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Go is part of mail.Host.
func (m *Machine) Go(name string, f func()) { m.host.Domain().Go(m.host.Name()+"/"+name, f) }

// Sleep is part of mail.Host.
func (m *Machine) Sleep(d time.Duration) bool {
	m.host.Domain().Current().Sleep(d)
	return !m.host.Domain().Dead()
}

// Waiter is part of share.Host.
func (m *Machine) Waiter() (wait func() bool, wake func()) {
	p := m.host.Domain().Current()
	return p.Park, p.Wake
}

// Holds is part of mail.Host.
func (m *Machine) Holds(ip netip.Addr) bool { return m.host.NIC().State(ip) == host.Preferred }

// Random is part of mail.Host.
func (m *Machine) Random(name string) *rand.Rand {
	return vtime.Stream(m.lab.seed, m.host.Name()+"/"+name)
}

// Record is part of mail.Host.
func (m *Machine) Record(b trace.Body) { m.lab.Trace.Add(m.lab.s.Now(), m.host.Name(), b) }
