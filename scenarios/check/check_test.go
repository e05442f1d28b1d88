package check

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// wholeStory is the guide's test from end to end: pull and return, shutdown and boot.
func wholeStory() *trace.Trace {
	s := story.Guide().At(60).Unplug("active").At(94).Takes("standby")
	s.At(200).Plug("active", trace.Duplicate).Asks("active", trace.Released, 0.1).Holds("active", trace.Absent)
	s.At(203.2).Gives("standby", trace.ByPeer).At(207.5).Takes("active")
	s.At(300).Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.StopPending)
	s.At(300.6).Gives("active", story.AtStop).Service("active", trace.Stopped)
	s.At(305).Power("active", trace.Off).Link("active", false).At(335).Takes("standby")
	s.At(400).Fault("power-on", "active").Power("active", trace.Booting)
	s.At(460).Link("active", true).Power("active", trace.On).Own("active", trace.Tentative)
	s.At(463).Own("active", trace.Preferred).Service("active", trace.Running).Asks("active", trace.Released, 0.1)
	return s.At(463.2).Gives("standby", trace.ByPeer).At(467).Takes("active").End(600)
}

func TestAll_TheGuidesStoryPasses(t *testing.T) {
	results := All(facts.Read(wholeStory()))
	want := map[string]finding.Verdict{
		"P1": Pass, "P2": Pass, "P3": Pass, "P4": Pass, "P5": NotApplicable, "P6": Pass, "P7": NotApplicable, "P8": Pass, "P9": Pass,
		"P10": NotApplicable, // the story tells nothing of ports
		"P11": NotApplicable, // nor all of addresses
	}
	for _, r := range results {
		require.Equal(t, want[r.ID], r.Verdict, "%s %s %s", r.ID, told(r.Reason), listed(r.Findings))
	}
	require.Len(t, results, len(want), "Every check is run.")
	require.True(t, Passed(results), "The guide's story passes.")
}

func TestAll_NothingPassesWithoutData(t *testing.T) {
	for _, r := range All(facts.Read(&trace.Trace{})) {
		require.Equal(t, Inconclusive, r.Verdict, "%s on an empty trace", r.ID)
		require.Equal(t, finding.Kind("no-data"), r.Reason.Kind, r.ID)
		require.NotEmpty(t, r.Reason.Because.Kind, "%s says what is missing", r.ID)
	}
	require.False(t, Passed(nil), "No results are no pass.")
	require.False(t, Passed([]finding.Result{{Verdict: Pass}, {Verdict: Inconclusive}}), "Inconclusive counts as failure.")
	require.False(t, Passed([]finding.Result{{Verdict: Pass}, {Verdict: Fail}}), "One failure fails.")
}

func TestAll_SameTraceSameResults(t *testing.T) {
	tr := story.SplitBrain(60)
	first := All(facts.Read(tr))
	for range 20 {
		require.Equal(t, first, All(facts.Read(tr)), "A verdict does not depend on chance.")
	}
}

func TestChecks_AreNamedAndFound(t *testing.T) {
	require.Equal(t, []string{"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11"}, IDs())
	for _, c := range Checks {
		found, ok := ByID(c.ID)
		require.True(t, ok && found.ID == c.ID, "%s is in the table", c.ID)
		require.Equal(t, c.ID, c.Run(facts.Read(story.Guide().End(10))).ID)
	}
	_, ok := ByID("W12")
	require.False(t, ok, "A watcher's rule is no check.")
}

// disturbed is the trace with one thing more from 50 s on.
func disturbed(tr *trace.Trace, b trace.Body) *trace.Trace {
	noisy := &trace.Trace{Header: tr.Header, End: tr.End}
	for _, r := range tr.Records {
		if r.At >= seconds(50) && b != nil {
			noisy.Add(seconds(50), "", b)
			b = nil
		}
		noisy.Add(r.At, r.Host, r.Body)
	}
	return noisy
}

// Under chance no time can be promised: what the checks of times would judge is left, with the reason; without
// the disturbance the same story fails.
func TestDisturbancesAreLeft(t *testing.T) {
	for id, tell := range map[string]func() *trace.Trace{
		"P1": func() *trace.Trace { return story.Guide().At(60).Unplug("active").At(110).Takes("standby").End(500) },
		"P2": func() *trace.Trace {
			s := story.Taken().At(200).Plug("active", trace.Duplicate).Asks("active", trace.Released, 0.1)
			return s.At(203.2).Gives("standby", trace.ByPeer).At(220).Takes("active").End(500)
		},
		"P3": func() *trace.Trace { return story.Guide().At(60).Holds("standby", trace.Preferred).End(500) },
		"P4": func() *trace.Trace { return story.Guide().At(60).Unplug("active").End(500) },
		"P7": func() *trace.Trace { return asksInVain(story.Taken()).End(2100) },
		"P8": func() *trace.Trace { return astray(300).End(500) },
	} {
		wants(t, id, Fail, tell(), id+": the story fails by itself.")
		for _, b := range []trace.Body{
			trace.Impairment{Cable: "standby", From: "sw", Loss: 0.01},
			trace.Impairment{Cable: "standby", From: "sw", Delay: time.Second},
			trace.Rule{Text: "drop icmp echo nth 3", Verdict: trace.Drop, Protocol: "icmp", Some: true},
			trace.Rule{Text: "delay 1s tcp", Verdict: trace.DelayFrame, Protocol: "tcp"},
		} {
			one, _ := ByID(id)
			r := one.Run(facts.Read(disturbed(tell(), b)))
			require.NotEqual(t, Fail, r.Verdict, "%s: %+v may have changed it.", id, b)
			kinds := []finding.Kind{"why.noise", "why.rule"}
			require.Contains(t, kinds, reason(t, r).Kind, id)
		}
		for _, b := range []trace.Body{ // these change no time
			trace.Impairment{Cable: "standby", From: "sw", Duplicate: 1},
			trace.Impairment{Cable: "standby", From: "sw", Delay: 5 * time.Millisecond},
			trace.Rule{Text: "drop icmp from nobody", Verdict: trace.Drop, Protocol: "icmp", From: "nobody"},
		} {
			wants(t, id, Fail, disturbed(tell(), b), fmt.Sprintf("%s: %+v excuses nothing.", id, b))
		}
	}
}

