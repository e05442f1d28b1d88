package audit

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// strict is the cluster behind an L3 switch, which keeps an entry for so long whatever it hears. Both its nodes are masters,
// so neither gives the VIP back, and a cache that is wrong stays so.
func strict(t *testing.T, age string) files {
	f := shipped(t, "l3")
	f[tomlFile] = bytes.Replace(f[tomlFile], []byte(`"l3-cisco-ios"`), []byte(`"old"`), 1)
	f[tomlFile] = append(f[tomlFile], "\n[[profile]]\nname = \"old\"\nbase = \"l3-alaxala-strict\"\nage = \""+age+"\"\n"...)
	_, ok := edit.Registry(f, f, cluster.Standby, edit.Number(registry.SettingsKey, "Balance", 0))
	require.True(t, ok)
	return f
}

// pulled is the active node's cable, pulled for two minutes.
var pulled = job{
	Text: "cluster ours\nseed 3\nat 60s try unplug active\nat 3m try plug active\n", From: time.Minute,
	Ends: []time.Duration{6 * time.Minute, 20 * time.Minute, 40 * time.Minute},
}

// restOf is from when on a run to the last end is at rest.
func restOf(t *testing.T, f files, j job) (from time.Duration, ever bool) {
	s, problems := script.Parse("audit.txtar", []byte("# Rest\n"+j.Text+"end 40m\n"))
	require.NoError(t, problems.Err())
	last := j.Ends[len(j.Ends)-1]
	require.NoError(t, script.Look(t.Context(), s, script.Options{Cluster: f.find}, last, func(bp *cluster.Blueprint, tr *trace.Trace) time.Duration {
		from, ever = rests(bp, tr, last)
		return 0
	}))
	return from, ever
}

// A silence that nothing ends any more is told as if it had been played to the last end, and is not. One that a cache
// ends late is played until then: an age that could still end it is waited for.
func TestARunThatHasComeToRest(t *testing.T) {
	for age, ends := range map[string]bool{"4h": false, "35m": true} {
		f := strict(t, age)
		whole := pulled
		whole.Probed = true // as with mail programs at work, in which no run rests
		want, err := whole.play(t.Context(), f)
		require.NoError(t, err)
		got, err := pulled.play(t.Context(), f)
		require.NoError(t, err)
		require.Equal(t, want, got, age)
		require.Equal(t, ends, !got.Open, age)
	}
	from, ever := restOf(t, strict(t, "4h"), pulled)
	require.True(t, ever)
	require.Less(t, from, pulled.Ends[1])
}

// Where chance is at work, or machines of which it is not known what they wait for, no run is at rest.
func TestRunsThatNeverRest(t *testing.T) {
	for name, change := range map[string]func(*cluster.Blueprint){
		"frames that are lost": func(bp *cluster.Blueprint) { bp.Impaired = make([]cluster.Impaired, 1) },
		"strangers":            func(bp *cluster.Blueprint) { bp.Strangers = make([]cluster.Stranger, 1) },
		"another watcher":      func(bp *cluster.Blueprint) { bp.Nodes[0].Watcher.Kind = cluster.VRRP },
	} {
		bp, problems := shipped(t, "l3").load()
		require.NoError(t, problems.Err())
		_, ever := rests(bp, &trace.Trace{}, time.Hour)
		require.True(t, ever)
		change(bp)
		_, ever = rests(bp, &trace.Trace{}, time.Hour)
		require.False(t, ever, name)
	}
}

// What could still change something by itself is waited for: watchers, tasks, services and tables that forget.
func TestPatience(t *testing.T) {
	last := time.Hour
	base := func(change func(*cluster.Blueprint)) time.Duration {
		bp, problems := shipped(t, "l3").load()
		require.NoError(t, problems.Err())
		bp.Nodes[0].Boot, bp.Nodes[1].Settings.ReleaseTime = 0, 0
		change(bp)
		return patience(bp, last)
	}
	least := base(func(*cluster.Blueprint) {})
	for name, change := range map[string]func(*cluster.Blueprint, time.Duration){
		"a boot":           func(bp *cluster.Blueprint, d time.Duration) { bp.Nodes[0].Boot = d },
		"a public network": func(bp *cluster.Blueprint, d time.Duration) { bp.Nodes[1].PublicAfterBoot = d },
		"a restart":        func(bp *cluster.Blueprint, d time.Duration) { bp.Nodes[0].Startup.Restarts = []time.Duration{0, d} },
		"a release cycle": func(bp *cluster.Blueprint, d time.Duration) {
			bp.Nodes[1].Settings.ReleaseTime = int(d / bp.Nodes[1].Settings.Interval)
		},
		"a client's cache":   func(bp *cluster.Blueprint, d time.Duration) { bp.Clients[0].Profile.Age = d },
		"a router's cache":   func(bp *cluster.Blueprint, d time.Duration) { bp.Routers[0].Profile.Age = d },
		"a node's cache":     func(bp *cluster.Blueprint, d time.Duration) { bp.Nodes[1].ARP.Age = d },
		"a switch's table":   func(bp *cluster.Blueprint, d time.Duration) { bp.Switches[0].MACAge = d },
		"tracking of a port": func(bp *cluster.Blueprint, d time.Duration) { bp.Switches[1].TrackDelay = d },
	} {
		require.Greater(t, base(func(bp *cluster.Blueprint) { change(bp, 50*time.Minute) }), 50*time.Minute, name)
	}
	require.Less(t, least, 20*time.Minute)
	require.Equal(t, least, base(func(bp *cluster.Blueprint) { bp.Routers[0].Profile.Age = 4 * time.Hour }), "it forgets nothing until the last end")
}
