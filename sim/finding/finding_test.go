package finding

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

var (
	vip    = netip.MustParseAddr("192.168.10.202")
	second = netip.MustParseAddr("192.168.10.203")
)

// ran is a run in which something happened.
func ran(results []Result, expectations ...Expectation) *Run {
	tr := &trace.Trace{}
	tr.Add(0, "", trace.Over{})
	return &Run{Played: Played{Trace: tr}, Results: results, Expectations: expectations}
}

func checked(id string, v Verdict) Result { return Result{ID: id, Verdict: v} }

func TestOutcome(t *testing.T) {
	expected := checked("P4", Fail)
	expected.Expected = true
	for _, c := range []struct {
		rule string
		run  *Run
		want Outcome
	}{
		{"every check passes or does not apply", ran([]Result{checked("P1", Pass), checked("P2", NotApplicable)}), Well},
		{"one failed check fails", ran([]Result{checked("P1", Pass), checked("P2", Fail)}), Bad},
		{"inconclusive is a failure", ran([]Result{checked("P1", Inconclusive)}), Bad},
		{"one failed expectation fails", ran([]Result{checked("P1", Pass)}, Expectation{OK: true}, Expectation{}), Bad},
		{"a finding may fail where it is expected", ran([]Result{expected}, Expectation{OK: true}), Weakness},
		{"another finding may not", ran([]Result{expected, checked("P3", Fail)}), Bad},
		{"nothing judged is not passed", ran([]Result{checked("P1", NotApplicable)}), Bad},
		{"an expectation alone is something", ran(nil, Expectation{OK: true}), Well},
		{"a run without records is none", &Run{Played: Played{Trace: &trace.Trace{}}, Results: []Result{checked("P1", Pass)}}, Bad},
		{"nor is one without a trace", &Run{Results: []Result{checked("P1", Pass)}}, Bad},
		{"a refused cluster passes by its expectation", &Run{Refused: true, Expectations: []Expectation{{OK: true}}}, Well},
		{"and fails by it", &Run{Refused: true, Expectations: []Expectation{{}}}, Bad},
	} {
		require.Equal(t, c.want, c.run.Outcome(), c.rule)
		require.Equal(t, c.want == Bad, len(c.run.Objections()) > 0, "%s: a bad run says why", c.rule)
	}
	bad := ran([]Result{checked("P1", Pass), checked("P2", Fail)}, Expectation{Line: 3}, Expectation{Line: 4, OK: true})
	require.Equal(t, []Objection{{Expectation: &bad.Expectations[0]}, {Result: &bad.Results[1]}}, bad.Objections(), "all of it")
}

func TestExpectationIsAboutAStretchAClientAndAVIP(t *testing.T) {
	e := Expectation{From: 10, To: 20}
	for at, want := range map[time.Duration]bool{9: false, 10: true, 19: true, 20: false} {
		require.Equal(t, want, e.Covers(at), "%d", at)
	}
	require.True(t, (&Expectation{From: 10}).Covers(time.Hour), "up to the end of the run")
	require.True(t, e.About("pc", vip), "every client and every VIP")
	require.True(t, (&Expectation{Client: "pc", VIP: vip}).About("pc", vip))
	require.False(t, (&Expectation{Client: "pc"}).About("branch", vip))
	require.False(t, (&Expectation{VIP: vip}).About("pc", second))
}

// measured is a run with a failover and a failback of each of two clients, and other outages.
func measured() *Run {
	outage := func(client string, kind OutageKind, from, to time.Duration) Outage {
		return Outage{Client: client, VIP: vip, Kind: kind, From: from, To: to, Before: []string{"active"}, After: []string{"standby"}}
	}
	open := outage("branch", FailoverKind, 20, 100)
	open.Open, open.After = true, nil
	f := &Facts{
		Uses: []Use{
			{Client: "pc", VIP: vip, Outages: []Outage{outage("pc", FailoverKind, -9, 0), outage("pc", FailoverKind, 20, 54), outage("pc", GiveBackKind, 80, 84)}},
			{Client: "branch", VIP: vip, Outages: []Outage{outage("branch", FlapKind, 5, 9), open}},
		},
		Failbacks: []Failback{{Client: "pc", VIP: vip, Master: "active", Peer: "standby", From: 80, To: 87, Silent: 4}},
	}
	return &Run{Facts: f, Expectations: []Expectation{
		{What: "failover", Band: Band{30, 40}, From: 60}, {What: "failover", Band: Band{30, 40}, From: 20, To: 60, Client: "pc"},
		{What: "failback", Band: Band{5, 10}}, {What: "failover", From: 20}, // the last one has no band
	}}
}

