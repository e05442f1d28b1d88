// Package router is an L3 switch: interfaces into several subnets, each with an ARP cache of its own,
// between which it routes, and to subnets behind other L3 switches (N5).
package router

import (
	"net/netip"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// Config is what a router is made of.
type Config struct {
	Name       string // as in the trace
	Seed       uint64 // the world's
	Neighbor   arp.Policy
	Interfaces []Interface                           // at least one
	Routes     []Route                               // to the subnets behind other routers
	ProxyARP   func(n *host.NIC, ip netip.Addr) bool // for whom it answers besides itself (N7); nil: nobody
	Record     func(host string, b trace.Body)
}

// Interface is a VLAN interface with a cable of its own.
type Interface struct {
	Address netip.Prefix
	MAC     trace.MAC
}

// Route is the way to a subnet: by another router's address.
type Route struct {
	Prefix netip.Prefix
	Via    netip.Addr
}

// ttl is of what the router itself sends, its ICMP errors.
//
// Inferred: the most there is, as Cisco IOS does.
const ttl = 255

// dad is how it brings its own addresses into use.
//
// Inferred: it does not probe for them, and announces each once at link up.
var dad = host.DADPolicy{Announcements: 1}

// Router is an L3 switch, without power until Start.
type Router struct {
	cfg   Config
	host  *host.Host
	ports []*wire.Port
}

// New returns a router without power.
func New(net *wire.Network, cfg Config) *Router {
	r := &Router{cfg: cfg}
	for range cfg.Interfaces {
		port := wire.NewPort(cfg.Name, nil)
		port.SetPower(false)
		r.ports = append(r.ports, port)
	}
	r.host = host.New(net, r.ports[0], wire.MAC(cfg.Interfaces[0].MAC), host.Config{
		Name: cfg.Name, Seed: cfg.Seed, TTL: ttl, Neighbor: cfg.Neighbor, Forward: true,
		DAD: dad, ProxyARP: cfg.ProxyARP,
		OnAddress:  r.addressChanged,
		OnNeighbor: r.neighborChanged,
	})
	for i, itf := range cfg.Interfaces[1:] {
		r.host.AddNIC(r.ports[i+1], wire.MAC(itf.MAC))
	}
	for _, x := range cfg.Routes {
		r.host.AddRoute(x.Prefix, x.Via)
	}
	return r
}

// Name is the router's name in the trace.
func (r *Router) Name() string { return r.cfg.Name }

// Port is the socket of the interface with that index.
func (r *Router) Port(i int) *wire.Port { return r.ports[i] }

// Host is the router's network stack; its NICs are in the order of the interfaces.
func (r *Router) Host() *host.Host { return r.host }

// Start gives the router power: it routes at once, as far as its cables reach.
func (r *Router) Start() {
	for i, itf := range r.cfg.Interfaces {
		r.host.NICs()[i].Add(itf.Address)
	}
	r.cfg.Record(r.cfg.Name, trace.Power{State: trace.On})
	for _, p := range r.ports {
		p.SetPower(true)
	}
}

// Stop takes its power, for good.
func (r *Router) Stop() {
	r.host.PowerOff()
	r.cfg.Record(r.cfg.Name, trace.Power{State: trace.Off})
}

func (r *Router) addressChanged(ip netip.Addr, s host.AddressState, owner wire.MAC) {
	r.cfg.Record(r.cfg.Name, trace.Address{IP: ip, State: trace.AddressState(s.String()), Owner: trace.MAC(owner)})
}

func (r *Router) neighborChanged(ip netip.Addr, mac wire.MAC, s host.NeighborState) {
	r.cfg.Record(r.cfg.Name, trace.Neighbor{IP: ip, MAC: trace.MAC(mac), State: trace.NeighborState(s.String())})
}
