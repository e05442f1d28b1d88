package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/studypage"
	"ipwsim/reports/studytext"
	"ipwsim/scenarios/history"
	"ipwsim/scenarios/night"
)

// historyFile is the file of a folder of nights.
const historyFile = night.HistoryFile

func historyCommand(lang *langFlag) *cobra.Command {
	var html string
	var asJSON bool
	c := &cobra.Command{
		Use:   "history [FILE|DIR]",
		Short: "What nights came to, and what has changed",
		Long: `history shows the trends of a file of nights, history.db of DIR or of this
folder: failover and failback, cases to catch each known bug, speed as a ratio
to its floor, failures, probes. The latest night is held against up to ten
nights before it on the same cluster. Only a test of significance calls a
change one: Mann-Whitney U of times and ratios, Fisher's exact test of counts,
at 0.01 for all comparisons together.

Exit status: 0 no regression, 1 a regression, 2 could not read.`,
		Example: `  ipwsim history nights
  ipwsim history nights/history.db --html history.html --lang ja`,
		Args: arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := writable("--html", html); err != nil {
				return err
			}
			nights, err := readHistory(args)
			if err != nil {
				return err
			}
			r := history.Compare(nights)
			out := c.OutOrStdout()
			if asJSON {
				err = exchange.HistoryJSON(out, r)
			} else {
				err = studytext.History(out, r, lang.page(out))
			}
			if err == nil && html != "" {
				err = disk.Write(html, func(w io.Writer) error { return studypage.History(w, r, lang.Lang) })
			}
			if err == nil && r.Worse() {
				return errFindings
			}
			return err
		},
	}
	fl := c.Flags()
	fl.BoolVar(&asJSON, "json", false, "print JSON instead of text")
	fl.StringVar(&html, "html", "", "write a page with drawings to this `FILE` as well")
	return c
}

// readHistory reads the file that the command line names. It makes none.
func readHistory(args []string) (nights []history.Night, err error) {
	path := historyFile
	if len(args) > 0 {
		path = args[0]
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			path = filepath.Join(path, historyFile)
		}
	}
	if _, err := os.Stat(path); err != nil {
		return nil, diag.Errorf("cannot read the history %s: %s", path, diag.FileReason(err))
	}
	h, err := history.Open(path)
	if err != nil {
		return nil, err
	}
	defer h.Close() // nothing was written
	return h.Nights()
}