func TestFigures(t *testing.T) {
	r := measured()
	require.Equal(t, []Figure{
		{Name: Failovers, Client: "pc", VIP: vip, From: 20, To: 54, Time: 34, Silent: 34, By: "standby", Expected: &r.Expectations[1]},
		{Name: Failovers, Client: "branch", VIP: vip, From: 20, To: 100, Time: 80, Open: true, Silent: 80},
		{Name: Failbacks, Client: "pc", VIP: vip, From: 80, To: 87, Time: 7, Silent: 4, By: "active", Expected: &r.Expectations[2]},
	}, r.Figures(), "every failover and failback from time 0 on, with what the scenario says of it")
}

func TestWorst(t *testing.T) {
	f := measured().Facts
	require.Same(t, &f.Uses[1].Outages[1], f.Worst())
	require.Len(t, f.Outages(), 4, "what was over before time 0 is the start-up's")
	require.Nil(t, (&Facts{}).Worst(), "nobody was left waiting")
}

// The figure furthest beyond its promise is told first, one that is not over before all, with the silence in its time.
func TestLatest(t *testing.T) {
	r := measured()
	_, late := r.Latest()
	require.False(t, late, "nothing is promised")
	f := r.Facts
	f.Uses[0].Outages[1].Promise, f.Failbacks[0].Promise = Promise{Least: 30, Most: 33}, Promise{Least: 1, Most: 2}
	got, late := r.Latest()
	require.True(t, late)
	require.Equal(t, Failbacks, got.Name, "5 beyond, not the longer one that is 1 beyond")
	require.Same(t, &f.Uses[0].Outages[2], f.Silence(got))
	f.Uses[1].Outages[1].Promise = Promise{Most: 90}
	got, _ = r.Latest()
	require.Equal(t, "branch", got.Client)
	require.Same(t, &f.Uses[1].Outages[1], f.Silence(got))
	got.Client = "nobody"
	require.Nil(t, f.Silence(got))
}

func TestPromiseIsKeptByWhatIsOver(t *testing.T) {
	p := Promise{Least: 5, Most: 10}
	for d, want := range map[time.Duration]bool{4: false, 5: true, 10: true, 11: false} {
		require.Equal(t, want, p.Kept(d, false), "%d", d)
	}
	require.False(t, p.Kept(7, true))
}

func TestSpan(t *testing.T) {
	s := Span{From: 10, To: 20}
	require.EqualValues(t, 10, s.Length())
	for _, c := range [][3]time.Duration{{0, 5, 0}, {0, 10, 0}, {0, 12, 2}, {12, 15, 3}, {15, 30, 5}, {20, 30, 0}, {0, 30, 10}} {
		require.Equal(t, c[2], s.Overlap(c[0], c[1]), "%v", c)
	}
}

// "each acceptance is delivered exactly once, or still queued, or bounced: never lost, never twice"
func TestFate(t *testing.T) {
	for _, c := range []struct {
		copy Copy
		want Fate
		step Step
	}{
		{Copy{}, Lost, ""},
		{Copy{InBox: 1}, Delivered, ""},
		{Copy{Read: 1}, Read, ""},
		{Copy{Taken: 1}, Relayed, ""},
		{Copy{Queued: 1}, Queued, ""},
		{Copy{Bounced: 1}, Bounced, ""},
		{Copy{Queued: 1, Unsplit: true}, UnderWay, Splitting},
		{Copy{Taken: 1, Queued: 1}, UnderWay, Removing},
		{Copy{Bounced: 1, Queued: 1}, UnderWay, Reporting},
		{Copy{Taken: 2, Queued: 1}, Doubled, ""},
		{Copy{InBox: 1, Queued: 1}, Doubled, ""}, // a delivery is one rename
		{Copy{InBox: 2}, Doubled, ""},
		{Copy{InBox: 1, Read: 1}, Doubled, ""},
		{Copy{InBox: 1, Bounced: 1}, Doubled, ""},
		{Copy{Taken: 1, Bounced: 1}, Doubled, ""},
	} {
		require.Equal(t, c.want, c.copy.Fate(), "%+v", c.copy)
		require.Equal(t, c.step, c.copy.Step(), "%+v", c.copy)
	}
	m := Mail{Copies: []Copy{{InBox: 1, Accepted: 10, Served: 12}, {}, {Queued: 1, Accepted: 20}}}
	require.Equal(t, []time.Duration{2}, m.Delays())
	require.Equal(t, 1, m.Count(Lost))
	require.Equal(t, "1@pc", (&Copy{ID: "7", MessageID: "1@pc"}).Name())
	require.Equal(t, "7", (&Copy{ID: "7"}).Name(), "one without a name of its own has its queue entry's")
}

