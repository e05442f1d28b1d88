package runs_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"

	"github.com/stretchr/testify/require"
)

// openTerminal makes a pseudo-terminal: what is written to tty can be read from screen.
func openTerminal(t *testing.T) (screen, tty *os.File) {
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { screen.Close() })
	var number, unlocked uint32
	for request, arg := range map[uintptr]*uint32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &unlocked} {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(unsafe.Pointer(arg)))
		require.Zero(t, errno)
	}
	tty, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	return screen, tty
}

// shown runs a command line on a terminal and returns what it showed.
func shown(t *testing.T, args ...string) string {
	screen, tty := openTerminal(t)
	all := make(chan string)
	go func() {
		b, _ := io.ReadAll(screen) // ends with an error once the terminal is closed
		all <- string(b)
	}()
	root.Execute(context.Background(), args, tty, tty)
	require.NoError(t, tty.Close())
	return strings.ReplaceAll(<-all, "\r\n", "\n")
}

// Colour is for terminals, unless NO_COLOR has a value; it changes nothing else.
func TestColourIsForTerminals(t *testing.T) {
	failed := clitest.Scenario(t, "case.txtar", clitest.Failing)
	for _, args := range [][]string{{"run", failed}, {"run", failed, "--lang", "ja"}, {"run", failed, "--json"}} {
		t.Setenv("NO_COLOR", "")
		onScreen, inFile := shown(t, args...), clitest.Run(args...).Out
		require.Equal(t, !strings.Contains(strings.Join(args, " "), "--json"), strings.Contains(onScreen, "\x1b[1;31m"), args)
		require.NotContains(t, inFile, "\x1b")
		t.Setenv("NO_COLOR", "1")
		require.Equal(t, inFile, shown(t, args...), args)
	}
}

func TestReportsAndDiffsOnATerminal(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--save", one).Status)
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--seed", "2", "--save", two).Status)
	for _, args := range [][]string{{"report", one}, {"diff", one, two}} {
		require.Contains(t, shown(t, args...), "\x1b[1m")
		require.NotContains(t, clitest.Run(args...).Out, "\x1b")
		clitest.Columns(t, clitest.Run(args...).Out)
	}
}
