package cluster

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"ipwsim/core/diag"
)

var update = flag.Bool("update", false, "rewrite the expectations of testdata/bad")

const clusters = "../../scenarios/testdata/clusters"

// Each file of testdata/bad is the guide's cluster with one or more things wrong with it: files
// laid over it or, by a "remove" line on top, taken away, and the exact problems wanted. A line "base
// mail" on top takes the shipped cluster of that name instead.
func TestEveryProblemIsReportedWithItsPlace(t *testing.T) {
	cases, err := filepath.Glob("testdata/bad/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := problemsOf(t, a)
			want := &a.Files[len(a.Files)-1]
			require.Equal(t, "want", want.Name, "the last file")
			if *update {
				want.Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(a), 0o644))
				return
			}
			require.NotEmpty(t, got, "a bad cluster has problems")
			require.Equal(t, string(want.Data), got)
		})
	}
}

// problemsOf loads the case and prints its problems, one a line.
func problemsOf(t *testing.T, a *txtar.Archive) string {
	base, files := guide(t), map[string][]byte{}
	for line := range bytes.Lines(a.Comment) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "base "); ok {
			base = shipped(t, name)
		}
		if name, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "remove "); ok {
			require.Contains(t, base, name)
			delete(base, name)
		}
	}
	for _, f := range a.Files[:len(a.Files)-1] {
		files[f.Name] = f.Data
	}
	bp, problems := Load(Overlay(base, files), ".")
	require.Equal(t, problems.Err() == nil, bp != nil, "a blueprint exactly when there is no error")
	requireWellFormed(t, problems)
	if len(problems) == 0 {
		return ""
	}
	return problems.Error() + "\n"
}

// requireWellFormed wants of each problem what a reader needs: a file and a message of one line.
func requireWellFormed(t require.TestingT, problems diag.List) {
	for _, p := range problems {
		require.NotEmpty(t, p.File)
		require.NotEmpty(t, strings.TrimSpace(p.Message))
		require.NotContains(t, p.Message, "\n")
		require.GreaterOrEqual(t, p.Line, 0)
	}
}

func guide(t require.TestingT) fstest.MapFS { return shipped(t, "guide") }

// shipped is a shipped cluster, in memory.
func shipped(t require.TestingT, name string) fstest.MapFS {
	m := fstest.MapFS{}
	dir := filepath.Join(clusters, name)
	require.NoError(t, filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		m[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	}))
	return m
}