// A report begins with what took longest, and names besides what tells more: no trifle.
func TestHeadlineNamesTheLargestPart(t *testing.T) {
	part := func(what Obstacle, s float64) Part {
		return Part{What: what, Time: time.Duration(s * float64(time.Second))}
	}
	count, detect := part(Counting, 30), part(Detection, 3)
	for name, c := range map[string]struct{ parts, want []Part }{
		"what each failover needs":      {[]Part{count, detect}, []Part{count}},
		"a cache that takes a while":    {[]Part{count, part(WrongCache, 5), detect}, []Part{count, part(WrongCache, 5)}},
		"a trifle":                      {[]Part{count, part(Conflict, 0.9)}, []Part{count}},
		"the cache above all":           {[]Part{count, part(RouterCache, 600)}, []Part{part(RouterCache, 600)}},
		"commands one after the other":  {[]Part{count, part(Netsh, 22)}, []Part{count, part(Netsh, 22)}},
		"a command that takes its time": {[]Part{count, part(Netsh, 9)}, []Part{count}},
	} {
		o := &Outage{Parts: c.parts}
		require.Equal(t, c.want, o.Headline(), name)
	}
}

// Where no node could serve a client for longer than a failover takes, and nothing is promised, a report says so.
func TestUnserved(t *testing.T) {
	part := func(what Obstacle, s time.Duration) Part { return Part{What: what, Time: s * time.Second} }
	for want, o := range map[time.Duration]*Outage{
		200: {Parts: []Part{part(NodesGone, 150), part(Blocked, 50), part(Redetection, 3)}},
		0:   {Parts: []Part{part(ClientDown, 100), part(Filtered, 40)}},
	} {
		require.Equal(t, want*time.Second, o.Unserved())
	}
	pinged := part(Blocked, 100)
	pinged.Pings = 90 * time.Second
	require.Zero(t, (&Outage{Parts: []Part{pinged}}).Unserved(), "mail was served")
	require.Zero(t, (&Outage{Parts: []Part{part(NodesGone, 100)}, Promise: Promise{Most: 40 * time.Second}}).Unserved(), "P1 judges it")
}

// H2: commands for many VIPs wait for each other; one long command is no queue.
func TestQueued(t *testing.T) {
	o := &Outage{Parts: []Part{{What: Counting, Time: 30 * time.Second}, {What: Netsh, Time: 22 * time.Second}}}
	require.True(t, o.Queued(&trace.Header{VIPs: make([]trace.VIP, 40)}))
	require.False(t, o.Queued(&trace.Header{VIPs: make([]trace.VIP, 1)}))
	o.Parts[1].Time = 6 * time.Second
	require.False(t, o.Queued(&trace.Header{VIPs: make([]trace.VIP, 10)}))
}

// What no mail server can prevent, and what a split brain does, is excused; a share that lies is not, nor LogicalIP
// forgotten, nor what nobody can explain.
func TestExcused(t *testing.T) {
	excused := map[Kind]bool{"why.lost-250": true, "why.not-removed": true, "why.both": true, "why.split": true, "why.resumed": true}
	var all Mail
	for _, k := range Causes {
		c := Copy{Taken: 2, Why: &Note{Kind: k}}
		require.Equal(t, excused[k], c.Excused(), k)
		lost := Copy{Why: &Note{Kind: k}}
		require.False(t, lost.Excused(), "nothing excuses a loss")
		all.Copies = append(all.Copies, c, lost, Copy{Taken: 2})
	}
	require.Equal(t, len(Causes), all.Causes(Doubled)[""]-1, "one without a cause, and one with an empty one")
	require.Equal(t, 1, all.Causes(Lost)["why.share"])
	require.Equal(t, map[Step]int{Splitting: 1}, (&Mail{Copies: []Copy{{Queued: 1, Unsplit: true}, {InBox: 1}}}).Steps())
}
