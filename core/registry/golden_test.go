package registry_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/golden"
	"ipwsim/core/registry"
)

// check reads a file as a caller would: the settings only if the file itself is sound.
func check(t testing.TB, path string) diag.List {
	file, problems := registry.Parse(filepath.Base(path), golden.Read(t, path))
	if problems.Err() != nil {
		require.Zero(t, file, "a file with errors is not usable")
		return problems
	}
	_, more := registry.Settings(file)
	return append(problems, more...)
}

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/bad/*.reg") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			problems := check(t, path)
			require.NotEmpty(t, problems)

			wantPath := strings.TrimSuffix(path, ".reg") + ".want"
			golden.Hold(t, wantPath, problems.Error()+"\n")
		})
	}
}

func TestW3GoodFilesHaveNoProblems(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/good/*.reg") {
		require.Empty(t, check(t, path), path)
	}
}
