package batch_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
)

var update = flag.Bool("update", false, "rewrite the .want files in testdata/bad")

// samples are the files of a folder under testdata; there must be some.
func samples(t testing.TB, folder string) []string {
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.bat"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func read(t testing.TB, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// What is told of each file, and what of it is played.
func TestFilesAreToldAndPlayedAsWanted(t *testing.T) {
	for _, path := range samples(t, "bad") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := batch.Parse(filepath.Base(path), read(t, path))
			require.NoError(t, problems.Err(), "no batch file keeps a cluster from being run")
			require.NotEmpty(t, problems)
			told := problems.Error() + "\nplayed:\n" + strings.ReplaceAll(string(got.Format()), "\r", "")

			wantPath := strings.TrimSuffix(path, ".bat") + ".want"
			if *update {
				require.NoError(t, os.WriteFile(wantPath, []byte(told), 0o644))
			}
			require.Equal(t, string(read(t, wantPath)), told)
		})
	}
}

// The good files are one batch as operators save and decorate it.
func TestH11_GoodFilesSayTheSame(t *testing.T) {
	for _, path := range samples(t, "good") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := batch.Parse(path, read(t, path))
			require.Empty(t, problems)
			require.Equal(t, guide, string(got.Format()))
		})
	}
}
