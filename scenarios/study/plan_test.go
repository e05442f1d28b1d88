package study

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/scenarios"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

var update = flag.Bool("update", false, "rewrite the .want files in testdata/bad")

// shippedCluster is one of the shipped clusters.
func shippedCluster(t testing.TB, name string) *cluster.Blueprint {
	bp, problems := cluster.Load(scenarios.Clusters(), name)
	require.NoError(t, problems.Err())
	return bp
}

// read is a study file as a plan on the cluster.
func read(bp *cluster.Blueprint, name string, data []byte) (*Plan, diag.List) {
	d, problems := ParseFile(name, data)
	if problems.Err() != nil {
		return nil, problems
	}
	return d.Plan(bp)
}

// Each file of testdata/bad has the problems of its .want, all at once, each with its line.
func TestEveryProblemOfAPlanIsReported(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*.toml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			p, problems := read(shippedCluster(t, "guide"), filepath.Base(path), data)
			require.Nil(t, p)
			require.Error(t, problems.Err())
			wantPath := strings.TrimSuffix(path, ".toml") + ".want"
			if *update {
				require.NoError(t, os.WriteFile(wantPath, []byte(problems.Error()+"\n"), 0o644))
			}
			want, err := os.ReadFile(wantPath)
			require.NoError(t, err)
			require.Equal(t, string(want), problems.Error()+"\n")
		})
	}
}

func TestListsAndRanges(t *testing.T) {
	for text, want := range map[string][]string{
		"interval=5,10s,1m":      {"5s", "10s", "1m"},
		"interval=10..60/10":     {"10s", "20s", "30s", "40s", "50s", "1m"},
		"interval=10s..31s/10s":  {"10s", "20s", "30s"},
		"interval=1, 3..5/1":     {"1s", "3s", "4s", "5s"},
		"loss=0,0.5%..1.5%/0.5%": {"0", "0.5%", "1%", "1.5%"},
		"netsh=0.2s..1s,2s":      {"200ms..1s", "2s..2s"},
		"release-time=20..60/20": {"20", "40", "60"},
	} {
		d := NewDraft()
		name, values, _ := strings.Cut(text, "=")
		d.Add(name, values)
		p, problems := d.Plan(shippedCluster(t, "guide"))
		require.NoError(t, problems.Err())
		require.Equal(t, want, p.Axes[0].Values, text)
		require.Len(t, p.Cells(), len(want))
	}
}

// Every kind of axis sets what it names, in a copy: the cluster itself stays as it is.
func TestAxesAreSet(t *testing.T) {
	base := shippedCluster(t, "l3")
	before := planOn(t, base, 1).Key()
	cell := func(name, value string) *Cell {
		d := NewDraft()
		d.Add(name, value)
		p, problems := d.Plan(base)
		require.NoError(t, problems.Err(), name)
		return &p.Cells()[0]
	}
	node := func(name, value string, i int) cluster.Node { return cell(name, value).Blueprint().Nodes[i] }
	for i := range 2 {
		require.Equal(t, "7s", node("interval", "7", i).Settings.Interval.String())
		require.Equal(t, "7s", node("ping-timeout", "7", i).Settings.PingTimeout.String())
		require.Equal(t, 7, node("release-time", "7", i).Settings.ReleaseTime)
		require.Equal(t, "7s", node("boot", "7s", i).Boot.String())
		require.Equal(t, "2s", node("netsh", "1s..2s", i).NetshMax.String())
		require.Equal(t, "srv-2008", node("profile", "srv-2008", i).Server.Name)
		require.Equal(t, "windows-vista7", node("profile", "srv-2008", i).ARP.Name)
		require.Equal(t, 1, node("server.probes", "1", i).Server.Probes)
		require.Equal(t, "linux", node("server.arp", "linux", i).ARP.Name)
	}
	require.NotEqual(t, "srv-2012plus", node("server.probes", "1", 0).Server.Name, "a changed profile is no shipped one")
	require.Equal(t, "7s", node("standby.interval", "7", 1).Settings.Interval.String())
	require.Equal(t, "30s", node("standby.interval", "7", 0).Settings.Interval.String())
	require.Equal(t, 0, node("active.server.announcements", "0", 0).Server.Announcements)
	require.Equal(t, 1, node("active.server.announcements", "0", 1).Server.Announcements)
	require.Equal(t, "linux", cell("client.profile", "linux").Blueprint().Clients[0].Profile.Name)
	require.Equal(t, "1ms", cell("client.retransmit", "1ms").Blueprint().Clients[0].Profile.Retransmit.String())
	require.Equal(t, "5m0s", cell("router.age", "5m").Blueprint().Routers[0].Profile.Age.String())
	require.Len(t, node("cure", "on", 1).Batch.Commands, 2)
	require.Equal(t, "1ms", cell("latency", "1ms").Blueprint().Latency.String())
	require.Equal(t, studied.Power, cell("fault", "power").Fault)

	lossy := cell("loss", "5%")
	require.Len(t, lossy.Blueprint().Impaired, 2*len(base.Cables()), "both ends of every cable")
	require.InDelta(t, 5, lossy.Loss, 0)
	require.Empty(t, cell("loss", "0").Blueprint().Impaired)
	one := cell("link.active.jitter", "2ms").Blueprint().Impaired
	require.Len(t, one, 2)
	require.Equal(t, "2ms", one[0].Jitter.String())
	require.Equal(t, before, planOn(t, base, 1).Key(), "the cluster is as it was")
	lossy.Horizon = time.Minute
	Run(lossy, 1) // it is a world that can be built
}

