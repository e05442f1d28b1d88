package script

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
)

var update = flag.Bool("update", false, "rewrite the .want files and golden pages of testdata")

// shippedCluster finds a cluster as the command does.
func shippedCluster(name string) (fs.FS, error) {
	sub, err := fs.Sub(scenarios.Clusters(), name)
	if err != nil {
		return nil, err
	}
	_, err = fs.Stat(sub, "cluster.toml")
	return sub, err
}

// samples are the scenario files of a folder under testdata; there must be some.
func samples(t testing.TB, folder string) []string {
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func read(t testing.TB, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// problemsOf reads a scenario and holds it against its cluster if it can be read.
func problemsOf(file string, data []byte) diag.List {
	s, problems := Parse(file, data)
	if problems.Err() != nil {
		return problems
	}
	return append(problems, s.Check(context.Background(), shippedCluster)...)
}

// Each file of testdata/bad is one mistake, or several at once, and its .want the exact problems.
func TestEveryMistakeIsReportedWithItsLine(t *testing.T) {
	for _, path := range samples(t, "bad") {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			got := problemsOf(filepath.Base(path), read(t, path)).Error() + "\n"
			require.NotEqual(t, "\n", got, "a bad scenario has problems")
			golden(t, strings.TrimSuffix(path, ".txtar")+".want", got)
		})
	}
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	require.Equal(t, string(read(t, path)), got)
}

func TestWantedProblemsBelongToAScenario(t *testing.T) {
	wants, err := filepath.Glob("testdata/bad/*.want")
	require.NoError(t, err)
	require.Len(t, wants, len(samples(t, "bad")))
}

func TestAHugeFileIsNotRead(t *testing.T) {
	head := []byte("# Huge\ncluster guide\nexpect holder active\n-- active/ipwatch.dat --\n")
	fill := func(n int) []byte { return append(bytes.Clone(head), bytes.Repeat([]byte("\n"), n-len(head))...) }

	_, problems := Parse("huge.txtar", fill(disk.MostScenario))
	require.Empty(t, problems)
	_, problems = Parse("huge.txtar", fill(disk.MostScenario+1))
	require.EqualError(t, problems.Err(), "huge.txtar: error: found 1048577 bytes, expected at most 1048576 in a scenario")
}

// Those with mail, whose steps take long, show theirs where all are run.
func TestShippedScenariosHaveNoMistakes(t *testing.T) {
	for _, name := range scenarios.Names() {
		if strings.HasPrefix(name, "mail-") {
			continue
		}
		data, err := scenarios.Read(name)
		require.NoError(t, err)
		require.NoError(t, problemsOf(name+".txtar", data).Err())
	}
}

// A file of many mistakes, or of many steps, is refused with few sentences.
func TestLargeScenariosAreRefused(t *testing.T) {
	_, problems := Parse("x.txtar", []byte("# t\ncluster guide\n"+strings.Repeat("x\n", 100_000)))
	require.ErrorContains(t, problems.Err(), "x.txtar:1002: error: found 1000 problems up to here; what follows was not read")
	require.LessOrEqual(t, len(problems), 1002)
	_, problems = Parse("x.txtar", []byte("# t\ncluster guide\n"+strings.Repeat("at 1s every 1ms until 9s unplug active\n", 20)))
	require.ErrorContains(t, problems.Err(), "x.txtar:15: error: found steps that are done again more than 100000 times all together, expected less")
}
