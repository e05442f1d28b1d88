package naive_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// clusters finds the shipped clusters.
func clusters(name string) (fs.FS, error) { return os.DirFS("../testdata/clusters/" + name), nil }

// shipped is the trace of a shipped scenario; nil if nothing is run, as the scenario expects.
func shipped(t *testing.T, file string) *trace.Trace { return runFile(t, file).Trace }

func runFile(t *testing.T, file string) *finding.Run {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	s, problems := script.Parse(file, data)
	require.NoError(t, problems.Err())
	run, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
	require.NoError(t, err)
	return run
}

// The shipped scenarios are the first worlds to agree on.
func TestShippedScenariosAgree(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			if ran := shipped(t, file); ran != nil {
				require.Empty(t, differences(byReader(ran), byNaive(ran)))
			}
		})
	}
}

// What was found by drawing, and told wrongly once.
func TestFoundScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/found/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			run := runFile(t, file)
			require.Empty(t, run.Objections())
			require.Empty(t, differences(byReader(run.Trace), byNaive(run.Trace)))
		})
	}
}
