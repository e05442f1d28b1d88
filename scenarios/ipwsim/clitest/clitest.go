// Package clitest runs command lines of ipwsim, for tests of them.
package clitest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/root"
)

// The tests speak English wherever they are run, but for those that set another language.
func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		os.Unsetenv(name)
	}
}

// AsCommand in the environment makes the test's program be ipwsim: for tests that start or kill it.
const AsCommand = "IPWSIM_TEST_AS_COMMAND"

// Main is the TestMain of a package whose tests start ipwsim, or command lines with workers.
func Main(m *testing.M) {
	BeCommand()
	os.Exit(m.Run())
}

// BeCommand makes the program ipwsim, until its end, if it was started to be that.
func BeCommand() {
	if os.Getenv(AsCommand) != "" || len(os.Args) > 1 && os.Args[1] == cli.Worker {
		os.Exit(root.Main(append([]string{"ipwsim"}, os.Args[1:]...), os.Stdout, os.Stderr))
	}
}

// Said is what a command line came to.
type Said struct {
	Status   int
	Out, Err string
}

// Run runs a command line.
func Run(args ...string) Said { return RunUntil(context.Background(), args...) }

// RunUntil runs a command line, which the end of the context interrupts.
func RunUntil(ctx context.Context, args ...string) Said {
	var out, err bytes.Buffer
	status := root.Execute(ctx, args, &out, &err)
	return Said{status, out.String(), err.String()}
}

// Needs skips the test where a program is not installed; with IPWSIM_NO_SKIP set, as in CI, that is
// a failure. It returns the program's path.
func Needs(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	message := program + " is not installed: what it would check is not checked"
	if os.Getenv("IPWSIM_NO_SKIP") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}
