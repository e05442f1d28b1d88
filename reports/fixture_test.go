package reports

import (
	"math"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

var (
	vip      = netip.MustParseAddr("192.168.10.202")
	clientIP = netip.MustParseAddr("192.168.10.150")
)

// sec is a number of seconds, to the nanosecond where it can be.
func sec(s float64) time.Duration { return time.Duration(math.Round(s * 1e9)) }

// cablePull is the guide's step 15 by hand: the cable of the active node is pulled at 20 s, the
// standby answers at 54.6 s, the cable comes back at 120 s and the active answers at 126.2 s.
func cablePull() Result {
	return Result{
		Scenario: "cable-pull",
		File:     "scenarios/testdata/cable-pull.txtar",
		Title:    "Cable pull, chapter 2 step 15 of the guide",
		Seed:     7,
		Hash:     "5c1d2a9f30b7",
		Rerun:    "ipwsim run scenarios/testdata/cable-pull.txtar --seed 7",
		Trace:    cablePullTrace(),
		Checks: []Check{
			{ID: "P1", Title: "Failover within 30-40 s", Verdict: Pass,
				Sentences: []string{"client: 192.168.10.202 was silent from 20.000 s to 54.600 s, 34.600 s."}},
			{ID: "P2", Title: "Failback within 5-10 s", Verdict: Pass,
				Sentences: []string{"client: the active node answered 6.200 s after its cable came back at 120.000 s."}},
			{ID: "P3", Title: "At most one holder on a whole network", Verdict: Pass},
			{ID: "P7", Title: "A release cycle gives the VIP back", Verdict: NotApplicable,
				Reason: "no release cycle ended within the run"},
		},
		Expectations: []Expectation{
			{Line: 5, Text: "expect failover 30s..40s", OK: true, Seen: "34.6 s"},
			{Line: 7, Text: "expect failback 5s..10s", OK: true, Seen: "6.2 s"},
		},
		Figures: []Figure{
			{Name: "failover", Client: "client", VIP: vip, From: sec(20), To: sec(54.6), Value: sec(34.6),
				BandMin: sec(30), BandMax: sec(40), Silent: sec(34.6), By: "standby"},
			{Name: "failback", Client: "client", VIP: vip, From: sec(120), To: sec(126.2), Value: sec(6.2),
				BandMin: sec(5), BandMax: sec(10), Silent: sec(4.1), By: "active"},
		},
		Outages: []Outage{
			{Client: "client", VIP: vip, From: sec(20), To: sec(54.6), Cause: "unplug active",
				Parts: []Part{{Name: PartCounting, Time: sec(31.6)}, {Name: PartTentative, Time: sec(3)}},
				Saw:   []Part{{Name: "timeout", Lines: 4}, {Name: "unreachable", Lines: 3}}},
		},
		Beliefs: []Belief{
			{Host: "client", VIP: vip, MAC: trace.MAC{0, 0x15, 0x5d, 10, 11, 200}, Whose: "active", From: sec(-5), To: sec(55.1),
				Wrong: []Misled{{sec(54.6), sec(55.1), []string{"standby"}}}},
			{Host: "client", VIP: vip, MAC: trace.MAC{0, 0x15, 0x5d, 10, 11, 201}, Whose: "standby", From: sec(55.1), To: sec(126.25),
				Wrong: []Misled{{sec(126.2), sec(126.25), []string{"active"}}}},
			{Host: "client", VIP: vip, MAC: trace.MAC{0, 0x15, 0x5d, 10, 11, 200}, Whose: "active", From: sec(126.25), To: sec(180), Open: true},
		},
		Lanes: []Lane{
			{Label: "active 192.168.10.202", Host: "active", VIP: vip, Spans: []Span{
				{sec(-30), sec(20), "preferred"}, {sec(120), sec(121), "tentative"},
				{sec(121), sec(122.5), "duplicate"}, {sec(123.2), sec(126.2), "tentative"},
				{sec(126.2), sec(180), "preferred"}}},
			{Label: "standby 192.168.10.202", Host: "standby", VIP: vip, Spans: []Span{
				{sec(51.6), sec(54.6), "tentative"}, {sec(54.6), sec(122.1), "preferred"}}},
			{Label: "client answered", Host: "client", VIP: vip, Client: true, Spans: []Span{
				{sec(0), sec(20), "answered"}, {sec(54.6), sec(122.1), "answered"},
				{sec(126.2), sec(180), "answered"}}},
		},
	}
}

func cablePullTrace() *trace.Trace {
	t := &trace.Trace{End: sec(180), Header: trace.Header{
		Scenario: "cable-pull",
		Epoch:    time.Date(2025, 2, 7, 16, 19, 57, 0, time.FixedZone("", 9*3600)),
		Nodes:    []trace.Node{{Role: "active"}, {Role: "standby"}},
		VIPs:     []trace.VIP{{Address: vip}},
		Clients:  []trace.Client{{Name: "client"}},
	}}
	addStart(t)
	t.Add(0, "client", trace.PingStart{ID: 1, Target: vip, Bytes: 32})
	seq := addReplies(t, 0, 0, 20)
	addFailover(t, &seq)
	seq = addReplies(t, seq, 55, 120)
	addFailback(t, &seq)
	seq = addReplies(t, seq, 126, 180)
	t.Add(sec(180), "client", trace.PingEnd{ID: 1, Sent: seq, Received: seq - 5})
	return t
}

// addStart is the watchers' start-up, before virtual time 0.
func addStart(t *trace.Trace) {
	del := `netsh interface ip delete address "イーサネット" addr=192.168.10.202`
	for _, host := range []string{"active", "standby"} {
		for _, s := range []string{
			"E-POST IP Watcher (1.15) x64", "IP released all.", "ipwatch.dat",
			"ipwatch.dat open is success.", `-c=\\hvt162EPST12 -i=192.168.10.202 -f=イーサネット`,
			"GetOption() end.", `Delete address "イーサネット" 192.168.10.202.`,
			del + "\n要素が見つかりません。", "end code is 0", "arp -d", "end code is 0",
			"Check IP addr 192.168.10.202", "ipcheck 192.168.10.202",
		} {
			t.Add(sec(-30), host, trace.Log{Text: s})
		}
		t.Add(sec(-29), host, trace.Command{Line: del, Exit: 1, Took: sec(0.41)})
	}
}

func addReplies(t *trace.Trace, seq int, from, to float64) int {
	for at := from; at < to; at++ {
		seq++
		rtt := sec(0.0004)
		if seq%5 == 0 {
			rtt = sec(0.002)
		}
		t.Add(sec(at+0.001), "client", trace.PingLine{ID: 1, Seq: seq, Outcome: trace.Replied, From: vip, RTT: rtt, TTL: 128})
	}
	return seq
}

func addFailover(t *trace.Trace, seq *int) {
	ping := func(at float64, l trace.PingLine) {
		*seq++
		l.ID, l.Seq = 1, *seq
		t.Add(sec(at), "client", l)
	}
	t.Add(sec(20), "", trace.Fault{Verb: "unplug", Args: []string{"active"}})
	t.Add(sec(20.9), "standby", trace.Watch{VIP: vip, State: "polling", Why: "the first poll was missed (W12)"})
	for i := range 4 {
		ping(24+5*float64(i), trace.PingLine{Outcome: trace.TimedOut})
	}
	for i := range 3 {
		ping(42+3*float64(i), trace.PingLine{Outcome: trace.HostUnreachable, From: clientIP})
	}
	t.Add(sec(50.9), "standby", trace.Watch{VIP: vip, State: "taking", Why: "missed for a whole Interval (W12)"})
	add := `netsh interface ip add address "イーサネット" 192.168.10.202 255.255.255.0`
	t.Add(sec(50.9), "standby", trace.Log{Text: add})
	t.Add(sec(51.6), "standby", trace.Command{Line: add, Took: sec(0.7)})
	t.Add(sec(51.6), "standby", trace.Event{Source: "IPWCS", ID: 100, Text: "LogicalIP Add address"})
	t.Add(sec(51.6), "standby", trace.Log{Text: "end code is 0"})
	t.Add(sec(51.6), "standby", trace.Watch{VIP: vip, State: "held", Why: "the address was added (W8)"})
	ping(54.7, trace.PingLine{Outcome: trace.Replied, From: vip, RTT: sec(2.712), TTL: 128})
}

func addFailback(t *trace.Trace, seq *int) {
	t.Add(sec(120), "", trace.Fault{Verb: "plug", Args: []string{"active"}})
	t.Add(sec(121), "active", trace.Watch{VIP: vip, State: "polling", Why: "the address is Duplicate (W19)"})
	t.Add(sec(122.1), "standby", trace.Watch{VIP: vip, State: "releasing", Why: "the master asked (W15)"})
	t.Add(sec(122.1), "standby", trace.Log{Text: "IP released all."})
	t.Add(sec(122.5), "active", trace.Watch{VIP: vip, State: "taking", Why: "the peer released it (W16)"})
	t.Add(sec(123.2), "active", trace.Event{Source: "IPWCS", ID: 100, Text: "LogicalIP Add address"})
	*seq++
	t.Add(sec(125), "client", trace.PingLine{ID: 1, Seq: *seq, Outcome: trace.TimedOut})
}
