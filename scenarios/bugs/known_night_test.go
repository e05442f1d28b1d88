package bugs

import (
	"context"
	"flag"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/pool"
)

var (
	knownCases = flag.Int("bugs", 0, "search for each known bug in so many `cases`, and tell what each takes")
	knownNames = flag.String("named", "", "of these `bugs` only, joined by commas")
	searchSeed = flag.Uint64("searched", 7, "the `seed` of the searches for bugs and mutants")
)

// named are the bugs that -named asks for; all without it.
func named(t *testing.T) []Bug {
	some := All()
	if *knownNames != "" {
		some = slices.DeleteFunc(some, func(b Bug) bool { return !slices.Contains(strings.Split(*knownNames, ","), b.Name) })
	}
	require.NotEmpty(t, some)
	return some
}

// Each known bug is caught by the search and the rules, as `ipwsim nightly` does it.
func TestKnownBugsAreCaught(t *testing.T) {
	if *knownCases == 0 {
		t.Skip("it takes some minutes; -bugs 2000 runs it")
	}
	some := named(t)
	root, err := Root()
	require.NoError(t, err)
	program := filepath.Join(t.TempDir(), "bugs")
	require.NoError(t, Build(t.Context(), root, program))
	drawn := drawnBy(program)
	_, err = pool.Map(t.Context(), len(some), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) (Verdict, error) {
		v, err := Judge(ctx, *knownCases, searchOf(program, some[i].Env(), some[i].number, drawn, false), failsHere)
		switch {
		case err != nil:
		case v.Caught:
			t.Logf("%s: caught in %d cases by %s, %d faults", some[i].Name, v.Cases, v.Story.By, v.Story.Faults)
		default:
			t.Errorf("%s: not caught in %d cases", some[i].Name, v.Cases)
		}
		return v, err
	}, nil)
	require.NoError(t, err)
}
