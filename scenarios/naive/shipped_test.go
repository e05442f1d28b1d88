package naive_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
)

// The shipped scenarios are the first worlds to agree on.
func TestShippedScenariosAgree(t *testing.T) {
	files, err := filepath.Glob("../*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			s, problems := script.Parse(file, data)
			require.NoError(t, problems.Err())
			run, err := script.Run(context.Background(), s, script.Options{Cluster: func(name string) (fs.FS, error) {
				return os.DirFS("../testdata/clusters/" + name), nil
			}})
			require.NoError(t, err)
			if run.Trace != nil {
				require.Empty(t, differences(byReader(run.Trace), byNaive(run.Trace)))
			}
		})
	}
}