// A switch that blocks the unknown excuses nothing by being there, but what it keeps from a machine for as long as it does, and as
// what was dropped may be sent again; what it keeps from a client excuses nothing of another one, nor of nodes (N8).
func TestABlockingSwitchExcusesWhatItDrops(t *testing.T) {
	fails := func(of string) *story.Story {
		s := story.Guide()
		s.Header.Snoops = []trace.Snoop{{Switch: "sw", Blocks: true}}
		s.Header.Clients = append(slices.Clone(s.Header.Clients), trace.Client{Name: "other", MAC: trace.MAC{2, 0, 0, 0, 0, 8}})
		mac := map[string]trace.MAC{"standby": s.Header.Nodes[1].MAC, "pc": s.Header.Clients[0].MAC, "other": s.Header.Clients[1].MAC}[of]
		s.At(100).Unplug("active")
		if of != "" {
			s.At(105).Add("", trace.Unknown{Switch: "sw", MAC: mac}).At(106).Add("", trace.Unknown{Switch: "sw", MAC: mac, Over: true})
		}
		return s.At(150).Takes("standby")
	}
	for _, id := range []string{"P1", "P4", "P8"} {
		for of, excused := range map[string]bool{"": false, "standby": true, "pc": true, "other": false} {
			if !excused {
				wants(t, id, Fail, fails(of).End(500), id+": it drops nothing that counts: "+of)
				continue
			}
			one, _ := ByID(id)
			r := one.Run(facts.Read(fails(of).End(500)))
			require.NotEqual(t, Fail, r.Verdict, "%s %s", id, of)
			require.Equal(t, &finding.Note{Kind: "why.blocks", Text: "sw", Rules: []string{"N8"}}, reason(t, r), "%s %s", id, of)
		}
	}
	late := story.Guide().At(70).Add("", trace.Unknown{Switch: "sw"}).At(71).Add("", trace.Unknown{Switch: "sw", Over: true})
	wants(t, "P4", Fail, late.At(100).Unplug("active").At(150).Takes("standby").End(500), "P4: it was over by then.")
}

// A check comes to one verdict over its cases.
func TestTally(t *testing.T) {
	var y tally
	require.Equal(t, finding.Result{Verdict: NotApplicable, Reason: &finding.Note{Kind: "none"}}, y.result("none"), "no case at all")
	y.leave(finding.Note{Kind: "left"})
	require.Equal(t, "all-left", string(y.result("none").Reason.Kind), "all were left")
	y.pass()
	require.Equal(t, Pass, y.result("none").Verdict, "one judged case passes it")
	y.unfinished(finding.Note{Kind: "open"})
	require.Equal(t, Inconclusive, y.result("none").Verdict, "one unfinished case leaves it inconclusive")
	y.fail(finding.Note{Kind: "bad"})
	r := y.result("none")
	require.Equal(t, Fail, r.Verdict, "one failed case fails it")
	require.Equal(t, 2, r.Judged)
	require.Len(t, r.Findings, 2)
	require.Len(t, r.Left, 1)
}

func BenchmarkAll(b *testing.B) {
	f := facts.Read(wholeStory())
	for b.Loop() {
		All(f)
	}
}

// A disturbance that is over before, or comes after what counts, excuses nothing.
func TestDisturbancesOfAnotherTimeExcuseNothing(t *testing.T) {
	noise := func(s *story.Story, loss float64) {
		s.Add("", trace.Impairment{Cable: "standby", From: "sw", Loss: loss})
	}
	for _, id := range []string{"P1", "P4", "P8"} {
		for from, want := range map[float64]finding.Verdict{10: Fail, 110: NotApplicable, 300: Fail} {
			s := story.Guide().At(100).Unplug("active").At(150).Takes("standby")
			noise(s.At(from), 0.1)
			noise(s.At(from+10), 0)
			wants(t, id, pick(id == "P4" && want == NotApplicable, Pass, want), s.End(500), fmt.Sprintf("%s: noise from %v s on", id, from))
		}
	}
}
