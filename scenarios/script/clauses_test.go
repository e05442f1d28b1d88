package script

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var second = netip.MustParseAddr("192.168.10.203")

// twoVIPs is the cluster with another VIP, which active holds and both clients use.
func twoVIPs() tale {
	s := guide()
	s.Header.VIPs = append(s.Header.VIPs, trace.VIP{Address: second})
	s.at(-64).other("active", trace.Preferred)
	for _, c := range []string{"client", "branch"} {
		s.add(c, trace.Use{VIP: second}).otherCache(c, "active")
	}
	return s
}

// other puts the second VIP in a state on a node.
func (s tale) other(node string, state trace.AddressState) tale {
	return s.add(node, trace.Address{IP: second, State: state})
}

func (s tale) otherCache(client, node string) tale {
	return s.add(client, trace.Neighbor{IP: second, MAC: s.Header.Node(node).MAC, State: trace.Reachable})
}

// split fails over at 20 s: the first VIP in 34 s for both clients, the second in 34 s for client, 41 s for branch.
func split() tale {
	s := twoVIPs().at(20).unplug("active").at(54).takes("standby").other("standby", trace.Preferred)
	return s.otherCache("client", "standby").at(61).otherCache("branch", "standby")
}

// An expectation speaks of every client and every VIP, unless it names one.
func TestForAndOf(t *testing.T) {
	tr := split().end(100)
	for expect, want := range map[string]bool{
		"failover 30s..40s":                                   false,
		"failover 30s..40s of 192.168.10.202":                 true,
		"failover 30s..40s of 192.168.10.203":                 false,
		"failover 30s..40s for client":                        true,
		"failover 30s..40s for branch":                        false,
		"failover 30s..40s for branch of 192.168.10.202":      true,
		"failover 30s..40s of 192.168.10.202 for branch":      true,
		"failover 41s..41s for branch of 192.168.10.203":      true,
		"no failover 30s..40s for branch":                     true,
		"no failover 30s..40s for client":                     false,
		"no failover for client of 192.168.10.203":            false,
		"outage 30s..40s for branch":                          false,
		"outage 30s..40s for branch of 192.168.10.202":        true,
		"outage 30s..41s":                                     true,
		"no outage for client of 192.168.10.202":              false,
		"no failback for client":                              true,
		"failback 5s..10s of 192.168.10.203":                  false,
		"conflict standby of 192.168.10.203":                  false,
		"no conflict standby":                                 true,
		"state standby preferred of 192.168.10.203":           true,
		"state standby absent of 192.168.10.203":              false,
		"answered branch of 192.168.10.203":                   true,
		"log active Add address for client of 192.168.10.202": false, // its text
	} {
		ok, seen := judged(expected(t, expect), tr)
		require.Equal(t, want, ok, "expect %s; seen: %s", expect, seen)
	}
	_, seen := judged(expected(t, "failover 30s..40s for branch"), tr)
	require.Equal(t, "34.000 s for branch of 192.168.10.202, 41.000 s for branch of 192.168.10.203", seen, "Of several VIPs each is named.")
}

// What stands at the end of a stretch stands of every VIP; with `no`, of none of them.
func TestStatesAreOfEveryVIP(t *testing.T) {
	for expect, want := range map[string]map[string]bool{ // by who holds the second VIP
		"holder active":                    {"active": true, "standby": false, "": false},
		"holder active of 192.168.10.202":  {"active": true, "standby": true, "": true},
		"holder standby of 192.168.10.203": {"active": false, "standby": true, "": false},
		"no holder active":                 {"active": false, "standby": false, "": false},
		"no holder standby":                {"active": true, "standby": false, "": true},
		"holder none of 192.168.10.203":    {"active": false, "standby": false, "": true},
		"answered client":                  {"active": true, "standby": false, "": false},
		"no answered client":               {"active": false, "standby": false, "": false},
		"state active preferred":           {"active": true, "standby": false, "": false},
		"no state active preferred":        {"active": false, "standby": false, "": false},
		"no state standby preferred":       {"active": true, "standby": false, "": true},
	} {
		for holder, ok := range want {
			s := twoVIPs()
			if holder != "active" {
				s.at(20).other("active", trace.Absent)
			}
			if holder == "standby" {
				s.at(30).other("standby", trace.Preferred) // which no cache knows
			}
			got, seen := judged(expected(t, expect), s.end(100))
			require.Equal(t, ok, got, "expect %s, with the second VIP on %q; seen: %s", expect, holder, seen)
		}
	}
	_, seen := judged(expected(t, "holder active"), twoVIPs().at(20).other("active", trace.Absent).end(100))
	require.Equal(t, "held by active of 192.168.10.202, held by none of 192.168.10.203", seen)
	_, seen = judged(expected(t, "conflict active"), twoVIPs().at(20).other("active", trace.Duplicate).end(100))
	require.Equal(t, "at 20s", seen, "H3: a conflict may be any VIP's.")
}

