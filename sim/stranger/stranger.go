// Package stranger is a station that has no part in the cluster, and says of addresses what it likes: it claims them,
// probes for them, answers for them, or has them (N7).
package stranger

import (
	"net/netip"
	"slices"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// Config is what a stranger is made of.
type Config struct {
	Name     string // as in the trace
	Seed     uint64 // the world's
	Address  netip.Prefix
	MAC      trace.MAC
	Gateway  netip.Addr // the zero Addr: none
	Neighbor arp.Policy
	DAD      host.DADPolicy // of its own address and of those it takes
	Has      []netip.Addr   // besides its own, from the start
	All      bool           // it answers for every address
	Answers  []netip.Addr   // it answers for these
	Record   func(host string, b trace.Body)
}

// Stranger is the station, running.
type Stranger struct {
	cfg  Config
	host *host.Host
	port *wire.Port
}

// ttl is of what it sends.
const ttl = 64

// New returns a stranger without power.
func New(net *wire.Network, cfg Config) *Stranger {
	s := &Stranger{cfg: cfg, port: wire.NewPort(cfg.Name, nil)}
	s.cfg.Answers = slices.Clone(cfg.Answers)
	s.port.SetPower(false)
	s.host = host.New(net, s.port, wire.MAC(cfg.MAC), host.Config{
		Name: cfg.Name, Seed: cfg.Seed, TTL: ttl, Neighbor: cfg.Neighbor, DAD: cfg.DAD,
		ProxyARP: func(_ *host.NIC, ip netip.Addr) bool { return s.cfg.All || slices.Contains(s.cfg.Answers, ip) },
		OnAddress: func(ip netip.Addr, state host.AddressState, owner wire.MAC) {
			cfg.Record(cfg.Name, trace.Address{IP: ip, State: trace.AddressState(state.String()), Owner: trace.MAC(owner)})
		},
		OnNeighbor: func(ip netip.Addr, mac wire.MAC, state host.NeighborState) {
			cfg.Record(cfg.Name, trace.Neighbor{IP: ip, MAC: trace.MAC(mac), State: trace.NeighborState(state.String())})
		},
	})
	return s
}

// Name is its name in the trace.
func (s *Stranger) Name() string { return s.cfg.Name }

// Port is where its cable plugs in.
func (s *Stranger) Port() *wire.Port { return s.port }

// Start gives it power and its addresses.
func (s *Stranger) Start() {
	s.host.NIC().Add(s.cfg.Address)
	for _, ip := range s.cfg.Has {
		s.Take(ip)
	}
	s.host.SetGateway(s.cfg.Gateway)
	s.cfg.Record(s.cfg.Name, trace.Power{State: trace.On})
	s.port.SetPower(true)
}

// Stop ends it.
func (s *Stranger) Stop() { s.host.PowerOff() }

// Take gives it the address from now on, announced as its DAD says; false when it has it.
func (s *Stranger) Take(ip netip.Addr) bool {
	return s.host.NIC().Add(netip.PrefixFrom(ip, s.cfg.Address.Bits()))
}

// Leave takes the address away; false when it has not got it.
func (s *Stranger) Leave(ip netip.Addr) bool { return s.host.NIC().Remove(ip) }

// Claim sends one gratuitous ARP for the address, whoever has it.
func (s *Stranger) Claim(ip netip.Addr) { s.host.NIC().Announce(ip) }

// Probe asks once whether anybody uses the address, from 0.0.0.0.
func (s *Stranger) Probe(ip netip.Addr) { s.host.NIC().Probe(ip) }

// AnswerAll makes it answer ARP for every address, or for those one by one again; false when it does so.
func (s *Stranger) AnswerAll(on bool) bool {
	changed := s.cfg.All != on
	s.cfg.All = on
	return changed
}

// Answer makes it answer ARP for the address or stop; false when it does so.
func (s *Stranger) Answer(ip netip.Addr, on bool) bool {
	i := slices.Index(s.cfg.Answers, ip)
	switch {
	case on == (i >= 0):
		return false
	case on:
		s.cfg.Answers = append(s.cfg.Answers, ip)
	default:
		s.cfg.Answers = slices.Delete(s.cfg.Answers, i, i+1)
	}
	return true
}