// An axis beside what disturbs a cable already keeps the rest of it.
func TestLossBesideAnImpairment(t *testing.T) {
	base := shippedCluster(t, "guide")
	base.Impaired = []cluster.Impaired{{Cable: "active", From: "sw1"}}
	require.NoError(t, base.Impaired[0].Set("latency", "3ms"))
	d := NewDraft()
	d.Add("loss", "1%")
	p, problems := d.Plan(base)
	require.NoError(t, problems.Err())
	n := 0
	for _, i := range p.Cells()[0].Blueprint().Impaired {
		require.InDelta(t, 1, i.Loss, 0)
		if i.Latency > 0 {
			n++
			require.Equal(t, "sw1", i.From)
		}
	}
	require.Equal(t, 1, n)
	ran(&p.Cells()[0], 1)
}

// A plan is written as a file that reads back to it.
func TestFilesRoundTrip(t *testing.T) {
	bp := shippedCluster(t, "guide")
	whole := func(name string) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			values := rapid.SliceOfNDistinct(rapid.IntRange(1, 500), 1, 4, func(i int) int { return i }).Draw(t, name)
			var text []string
			for _, v := range values {
				text = append(text, strconv.Itoa(v))
			}
			return strings.Join(text, ",")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		d := NewDraft()
		d.Runs = rapid.IntRange(1, MaxRuns).Draw(t, "runs")
		d.Seed = rapid.Uint64Range(0, MaxSeed).Draw(t, "seed")
		d.FailoverOnly = rapid.Bool().Draw(t, "failover only")
		if rapid.Bool().Draw(t, "precise") {
			d.Precision = rapid.SampledFrom([]string{"0.2s", "1m", "1h"}).Draw(t, "precision")
		}
		if rapid.Bool().Draw(t, "narrow") {
			d.Client, d.VIP = "client", "192.168.10.202"
		}
		if rapid.Bool().Draw(t, "fixed") {
			d.Phase = rapid.SampledFrom([]string{"1ms", "20s"}).Draw(t, "phase")
		}
		if rapid.Bool().Draw(t, "patient") {
			d.Horizon = rapid.SampledFrom([]string{"1s", "90s", "2h"}).Draw(t, "horizon")
		}
		for _, name := range []string{"interval", "ping-timeout", "release-time"} {
			if rapid.Bool().Draw(t, name) {
				d.Add(name, whole(name).Draw(t, name))
			}
		}
		p, problems := d.Plan(bp)
		require.NoError(t, problems.Err())
		again, problems := read(bp, "plan.toml", p.File())
		require.NoError(t, problems.Err())
		require.Equal(t, p, again)
		require.Equal(t, p.Key(), again.Key())
	})
}

// Cells are every combination once, the last axis fastest.
func TestCellsAreEveryCombination(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "5s", "10s"}, []string{"ping-timeout", "1s", "2s", "3s"})
	var all []string
	for i, c := range p.Cells() {
		require.Equal(t, i, c.Index)
		all = append(all, strings.Join(c.Values, " "))
	}
	require.Equal(t, []string{"5s 1s", "5s 2s", "5s 3s", "10s 1s", "10s 2s", "10s 3s"}, all)
	require.Len(t, slices.Compact(all), 6)
	require.Equal(t, "interval 5s, ping-timeout 1s", p.Describe(p.Cells()[0].Values, studied.Every))
}

// What makes other rows makes another key; what does not, does not.
func TestKeys(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "5s"})
	key := p.Key()
	p.Runs, p.Cluster = 7, "elsewhere"
	require.Equal(t, key, p.Key())
	for _, change := range []func(*Plan){
		func(p *Plan) { p.Seed++ },
		func(p *Plan) { p.Horizon++ },
		func(p *Plan) { p.Phase++ },
		func(p *Plan) { p.Client = "client" },
		func(p *Plan) { p.VIP = p.base.VIPs[0] },
		func(p *Plan) { p.FailoverOnly = true },
		func(p *Plan) { p.Axes = nil },
		func(p *Plan) { p.base.Nodes[0].NetshMin++ },
	} {
		other := planOf(t, 1, []string{"interval", "5s"})
		change(other)
		require.NotEqual(t, key, other.Key())
	}
}

func FuzzParseFile(f *testing.F) {
	paths, _ := filepath.Glob("testdata/bad/*.toml")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("runs = 5\n[[axis]]\nname = \"interval\"\nvalues = \"5..9/2\"\n"))
	bp := shippedCluster(f, "guide")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, problems := read(bp, "plan.toml", data)
		require.Equal(t, problems.Err() == nil, p != nil)
		if p == nil {
			return
		}
		again, problems := read(bp, "plan.toml", p.File())
		require.NoError(t, problems.Err())
		require.Equal(t, p.Key(), again.Key())
	})
}
