package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/term"
)

func TestExploreSaysWhetherItHolds(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		out    string
		err    string
	}{
		{"--interval 10 --depth 1", exitPass, "HOLDS every way with up to 1 departures was followed to its end", ""},
		{"--interval 10 --depth 1 --lang ja", exitPass, "成立 逸脱 1 回までのすべての経過を終わりまで調べた", ""},
		{"--interval 3 --ping-timeout 5 --depth 0", exitFindings, "BROKEN P4: A node could serve, and nobody holds the VIP for too long, after 0 departures", ""},
		{"--interval 10 --depth 1 --for 30s", exitError, "NOT DECIDED", "--for: some ways are longer than 30s\n"},
		{"--balance 1,2", exitError, "", "--balance: found \"1,2\", expected 0,1 or 1,0 or 0,0 or 1,1\n"},
		{"--netsh 1s,2s,3s", exitError, "", "--netsh: found \"1s,2s,3s\", expected one time or two from 1ms to 1m, as 1s or 200ms,1s\n"},
	} {
		got := ipwsim(append([]string{"explore"}, strings.Fields(c.args)...)...)
		require.Equal(t, c.status, got.status, c.args)
		require.Contains(t, oneLine(got.out), c.out, c.args)
		require.Equal(t, c.err, got.err, c.args)
	}
}

// The story that is written is the one that is shown, and runs.
func TestExploreTellsWhatBreaks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "broken.txtar")
	args := []string{"explore", "--interval", "3", "--ping-timeout", "5", "--depth", "0"}
	shown := ipwsim(args...)
	require.Equal(t, exitFindings, ipwsim(append(args, "-o", file)...).status)
	require.Contains(t, shown.out, read(t, file))
	for line := range strings.Lines(shown.out) {
		require.LessOrEqual(t, term.Columns(strings.TrimSuffix(line, "\n")), 80, line)
	}
	require.Contains(t, oneLine(ipwsim("run", file).out), "shown on purpose - P4: active was up")
}

func TestAnInterruptedExplorationSaysHowFarItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out strings.Builder
	require.Equal(t, exitError, execute(ctx, []string{"explore", "--depth", "3"}, &out, io.Discard))
	require.Contains(t, out.String(), "NOT DECIDED")
}
