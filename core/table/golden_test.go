package table_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/core/table"
)

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/bad/*.dat") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := table.Parse(filepath.Base(path), golden.Read(t, path))
			require.Error(t, problems.Err())
			require.Zero(t, got, "a table with errors is not usable")

			wantPath := strings.TrimSuffix(path, ".dat") + ".want"
			golden.Hold(t, wantPath, problems.Error()+"\n")
		})
	}
}

func TestW1GoodFilesAreWrittenBackByteForByte(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/good/*.dat") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data := golden.Read(t, path)
			got, problems := table.Parse(filepath.Base(path), data)
			require.Empty(t, problems)
			require.NotEmpty(t, got.Entries())
			require.Equal(t, data, got.Format())
		})
	}
}
