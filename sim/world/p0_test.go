package world_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/host"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// P0: Use.Answered, which is read from the trace alone, says of each moment whether an echo request that the
// client sends then would be answered. Here a client really sends one each 100 ms.

const (
	echoEach = 100 * time.Millisecond
	echoWait = 3*time.Second + 2*time.Millisecond // for ARP at one place: three requests, and the way there and back
	margin   = 150 * time.Millisecond             // around a change either may be right
	onTheWay = 2 * time.Millisecond               // from the client to the node and back, over two routers
)

// sentEcho is an echo request and what came of it.
type sentEcho struct {
	at       time.Duration
	asked    bool     // someone on the way did not know the next one's MAC, and had to ask first
	unsure   []string // the nodes that did not know the way back, and would have to ask before they answer
	answered bool
	took     time.Duration
}

// echoer sends echo requests from the world's client.
type echoer struct {
	w    *world.World
	host *host.Host
	next netip.Addr // the VIP, or the gateway to it
	back netip.Addr // the client, or the nodes' gateway to it
	ping *host.Pinger
	sent []sentEcho

	read   int             // records of the trace taken in
	unsure map[string]bool // the nodes that do not know the MAC of the way back
}

func newEchoer(t require.TestingT, w *world.World) *echoer {
	c, err := w.Client("client")
	require.NoError(t, err)
	e := &echoer{w: w, host: c.Host(), next: vip, unsure: map[string]bool{"active": true, "standby": true}}
	e.back = c.Address().Addr()
	if h := w.Trace().Header; !h.Clients[0].Address.Contains(vip) {
		e.next, e.back = h.Clients[0].Gateway, h.Nodes[0].Gateway
	}
	e.ping = e.host.NewPinger(vip, netip.Addr{}, 128, 32, host.PingHandler{
		Reply: func(r host.Reply) {
			s := &e.sent[r.Seq]
			s.answered, s.took = true, w.Now()-s.at
		},
	})
	return e
}

// until runs the world to the time, sending an echo request each 100 ms.
func (e *echoer) until(t time.Duration) {
	for next := time.Duration(len(e.sent)) * echoEach; next < t; next += echoEach {
		e.w.RunUntil(next)
		unsure := e.unsureNodes()
		if n := len(e.sent); n > 0 { // what a node knew when the last request arrived: before it or after
			e.sent[n-1].unsure = append(e.sent[n-1].unsure, unsure...)
		}
		_, state := e.host.NIC().Neighbor(e.next)
		e.sent = append(e.sent, sentEcho{at: next, asked: state < host.Reachable || state > host.Probe, unsure: unsure})
		e.ping.Send(uint16(len(e.sent) - 1))
	}
	e.w.RunUntil(t)
}

// unsureNodes are the nodes that do not know the MAC of the way back now.
func (e *echoer) unsureNodes() []string {
	records := e.w.Trace().Records
	for _, r := range records[e.read:] {
		switch b := r.Body.(type) {
		case trace.Neighbor:
			if b.IP == e.back {
				e.unsure[r.Host] = !b.State.Usable()
			}
		case trace.Power:
			e.unsure[r.Host] = true
		}
	}
	e.read = len(records)
	var all []string
	for _, node := range []string{"active", "standby"} {
		if e.unsure[node] {
			all = append(all, node)
		}
	}
	return all
}

// waited says whether ARP held up the request, or the answer of a node that gave it meanwhile.
func (s sentEcho) waited(spans []finding.Span) bool {
	return s.asked || slices.ContainsFunc(spans, func(p finding.Span) bool {
		return s.meets(p) && slices.ContainsFunc(p.By, func(n string) bool { return slices.Contains(s.unsure, n) })
	})
}

// meets says whether the echo was under way in the span: an answer that waits for ARP outlasts a firewall that closes.
func (s sentEcho) meets(p finding.Span) bool { return p.From <= s.at+s.took && s.at < p.To }

