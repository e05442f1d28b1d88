package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// asWorker is the argument that makes the test's program a worker.
const asWorker = "as-worker"

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, asWorker) {
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// shipped are the files of a shipped cluster.
func shipped(t *testing.T, name string) files {
	f, err := (&script.Script{Cluster: name}).ClusterFiles(func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) })
	require.NoError(t, err)
	return f
}

// cured is the guide's cluster with a second client whose kind is assumed, and the guide's batch on both nodes.
func cured(t *testing.T) files {
	f := shipped(t, "guide")
	f[tomlFile] = append(f[tomlFile], "\n[[client]]\nname = \"pc2\"\naddress = \"192.168.10.151/24\"\nswitch = \"sw1\"\nprofile = \"windows-modern\"  # assumed: nothing tells\n"...)
	for _, role := range []string{"active", "standby"} {
		f[role+"/arpclear.bat"] = []byte("arp -d\r\nping -n 10 192.168.10.151 -S 192.168.10.202\r\n")
	}
	return f
}

// with sets a key in a table of cluster.toml.
func (f files) with(t *testing.T, in, key, value string) files {
	f = f.over(nil)
	_, ok := f.setTOML(table{in, 0}, key, value)
	require.True(t, ok)
	return f
}

// auditOf is a quick one, of few faults.
func auditOf(t *testing.T, f files, only ...audited.FaultKind) *audited.Audit {
	return auditTrying(t, f, nil, only...)
}

// auditTrying tries few changes too.
func auditTrying(t *testing.T, f files, tries []audited.ChangeKind, only ...audited.FaultKind) *audited.Audit {
	a, err := Run(t.Context(), Options{Name: "ours", Folder: "ours", Files: f, Seed: 1, Quick: true, Marks: []string{"# assumed:"}, Workers: 1, only: only, changes: tries})
	require.NoError(t, err)
	return a
}

// rivals are changes of which each cluster here needs one, and others that gain something on any.
var rivals = []audited.ChangeKind{audited.AddTask, audited.AllowPipe, audited.Interval, audited.ReleaseTime}

