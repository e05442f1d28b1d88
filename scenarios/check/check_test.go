package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// wholeStory is the guide's test from end to end: pull and return, shutdown and boot.
func wholeStory() *trace.Trace {
	s := guide().at(60).unplug("active").at(94).takes("standby")
	s.at(200).plug("active", trace.Duplicate).asks("active", "released", 0.1).holds("active", trace.Absent)
	s.at(203.2).gives("standby", "W16").at(207.5).takes("active")
	s.at(300).fault("shutdown", "active").power("active", trace.Stopping).service("active", "stop pending")
	s.at(300.6).gives("active", "W6").service("active", "stopped")
	s.at(305).power("active", trace.Off).link("active", false).at(335).takes("standby")
	s.at(400).fault("boot", "active").power("active", trace.Booting)
	s.at(460).link("active", true).power("active", trace.On).own("active", trace.Tentative)
	s.at(463).own("active", trace.Preferred).service("active", "running").asks("active", "released", 0.1)
	return s.at(463.2).gives("standby", "W16").at(467).takes("active").end(600)
}

func TestAll_TheGuidesStoryPasses(t *testing.T) {
	results := All(wholeStory())
	want := map[string]Verdict{"P1": Pass, "P2": Pass, "P3": Pass, "P4": Pass, "P5": NotApplicable, "P6": Pass, "P7": NotApplicable}
	for _, r := range results {
		require.Equal(t, want[r.ID], r.Verdict, "%s %s %s %+v", r.ID, r.Title, r.Reason, r.Findings)
	}
	require.Len(t, results, len(want), "Every check is run.")
	require.True(t, Passed(results), "The guide's story passes.")
}

func TestAll_NothingPassesWithoutData(t *testing.T) {
	for _, r := range All(&trace.Trace{}) {
		require.Equal(t, Inconclusive, r.Verdict, "%s on an empty trace", r.ID)
		require.NotEmpty(t, r.Reason, "%s says what is missing", r.ID)
	}
	require.False(t, Passed(nil), "No results are no pass.")
	require.False(t, Passed([]Result{{Verdict: Pass}, {Verdict: Inconclusive}}), "Inconclusive counts as failure.")
	require.False(t, Passed([]Result{{Verdict: Pass}, {Verdict: Fail}}), "One failure fails.")
}

func TestAll_SameTraceSameResults(t *testing.T) {
	tr := splitBrain(60)
	first := All(tr)
	for range 20 {
		require.Equal(t, first, All(tr), "A verdict does not depend on chance.")
	}
}

func TestChecks_AreNamedAndFound(t *testing.T) {
	for _, c := range Checks() {
		found, ok := ByID(c.ID)
		require.True(t, ok && found.Title == c.Title && c.Title != "", "%s is in the table with a title", c.ID)
	}
	_, ok := ByID("P8")
	require.False(t, ok, "There is no P8.")
}

// busyHour is an hour with a fault each ten minutes among 100,000 records.
func busyHour() *trace.Trace {
	s := guide()
	for i := range 6 {
		from := float64(600*i + 10)
		s.at(from).unplug("active").at(from + 34).takes("standby")
		s.at(from+300).plug("active", trace.Duplicate).at(from+303.2).gives("standby", "W16").at(from + 307).takes("active")
	}
	for i := range 100_000 {
		at := float64(i) * 0.036
		switch i % 20 {
		case 0:
			s.at(at).add("pc", trace.Neighbor{IP: s.tr.Header.Nodes[0].Address.Addr(), State: trace.Stale})
		default:
			s.at(at).add("pc", trace.PingLine{ID: 1, Seq: i, Outcome: trace.Replied})
		}
	}
	return s.end(3700)
}

func TestAnswered_AnHourIsSwept(t *testing.T) {
	require.Len(t, Answered(busyHour(), "pc", vip), 13, "Six failovers and failbacks leave 13 spans.")
}

func BenchmarkAnswered(b *testing.B) {
	tr := busyHour()
	for b.Loop() {
		Answered(tr, "pc", vip)
	}
}

func BenchmarkAll(b *testing.B) {
	tr := busyHour()
	for b.Loop() {
		All(tr)
	}
}
