package settings

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
)

var update = flag.Bool("update", false, "rewrite the .want files in testdata/bad")

// parsers by the folder of their samples. Each returns how many rows it read.
var parsers = map[string]func(string, []byte) (int, diag.List){
	"binds":    rows(ParseBinds),
	"hidden":   rows(ParseHidden),
	"hosts":    rows(ParseHosts),
	"accounts": rows(ParseAccounts),
	"relay":    rows(ParseRelay),
}

func rows[R any](parse func(string, []byte) ([]R, diag.List)) func(string, []byte) (int, diag.List) {
	return func(file string, data []byte) (int, diag.List) {
		rows, problems := parse(file, data)
		return len(rows), problems
	}
}

// samples are the files of a parser under testdata/good or testdata/bad; there must be some.
func samples(t testing.TB, kind, parser string) (paths []string) {
	all, err := filepath.Glob(filepath.Join("testdata", kind, parser, "*"))
	require.NoError(t, err)
	for _, path := range all {
		if filepath.Ext(path) != ".want" {
			paths = append(paths, path)
		}
	}
	require.NotEmpty(t, paths)
	return paths
}

func read(t testing.TB, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for parser, parse := range parsers {
		for _, path := range samples(t, "bad", parser) {
			t.Run(parser+"/"+filepath.Base(path), func(t *testing.T) {
				n, problems := parse(filepath.Base(path), read(t, path))
				require.NotEmpty(t, problems)
				if problems.Err() != nil {
					require.Zero(t, n, "a file with errors is not usable")
				}
				wantPath := strings.TrimSuffix(path, filepath.Ext(path)) + ".want"
				if *update {
					require.NoError(t, os.WriteFile(wantPath, []byte(problems.Error()+"\n"), 0o644))
				}
				require.Equal(t, string(read(t, wantPath)), problems.Error()+"\n")
			})
		}
	}
}

func TestGoodFilesHaveNoProblems(t *testing.T) {
	for parser, parse := range parsers {
		for _, path := range samples(t, "good", parser) {
			_, problems := parse(path, read(t, path))
			require.Empty(t, problems, path)
		}
	}
}