// A client that has not used a VIP is not judged.
func TestIdleClientsAreNotJudged(t *testing.T) {
	tr := failsOver(34).at(54).cache("branch", "active").end(100)
	ok, _ := judged(expected(t, "failover 30s..40s"), tr)
	require.False(t, ok, "branch still waits")
	var left []trace.Record
	for _, r := range tr.Records {
		if _, is := r.Body.(trace.Use); !is || r.Host != "branch" {
			left = append(left, r)
		}
	}
	tr.Records = left
	ok, seen := judged(expected(t, "failover 30s..40s"), tr)
	require.True(t, ok, seen)
	ok, seen = judged(expected(t, "failover 30s..40s for branch"), tr)
	require.False(t, ok, "nor can anything be expected of it: %s", seen)
}

// An expectation of what began before its stretch is easily misunderstood: a later step began a new one.
func TestHintOfALaterStretch(t *testing.T) {
	run := func(text string, tr *trace.Trace) finding.Expectation {
		r := parse(t, "# Title\ncluster guide\n"+text).judge(nil, finding.Played{Trace: tr})
		return r.Expectations[len(r.Expectations)-1]
	}
	const later = "at 20s unplug active\nat 30s block-pipe standby\nexpect "
	for what, tr := range map[string]*trace.Trace{
		"failover": failsOver(34).end(100), "outage": failsOver(5).end(100),
	} {
		e := run(later+what+" 30s..40s\n", tr)
		require.False(t, e.OK)
		require.Equal(t, &finding.Note{Kind: "hint.stretch", Text: what, At: sec(20), Until: sec(30), N: 4}, e.Hint,
			"What began when, since when the stretch is, and by which line.")
	}
	back := "at 80s plug active\nat 85s block-pipe standby\nexpect failback 5s..10s\n"
	require.Equal(t, sec(80), run(back, comesBack(7).end(100)).Hint.At)

	require.Nil(t, run("at 20s unplug active\nexpect failover 30s..40s\nat 30s block-pipe standby\nexpect no failover\n", failsOver(34).end(100)).Hint,
		"Whoever expects none is not surprised.")
	require.Nil(t, run("at 20s unplug active\nexpect failover 1s..2s\n", failsOver(34).end(100)).Hint, "One that is in the stretch is seen.")
	require.Nil(t, run(later+"failover 30s..40s\n", guide().end(100)).Hint, "Where nothing began there is nothing to say.")
	require.Nil(t, run(later+"failover 30s..40s of 192.168.10.203\n", failsOver(34).end(100)).Hint, "Nor of another VIP.")
}

// The first comment is the title; one that begins with ja: is the Japanese one, wherever it stands.
func TestTitles(t *testing.T) {
	for text, want := range map[string]finding.Phrase{
		"# Pull\n# ja: ケーブル":                   {En: "Pull", Ja: "ケーブル"},
		"# ja: ケーブル\n# Pull":                   {En: "Pull", Ja: "ケーブル"},
		"# ja:ケーブル\n#\n# Pull\n# More":         {En: "Pull", Ja: "ケーブル"},
		"# ja: ケーブル\n# ja: 別の題\n# Pull":        {En: "Pull", Ja: "ケーブル"},
		"# ja: ケーブル":                           {Ja: "ケーブル"},
		"# Pull":                               {En: "Pull"},
		"cluster guide\n# ja: too late\n# and": {},
	} {
		s, problems := Parse("case.txtar", []byte(text+"\ncluster guide\nexpect no outage\n"))
		require.Equal(t, want, s.Title, text)
		require.Equal(t, want.En == "", len(problems) > 0 && problems[0].Line <= 1, "a scenario without a title is warned of: %s", problems)
	}
	r := parse(t, "# Pull\n# ja: ケーブル\ncluster guide\n").judge(nil, finding.Played{Trace: guide().end(100)})
	require.Equal(t, finding.Phrase{En: "Pull", Ja: "ケーブル"}, r.Title)
}
