// Package story writes traces by hand, for tests: say when, then what. Times are seconds.
package story

import (
	"math"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// VIP is the one that stories are about.
var VIP = netip.MustParseAddr("192.168.10.202")

// The watcher's reasons, beside those that the trace names.
const (
	AtStart   trace.Reason = "start"
	AtStop    trace.Reason = "stop"
	Free      trace.Reason = "free"
	Yielded   trace.Reason = "yielded"
	Added     trace.Reason = "added"
	GivenUp   trace.Reason = "given up"
	TakenOver trace.Reason = "taken over"
	Conflict  trace.Reason = "conflict"
)

// Rules are what the reasons follow from.
var Rules = map[trace.Reason]string{
	AtStart: "W5", AtStop: "W6", Free: "W12", Yielded: "W13", Added: "W8", GivenUp: "W11", TakenOver: "W19", Conflict: "W20",
	trace.ByCycle: "W18", trace.ByPeer: "W15",
}

// Story is a trace being written.
type Story struct {
	Header  *trace.Header
	records []trace.Record
	now     time.Duration
}

// Seconds is so many of them, to the millisecond.
func Seconds(s float64) time.Duration {
	return time.Duration(math.Round(s*1000)) * time.Millisecond
}

// At says when what follows happens. A story may be told out of order.
func (s *Story) At(sec float64) *Story { s.now = Seconds(sec); return s }

// Add tells anything.
func (s *Story) Add(host string, b trace.Body) *Story {
	s.records = append(s.records, trace.Record{At: s.now, Host: host, Body: b})
	return s
}

// Every changes all nodes' settings.
func (s *Story) Every(change func(*trace.Node)) *Story {
	for i := range s.Header.Nodes {
		change(&s.Header.Nodes[i])
	}
	return s
}

// End is the trace up to then, without what is told of later times. The story can go on.
func (s *Story) End(sec float64) *trace.Trace {
	all := slices.DeleteFunc(slices.Clone(s.records), func(r trace.Record) bool { return r.At > Seconds(sec) })
	slices.SortStableFunc(all, func(a, b trace.Record) int { return int(a.At - b.At) })
	return &trace.Trace{Header: *s.Header, Records: numbered(all, Seconds(sec)), End: Seconds(sec)}
}

// Link is a cable's link coming up or going down.
func (s *Story) Link(cable string, up bool) *Story {
	return s.Add("", trace.Link{Cable: cable, Up: up})
}

// Cut is an end of a cable being heard no more, or again (N1).
func (s *Story) Cut(cable, from string, on bool) *Story {
	return s.Add("", trace.Impairment{Cable: cable, From: from, Cut: on})
}

// Port is the port at the switch sw in another state (N2).
func (s *Story) Port(cable string, state trace.PortPhase) *Story {
	return s.Add("", trace.PortState{Switch: "sw", Cable: cable, State: state})
}

// Drops is a rule that drops frames.
func (s *Story) Drops(r trace.Rule) *Story {
	r.Verdict = trace.Drop
	return s.Add("", r)
}

// Power is a machine in another state.
func (s *Story) Power(host string, p trace.PowerState) *Story {
	return s.Add(host, trace.Power{State: p})
}

// Own is a machine's own address in another state.
func (s *Story) Own(host string, state trace.AddressState) *Story {
	return s.Add(host, trace.Address{IP: s.addressOf(host), State: state})
}

func (s *Story) addressOf(host string) netip.Addr {
	if n := s.Header.Node(host); n != nil {
		return n.Address.Addr()
	}
	for _, c := range s.Header.Clients {
		if c.Name == host {
			return c.Address.Addr()
		}
	}
	panic("story: nobody is called " + host)
}

// Holds puts the VIP in a state on a node.
func (s *Story) Holds(node string, state trace.AddressState) *Story {
	return s.Add(node, trace.Address{IP: VIP, State: state})
}

// Cache points a host's ARP entry for the VIP at a node.
func (s *Story) Cache(host, node string) *Story {
	return s.Add(host, trace.Neighbor{IP: VIP, MAC: s.Header.Node(node).MAC, State: trace.Reachable})
}

// Entry points a host's ARP entry at the MAC of a machine that ends so.
func (s *Story) Entry(host, ip string, mac byte) *Story {
	return s.Add(host, trace.Neighbor{IP: netip.MustParseAddr(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac}, State: trace.Reachable})
}

// Forget is a host's having no entry for the VIP.
func (s *Story) Forget(host string) *Story {
	return s.Add(host, trace.Neighbor{IP: VIP, State: trace.Removed})
}

// Uses is a client's beginning to use the VIP.
func (s *Story) Uses(client string) *Story { return s.Add(client, trace.Use{VIP: VIP}) }

// Service is a node's watcher in another state.
func (s *Story) Service(node string, state trace.ServiceState) *Story {
	return s.Add(node, trace.Service{Name: trace.Watcher, State: state})
}

// Watch is a watcher changing its mind.
func (s *Story) Watch(node string, state trace.WatchState, why trace.Reason) *Story {
	return s.Add(node, trace.Watch{VIP: VIP, State: state, Why: why, Rule: Rules[why]})
}

// Asks is a pipe request to the peer that is answered now.
func (s *Story) Asks(node string, answer trace.PipeAnswer, took float64) *Story {
	r := trace.Pipe{VIP: VIP, Answer: answer, Took: Seconds(took)}
	if answer == trace.NoAnswer {
		r.Error = trace.PathNotFound
	}
	return s.Add(node, r)
}

// Blocks is a node's firewall closing.
func (s *Story) Blocks(node string, rule trace.FirewallRule) *Story {
	return s.Add(node, trace.Firewall{Rule: rule, Blocked: true})
}

// Takes is a node's VIP becoming usable, announced to the client.
func (s *Story) Takes(node string) *Story {
	return s.Watch(node, trace.Held, Added).Holds(node, trace.Preferred).Cache("pc", node)
}

// Gives is a node's giving the VIP up.
func (s *Story) Gives(node string, why trace.Reason) *Story {
	return s.Watch(node, trace.Releasing, why).Holds(node, trace.Absent).Watch(node, trace.Polling, GivenUp)
}

// Unplug pulls a node's cable: nothing is released, nothing is usable (H5).
func (s *Story) Unplug(node string) *Story {
	return s.Fault("unplug", node).Link(node, false).Own(node, trace.Tentative)
}

// Plug puts it back; both addresses are tentative for 3 s, then the VIP is as its state says.
func (s *Story) Plug(node string, after trace.AddressState) *Story {
	s.Fault("plug", node).Link(node, true).Own(node, trace.Tentative)
	if after != trace.Absent {
		s.Holds(node, trace.Tentative)
	}
	s.now += 3 * time.Second
	return s.Own(node, trace.Preferred).Holds(node, after)
}

// PowerOff takes a node's power.
func (s *Story) PowerOff(node string) *Story {
	return s.Fault("power-off", node).Link(node, false).Power(node, trace.Off)
}
