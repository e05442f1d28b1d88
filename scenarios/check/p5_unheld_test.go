package check

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// short is a message of few segments.
func (s mail) short() mail {
	return s.add("active", trace.MailAccept{ID: story.Entry("active", 1), Size: 900})
}

// boxes is a node moving the first message into bob's mailbox, where it lies.
func (s mail) boxes(node string) mail {
	peer := netip.AddrPortFrom(s.Header.Node(node).Address.Addr(), 50000)
	return s.add("share", trace.MailFile{Do: trace.FileMoved, File: first, To: boxed, Peer: peer}).lies(boxed)
}

// gone is the VIP leaving active 25 s after the scenario's start, where the first message was accepted at 10 s.
func gone(to string) mail {
	s := keptToVIP(10).accepts("active", 1, to).short()
	s.At(25).Holds("active", trace.Absent)
	return s
}

// "EPSTDS delivers and retries only while the address in its LogicalIP value is held by this node."
func TestM4_NothingIsDeliveredWithoutTheAddress(t *testing.T) {
	for name, c := range map[string]struct {
		tell mail
		want finding.Kind
	}{
		"sent":     {gone(out).at(28).taken("active", out), "p5.sent-unheld"},
		"boxed":    {gone(bob).at(28).boxes("active"), "p5.boxed-unheld"},
		"reported": {gone(out).at(28).reports("active", "1-active.001").removes(first).lies("queue/1-active-r001.001"), "p5.given-up-unheld"},
		"given up": {gone(out).at(28).add("active", trace.MailBounce{ID: "1-active", To: out}).lies(first), "p5.given-up-unheld"},
		"by one that never had it": {
			keptToVIP(10).accepts("active", 1, out).short().at(20).taken("standby", out), "p5.sent-unheld",
		},
		"by one that has it tentative": {
			mail{gone(out).Holds("active", trace.Tentative)}.at(28).taken("active", out), "p5.sent-unheld",
		},
		"by one whose copy is another's": {
			mail{gone(out).Holds("active", trace.Duplicate)}.at(28).taken("active", out), "p5.sent-unheld",
		},
	} {
		r := wants(t, "P5", Fail, c.tell.audited(), "M4: "+name)
		require.Equal(t, c.want, r.Findings[0].Kind, name)
		require.Equal(t, []string{"M4"}, r.Findings[0].Rules)
		require.Equal(t, story.VIP, r.Findings[0].VIP)
	}
}

// What it had decided by then comes a little later, or much later where something holds it up.
func TestM4_WhatWasOnItsWay(t *testing.T) {
	slow := trace.Impairment{Cable: "active", From: "active", Delay: time.Second}
	held := func(verb, target string, setting ...string) mail {
		s := keptToVIP(10).accepts("active", 1, out).short()
		s.At(24.9).Fault(verb, target, setting...).At(25).Holds("active", trace.Absent)
		return s
	}
	for name, c := range map[string]struct {
		tell mail
		want finding.Verdict
	}{
		"the dot":                        {gone(out).at(25.05).taken("active", out), Pass},
		"after that":                     {gone(out).at(25.2).taken("active", out), Fail},
		"a request to the share":         {gone(bob).at(26).boxes("active"), Pass},
		"a dot that the cable delays":    {keptToVIP(5).add("", slow).at(10).accepts("active", 1, out).short().lost(25).at(28).taken("active", out), Pass},
		"a dot that it does not so long": {keptToVIP(5).add("", slow).at(10).accepts("active", 1, out).short().lost(25).at(40).taken("active", out), Fail},
		"a long message where TCP takes its segments for lost": {
			keptToVIP(5).add("", slow).at(10).accepts("active", 1, out).add("active", trace.MailAccept{ID: story.Entry("active", 1), Size: 150_000}).lost(25).at(50).taken("active", out), Pass,
		},
		"a dot that a cut held up":     {held("cut", "active", "active").at(40).taken("active", out), Pass},
		"TCP has given that up":        {held("cut", "active", "active").at(95).taken("active", out), Fail},
		"a cut that came later":        {mail{gone(out).at(26).Fault("cut", "active", "active")}.at(40).taken("active", out), Fail},
		"a client's cable":             {held("unplug", "pc").at(40).taken("active", out), Fail},
		"the other node's":             {held("unplug", "standby").at(40).taken("active", out), Fail},
		"the share's disk is no way":   {held("disk", "share", "full").at(40).taken("active", out), Fail},
		"its LogicalIP is another now": {held("registry", "active", "LogicalIP 192.168.10.9").at(40).taken("active", out), Pass},
	} {
		wants(t, "P5", c.want, c.tell.audited(), "M4: "+name)
	}
}

func (s mail) lost(at float64) mail { s.At(at).Holds("active", trace.Absent); return s }

