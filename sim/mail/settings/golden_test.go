package settings

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/golden"
)

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
func samples(t testing.TB, kind, parser string) []string {
	return slices.DeleteFunc(golden.Files(t, "testdata/"+kind+"/"+parser+"/*"), func(path string) bool { return filepath.Ext(path) == ".want" })
}

func TestBadFilesAreReportedAsWanted(t *testing.T) {
	for parser, parse := range parsers {
		for _, path := range samples(t, "bad", parser) {
			t.Run(parser+"/"+filepath.Base(path), func(t *testing.T) {
				n, problems := parse(filepath.Base(path), golden.Read(t, path))
				require.NotEmpty(t, problems)
				if problems.Err() != nil {
					require.Zero(t, n, "a file with errors is not usable")
				}
				wantPath := strings.TrimSuffix(path, filepath.Ext(path)) + ".want"
				golden.Hold(t, wantPath, problems.Error()+"\n")
			})
		}
	}
}

func TestGoodFilesHaveNoProblems(t *testing.T) {
	for parser, parse := range parsers {
		for _, path := range samples(t, "good", parser) {
			_, problems := parse(path, golden.Read(t, path))
			require.Empty(t, problems, path)
		}
	}
}