// disagreements compares what came of the echo requests with the spans of P0. What becomes of the
// last ones lies beyond the trace's end.
func (e *echoer) disagreements(answered []finding.Span) (all []string) {
	spans := joined(answered)
	asking, moments := routersAsk(e.w.Trace()), momentsOf(e.w.Trace())
	most := echoWait * time.Duration(1+len(e.w.Trace().Header.Routers)) // who asks waits, and then the router behind asks
	for _, s := range e.sent {
		s.asked = s.asked || slices.ContainsFunc(asking, func(a finding.Span) bool { return a.From <= s.at+onTheWay && s.at < a.To })
		if near(spans, s.at) || s.at > e.w.Now()-most {
			continue
		}
		expected := inside(spans, s.at)
		if s.asked && slices.ContainsFunc(moments, func(m time.Duration) bool { return s.at <= m && m < s.at+most }) {
			continue // what waited for ARP went to the wrong node
		}
		switch {
		case expected && !s.answered:
			all = append(all, fmt.Sprintf("the echo of %v was not answered, though P0 holds", s.at))
		case expected && s.took > margin && !s.waited(answered):
			all = append(all, fmt.Sprintf("the echo of %v took %v, though P0 holds and the MAC was known", s.at, s.took))
		case !expected && s.answered && !(s.waited(answered) && s.took <= most && slices.ContainsFunc(spans, s.meets)):
			all = append(all, fmt.Sprintf("the echo of %v was answered after %v, though P0 does not hold", s.at, s.took))
		}
	}
	return all
}

// momentsOf are the times at which a node had to give up the VIP that it had just come to hold (H15).
func momentsOf(t *trace.Trace) (all []time.Duration) {
	since := map[string]time.Duration{}
	for _, r := range t.Records {
		a, ok := r.Body.(trace.Address)
		if !ok || a.IP != vip {
			continue
		}
		if from, held := since[r.Host]; held && a.State == trace.Duplicate && r.At-from < time.Second {
			all = append(all, r.At)
		}
		delete(since, r.Host)
		if a.State == trace.Preferred {
			since[r.Host] = r.At
		}
	}
	return all
}

// routersAsk gives the spans in which a router waits for an answer to ARP.
func routersAsk(t *trace.Trace) (all []finding.Span) {
	type entry struct {
		router string
		ip     netip.Addr
	}
	since := map[entry]time.Duration{}
	for _, r := range t.Records {
		n, ok := r.Body.(trace.Neighbor)
		if !ok || !slices.ContainsFunc(t.Header.Routers, func(x trace.Router) bool { return x.Name == r.Host }) {
			continue
		}
		key := entry{r.Host, n.IP}
		if from, asking := since[key]; asking {
			all = append(all, finding.Span{From: from, To: r.At})
			delete(since, key)
		}
		if n.State == trace.Incomplete {
			since[key] = r.At
		}
	}
	return all
}

// joined makes one span of those that touch: P0 goes on, by other nodes.
func joined(spans []finding.Span) (all []finding.Span) {
	for _, s := range spans {
		if n := len(all); n > 0 && all[n-1].To == s.From {
			all[n-1].To = s.To
		} else {
			all = append(all, s)
		}
	}
	return all
}

func inside(spans []finding.Span, at time.Duration) bool {
	return slices.ContainsFunc(spans, func(s finding.Span) bool { return s.From <= at && at < s.To })
}

func near(spans []finding.Span, at time.Duration) bool {
	return slices.ContainsFunc(spans, func(s finding.Span) bool {
		return (s.From-at).Abs() < margin || (s.To-at).Abs() < margin
	})
}

// step is a fault of a drawn schedule.
type step struct {
	at   time.Duration
	text string
}

// uniform draws from 0 to n-1, all alike: rapid's own integers are mostly small.
func uniform(n int) *rapid.Generator[int] {
	return rapid.Custom(func(t *rapid.T) int {
		const bits = 20
		u := 0
		for range bits {
			u <<= 1
			if rapid.Bool().Draw(t, "bit") {
				u++
			}
		}
		return u * n >> bits
	})
}

// breaks are faults with what mends them.
var breaks = [][2]string{
	{"unplug", "plug"}, {"freeze", "resume"}, {"power-off", "power-on"}, {"shutdown", "power-on"},
	{"stop-service", "start-service"}, {"block-echo", "allow-echo"},
	{"cut", "mend"}, {"cut", "mend"}, // of either end
}

