package check

import (
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// watcher is the service's name in records.
const watcher = "IPWCS"

// host is a node or a client as the trace left it.
type host struct {
	name    string
	own     netip.Addr
	subnet  netip.Prefix
	gateway netip.Addr
	mac     trace.MAC
	node    *trace.Node // nil for a client

	power     trace.PowerState
	service   string // of the watcher; "" when never recorded
	addresses map[netip.Addr]trace.AddressState
	neighbors map[netip.Addr]trace.Neighbor
	vain      map[netip.Addr]bool // asked for by ARP now, and nobody will answer
	blocked   map[string]bool
	pings     map[int]netip.Addr // ping.exe runs under way
	linked    bool               // a cable of its has link
	segments  []int              // where its cables lead that pass frames
	inspected []trace.Inspection // by the switches it is plugged into
}

func newHost(name string, address netip.Prefix, mac trace.MAC, node *trace.Node, power trace.PowerState) *host {
	return &host{
		name: name, own: address.Addr(), subnet: address, mac: mac, node: node, power: power,
		addresses: map[netip.Addr]trace.AddressState{},
		neighbors: map[netip.Addr]trace.Neighbor{},
		vain:      map[netip.Addr]bool{},
		blocked:   map[string]bool{},
		pings:     map[int]netip.Addr{},
	}
}

// apply takes one record in and says whether it is one that counts.
func (h *host) apply(body trace.Body) bool {
	switch b := body.(type) {
	case trace.Power:
		h.turn(b.State)
	case trace.Address:
		h.addresses[b.IP] = b.State
	case trace.Neighbor:
		was := h.neighbors[b.IP]
		h.neighbors[b.IP] = b
		return was.State.Usable() != b.State.Usable() || was.MAC != b.MAC // else packets go where they went
	case trace.Firewall:
		h.blocked[b.Rule] = b.Blocked
	case trace.Service:
		if b.Name != watcher {
			return false
		}
		h.service = b.State
	case trace.PingStart:
		h.pings[b.ID] = b.Target
	case trace.PingEnd:
		delete(h.pings, b.ID)
	default:
		return false
	}
	return true
}

// turn changes the power; with it off nothing of the stack is left.
func (h *host) turn(s trace.PowerState) {
	h.power = s
	if s == trace.Off {
		clear(h.addresses)
		clear(h.neighbors)
		clear(h.vain)
		clear(h.pings)
		h.service = ""
	}
}

// runs says whether the machine's network answers at all (H6, H7).
func (h *host) runs() bool { return h.power == trace.On || h.power == trace.Stopping }

// usable says whether the host can send and be answered under its own address (H1).
func (h *host) usable() bool { return h.runs() && h.addresses[h.own] == trace.Preferred }

// holds says whether the VIP is the machine's to defend: ARP for it is answered.
func (h *host) holds(vip netip.Addr) bool {
	return h.runs() && h.addresses[vip] == trace.Preferred
}

// answers says whether an echo request that arrives for the VIP is answered (H8).
func (h *host) answers(vip netip.Addr) bool { return h.holds(vip) && !h.blocked["echo"] }

// watches says whether the node's watcher is at work with a network under it.
func (h *host) watches() bool {
	return h.power == trace.On && h.service == "running" && h.usable()
}

// pinging says whether ping.exe runs on the host against the VIP.
func (h *host) pinging(vip netip.Addr) bool {
	for _, target := range h.pings { // order: any will do
		if target == vip {
			return true
		}
	}
	return false
}

// maySpeak says whether the switches let the host's ARP for the address pass.
func (h *host) maySpeak(ip netip.Addr) bool {
	for _, i := range h.inspected {
		if !slices.Contains(i.Bindings, trace.Binding{IP: ip, MAC: h.mac}) {
			return false
		}
	}
	return true
}

// reaches says whether a frame gets from one host to the other.
func (h *host) reaches(o *host) bool {
	for _, s := range h.segments {
		if slices.Contains(o.segments, s) {
			return true
		}
	}
	return false
}
