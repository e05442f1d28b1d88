package study

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/pool"
	"ipwsim/sim/studied"
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

// crewOf is a crew of n.
func crewOf(t testing.TB, n int) *pool.Crew {
	crew, err := pool.Hire(n, asWorker)
	require.NoError(t, err)
	t.Cleanup(crew.Close)
	return crew
}

// A study of worker processes is the study of one process: its rows, its worst cases and what it answers.
func TestWorkersAnswerAsOneProcessDoes(t *testing.T) {
	p := planOf(t, 10, []string{"interval", "5s", "10s"})
	w, problems := ParseWant("median failover < 20s")
	require.NoError(t, problems.Err())
	answers := func(opt Options) *studied.Answers {
		rows, err := p.Execute(context.Background(), "", opt)
		require.NoError(t, err)
		a, err := p.Answer(context.Background(), rows, studied.DefaultRates, w, opt)
		require.NoError(t, err)
		return a
	}
	alone := answers(Options{Workers: 1})
	require.NotNil(t, alone.Want.Fresh, "it runs fresh seeds too")
	require.Equal(t, alone, answers(Options{Workers: 3, Crew: crewOf(t, 3)}))
}

// Workers know the profiles of the cluster's own, too.
func TestWorkersOfAClusterWithProfiles(t *testing.T) {
	const own = "\n[[profile]]\nname = \"ours\"\nbase = \"ad-client\"\n\n[[profile]]\nname = \"slow\"\nbase = \"srv-2008\"\n"
	p := planOn(t, offices(t, pc+"profile = \"ours\"\n", own), 4)
	require.Len(t, p.base.Profiles, 2)
	alone, err := p.Execute(t.Context(), "", Options{Workers: 1})
	require.NoError(t, err)
	crew, err := p.Execute(t.Context(), "", Options{Workers: 2, Crew: crewOf(t, 2)})
	require.NoError(t, err)
	require.Equal(t, alone, crew)
}

// Results of short runs come in handfuls; who waits for long ones has each, and what is found about a worst case.
func TestResultsComeInHandfuls(t *testing.T) {
	quick, slow := studied.Unmeasured(0, 1, time.Second), studied.Unmeasured(0, 2, time.Second)
	slow.Failback = 4 * time.Hour.Seconds()
	short, long := result{Row: quick.Pack()}, result{Row: slow.Pack()}
	for _, of := range []struct {
		results []result
		want    []int
	}{
		{nil, nil},
		{[]result{short, short, short, short, short}, []int{3, 2}},
		{[]result{short, long, long, short}, []int{2, 1, 1}},
		{[]result{{Worst: &studied.Worst{}}, {Worst: &studied.Worst{}}}, []int{1, 1}},
	} {
		var got []int
		h := handful{most: 3, answer: func(v any) error { got = append(got, len(v.([]result))); return nil }}
		for _, r := range of.results {
			require.NoError(t, h.add(r))
		}
		require.NoError(t, h.end())
		require.Equal(t, of.want, got)
	}
}
