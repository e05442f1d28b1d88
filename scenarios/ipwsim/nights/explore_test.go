package nights_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
)

func TestExploreSaysWhetherItHolds(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		out    string
		err    string
	}{
		{"--interval 10 --depth 1", cli.ExitPass, "HOLDS every way with up to 1 departures was followed to its end", ""},
		{"--interval 10 --depth 1 --lang ja", cli.ExitPass, "成立 逸脱 1 回までのすべての経過を終わりまで調べた", ""},
		{"--interval 3 --ping-timeout 5 --depth 0", cli.ExitFindings, "BROKEN P4: A node could serve, and nobody holds the VIP for too long, after 0 departures", ""},
		{"--interval 10 --depth 1 --for 30s", cli.ExitError, "NOT DECIDED", "--for: some ways are longer than 30s\n"},
		{"--balance 1,2", cli.ExitError, "", "--balance: found \"1,2\", expected 0,1 or 1,0 or 0,0 or 1,1\n"},
		{"--netsh 1s,2s,3s", cli.ExitError, "", "--netsh: found \"1s,2s,3s\", expected one time or two from 1ms to 1m, as 1s or 200ms,1s\n"},
	} {
		got := clitest.Run(append([]string{"explore"}, strings.Fields(c.args)...)...)
		require.Equal(t, c.status, got.Status, c.args)
		require.Contains(t, clitest.OneLine(got.Out), c.out, c.args)
		require.Equal(t, c.err, got.Err, c.args)
	}
}

// The story that is written is the one that is shown, and runs.
func TestExploreTellsWhatBreaks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "broken.txtar")
	args := []string{"explore", "--interval", "3", "--ping-timeout", "5", "--depth", "0"}
	shown := clitest.Run(args...)
	require.Equal(t, cli.ExitFindings, clitest.Run(append(args, "-o", file)...).Status)
	require.Contains(t, shown.Out, clitest.Read(t, file))
	for line := range strings.Lines(shown.Out) {
		require.LessOrEqual(t, term.Columns(strings.TrimSuffix(line, "\n")), 80, line)
	}
	require.Contains(t, clitest.OneLine(clitest.Run("run", file).Out), "shown on purpose - P4: active was up")
}

func TestAnInterruptedExplorationSaysHowFarItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out strings.Builder
	require.Equal(t, cli.ExitError, root.Execute(ctx, []string{"explore", "--depth", "3"}, &out, io.Discard))
	require.Contains(t, out.String(), "NOT DECIDED")
}
