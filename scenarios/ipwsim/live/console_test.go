package live_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/root"

	"github.com/stretchr/testify/require"
)

// typing runs `ipwsim console` with lines of input and returns what it prints.
func typing(t *testing.T, status int, args []string, lines ...string) string {
	t.Helper()
	c := root.New()
	var out, errs bytes.Buffer
	c.SetArgs(append([]string{"console", "--lang", "en"}, args...))
	c.SetIn(strings.NewReader(strings.Join(lines, "\n")))
	c.SetOut(&out)
	c.SetErr(&errs)
	err := c.ExecuteContext(context.Background())
	require.Equal(t, status != cli.ExitPass, err != nil, "%v", err)
	if err != nil {
		return err.Error()
	}
	return out.String()
}

// Lines from a pipe are shown behind the prompt, so that what comes out reads as it would on a screen.
func TestConsoleByHand(t *testing.T) {
	out := typing(t, cli.ExitPass, []string{"guide"},
		"hostname", "standby> hostname", "wait 30s", "!unplug active", "wait 50s", "ipconfig /all", "active> ipconfig", "client>", "hostname")
	_, out, _ = strings.Cut(out, "active> ")
	require.Contains(t, "active> "+out, "active> hostname\nhvt162EPST11\n\nactive> standby> hostname\nhvt162EPST12\n\n"+
		"standby> wait 30s\n[30.000 s: 2025-02-07 16:19:57]\nstandby> !unplug active\n[30.000 s: unplug active]\n")
	require.Contains(t, out, "192.168.10.202(Preferred)")
	require.Contains(t, out, "Media disconnected")
	require.True(t, strings.HasSuffix(out, "client> hostname\nclient\n\nclient> \n"), out)
}

// What cannot be read is an error, and no end of the input.
func TestConsoleLinesTooLong(t *testing.T) {
	require.Equal(t, "what is typed ends here: bufio.Scanner: token too long", typing(t, cli.ExitError, []string{"guide"}, "hostname", strings.Repeat("x", 100_000), "hostname"))
}

// A command takes its own time, and one that goes on leaves the prompt to wait and Ctrl-C.
func TestConsoleTakesTime(t *testing.T) {
	out := typing(t, cli.ExitPass, []string{"guide"}, "client> ping -n 4 192.168.10.202", "wait 0s", "ping -t 192.168.10.202", "wait 2500ms", "^C", "exit", "hostname")
	require.Contains(t, out, "[3.0", "four requests take three seconds")
	require.Contains(t, out, "[client: it goes on; wait 30s lets time pass, ^C ends it]")
	require.Contains(t, out, "Sent = 4, Received = 4")
	require.NotContains(t, out, "hostname", "nothing is read after exit")
}

// A frozen machine answers nothing until it goes on.
func TestConsoleOfAFrozenMachine(t *testing.T) {
	out := typing(t, cli.ExitPass, []string{"guide"}, "!freeze active", "hostname", "wait 1s", "!resume active", "wait 1s")
	require.Regexp(t, `(?s)wait 1s\n\[1\.000 s.*resume active.*hvt162EPST11`, out)
}

// A dialogue asks at the prompt of its own.
func TestConsoleDialogue(t *testing.T) {
	out := typing(t, cli.ExitPass, []string{"guide", "--windows", "ja"}, "ipwcs -entry", "0", `\\hvt162EPST12`, "192.168.10.202", "イーサネット", "n", "wait 1s")
	require.Contains(t, out, "設定してよろしいですか? [y/n] = n\n\nactive> wait 1s\n")
}

func TestConsoleMistakes(t *testing.T) {
	require.Contains(t, typing(t, cli.ExitError, nil), "found 0 clusters")
	require.Contains(t, typing(t, cli.ExitError, []string{"guid"}), `did you mean "guide"?`)
	require.Contains(t, typing(t, cli.ExitError, []string{"guide", "--windows", "de"}), `found "de", expected en or ja`)
	out := typing(t, cli.ExitPass, []string{"guide", "--cold"}, "hostname", "nowhere> dir", "wait long", "!pull active", "!unplug active", "!unplug active")
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
	c := root.New()
	var out bytes.Buffer
	c.SetArgs([]string{"console", "guide"})
	c.SetIn(blocked{})
	c.SetOut(&out)
	require.NoError(t, c.ExecuteContext(ctx))
	require.True(t, strings.HasSuffix(out.String(), "active> \n"))
}

// blocked is a terminal at which nobody types.
type blocked struct{}

func (blocked) Read([]byte) (int, error) { select {} }
