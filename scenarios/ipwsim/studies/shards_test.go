package studies_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// killed is ipwsim as GNU parallel starts it; the first two workers are killed once there is work.
const killed = `#!/bin/sh
if mkdir "$KILLS/1" 2>/dev/null || mkdir "$KILLS/2" 2>/dev/null; then
	"$REAL" "$@" &
	pid=$!
	until [ -d "$SHARDS" ]; do sleep 0.01; done
	kill -9 $pid
	wait $pid
	status=$?
	echo $status >>"$KILLS/statuses"
	exit $status
fi
exec "$REAL" "$@"
`

// An existing engine runs the shards, two of its workers are killed, and the study is the same to the byte.
func TestShardsUnderGNUParallel(t *testing.T) {
	t.Parallel()
	clitest.Needs(t, "parallel")
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	plan, shards, kills := filepath.Join(dir, "plan.toml"), filepath.Join(dir, "shards"), filepath.Join(dir, "kills")
	clitest.WriteText(t, plan, "runs = 150\nfailover-only = true\n[[axis]]\nname = \"interval\"\nvalues = \"5,6\"\n")
	require.NoError(t, os.Mkdir(kills, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ipwsim"), []byte(killed), 0o755))
	c := exec.Command("../../study/launch/parallel.sh", plan, shards, "3", "--jobs", "2")
	c.Env = append(os.Environ(), clitest.AsCommand+"=1", "REAL="+self, "KILLS="+kills, "SHARDS="+shards, "IPWSIM="+filepath.Join(dir, "ipwsim"), "HOME="+dir)
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "137\n137\n", clitest.Read(t, kills, "statuses"), "two workers were killed")
	left, err := filepath.Glob(filepath.Join(shards, "shard-*"))
	require.NoError(t, err)
	require.Len(t, left, 3, "and left no part of a shard")

	merged := filepath.Join(dir, "merged")
	got := clitest.Run("study", "merge", "--from", shards, plan, "-o", merged)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Equal(t, sumOf(t, studyOf(t, plan)), sumOf(t, merged))

	require.NoError(t, os.Remove(filepath.Join(shards, "shard-2-of-3.jsonl")))
	other := filepath.Join(dir, "other")
	got = clitest.Run("study", "merge", "--from", shards, plan, "-o", other)
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "cell 0 has 100 of its 150 runs; expected all: run the shards that are missing")
	require.NoDirExists(t, other)
}

// Shards and their merge say what they lack, and a shard that is there is left alone.
func TestShardsByHand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plan, shards := filepath.Join(dir, "plan.toml"), filepath.Join(dir, "shards")
	clitest.WriteText(t, plan, "runs = 4\nfailover-only = true\n")
	for _, c := range []struct{ args, want string }{
		{"run --shard 1/2 " + plan, "found no -o DIR or several studies, expected one study and the folder for its files\n"},
		{"run --shard 1/2 field -o " + shards, "found no -o DIR or several studies, expected one study and the folder for its files\n"},
		{"run --shard 5/4 " + plan + " -o " + shards, "--shard: found \"5/4\", expected i/n with i from 1 to n, and n to 10000, as 3/8\n"},
		{"run --shard 1/10001 " + plan + " -o " + shards, "--shard: found \"1/10001\", expected i/n with i from 1 to n, and n to 10000, as 3/8\n"},
		{"merge " + plan + " -o " + dir, "found no --from DIR, expected the folder of the shards\n"},
	} {
		require.Equal(t, clitest.Said{Status: cli.ExitError, Err: c.want}, clitest.Run(append([]string{"study"}, strings.Fields(c.args)...)...))
	}
	require.NoDirExists(t, shards)

	shard := []string{"study", "run", "--shard", "1/2", plan, "-o", shards}
	require.Equal(t, clitest.Said{}, clitest.Run(shard...))
	before, err := os.Stat(filepath.Join(shards, "shard-1-of-2.jsonl"))
	require.NoError(t, err)
	require.Equal(t, clitest.Said{}, clitest.Run(shard...))
	after, err := os.Stat(filepath.Join(shards, "shard-1-of-2.jsonl"))
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after))
}
