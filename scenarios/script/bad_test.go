package script

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/core/golden"
	"ipwsim/scenarios"
)

// shippedCluster finds a cluster as the command does.
func shippedCluster(name string) (fs.FS, error) {
	sub, err := fs.Sub(scenarios.Clusters(), name)
	if err != nil {
		return nil, err
	}
	_, err = fs.Stat(sub, "cluster.toml")
	return sub, err
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
	for _, path := range golden.Files(t, "testdata/bad/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			got := problemsOf(filepath.Base(path), golden.Read(t, path)).Error() + "\n"
			require.NotEqual(t, "\n", got, "a bad scenario has problems")
			golden.Hold(t, strings.TrimSuffix(path, ".txtar")+".want", got)
		})
	}
}

func TestWantedProblemsBelongToAScenario(t *testing.T) {
	wants, err := filepath.Glob("testdata/bad/*.want")
	require.NoError(t, err)
	require.Len(t, wants, len(golden.Files(t, "testdata/bad/*.txtar")))
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
