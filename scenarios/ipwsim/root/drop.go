package root

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/inconshreveable/mousetrap"
	"github.com/spf13/cobra"

	"ipwsim/scenarios/ipwsim/cli"
)

// dropped is the command line for a folder that was dropped on the program: its path, with a separator in it, is then the
// only argument. It is audited, and the page is beside the folder. Other command lines are as they were.
func dropped(args []string) []string {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") || !strings.ContainsAny(args[0], "/"+string(filepath.Separator)) {
		return args
	}
	info, err := os.Stat(args[0])
	if err != nil || !info.IsDir() {
		return args
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return args
	}
	return []string{"audit", args[0], "--html", dir + "-audit.html", "--open"}
}

func init() { cobra.MousetrapHelpText = "" } // else cobra ends what Explorer starts

// linger waits for Enter where Explorer started the program: its window would close with all that it says.
func linger(in io.Reader, out io.Writer, lang *cli.Lang) {
	if !mousetrap.StartedByExplorer() {
		return
	}
	fmt.Fprintln(out, lang.Say("drop.enter"))
	_, _ = fmt.Fscanln(in) // whatever was typed, it is time to end
}
