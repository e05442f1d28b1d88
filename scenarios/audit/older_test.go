package audit

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// What stood in the way before a fault came is none of its cost; what came with it is.
func TestWhatWasThereBeforeIsNoCostOfTheFault(t *testing.T) {
	vip := netip.MustParseAddr("192.168.1.100")
	out := finding.Outage{
		Client: "pc", VIP: vip, From: -time.Second, To: 200 * time.Second, Open: true,
		Parts: []finding.Part{{What: finding.RouterCache, Time: 101 * time.Second}, {What: finding.Counting, Time: 30 * time.Second}, {What: finding.RouterCache, Time: 70 * time.Second}},
	}
	use := finding.Use{Client: "pc", VIP: vip, Answered: []finding.Span{{From: -2 * time.Second, To: -time.Second}}, Outages: []finding.Outage{out}}
	run := &finding.Run{Played: finding.Played{Trace: &trace.Trace{}}, Facts: &finding.Facts{End: 200 * time.Second, Uses: []finding.Use{use}}}

	at := func(from time.Duration) *outcome { return (&job{From: from}).outcome(run) }
	struck := at(60 * time.Second)
	require.Equal(t, 30.0, struck.mean())
	require.Equal(t, []audited.PartCost{{What: finding.Counting, Seconds: 30}}, struck.Parts)
	require.Equal(t, []older{{0, 110, true, []audited.PartCost{{What: finding.RouterCache, Seconds: 110}}}}, struck.Older)

	first := at(-time.Second)
	require.Equal(t, 201.0, first.mean(), "it began with the fault")
	require.Empty(t, first.Older)
}

// A VIP that no node ever has costs all year, though no outage of it ever begins.
func TestAVIPThatNobodyEverHas(t *testing.T) {
	f := cured(t)
	for _, role := range []string{cluster.Active, cluster.Standby} {
		_, ok := edit.Registry(f, f, role, edit.Text(registry.ServicesKey+`\`+registry.WatcherService, "ObjectName", `EXAMPLE\svc`))
		require.True(t, ok)
	}
	calm := job{Text: "cluster ours\nseed 3\n", From: 20 * time.Second, Ends: []time.Duration{5 * time.Minute}}
	o, err := calm.play(t.Context(), f)
	require.NoError(t, err)
	countLasting([]job{calm}, []*outcome{o})
	require.Equal(t, 280.0, o.mean())
	require.Equal(t, []audited.PartCost{{What: finding.NodesGone, Seconds: 280}}, o.Parts)
}

// Where nothing happens, what was there before costs nothing if it is there by chance, and all of its time if it always is.
func TestWhatIsAlwaysThereCostsAllYear(t *testing.T) {
	parts := []audited.PartCost{{What: finding.WrongCache, Seconds: 50}}
	run := func(silent ...int) *outcome {
		o := &outcome{Uses: []use{{Client: "a"}, {Client: "b"}}}
		for _, u := range silent {
			o.Older = append(o.Older, older{u, 100, true, parts})
		}
		return o
	}
	jobs := []job{{World: 0}, {World: 0}, {World: 1}, {World: 1}, {World: 1, Text: "\nat 1s try cable-pull active\n"}}
	all := []*outcome{run(0, 1), run(1), run(), run(0), run(0, 1)}
	countLasting(jobs, all)

	require.Equal(t, []use{{Client: "a"}, {Client: "b", Silent: 100, Longest: 100, Open: true}}, all[0].Uses)
	require.Equal(t, parts, all[0].Parts)
	require.Equal(t, 50.0, all[1].mean())
	for _, o := range all[2:] {
		require.Zero(t, o.mean(), "by chance, or beside a fault")
		require.Empty(t, o.Parts)
	}
}
