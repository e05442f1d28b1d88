package naive_test

import (
	"fmt"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// drawHeader draws a cluster for records that no world has written.
func drawHeader(s source) trace.Header {
	h := trace.Header{Version: trace.Version, Scenario: "drawn", Cluster: "drawn"}
	b := building{s, &h, []string{"sw1"}, s.chance(40)}
	if s.chance(50) {
		b.switches = append(b.switches, "sw2")
		b.cable("sw1-sw2", "sw1", "sw2")
	}
	for i := range b.orGuide(1, 1, 1, 2) {
		h.VIPs = append(h.VIPs, trace.VIP{Address: address(0, 200+i)})
	}
	gateway := address(0, 1)
	for i := range b.orGuide(2, 2, 2, 2, 1, 3) {
		b.node(i, gateway)
	}
	subnets := b.orGuide(1, 1, 1, 2, 3)
	b.routers(subnets)
	for i := range one(s, 1, 2, 3) {
		b.client(i, s.below(subnets))
	}
	if s.chance(30) {
		h.Others = []trace.Other{{Name: "share", What: "share", Address: prefix(0, 90), MAC: mac(9, 1)}}
		b.cable("share", "share", b.anySwitch())
	}
	if s.chance(30) {
		h.Others = append(h.Others, trace.Other{Name: "stranger1", What: trace.Stranger, Address: prefix(0, 91), MAC: mac(9, 2)})
		b.cable("stranger1", "stranger1", b.anySwitch())
	}
	if s.chance(20) {
		h.Snoops = []trace.Snoop{{Switch: b.anySwitch(), MAC: mac(9, 3), Tracks: s.chance(50), Suppresses: s.chance(50), Blocks: s.chance(5)}}
	}
	if s.chance(20) {
		b.inspection()
	}
	if s.chance(3) {
		h.Twins = []string{"active", "client0"}
	}
	if s.chance(2) {
		b.lack()
	}
	return h
}

func address(subnet, host int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 0, byte(subnet), byte(host)})
}

func prefix(subnet, host int) netip.Prefix { return netip.PrefixFrom(address(subnet, host), 24) }

func mac(kind, i int) trace.MAC { return trace.MAC{2, 0, 0, 0, byte(kind), byte(i)} }

// building is a header under construction. The switches are those of the nodes' subnet.
type building struct {
	source
	*trace.Header
	switches []string
	guide    bool // machines and times are as the maker's guide has them
}

// orGuide draws one of several numbers, or takes the guide's.
func (b *building) orGuide(guide int, others ...int) int {
	if b.guide {
		return guide
	}
	return one(b.source, others...)
}

func (b *building) cable(name, from, to string) {
	b.Cables = append(b.Cables, trace.Cable{Name: name, A: from, B: to})
}

func (b *building) anySwitch() string { return one(b.source, b.switches...) }

func (b *building) node(i int, gateway netip.Addr) {
	n := trace.Node{
		Role: []string{"active", "standby", "third"}[i], Address: prefix(0, 10+i), MAC: mac(1, i), Gateway: gateway,
		Profile: []string{"srv-2012plus", "srv-2008"}[b.orGuide(0, 0, 0, 0, 1)],
		Master:  b.chance([]int{85, 15, 15}[i]), Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 60 * time.Second,
		NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second, RetryFor: 20 * time.Second,
	}
	if !b.guide && b.chance(80) {
		n.Interval = one(b.source, 4*time.Second, 10*time.Second)
		n.PingTimeout = one(b.source, time.Second, 2*time.Second, 5*time.Second)
		n.NetshMax = one(b.source, time.Second, 2*time.Second)
	}
	if b.chance(50) {
		n.LogicalIP = one(b.source, address(0, 200), address(0, 200), address(0, 200), n.Address.Addr(), address(0, 98))
	}
	for range one(b.source, 0, 0, 1, 2) {
		n.Cure = append(n.Cure, trace.CurePing{
			Target: address(b.below(2), 100+b.below(2)), Source: one(b.source, address(0, 200), address(0, 201), netip.Addr{}), Count: 1 + b.below(9),
			After: one(b.source, 0, 0, 4*time.Second),
		})
	}
	b.Nodes = append(b.Nodes, n)
	b.Header.Cables = append(b.Header.Cables, trace.Cable{Name: n.Role, A: n.Role, B: b.anySwitch()})
}

// routers puts each subnet but the first behind a router of its own, in a row.
func (b *building) routers(subnets int) {
	for i := 1; i < subnets; i++ {
		r := trace.Router{Name: fmt.Sprint("r", i)}
		near, far := b.anySwitch(), fmt.Sprint("office", i)
		nearAddress := address(0, 1)
		if i > 1 {
			near, nearAddress = "office1", address(1, 2)
			r.Routes = []trace.Route{{Prefix: prefix(0, 0), Via: address(1, 1)}}
			b.Routers[0].Routes = []trace.Route{{Prefix: prefix(2, 0), Via: nearAddress}}
		}
		r.Interfaces = []trace.RouterInterface{
			{Cable: r.Name + "-" + near, Address: netip.PrefixFrom(nearAddress, 24), MAC: mac(3, 2*i)},
			{Cable: r.Name + "-" + far, Address: prefix(i, 1), MAC: mac(3, 2*i+1)},
		}
		b.cable(r.Name+"-"+near, r.Name, near)
		b.cable(r.Name+"-"+far, r.Name, far)
		b.Routers = append(b.Routers, r)
	}
}

func (b *building) client(i, subnet int) {
	c := trace.Client{
		Name: fmt.Sprint("client", i), Address: prefix(subnet, 100+i), MAC: mac(2, i),
		Profile: []string{"windows-modern", "linux"}[b.orGuide(0, 0, 0, 0, 1)],
	}
	sw := b.anySwitch()
	if len(b.Routers) > 0 {
		c.Gateway = address(subnet, 1)
	}
	if subnet > 0 {
		sw = fmt.Sprint("office", subnet)
	}
	b.Clients = append(b.Clients, c)
	b.cable(c.Name, c.Name, sw)
}

// lack leaves out what no cluster is without.
func (b *building) lack() {
	switch b.below(3) {
	case 0:
		b.Nodes = nil
	case 1:
		b.Clients = nil
	default:
		b.VIPs = nil
	}
}

// inspection binds each machine's own address at a switch, and the VIPs to the first node, or to all.
func (b *building) inspection() {
	all := trace.Inspection{Switch: b.anySwitch()}
	allNodes := b.chance(50)
	for i, n := range b.Nodes {
		all.Bindings = append(all.Bindings, trace.Binding{IP: n.Address.Addr(), MAC: n.MAC})
		for _, v := range b.VIPs {
			if i == 0 || allNodes {
				all.Bindings = append(all.Bindings, trace.Binding{IP: v.Address, MAC: n.MAC})
			}
		}
	}
	b.Inspections = []trace.Inspection{all}
}
