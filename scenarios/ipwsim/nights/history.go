package nights

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/studypage"
	"ipwsim/reports/studytext"
	"ipwsim/scenarios/history"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/runs"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/searched"
)

// historyFile is the file of a folder of nights.
const historyFile = night.HistoryFile

// HistoryCommand is `ipwsim history`.
func HistoryCommand(lang *cli.Lang) *cobra.Command {
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
		Args: cli.Arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := cli.Free(cli.File("--html", html)); err != nil {
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
				err = studytext.History(out, r, lang.Page(out))
			}
			if err == nil && html != "" {
				err = disk.Write(html, func(w io.Writer) error { return studypage.History(w, r, lang.Lang) })
			}
			if err == nil && r.Worse() {
				return cli.ErrFindings
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
	if err := disk.Regular(path, disk.MostStream); err != nil {
		return nil, diag.Errorf("cannot read the history %s: %s", path, diag.FileReason(err))
	}
	h, err := history.Open(path)
	if err != nil {
		return nil, err
	}
	defer h.Close() // nothing was written
	return h.Nights()
}

// nightsBefore are the nights of drawn clusters in the history of the folder, by date.
func (f *nightFlags) nightsBefore() ([]history.Night, error) {
	path := filepath.Join(f.out, historyFile)
	if !disk.Exists(path) {
		return nil, nil
	}
	all, err := readHistory([]string{path})
	return slices.DeleteFunc(all, func(n history.Night) bool { return n.Cluster != drawn }), err
}

// drawn is what a history calls the cluster of a night that draws clusters.
const drawn = "drawn"

// measuredSeeds are under how many seeds of its own a night measures a switch and back, for the history; a short one under
// fewer.
var measuredSeeds uint64 = 300

// remember adds the night to the history of its folder, and writes its page.
func (f *nightFlags) remember(ctx context.Context, where *ground, n *searched.Night, p night.Plan) error {
	h, err := history.Open(filepath.Join(f.out, historyFile))
	if err != nil {
		return err
	}
	err = f.add(ctx, h, where, n, p)
	nights, unread := h.Nights()
	if err := errors.Join(err, unread, h.Close()); err != nil {
		return err
	}
	return disk.Write(filepath.Join(f.out, night.HistoryPage), func(w io.Writer) error {
		return studypage.History(w, history.Compare(nights), f.lang.Lang)
	})
}

// add measures the night and adds it, unless it is there: a command given again has nothing to add.
func (f *nightFlags) add(ctx context.Context, h *history.History, where *ground, n *searched.Night, p night.Plan) error {
	of := nightOf(n, p)
	nights, err := h.Nights()
	if err != nil || slices.ContainsFunc(nights, func(n history.Night) bool { return n.ID == of.ID }) {
		return err
	}
	samples, err := f.measure(ctx, where, p)
	if err != nil {
		return err
	}
	of.Samples = append(of.Samples, samples...)
	_, err = h.Add(of)
	return err
}

// measure runs a switch and back under many seeds: the guide's own test, or the one for any cluster.
func (f *nightFlags) measure(ctx context.Context, where *ground, p night.Plan) ([]history.Sample, error) {
	name, cluster := "cable-pull", ""
	if where.Name != "" {
		name, cluster = "any-cable", f.cluster
	}
	first := 1 + p.Seed%(math.MaxUint64/measuredSeeds)*measuredSeeds
	set, err := seeds.Parse(fmt.Sprintf("%d..%d", first, first+f.partOf(measuredSeeds, 12)-1))
	if err != nil {
		return nil, err
	}
	source, err := runs.Named(name, cluster)
	if err != nil {
		return nil, err
	}
	all, err := source.Seeds(ctx, cluster, set, f.workers)
	if err != nil {
		return nil, err
	}
	return history.SamplesOf(all), nil
}

// nightOf is the night as the history has it, but for what is measured for it alone.
func nightOf(n *searched.Night, p night.Plan) history.Night {
	s := n.Search
	h := history.Night{
		ID: fmt.Sprintf("%s seed %d %s", p.Begun.UTC().Format(time.RFC3339Nano), p.Seed, p.Program), Date: n.Begun, Version: n.Program,
		Seed: p.Seed, Cluster: cmp.Or(p.Sum, p.Cluster, drawn), Cases: int64(s.Cases),
	}
	for _, b := range n.Benches {
		h.Samples = append(h.Samples, history.Sample{Name: b.Name, Unit: history.Ratio, Values: []float64{b.Ratio()}})
	}
	for _, b := range n.Bugs {
		if b.Tried {
			h.Bugs = append(h.Bugs, history.Bug{Name: b.Name, Cases: int64(b.Cases), Caught: b.Caught})
		}
	}
	for _, c := range s.Probes {
		h.Probes = append(h.Probes, history.Probe{Name: c.Name, Cases: int64(c.Count)})
	}
	for _, x := range s.Failures {
		h.Failures = append(h.Failures, history.Failure{Signature: x.Name, Cases: int64(x.Shards), Story: filepath.Join(night.StoriesDir, x.Name+".txtar")})
	}
	return h
}
