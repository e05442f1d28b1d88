package table_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/table"
)

var update = flag.Bool("update", false, "rewrite the .want files in testdata/bad")

// samples are the files of a folder under testdata; there must be some.
func samples(t testing.TB, folder string) []string {
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.dat"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func read(t testing.TB, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for _, path := range samples(t, "bad") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := table.Parse(filepath.Base(path), read(t, path))
			require.Error(t, problems.Err())
			require.Zero(t, got, "a table with errors is not usable")

			wantPath := strings.TrimSuffix(path, ".dat") + ".want"
			if *update {
				require.NoError(t, os.WriteFile(wantPath, []byte(problems.Error()+"\n"), 0o644))
			}
			require.Equal(t, string(read(t, wantPath)), problems.Error()+"\n")
		})
	}
}

func TestW1GoodFilesAreWrittenBackByteForByte(t *testing.T) {
	for _, path := range samples(t, "good") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data := read(t, path)
			got, problems := table.Parse(filepath.Base(path), data)
			require.Empty(t, problems)
			require.NotEmpty(t, got.Entries())
			require.Equal(t, data, got.Format())
		})
	}
}
