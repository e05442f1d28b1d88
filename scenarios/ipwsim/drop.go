package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/inconshreveable/mousetrap"
	"github.com/spf13/cobra"

	"ipwsim/core/diag"
)

func init() { cobra.MousetrapHelpText = "" } // else cobra ends what Explorer starts

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

// open says where the page is and, on a terminal, shows it in the system's browser.
func open(system, page string, w io.Writer, lang *langFlag) error {
	fmt.Fprintln(w, lang.Say("drop.page", page))
	if !isTerminal(w) {
		return nil
	}
	with := opener(system, page)
	if err := exec.Command(with[0], with[1:]...).Start(); err != nil {
		return diag.Errorf("cannot open %s: %w", page, err)
	}
	return nil
}

// opener is the command that opens a page on the system, a GOOS.
func opener(system, page string) []string {
	switch system {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	case "darwin":
		return []string{"open", page}
	}
	return []string{"xdg-open", page}
}

// linger waits for Enter where Explorer started the program: its window would close with all that it says.
func linger(in io.Reader, out io.Writer, lang *langFlag) {
	if !mousetrap.StartedByExplorer() {
		return
	}
	fmt.Fprintln(out, lang.Say("drop.enter"))
	_, _ = fmt.Fscanln(in) // whatever was typed, it is time to end
}
