// Package host is a simulated machine's network: one gVisor stack in virtual time, its interfaces
// with their addresses and states, its ARP cache, ping, UDP and TCP.
package host

import (
	"fmt"
	"math/rand" // wall clock and global source are not used: this is the type of netstack's own stream, seeded below
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

// Config is what a host is made of. Callbacks may be nil; they are called while netstack's locks
// may be held, so they must only record, or schedule through the host's Domain.
type Config struct {
	Name     string
	Seed     uint64 // the world's; the host's randomness is keyed by it, the name and the boot
	Boot     int    // tells a machine's boots apart
	TTL      uint8  // of what the host sends; Windows: 128
	Neighbor arp.Policy
	DAD      DADPolicy
	TCP      policy.TCP
	Source   policy.Source // of what names none
	Forward  bool          // route between interfaces (N5)

	// ProxyARP says for which addresses of others the host answers ARP (N7); nil: none.
	ProxyARP func(n *NIC, ip netip.Addr) bool

	OnAddress  func(ip netip.Addr, s AddressState, owner wire.MAC) // owner: who else has it, when Duplicate
	OnConflict func(ip netip.Addr, with wire.MAC, owner bool)      // owner: it keeps the address (H15)
	OnNeighbor func(ip netip.Addr, mac wire.MAC, s NeighborState)
	OnLink     func(up bool)
}

// Host is a machine with one network interface, or, after AddNIC, several.
type Host struct {
	cfg    Config
	net    *wire.Network
	domain *vtime.Domain
	stack  *stack.Stack
	tcp    stack.TransportProtocol
	nics   []*NIC // by netstack's number, less one

	gateway netip.Addr // the zero Addr: none
	static  []staticRoute
	routes  []tcpip.Route // as netstack has them
	pingers []*Pinger
	opens   []*socket          // not closed, in order of opening
	paces   map[uint16]*pace   // connects under way whose SYNs have times of their own, by local port
	pacing  *pace              // one whose first SYN is due now
	ident   uint16             // last echo identifier given out
	idents  map[uint16]*Pinger // the open pingers

	gone     bool          // without power: netstack resets its connections in no order, which nobody may see
	tcpUntil time.Duration // until then TCP may have work for its processors
}

// tcpLinger is how long after its last use TCP is still watched: longer than TIME-WAIT.
const tcpLinger = 2 * time.Minute

// sharedIPv4 serves every stack: a factory holds tables of 20 kB, but no state that a run could see.
var sharedIPv4 = ipv4.NewProtocolWithOptions(ipv4.Options{})

// New returns a running host whose interface has the MAC address and sits behind the port, which
// must be without power. Switch it on (NIC().Port().SetPower) once the addresses are configured.
func New(n *wire.Network, port *wire.Port, mac wire.MAC, cfg Config) *Host {
	h := &Host{cfg: cfg, net: n, domain: n.Scheduler().NewDomain(cfg.Name), paces: map[uint16]*pace{}, idents: map[uint16]*Pinger{}}
	entropy := vtime.NewEntropy(cfg.Seed, fmt.Sprintf("%s/stack/%d", cfg.Name, cfg.Boot))
	h.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{h.ipv4Factory, h.arpFactory},
		TransportProtocols: []stack.TransportProtocolFactory{icmp.NewProtocol4, udp.NewProtocol, tcp.NewProtocol},
		Clock:              h.domain.Clock(),
		NUDConfigs:         nud(cfg.Neighbor),
		NUDDisp:            (*neighborEvents)(h),
		RandSource:         entropy,
		SecureRNG:          entropy,
		DefaultIPTables:    noRules,
		Stats:              uncounted,
	})
	ttl := tcpip.DefaultTTLOption(cfg.TTL)
	must(h.stack.SetNetworkProtocolOption(ipv4.ProtocolNumber, &ttl))
	h.tcp = h.stack.TransportProtocolInstance(tcp.ProtocolNumber)
	h.setTCP(cfg.TCP)
	if cfg.Forward {
		must(h.stack.SetForwardingDefaultAndAllNICs(ipv4.ProtocolNumber, true))
	}
	h.AddNIC(port, mac)
	h.domain.SetBarrier(h.barrier)
	return h
}

// uncounted are counters that all stacks have in common, as nobody reads them: each would make some two hundred.
var uncounted = tcpip.Stats{}.FillIn()

// noRules saves each stack 8 kB of default rules, which are never looked at. It draws the one number
// that they would.
func noRules(_ tcpip.Clock, r *rand.Rand) *stack.IPTables {
	r.Uint32()
	return new(stack.IPTables)
}

// Name is the host's name.
func (h *Host) Name() string { return h.cfg.Name }

// Domain is the machine's share of time.
func (h *Host) Domain() *vtime.Domain { return h.domain }

// NIC is the host's first interface.
func (h *Host) NIC() *NIC { return h.nics[0] }

// NICs are all interfaces, in the order they were added.
func (h *Host) NICs() []*NIC { return h.nics }

// Wall is the simulated wall clock.
func (h *Host) Wall() time.Time { return h.net.Scheduler().Wall() }

// touchTCP notes that TCP is in use.
func (h *Host) touchTCP() {
	h.tcpUntil = h.domain.Now() + tcpLinger
	h.domain.Touch()
}

// barrier waits until netstack's TCP processors have nothing left to do: Pause returns when each
// has emptied its queue.
func (h *Host) barrier() {
	if h.domain.Now() < h.tcpUntil {
		h.tcp.Pause()
		h.tcp.Resume()
	}
}

// PowerOff stops the machine as a pulled plug does: its link goes down, its sockets fail, nothing of
// it runs again. The host cannot be used afterwards; a machine that boots gets a new one.
func (h *Host) PowerOff() {
	h.domain.Kill()
	for _, n := range h.nics {
		n.port.SetPower(false)
		n.FlushNeighbors()
	}
	h.gone = true
	for _, s := range h.opens {
		s.abort()
	}
	h.opens = nil
	h.stack.Destroy()
}

func addr4(a netip.Addr) tcpip.Address {
	if !a.IsValid() {
		return tcpip.Address{}
	}
	return tcpip.AddrFrom4(a.As4())
}

func netipAddr(a tcpip.Address) netip.Addr {
	if a.Len() != 4 {
		return netip.Addr{}
	}
	return netip.AddrFrom4(a.As4())
}