// "A node that stood still for 10 s sends nothing to others for 30 s", if its EPSTDS had been at work.
func TestM4_AThawedNodeRests(t *testing.T) {
	stands := func(s mail, seconds float64) mail {
		s.At(20).Power("active", trace.Frozen).At(20+seconds).Power("active", trace.On)
		return s
	}
	worked := func() mail {
		return keptToVIP(9).relays("active", out).at(10).accepts("active", 1, out).short()
	}
	r := wants(t, "P5", Fail, stands(worked(), 40).at(61).taken("active", out).audited(), "M4: it rests.")
	require.Equal(t, finding.Kind("p5.rests"), r.Findings[0].Kind)
	require.Equal(t, seconds(60), r.Findings[0].Until, "The time since when is said.")
	for name, tell := range map[string]mail{
		"it has rested":                 stands(worked(), 40).at(90).taken("active", out),
		"nobody takes over so fast":     stands(worked(), 9).at(30).taken("active", out),
		"it is another one by now":      mail{stands(worked(), 40).at(60.5).Fault("start-mail", "active")}.at(61).taken("active", out),
		"nobody knows when it began":    stands(keptToVIP(10).accepts("active", 1, out).short(), 40).at(61).taken("active", out),
		"its clock was set":             stands(worked(), 40).add("active", trace.Clock{Step: time.Hour}).at(61).taken("active", out),
		"mailboxes are served at once":  stands(keptToVIP(9).relays("active", out).at(10).accepts("active", 1, bob).short(), 40).at(61).boxes("active"),
		"what was long was on its way":  stands(keptToVIP(9).relays("active", out).at(10).accepts("active", 1, out), 40).at(61).taken("active", out),
		"a report is made in two steps": stands(worked(), 40).at(61).reports("active", "1-active.001").removes(first).lies("queue/1-active-r001.001"),
	} {
		wants(t, "P5", Pass, tell.audited(), "M4: "+name)
	}
}

// Before the final dot a node looks whether the copy is still there: what is not, somebody else has sent (M6). No cause of a
// second copy excuses that.
func TestM6_WhatIsGoneIsNotSent(t *testing.T) {
	each := func() mail { // has a VIP of its own
		s, second := story.Guide(), netip.MustParseAddr("192.168.10.203")
		s.Header.VIPs = append(slices.Clone(s.Header.VIPs), trace.VIP{Address: second})
		s.Header.Nodes[0].LogicalIP, s.Header.Nodes[1].LogicalIP = story.VIP, second
		s.Header.Others = []trace.Other{{Name: "share", What: "share"}}
		s.Header.Cables = append(slices.Clone(s.Header.Cables), trace.Cable{Name: "share", A: "share", B: "sw"})
		s.At(0).Add("standby", trace.Address{IP: second, State: trace.Preferred})
		return mail{s}.at(10).accepts("active", 1, out).short()
	}
	sent := func(s mail) mail {
		return s.at(20).taken("active", out).at(20.1).relays("active", out).at(20.2).removes(first)
	}
	slow := trace.Impairment{Cable: "share", From: "share", Delay: time.Second}
	for name, c := range map[string]struct {
		tell mail
		want finding.Verdict
	}{
		"its dot was on the way":          {sent(each()).at(20.25).taken("standby", out), NotApplicable},
		"a while later":                   {sent(each()).at(20.4).taken("standby", out), Fail},
		"by the same one":                 {sent(each()).at(20.4).taken("active", out), Fail},
		"the share's word was on the way": {sent(each().add("", slow)).at(22).taken("standby", out), NotApplicable},
		"not for so long":                 {sent(each().add("", slow)).at(22.4).taken("standby", out), Fail},
		"its cable was cut":               {mail{sent(each()).at(20.1).Fault("cut", "standby", "standby")}.at(40).taken("standby", out), NotApplicable},
		"the share stood still":           {mail{sent(each()).at(20.1).Fault("disk", "share", "full")}.at(40).taken("standby", out), NotApplicable},
		"it was back":                     {sent(each()).at(25).moves("queue/tmp/x", first).at(30).taken("standby", out).removes(first), NotApplicable},
	} {
		r := wants(t, "P5", c.want, c.tell.audited(), "M6: "+name)
		if c.want == Fail {
			require.Equal(t, []finding.Kind{"p5.doubled", "p5.sent-gone"}, []finding.Kind{r.Findings[0].Kind, r.Findings[1].Kind}, name)
			require.Nil(t, r.Findings[0].Because, name)
			require.Equal(t, seconds(20.2), r.Findings[1].Until, name)
		} else if c.want == NotApplicable && name != "it was back" {
			require.Equal(t, &finding.Note{Kind: "why.both", Node: "active", Peer: "standby", Rules: []string{"M4"}}, reason(t, r), name)
		}
	}
}

// A double that M4 forbids is not excused by the freeze before it, nor by a 250 that was lost.
func TestP5_AForbiddenDoubleIsNotExcused(t *testing.T) {
	double := func(again float64) mail { // active wakes when standby has sent it
		s := keptToVIP(9).relays("active", out).at(10).accepts("active", 1, out).short()
		s.At(20).Power("active", trace.Frozen).At(55).Holds("standby", trace.Preferred)
		s.at(60).taken("standby", out).At(90).Power("active", trace.On)
		return s.at(again).taken("active", out)
	}
	r := wants(t, "P5", Fail, double(91).audited(), "M4: it should have rested.")
	require.Equal(t, finding.Kind("p5.doubled"), r.Findings[0].Kind)
	require.Nil(t, r.Findings[0].Because)
	require.Equal(t, &finding.Note{Kind: "why.resumed", Node: "active"}, reason(t, wants(t, "P5", NotApplicable, double(121).audited(), "P5: it did.")))

	lost := gone(out).at(20).taken("active", out).at(40).taken("active", out)
	require.Nil(t, wants(t, "P5", Fail, lost.audited(), "M4: it had the VIP the first time only.").Findings[0].Because)
}
