package seeds_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// asWorker is the argument that makes the test's program a worker.
const asWorker = "as-worker"

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, asWorker) {
		if err := seeds.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const pull = `cluster guide
ping client vip
at 20s unplug active
expect failover 30s..40s
%s
at 80s plug active
end 110s
`

func find(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }

// scenarioOf is a scenario called case.
func scenarioOf(t *testing.T, text string) seeds.Scenario {
	s, problems := script.Parse("case.txtar", []byte(text))
	require.NoError(t, problems.Err())
	return seeds.Scenario{Script: s, Data: []byte(text), Find: find, Rerun: func(seed uint64) string { return fmt.Sprint("run ", seed) }}
}

func setOf(t *testing.T, text string) seeds.Set {
	set, err := seeds.Parse(text)
	require.NoError(t, err)
	return set
}

func run(t *testing.T, text, list string) *studied.Seeds {
	s, err := seeds.Run(t.Context(), scenarioOf(t, text), setOf(t, list), seeds.Options{Workers: 1})
	require.NoError(t, err)
	return s
}

// alone is the failover of one seed, by a run of its own.
func alone(t *testing.T, text string, seed uint64) float64 {
	s := scenarioOf(t, text)
	r, err := script.Run(t.Context(), s.Script, script.Options{Cluster: find, Seed: &seed})
	require.NoError(t, err)
	return r.Figures()[0].Time.Seconds()
}

// Each seed counts with what a run of its own measures; quantiles are by rank.
func TestFiguresAreThoseOfTheRuns(t *testing.T) {
	text := fmt.Sprintf(pull, "")
	s := run(t, text, "1..19,40")
	var times []float64
	worst, longest := uint64(0), 0.0
	for _, seed := range setOf(t, "1..19,40").All {
		v := alone(t, text, seed)
		times = append(times, v)
		if v > longest {
			worst, longest = seed, v
		}
	}
	slices.Sort(times)
	over := s.Figures[0]
	require.Equal(t, finding.Failovers, over.Name)
	require.Equal(t, []any{"", "", 20, 0}, []any{over.Client, over.VIP, over.Seeds, over.Open})
	require.Equal(t, []float64{times[0], times[9], times[18], times[19], times[19]},
		[]float64{over.Min.Seconds, over.Median.Value.Seconds, over.P95.Value.Seconds, over.P99.Value.Seconds, over.Max.Seconds})
	require.Equal(t, strconv.FormatUint(worst, 10), over.Seed)
	// Of 20 values the median lies between the 6th and the 15th with 95 % (binomial); few bound no 99 %.
	require.Equal(t, []float64{times[5], times[14]}, []float64{over.Median.Low.Seconds, over.Median.High.Seconds})
	require.Nil(t, over.P99.High)
	require.Equal(t, &studied.WorstSeed{Seed: over.Seed, Outcome: finding.Well, Silence: over.Max, Rerun: "run " + over.Seed}, s.Worst)
	require.Equal(t, []int{20, 20, 20, 0, 0, 0}, []int{s.Total, s.Done, s.Passed, s.Weak, s.Failed, s.NoWorld})
	require.Empty(t, s.Reasons)
	require.True(t, s.Good())

	names := []finding.FigureName{}
	for _, f := range s.Figures {
		names = append(names, f.Name)
	}
	require.Equal(t, []finding.FigureName{finding.Failovers, finding.Failbacks, studied.Silence}, names,
		"one client waited: its figures are the worst of all")
}

// Where several clients use several VIPs each has its figures, and the worst of them comes first.
func TestFiguresOfClients(t *testing.T) {
	data, err := scenarios.Read("l3-offices")
	require.NoError(t, err)
	s := run(t, string(data), "1..3")
	require.Greater(t, len(s.Figures), 3)
	for _, f := range s.Figures {
		all := slices.DeleteFunc(slices.Clone(s.Figures), func(o studied.Spread) bool { return o.Name != f.Name })
		require.Empty(t, all[0].Client)
		require.False(t, f.Max.Longer(all[0].Max) && !f.Max.AtLeast, "no client waits longer than the worst")
	}
}

// Workers are other processes, any number of them: what they find is the same.
func TestWorkersFindTheSame(t *testing.T) {
	text := fmt.Sprintf(pull, "expect failover p90 < 34500ms")
	want := run(t, text, "1..25")
	crew, err := pool.Hire(3, asWorker)
	require.NoError(t, err)
	defer crew.Close()
	var told []int
	got, err := seeds.Run(t.Context(), scenarioOf(t, text), setOf(t, "1..25"), seeds.Options{
		Workers: 3, Crew: crew, Progress: func(done int) { told = append(told, done) },
	})
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Len(t, told, 25)
	require.Equal(t, 25, told[24])
}

// A limit is held against all seeds: its quantile decides, and its interval says whether more seeds could.
func TestLimits(t *testing.T) {
	for limit, want := range map[string]struct{ ok, sure bool }{
		"failover p50 < 40s":              {true, true},
		"failover p50 < 30s":              {false, true},
		"failover max < 40s":              {true, true},
		"failover max < 34s":              {false, true},
		"failover p99 < 40s":              {true, false}, // 40 seeds do not bound it
		"failover p90 < 40s for client":   {true, true},
		"outage p95 < 30s":                {false, true},
		"failback p50 < 40s":              {false, false}, // there is none in this stretch
		"outage p50 < 40s of 192.168.9.9": {},
	} {
		text := fmt.Sprintf(pull, "expect "+limit)
		if strings.Contains(limit, "192.168.9.9") {
			_, err := seeds.Run(t.Context(), scenarioOf(t, text), setOf(t, "1..2"), seeds.Options{Workers: 1})
			require.ErrorContains(t, err, "192.168.9.9", "what no cluster has is wrong as ever")
			continue
		}
		s := run(t, text, "1..40")
		require.Len(t, s.Limits, 1)
		l := s.Limits[0]
		require.Equal(t, []any{"expect " + limit, 5, want.ok, want.sure}, []any{l.Text, l.Line, l.OK, l.Sure}, "%+v", l)
		require.Equal(t, want.ok, s.Good(), limit)
		require.Zero(t, s.Failed, "a run alone decides nothing about it")
		if strings.HasPrefix(limit, "failback") {
			require.Zero(t, l.Seeds)
			require.Nil(t, l.Value.Value)
		}
	}
}

// What seeds fail at is counted, with the first of them; the worst seed is one that failed.
func TestCauses(t *testing.T) {
	text := fmt.Sprintf(pull, "expect outage 30s..34s")
	s := run(t, text, "1..12")
	failed, first := 0, uint64(0)
	for seed := uint64(1); seed <= 12; seed++ {
		if alone(t, text, seed) > 34 {
			if failed++; first == 0 {
				first = seed
			}
		}
	}
	require.NotZero(t, failed)
	require.NotEqual(t, 12, failed, "some pass")
	require.Equal(t, []int{failed, 12 - failed}, []int{s.Failed, s.Passed})
	require.Equal(t, []studied.SeedCause{{
		Outcome: finding.Bad, Kind: studied.Expectation, Name: "expect outage 30s..34s", Line: 5, Seeds: failed,
		First: fmt.Sprint(first), Rerun: fmt.Sprint("run ", first),
	}}, s.Reasons)
	require.Equal(t, finding.Bad, s.Worst.Outcome)
	require.False(t, s.Good())

	data, err := scenarios.Read("ad-client")
	require.NoError(t, err)
	weak := run(t, string(data), "1..2")
	require.Equal(t, []int{2, 0}, []int{weak.Weak, weak.Failed}, "%+v", weak.Reasons)
	require.Equal(t, []any{finding.Weakness, studied.FailedCheck, 2, "1"}, []any{weak.Reasons[0].Outcome, weak.Reasons[0].Kind, weak.Reasons[0].Seeds, weak.Reasons[0].First})
	require.True(t, weak.Good())
}

// An interrupt tells what is done so far.
func TestAnInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := seeds.Run(ctx, scenarioOf(t, fmt.Sprintf(pull, "")), setOf(t, "1..1000"), seeds.Options{Workers: 1, Progress: func(done int) {
		if done == 7 {
			cancel()
		}
	}})
	require.EqualError(t, err, "interrupted: 7 of 1000 seeds were run")
	require.Equal(t, []int{7, 1000, 7}, []int{s.Done, s.Total, s.Figures[0].Seeds})
	require.False(t, s.Good())
}