// drawSchedule draws faults at any millisecond up to end; most are mended within 20 s.
func drawSchedule(t *rapid.T, bp *cluster.Blueprint, end time.Duration, cables []string) (steps []step) {
	at := func(label string, d time.Duration) time.Duration {
		return time.Duration(uniform(int(d/time.Millisecond)).Draw(t, label)) * time.Millisecond
	}
	for range 1 + uniform(6).Draw(t, "faults") {
		when, mended := at("when", end), at("for", 20*time.Second)
		on := cables[uniform(len(cables)).Draw(t, "on")]
		what := uniform(len(breaks)+2).Draw(t, "what")
		switch {
		case what < len(breaks):
			broken := breaks[what][0] + " " + on
			if breaks[what][0] == "cut" {
				broken += " " + endsOf(bp, on)[uniform(2).Draw(t, "end")]
			}
			steps = append(steps, step{when, broken})
			if uniform(4).Draw(t, "mend") > 0 {
				steps = append(steps, step{when + mended, breaks[what][1] + " " + on})
			}
		default:
			steps = append(steps, step{when, "flap " + on + " " + (mended/2 + 1).String()})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	return steps
}

// endsOf are the two ends of the cable.
func endsOf(bp *cluster.Blueprint, name string) []string {
	for _, c := range bp.Cables() {
		if c.Name == name {
			return []string{c.A, c.B}
		}
	}
	return nil
}

// quick is a shipped cluster with an interval of 6 s and a boot of 8 s, so that much happens in a
// minute, of servers and a client of these profiles.
func quick(t require.TestingT, name, sw, server, client string, keep bool) *cluster.Blueprint {
	node := fmt.Sprintf("\nboot = \"8s\"\nprofile = %q\nkeep_vip_over_reboot = %v\n", server, keep)
	files := toml(t, name, "\n[[switch]]\n", "\n[[switch]]\n"+sw+"\n",
		"\nprofile = \"srv-2012plus\"\nboot = \"2m\"", "", "\nprofile = \"srv-2012plus\"", "", "\nprofile = \"windows-modern\"", "",
		"\n[node.active]\n", "\n[node.active]"+node, "\n[node.standby]\n", "\n[node.standby]"+node,
		"\n[[client]]\n", "\n[[client]]\nprofile = \""+client+"\"\n")
	files["active/ipwcs.reg"] = export("Interval=00000006", "PingTimeout=00000001", "Balance=00000000")
	files["standby/ipwcs.reg"] = export("Interval=00000006", "PingTimeout=00000001", "Balance=00000001")
	return shipped(t, name, files)
}

// p0Clusters differ in what tells a client of the VIP's move: srv-2008 announces nothing, and
// windows-vista7 does not listen.
var p0Clusters = []struct {
	name, sw, server, client string // sw: a setting of the switches
	keep                     bool
}{
	{"guide", "", "srv-2012plus", "windows-modern", true},
	{"guide", "", "srv-2003", "linux", false},
	{"guide", "", "srv-2008", "windows-vista7", true},
	{"two-switch", "", "srv-2008", "windows-modern", true},
	{"two-switch", "", "srv-2012plus", "windows-vista7", false},
	{"guide", "port_fast = false", "srv-2012plus", "windows-modern", true},
	{"two-switch", "port_fast = false", "srv-2003", "linux", false},
	{"guide", "arp_inspection = true", "srv-2012plus", "windows-modern", true},
	{"two-switch", "arp_inspection = true", "srv-2008", "linux", false},
	{"l3", "", "srv-2012plus", "windows-modern", true},
	{"offices", "", "srv-2012plus", "windows-modern", false},
	{"offices", "", "srv-2008", "linux", true},
	{"l3", "port_fast = false", "srv-2012plus", "windows-modern", true},
}

func TestP0_AClientThatAsksAgrees(t *testing.T) {
	const end = 90 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		c := p0Clusters[uniform(len(p0Clusters)).Draw(t, "cluster")]
		bp := quick(t, c.name, c.sw, c.server, c.client, c.keep)
		cables := []string{"active", "standby", "active", "standby", "client"}
		if len(bp.Trunks) > 0 {
			cables = append(cables, bp.Trunks[0].Name())
		}
		for _, r := range bp.Routers[:min(len(bp.Routers), 2)] { // those on the client's way
			for _, i := range r.Interfaces {
				cables = append(cables, r.Cable(i))
			}
		}
		w := world.New(bp, world.Options{Seed: uint64(uniform(1000).Draw(t, "seed"))})
		defer w.Close()
		w.Settle()
		e := newEchoer(t, w)
		var done []string
		for _, s := range drawSchedule(t, bp, end, cables) {
			e.until(s.at)
			if do(w, s.text) == nil { // one that changes nothing is no fault
				done = append(done, fmt.Sprintf("at %v %s", s.at, s.text))
			}
		}
		e.until(end + 30*time.Second)
		spans := facts.Read(w.Trace()).Uses[0].Answered
		if all := e.disagreements(spans); len(all) > 0 {
			t.Fatalf("P0: Answered and a client that asks disagree on %v:\n%s\nafter\n%s\nAnswered: %v", c,
				strings.Join(all[:min(len(all), 12)], "\n"), strings.Join(done, "\n"), spans)
		}
	})
}
