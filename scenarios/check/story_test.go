package check

import (
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

var vip = netip.MustParseAddr("192.168.10.202")

// story is a trace written by hand: say when, then what. Times are seconds.
type story struct {
	tr  trace.Trace
	now time.Duration
}

func seconds(s float64) time.Duration {
	return time.Duration(math.Round(s*1000)) * time.Millisecond
}

// bare is the guide's cluster with nothing recorded: two nodes, a client, one switch, the defaults.
func bare() *story {
	node := func(role, ip string, mac byte, master bool) trace.Node {
		return trace.Node{
			Role: role, Name: role, Address: netip.MustParsePrefix(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac},
			Profile: "srv-2012plus", Master: master,
			Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 1800 * time.Second,
			NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second,
		}
	}
	return &story{tr: trace.Trace{Header: trace.Header{
		Nodes:   []trace.Node{node("active", "192.168.10.11/24", 1, true), node("standby", "192.168.10.12/24", 2, false)},
		VIPs:    []trace.VIP{{Address: vip}},
		Clients: []trace.Client{{Name: "pc", Address: netip.MustParsePrefix("192.168.10.50/24"), MAC: trace.MAC{2, 0, 0, 0, 0, 9}, Profile: "windows-modern"}},
		Cables:  []trace.Cable{{Name: "active", A: "active", B: "sw"}, {Name: "standby", A: "standby", B: "sw"}, {Name: "pc", A: "pc", B: "sw"}},
	}}}
}

// cold is the cluster booted, the services just running, the VIP free.
func cold() *story {
	s := bare().at(-100).link("active", true).link("standby", true).link("pc", true)
	s.power("active", trace.On).power("standby", trace.On)
	s.own("pc", trace.Preferred).own("active", trace.Preferred).own("standby", trace.Preferred)
	return s.service("active", "running").service("standby", "running")
}

// guide is the cluster standing whole: active has taken the VIP in its time (W7).
func guide() *story { return cold().at(-65).takes("active") }

func (s *story) at(sec float64) *story { s.now = seconds(sec); return s }

func (s *story) add(host string, b trace.Body) *story { s.tr.Add(s.now, host, b); return s }

func (s *story) fault(verb string, args ...string) *story {
	return s.add("", trace.Fault{Verb: verb, Args: args})
}

func (s *story) link(cable string, up bool) *story {
	return s.add("", trace.Link{Cable: cable, Up: up})
}

func (s *story) power(host string, p trace.PowerState) *story {
	return s.add(host, trace.Power{State: p})
}

func (s *story) own(host string, state trace.AddressState) *story {
	ip := newWorld(&s.tr.Header).byName[host].own
	return s.add(host, trace.Address{IP: ip, State: state})
}

// holds puts the VIP in a state on a node.
func (s *story) holds(node string, state trace.AddressState) *story {
	return s.add(node, trace.Address{IP: vip, State: state})
}

// cache points a client's ARP entry for the VIP at a node.
func (s *story) cache(client, node string) *story {
	return s.add(client, trace.Neighbor{IP: vip, MAC: s.tr.Header.Node(node).MAC, State: trace.Reachable})
}

func (s *story) forget(client string) *story {
	return s.add(client, trace.Neighbor{IP: vip, State: trace.Removed})
}

func (s *story) service(node, state string) *story {
	return s.add(node, trace.Service{Name: "IPWCS", State: state})
}

func (s *story) watch(node, state, why string) *story {
	return s.add(node, trace.Watch{VIP: vip, State: state, Why: why})
}

// asks is a pipe request to the peer ending now.
func (s *story) asks(node, answer string, took float64) *story {
	return s.add(node, trace.Pipe{VIP: vip, Answer: answer, Took: seconds(took)})
}

func (s *story) blocks(node, rule string) *story {
	return s.add(node, trace.Firewall{Rule: rule, Blocked: true})
}

// takes is a node's VIP becoming usable, announced to the client.
func (s *story) takes(node string) *story {
	return s.watch(node, "held", "W8").holds(node, trace.Preferred).cache("pc", node)
}

func (s *story) gives(node, why string) *story {
	return s.watch(node, "releasing", why).holds(node, trace.Absent).watch(node, "polling", "W11")
}

// unplug pulls a node's cable: nothing is released, nothing is usable (H5).
func (s *story) unplug(node string) *story {
	return s.fault("unplug", node).link(node, false).own(node, trace.Tentative)
}

// plug puts it back; both addresses are tentative for 3 s, then the VIP is as its state says.
func (s *story) plug(node string, after trace.AddressState) *story {
	s.fault("plug", node).link(node, true).own(node, trace.Tentative)
	if after != trace.Absent {
		s.holds(node, trace.Tentative)
	}
	s.now += 3 * time.Second
	return s.own(node, trace.Preferred).holds(node, after)
}

// every changes all nodes' settings.
func (s *story) every(change func(*trace.Node)) *story {
	for i := range s.tr.Header.Nodes {
		change(&s.tr.Header.Nodes[i])
	}
	return s
}

// end closes the trace. Records may have been told out of order.
func (s *story) end(sec float64) *trace.Trace {
	s.tr.End = seconds(sec)
	slices.SortStableFunc(s.tr.Records, func(a, b trace.Record) int { return int(a.At - b.At) })
	return &s.tr
}

// wants runs one check and holds it to a verdict; the sentence is the rule the test stands for.
func wants(t *testing.T, id string, v Verdict, tr *trace.Trace, sentence string) Result {
	t.Helper()
	c, ok := ByID(id)
	require.True(t, ok, "no check has the ID %s", id)
	r := c.Run(tr)
	require.Equal(t, v, r.Verdict, "%s\nreason: %s\nfindings: %+v\nleft: %+v", sentence, r.Reason, r.Findings, r.Left)
	return r
}
