package naive_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/trace"
)

// Worlds with faults of all kinds: the two agree on what happened in them.
func TestDrawnWorldsAgree(t *testing.T) {
	t.Parallel()
	each(t, 25, func(t *testing.T, seed uint64) {
		d, err := search.Draw(clusters, 1, int(seed))
		require.NoError(t, err)
		keep := all(d.Faults())
		defer func() {
			if broken := recover(); broken != nil { // it is not the two that disagree: a machine of the world panics
				text, _ := d.Text(keep)
				t.Logf("seed %d:\n%s", seed, text)
				panic(broken)
			}
		}()
		ran, _ := runDrawn(t, d, keep)
		if differences(byReader(ran), byNaive(ran)) == "" {
			return
		}
		fewer := fewest(len(keep), func(some []int) bool {
			try, _ := runDrawn(t, d, some)
			return differences(byReader(try), byNaive(try)) != ""
		})
		ran, text := runDrawn(t, d, fewer)
		t.Errorf("seed %d:\n%s\nthe scenario, less what does not matter:\n%s", seed, differences(byReader(ran), byNaive(ran)), text)
	})
}

// runDrawn runs the scenario with these of its faults.
func runDrawn(t require.TestingT, d *search.Drawn, keep []int) (*trace.Trace, string) {
	text, err := d.Text(keep)
	require.NoError(t, err)
	s, problems := script.Parse("drawn", []byte(text))
	require.NoError(t, problems.Err(), text)
	ran, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
	require.NoError(t, err, text)
	return ran.Trace, text
}

func all(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

func pick(from, places []int) (some []int) {
	for _, i := range places {
		some = append(some, from[i])
	}
	return some
}

// wrongLine is the line that an error complains of; 0 for none.
func wrongLine(err error) int {
	var wrong diag.List
	if errors.As(err, &wrong) {
		return wrong[0].Line
	}
	return 0
}
