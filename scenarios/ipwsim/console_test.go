package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// typing runs `ipwsim console` with lines of input and returns what it prints.
func typing(t *testing.T, status int, args []string, lines ...string) string {
	t.Helper()
	root := command()
	var out, errs bytes.Buffer
	root.SetArgs(append([]string{"console", "--lang", "en"}, args...))
	root.SetIn(strings.NewReader(strings.Join(lines, "\n")))
	root.SetOut(&out)
	root.SetErr(&errs)
	err := root.ExecuteContext(context.Background())
	require.Equal(t, status != exitPass, err != nil, "%v", err)
	if err != nil {
		return err.Error()
	}
	return out.String()
}

// Lines from a pipe are shown behind the prompt, so that what comes out reads as it would on a screen.
func TestConsoleByHand(t *testing.T) {
	out := typing(t, exitPass, []string{"guide"},
		"hostname", "standby> hostname", "wait 30s", "!unplug active", "wait 50s", "ipconfig /all", "active> ipconfig", "client>", "hostname")
	_, out, _ = strings.Cut(out, "active> ")
	require.Contains(t, "active> "+out, "active> hostname\nhvt162EPST11\n\nactive> standby> hostname\nhvt162EPST12\n\n"+
		"standby> wait 30s\n[30.000 s: 2025-02-07 16:19:57]\nstandby> !unplug active\n[30.000 s: unplug active]\n")
	require.Contains(t, out, "192.168.10.202(Preferred)")
	require.Contains(t, out, "Media disconnected")
	require.True(t, strings.HasSuffix(out, "client> hostname\nclient\n\nclient> \n"), out)
}

// A command takes its own time, and one that goes on leaves the prompt to wait and Ctrl-C.
func TestConsoleTakesTime(t *testing.T) {
	out := typing(t, exitPass, []string{"guide"}, "client> ping -n 4 192.168.10.202", "wait 0s", "ping -t 192.168.10.202", "wait 2500ms", "^C", "exit", "hostname")
	require.Contains(t, out, "[3.0", "four requests take three seconds")
	require.Contains(t, out, "[client: it goes on; wait 30s lets time pass, ^C ends it]")
	require.Contains(t, out, "Sent = 4, Received = 4")
	require.NotContains(t, out, "hostname", "nothing is read after exit")
}

// A frozen machine answers nothing until it goes on.
func TestConsoleOfAFrozenMachine(t *testing.T) {
	out := typing(t, exitPass, []string{"guide"}, "!freeze active", "hostname", "wait 1s", "!resume active", "wait 1s")
	require.Regexp(t, `(?s)wait 1s\n\[1\.000 s.*resume active.*hvt162EPST11`, out)
}

// A dialogue asks at the prompt of its own.
func TestConsoleDialogue(t *testing.T) {
	out := typing(t, exitPass, []string{"guide", "--windows", "ja"}, "ipwcs -entry", "0", `\\hvt162EPST12`, "192.168.10.202", "イーサネット", "n", "wait 1s")
	require.Contains(t, out, "設定してよろしいですか? [y/n] = n\n\nactive> wait 1s\n")
}

func TestConsoleMistakes(t *testing.T) {
	require.Contains(t, typing(t, exitError, nil), "found 0 clusters")
	require.Contains(t, typing(t, exitError, []string{"guid"}), `did you mean "guide"?`)
	require.Contains(t, typing(t, exitError, []string{"guide", "--windows", "de"}), `found "de", expected en or ja`)
	out := typing(t, exitPass, []string{"guide", "--cold"}, "hostname", "nowhere> dir", "wait long", "!pull active", "!unplug active", "!unplug active")
	for _, told := range []string{
		"[active: the machine does not run: nobody can type on it]", "[no machine is called nowhere; there are active, standby, client]",
		"[found long, expected a time", `unknown fault "pull"`, "the cable is unplugged already",
	} {
		require.Contains(t, out, told)
	}
}

// An interrupt ends it, whatever was going on.
func TestConsoleEndsWithAnInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	root := command()
	var out bytes.Buffer
	root.SetArgs([]string{"console", "guide"})
	root.SetIn(blocked{})
	root.SetOut(&out)
	require.NoError(t, root.ExecuteContext(ctx))
	require.True(t, strings.HasSuffix(out.String(), "active> \n"))
}

// blocked is a terminal at which nobody types.
type blocked struct{}

func (blocked) Read([]byte) (int, error) { select {} }

// run --files leaves what the machines and the share hold, in a folder that must be empty.
func TestRunLeavesFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "machines")
	run := func() error {
		root := command()
		var out bytes.Buffer
		root.SetArgs([]string{"run", "mail-step-15", "--files", dir})
		root.SetOut(&out)
		root.SetErr(&out)
		return root.ExecuteContext(context.Background())
	}
	require.NoError(t, run())
	for _, name := range []string{"active/Program Files/EPOST/MS/ipwatch.dat", "share/acceptlog/hvt162EPST12/20250207.log", "share/reg/domains.dat"} {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		require.NotEmpty(t, data)
	}
	require.ErrorContains(t, run(), "--files: ")
}
