package script

import (
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

var vip = netip.MustParseAddr("192.168.10.202")

// story is a trace written by hand: say when, then what. Times are seconds.
type story struct {
	tr  trace.Trace
	now time.Duration
}

func sec(s float64) time.Duration { return time.Duration(math.Round(s*1000)) * time.Millisecond }

// guide is the guide's cluster with two clients, standing whole: active has the VIP.
func guide() *story {
	node := func(role, ip string, mac byte) trace.Node {
		return trace.Node{
			Role: role, Name: role, Address: netip.MustParsePrefix(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac},
			Profile: "srv-2012plus", Master: role == "active",
			Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 1800 * time.Second,
			NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second,
		}
	}
	client := func(name, ip string, mac byte) trace.Client {
		return trace.Client{Name: name, Address: netip.MustParsePrefix(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac}, Profile: "windows-modern"}
	}
	s := &story{tr: trace.Trace{Header: trace.Header{
		Nodes:   []trace.Node{node("active", "192.168.10.200/24", 1), node("standby", "192.168.10.201/24", 2)},
		VIPs:    []trace.VIP{{Address: vip}},
		Clients: []trace.Client{client("client", "192.168.10.150/24", 9), client("branch", "192.168.10.151/24", 10)},
	}}}
	s.at(-100)
	for _, n := range []string{"active", "standby", "client", "branch"} {
		s.tr.Header.Cables = append(s.tr.Header.Cables, trace.Cable{Name: n, A: n, B: "sw"})
		s.link(n, true).power(n, trace.On)
	}
	for _, c := range s.tr.Header.Clients {
		s.add(c.Name, trace.Address{IP: c.Address.Addr(), State: trace.Preferred})
	}
	for _, n := range s.tr.Header.Nodes {
		s.add(n.Role, trace.Address{IP: n.Address.Addr(), State: trace.Preferred})
		s.add(n.Role, trace.Service{Name: "IPWCS", State: "running"})
	}
	return s.at(-65).takes("active")
}

func (s *story) at(seconds float64) *story { s.now = sec(seconds); return s }

func (s *story) add(host string, b trace.Body) *story { s.tr.Add(s.now, host, b); return s }

func (s *story) link(cable string, up bool) *story {
	return s.add("", trace.Link{Cable: cable, Up: up})
}

func (s *story) power(host string, p trace.PowerState) *story {
	return s.add(host, trace.Power{State: p})
}

// holds puts the VIP in a state on a node.
func (s *story) holds(node string, state trace.AddressState) *story {
	return s.add(node, trace.Address{IP: vip, State: state})
}

// cache points a client's ARP entry for the VIP at a node.
func (s *story) cache(client, node string) *story {
	return s.add(client, trace.Neighbor{IP: vip, MAC: s.tr.Header.Node(node).MAC, State: trace.Reachable})
}

// takes is the VIP becoming usable on a node, with every client's cache.
func (s *story) takes(node string) *story {
	return s.holds(node, trace.Preferred).cache("client", node).cache("branch", node)
}

func (s *story) unplug(cable string) *story {
	return s.add("", trace.Fault{Verb: "unplug", Args: []string{cable}}).link(cable, false)
}

func (s *story) plug(cable string) *story {
	return s.add("", trace.Fault{Verb: "plug", Args: []string{cable}}).link(cable, true)
}

func (s *story) pings(client string, outcomes ...trace.PingOutcome) *story {
	for _, o := range outcomes {
		s.add(client, trace.PingLine{ID: 1, Outcome: o})
		s.now += time.Second
	}
	return s
}

// failsOver loses the active node at 20 s; the standby answers so many seconds later.
func failsOver(after float64) *story {
	return guide().at(20).unplug("active").at(20 + after).takes("standby")
}

// comesBack goes on: the active node is back at 80 s and answers so many seconds later.
func comesBack(after float64) *story {
	s := failsOver(34).at(80).plug("active").holds("active", trace.Duplicate)
	return s.at(80+after/2).holds("standby", trace.Absent).at(80 + after).takes("active")
}

// end closes the trace. Records may have been told out of order.
func (s *story) end(seconds float64) *trace.Trace {
	s.tr.End = sec(seconds)
	slices.SortStableFunc(s.tr.Records, func(a, b trace.Record) int { return int(a.At - b.At) })
	return &s.tr
}

// expected parses what follows `expect`.
func expected(t *testing.T, text string) Expect {
	t.Helper()
	s, problems := Parse("x.txtar", []byte("cluster guide\nexpect "+text+"\n"))
	require.NoError(t, problems.Err())
	return s.Expects[0]
}

// judged holds an expectation against a finished run.
func judged(e Expect, tr *trace.Trace) (bool, string) {
	j := &judge{outcome: &Outcome{Played: Played{Trace: tr}, Checks: check.All(tr)}, vip: vip}
	return j.judge(e)
}