// A scenario that cannot be run under its first seed cannot be run; under others, the rest is told.
func TestSeedsThatCannotBeRun(t *testing.T) {
	s, err := seeds.Run(t.Context(), scenarioOf(t, "cluster guide\nat 20s plug active\nend 30s\n"), setOf(t, "1..3"), seeds.Options{Workers: 1})
	require.Nil(t, s)
	require.ErrorContains(t, err, "case.txtar:2: error: at 20s: ")

	// The holder of a moment drawn: somewhere under way, netsh takes from 1 s to 2 s.
	at := time.Duration(alone(t, fmt.Sprintf(pull, ""), 1) * float64(time.Second))
	text := fmt.Sprintf("cluster guide\nping client vip\nat 20s unplug active\nat %s unplug holder\nend 80s\n", 20*time.Second+at)
	s, err = seeds.Run(t.Context(), scenarioOf(t, text), setOf(t, "1..12"), seeds.Options{Workers: 1})
	if s == nil {
		t.Fatal("the first seed has a holder then: ", err)
	}
	require.NotZero(t, s.NoWorld)
	require.NotEqual(t, 12, s.NoWorld)
	require.Equal(t, 12, s.Done)
	require.False(t, s.Good())
	require.ErrorContains(t, err, fmt.Sprintf("%d of 12 seeds could not be run; the first is ", s.NoWorld))
	require.ErrorContains(t, err, "case.txtar:4: error: at ")
}