func changeOf(all []audited.Tried, kind audited.ChangeKind) *audited.Tried {
	i := slices.IndexFunc(all, func(t audited.Tried) bool { return t.Change.Kind == kind })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// A task that is missing costs those clients who hear of no switch: the change is first, says where, and what it gains
// for whom. With the task in place nobody proposes it.
func TestAMissingTaskIsFoundByItsCost(t *testing.T) {
	a := auditTrying(t, cured(t).with(t, "node.standby", "tasks", "[]"), rivals, audited.CableActive)
	require.Equal(t, []string{"pc2"}, a.Plan.Assumed)
	first := a.Todo[0]
	require.Equal(t, []any{audited.AddTask, "standby", audited.Mend, audited.Gains}, []any{first.Change.Kind, first.Change.Node, first.Class, first.Verdict})
	require.Equal(t, "pc2", first.ByUse[0].Client)
	require.InDelta(t, 0, first.If.AsWritten.Value, 1, "a client that hears of the switch needs no cure")
	require.Greater(t, first.If.AsAssumed.Low, 50.0)
	require.Equal(t, []audited.Edit{{File: tomlFile, Line: first.Change.Edits[0].Line, Old: "tasks = []", New: `tasks = ["event-100"]`}}, first.Change.Edits)
	require.Contains(t, first.Change.Do[0].Command, "EventID=100")
	i := slices.IndexFunc(a.Lint, func(l audited.Lint) bool { return strings.Contains(l.Message, "nothing starts standby/arpclear.bat") })
	require.Equal(t, []int{0}, a.Lint[i].Answered)
	require.False(t, a.Good())

	a = auditTrying(t, cured(t), rivals, audited.CableActive)
	require.Nil(t, changeOf(append(a.Todo, a.Tried...), audited.AddTask))
}

// Whatever language the comment is in, a client whose kind is assumed is taken for both kinds.
func TestWhatIsAssumedInAnyLanguage(t *testing.T) {
	f := cured(t)
	f[tomlFile] = bytes.Replace(f[tomlFile], []byte("# assumed: nothing tells"), []byte("# 仮定: 不明"), 1)
	for marks, want := range map[string][]string{"# assumed:": nil, "# 仮定:": {"pc2"}} {
		p := &plan{Options: Options{Name: "ours", Files: f, Marks: []string{marks}}, files: f}
		bp, problems := f.load()
		require.NoError(t, p.begin(bp, problems))
		require.Equal(t, want, p.out.Plan.Assumed)
	}
}

// A firewall that keeps ping out costs no mail while it does: only what the watchers do to each other then. What an ARP
// cache does at the same time does.
func TestEchoAloneIsNoSilence(t *testing.T) {
	a := auditTrying(t, cured(t).with(t, "node.standby", "echo_blocked", "true"), []audited.ChangeKind{audited.AllowEcho}, audited.CableActive)
	row := a.Rows[0]
	require.Greater(t, row.Each.Echo, 300.0)
	require.Less(t, row.Each.Mean.Value, 200.0)
	echo := changeOf(a.Todo, audited.AllowEcho)
	require.NotNil(t, echo)
	require.Greater(t, echo.Echo, 300.0)

	x := &finding.Outage{Client: "pc", From: 10 * time.Second, To: 50 * time.Second, Parts: []finding.Part{{What: finding.Counting, Time: 30 * time.Second}, {What: finding.Blocked, Time: 10 * time.Second, Pings: 10 * time.Second}}}
	parts := map[finding.Obstacle]float64{}
	run := storyOf(t, a).Run
	silent, only := (&job{From: 20 * time.Second}).silence(run, x, parts, 2, func(finding.Obstacle) bool { return true })
	require.Equal(t, []float64{20, 10, 10}, []float64{silent, only, parts[finding.Counting]}, "what came before the fault is none of it")
}

// A firewall that keeps the pipe shut costs a failover's silence at each give-back; on a master it costs nothing, and
// nothing says that it does.
func TestAShutPipeIsFoundByItsCost(t *testing.T) {
	a := auditTrying(t, cured(t).with(t, "node.standby", "pipe_blocked", "true  # standby/firewall.txt:9"), rivals, audited.CableActive)
	first := a.Todo[0]
	require.Equal(t, []any{audited.AllowPipe, "standby", audited.Mend, audited.Gains}, []any{first.Change.Kind, first.Change.Node, first.Class, first.Verdict})
	require.Greater(t, first.Gain.Low, 20.0)
	require.Equal(t, audited.Edit{File: tomlFile, Line: first.Change.Edits[0].Line, Old: "pipe_blocked = true  # standby/firewall.txt:9", New: "pipe_blocked = false"}, first.Change.Edits[0])
	require.Contains(t, first.Change.Do[0].Command, "localport=445 remoteip=192.168.10.200")
	require.Equal(t, audited.BlockRule, first.Change.Do[1].Hand)
	i := slices.IndexFunc(a.Lint, func(l audited.Lint) bool { return strings.Contains(l.Message, "pipe_blocked: ") })
	require.Equal(t, []int{0}, a.Lint[i].Answered)

	a = auditTrying(t, cured(t).with(t, "node.active", "pipe_blocked", "true"), []audited.ChangeKind{audited.AllowPipe}, audited.CableActive)
	require.Equal(t, audited.NoGain, changeOf(a.Tried, audited.AllowPipe).Verdict)
	require.False(t, slices.ContainsFunc(a.Lint, func(l audited.Lint) bool { return strings.Contains(l.Message, "pipe_blocked: ") }))
}

func storyOf(t *testing.T, a *audited.Audit) *audited.Story {
	require.NotEmpty(t, a.Stories)
	return &a.Stories[0]
}

// A story runs by itself, and has the silence that its row says.
func TestAStoryRunsByItself(t *testing.T) {
	f := cured(t).with(t, "node.standby", "tasks", "[]")
	a := auditTrying(t, f, []audited.ChangeKind{}, audited.CableActive, audited.FreezeActive)
	for _, story := range a.Stories {
		s, problems := script.Parse(story.Name+".txtar", []byte("# a story\n"+story.Text))
		require.NoError(t, problems.Err())
		run, err := script.Run(t.Context(), s, script.Options{Cluster: f.find})
		require.NoError(t, err)
		worst := run.Facts.Worst()
		require.Equal(t, a.Rows[story.Row].Longest.Client, worst.Client)
		require.InDelta(t, a.Rows[story.Row].Longest.Seconds, worst.Length().Seconds(), 0.001)
	}
}

// The same seed gives the same audit, in one process and by any number of others; another seed another one.
func TestAuditsAreTheSameByAnyNumberOfWorkers(t *testing.T) {
	text := func(seed uint64, workers int, crew *pool.Crew) string {
		done := 0
		a, err := Run(t.Context(), Options{Name: "ours", Files: cured(t), Seed: seed, Quick: true, Marks: []string{"# assumed:"}, Workers: workers, Crew: crew,
			only: []audited.FaultKind{audited.CableActive, audited.UpdateStandby}, changes: []audited.ChangeKind{audited.Interval, audited.CurePings, audited.PortFast},
			Progress: func(n, total int) { done = max(done, n) }})
		require.NoError(t, err)
		require.Equal(t, a.Plan.Runs, done)
		raw, err := json.Marshal(a)
		require.NoError(t, err)
		return string(raw)
	}
	crew, err := pool.Hire(3, asWorker)
	require.NoError(t, err)
	defer crew.Close()
	want := text(1, 1, nil)
	require.Equal(t, want, text(1, 3, crew))
	require.NotEqual(t, want, text(2, 3, crew))
}

// Whatever cluster it is, what is played on it can be read, and each fault of the vocabulary is played or left out.
func TestTheVocabularyFitsAnyCluster(t *testing.T) {
	for _, name := range []string{"guide", "l3", "mail", "offices", "strangers", "two-switch", "vrrp"} {
		f := shipped(t, name)
		p := &plan{Options: Options{Name: name}, name: name, files: f, index: map[string]int{}}
		bp, problems := f.load()
		require.NoError(t, p.begin(bp, problems))
		p.propose()
		p.lead = p.quiet()
		b := p.agenda()
		for _, k := range vocabulary {
			played := slices.ContainsFunc(p.faults, func(f fault) bool { return f.Kind == k.kind })
			left := slices.ContainsFunc(p.out.LeftOut, func(l audited.Left) bool { return l.Kind == k.kind && l.More == 0 })
			require.NotEqual(t, played, left, "%s: %s", name, k.kind)
		}
		for _, j := range b.jobs {
			_, problems := script.Parse("x.txtar", fmt.Appendf(nil, "# x\n%send %v\n", j.Text, j.Ends[0]))
			require.NoError(t, problems.Err(), j.Text)
			require.IsIncreasing(t, append([]time.Duration{0}, j.Ends...))
		}
		for _, c := range p.candidates {
			require.NotNil(t, c.bp, "%s: %+v", name, c.Change)
		}
	}
}

// What never happens is not played, and that is said.
func TestAFaultOfRate0IsNotPlayed(t *testing.T) {
	f := cured(t)
	p := &plan{Options: Options{Name: "ours", Files: f, Rates: map[string]float64{"switch:sw1": 0, "freeze-active": 0, "calm": 0}}, files: f}
	bp, problems := f.load()
	require.NoError(t, p.begin(bp, problems))
	has := func(kind audited.FaultKind) bool {
		return slices.ContainsFunc(p.faults, func(f fault) bool { return f.Kind == kind })
	}
	require.Equal(t, []bool{false, false, true, true}, []bool{has(audited.SwitchRestart), has(audited.FreezeActive), has(audited.CableActive), has(audited.Calm)})
	require.Contains(t, p.out.LeftOut, audited.Left{Kind: audited.SwitchRestart, What: "sw1", Why: audited.Never})
	require.Contains(t, p.out.LeftOut, audited.Left{Kind: audited.FreezeActive, Why: audited.Never})
}

// What cannot be audited is said: files that check refuses, rates of what there is not.
func TestWhatCannotBeAudited(t *testing.T) {
	f := cured(t)
	_, err := Run(t.Context(), Options{Name: "ours", Files: f.with(t, "node.standby", "switch", `"none"`)})
	require.ErrorContains(t, err, "cluster.toml:")
	_, err = Run(t.Context(), Options{Name: "ours", Files: f, Rates: map[string]float64{"cable-activ": 1}})
	require.ErrorContains(t, err, `there is no fault "cable-activ" (did you mean "cable-active"?)`)
}

// Sums and intervals by hand: a year is the rates times the means; an interval of values that are all alike is a point.
func TestEstimates(t *testing.T) {
	e := estimate([]stratum{{rate: 2, values: []float64{10, 10}}, {rate: 0.5, values: []float64{4, 4, 4}}})
	require.Equal(t, audited.Estimate{Value: 22, Low: 22, High: 22}, e)
	e = estimate([]stratum{{rate: 2, values: []float64{0, 1, 2, 3}, open: true}})
	require.True(t, e.AtLeast)
	require.InDeltaSlice(t, []float64{3, 3 - 2*3.1824*1.2910/2, 3 + 2*3.1824*1.2910/2}, []float64{e.Value, e.Low, e.High}, 1e-3, "t of 3 degrees of freedom")
	once := []stratum{{rate: 2, values: []float64{0, 0, 0, 10}}}
	require.Less(t, estimate(once).Low, -3.0, "a gain may be a loss")
	require.Equal(t, audited.Estimate{Value: 5, High: estimate(once).High}, costing(once), "no cost is one")
	above := []stratum{{rate: 2, values: []float64{8, 9, 10, 11}}}
	require.Equal(t, estimate(above), costing(above), "above 0 nothing is cut")
	require.True(t, audited.Estimate{Low: 1, High: 2}.Sure())
	require.False(t, audited.Estimate{Low: -1, High: 2}.Sure())
}

// What decides who is healed and heard, and init has assumed, is told; what a file says, or is left out, is not.
func TestUnknownKeysAreTold(t *testing.T) {
	for value, want := range map[string][]string{"": nil, "false": nil, "false  # assumed: no export": {"node.standby.echo_blocked"}} {
		f := shipped(t, "guide")
		if value != "" {
			f = f.with(t, "node.standby", "echo_blocked", value)
		}
		p := &plan{Options: Options{Name: "ours", Files: f, Marks: []string{"# assumed:"}}, files: f}
		bp, problems := f.load()
		require.NoError(t, p.begin(bp, problems))
		require.Equal(t, want, p.out.Plan.Unknown, value)
	}
}

// So is how a router keeps ARP entries, by its name, and a client that init has made up.
func TestUnknownKeysOfRoutersAndClientsAreTold(t *testing.T) {
	f := shipped(t, "l3").with(t, "router", "profile", `"l3-cisco-ios"  # assumed: nothing says`).with(t, "client", "address", `"192.168.20.50/24"  # assumed: made up`)
	p := &plan{Options: Options{Name: "ours", Files: f, Marks: []string{"# assumed:"}}, files: f}
	bp, _ := f.load()
	p.bp = bp
	require.NotNil(t, bp)
	require.Equal(t, []string{bp.Routers[0].Name + ".profile", bp.Clients[0].Name + ".address"}, p.unknown())
}

// How long Windows takes to boot is told where no file says it: no key has it, or one that init has assumed.
func TestAnAssumedBootIsTold(t *testing.T) {
	f := cured(t)
	for line, want := range map[string][]audited.Boot{
		`boot = "5m"`:                 nil,
		`boot = "5m"  # assumed: why`: {{Node: "active", Takes: 5 * time.Minute}},
		``:                            {{Node: "active", Takes: 2 * time.Minute}},
	} {
		g := f.over(files{tomlFile: bytes.Replace(f[tomlFile], []byte(`boot = "2m"`), []byte(line), 1)})
		p := &plan{Options: Options{Name: "ours", Files: g, Marks: []string{"# assumed:"}}, files: g}
		bp, problems := g.load()
		require.NoError(t, p.begin(bp, problems))
		require.Equal(t, want, p.out.Plan.Boots, line)
	}
}
