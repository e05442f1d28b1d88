package registry_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

var update = flag.Bool("update", false, "rewrite the .want files in testdata/bad")

// samples are the files of a folder under testdata; there must be some.
func samples(t testing.TB, folder string) []string {
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.reg"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func read(t testing.TB, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// check reads a file as a caller would: the settings only if the file itself is sound.
func check(t testing.TB, path string) diag.List {
	file, problems := registry.Parse(filepath.Base(path), read(t, path))
	if problems.Err() != nil {
		require.Zero(t, file, "a file with errors is not usable")
		return problems
	}
	_, more := registry.Settings(file)
	return append(problems, more...)
}

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for _, path := range samples(t, "bad") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			problems := check(t, path)
			require.NotEmpty(t, problems)

			wantPath := strings.TrimSuffix(path, ".reg") + ".want"
			if *update {
				require.NoError(t, os.WriteFile(wantPath, []byte(problems.Error()+"\n"), 0o644))
			}
			require.Equal(t, string(read(t, wantPath)), problems.Error()+"\n")
		})
	}
}

func TestW3GoodFilesHaveNoProblems(t *testing.T) {
	for _, path := range samples(t, "good") {
		require.Empty(t, check(t, path), path)
	}
}
