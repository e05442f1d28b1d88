package studies

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/studytext"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

// compareFlags are the flags of `ipwsim compare`.
type compareFlags struct {
	cells    []int
	watchers []string
	draft    *study.Draft // of clusters
	json     bool
	lang     *cli.Lang
	workers  int
	stderr   io.Writer // for how far it is
}

// CompareCommand is `ipwsim compare`.
func CompareCommand(lang *cli.Lang) *cobra.Command {
	f := compareFlags{draft: study.NewDraft(), lang: lang}
	c := &cobra.Command{
		Use:   "compare A [B]",
		Short: "What changes between two studies, cells or clusters, by seed",
		Long: `compare pairs runs with the same seed, so that chance plays the same part on
both sides: how much longer failover and failback are in B, whether that is more
than chance (sign test), and the seeds that differ most, with the commands that
show them. A and B are folders of studies, whose cells with the same values are
compared; or clusters, which are then run, of one's own or shipped; or two cells
of one study. With --watchers A alone is one cluster, run with each of two
watchers.`,
		Example: `  ipwsim compare before after              two studies with the same axes
  ipwsim compare study --cells 3,7         two cells of one study
  ipwsim compare our-cluster new-cluster   two clusters, 200 runs each
  ipwsim compare study-a study-b --cells 0,4   cell 0 of A, cell 4 of B
  ipwsim compare guide --watchers ipwcs,vrrp   IPWatcher and VRRP on one cluster`,
		Args: cli.Arguments(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			f.stderr = c.ErrOrStderr()
			all, err := comparisons(c.Context(), args, f)
			if err != nil {
				return err
			}
			if f.json {
				return indented(c.OutOrStdout(), all)
			}
			return studytext.Compare(c.OutOrStdout(), all, f.lang.Page(c.OutOrStdout()))
		},
	}
	fl := c.Flags()
	fl.IntSliceVar(&f.cells, "cells", nil, "compare these two cells, `I,J` of cells.json")
	fl.StringSliceVar(&f.watchers, "watchers", nil, "of one cluster: with these two, `A,B` of ipwcs, vrrp")
	fl.StringVar(&f.draft.Client, "client", "", "of clusters: `NAME` of the client; else whoever fares worst")
	fl.StringVar(&f.draft.VIP, "vip", "", "of clusters: the waits for this VIP, its `ADDRESS`")
	fl.IntVar(&f.draft.Runs, "runs", 200, "of clusters: runs `N` of each")
	fl.Uint64Var(&f.draft.Seed, "seed", study.DefaultSeed, "of clusters: base seed `N`")
	fl.BoolVar(&f.json, "json", false, "print JSON instead of text")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "of clusters: worker processes `N`; 1: none")
	return c
}

func comparisons(ctx context.Context, args []string, f compareFlags) ([]*studied.Comparison, error) {
	switch {
	case f.watchers != nil:
		return compareWatchers(ctx, args, f)
	case f.cells != nil && len(f.cells) != 2:
		return nil, diag.Errorf("--cells: found %d numbers, expected two, as 3,7", len(f.cells))
	case len(args) == 1 && f.cells == nil:
		return nil, diag.Errorf("found one folder, expected two, or --cells")
	case len(args) == 1:
		args = []string{args[0], args[0]}
	}
	kinds := [2]bool{lookup.IsCluster(args[0]) || lookup.IsShipped(args[0]), lookup.IsCluster(args[1]) || lookup.IsShipped(args[1])}
	switch {
	case kinds[0] != kinds[1]:
		return nil, diag.Errorf("found a cluster and a study, expected two of one kind: %s, %s", args[0], args[1])
	case kinds[0] && f.cells != nil:
		return nil, diag.Errorf("--cells: found two clusters, which have no cells; expected studies")
	case kinds[0]:
		return compareClusters(ctx, args, f)
	case f.draft.Client != "" || f.draft.VIP != "":
		return nil, diag.Errorf("--client, --vip: found two studies, whose clients are chosen; expected clusters")
	}
	return compareStudies(args, f.cells)
}

// compareWatchers runs one cluster with each of two watchers.
func compareWatchers(ctx context.Context, args []string, f compareFlags) ([]*studied.Comparison, error) {
	switch {
	case len(f.watchers) != 2:
		return nil, diag.Errorf("--watchers: found %d names, expected two, as ipwcs,vrrp", len(f.watchers))
	case f.cells != nil || len(args) != 1 || !lookup.IsCluster(args[0]) && !lookup.IsShipped(args[0]):
		return nil, diag.Errorf("--watchers: found %s, expected one cluster, and no --cells", strings.Join(args, " "))
	}
	return compareClusters(ctx, []string{args[0], args[0]}, f)
}

// sideOf runs the i-th side.
func sideOf(ctx context.Context, dir string, i int, f compareFlags, opt study.Options) (none study.Side, err error) {
	bp, problems := loadStudyCluster(dir, "")
	if bp == nil {
		return none, problems.Err()
	}
	if f.watchers == nil {
		side, err := study.SideOfCluster(ctx, dir, bp, f.draft, opt)
		side.Show = cli.Quoted(dir)
		return side, err
	}
	draft := *f.draft
	draft.Add("watcher", f.watchers[i])
	side, err := study.SideOfCluster(ctx, dir+": watcher "+f.watchers[i], bp, &draft, opt)
	side.Show = cli.Quoted(dir) + " --watcher " + f.watchers[i]
	return side, err
}

func compareClusters(ctx context.Context, dirs []string, f compareFlags) ([]*studied.Comparison, error) {
	var sides [2]study.Side
	err := withWorkers(f.workers, func(opt study.Options) (err error) {
		for i, dir := range dirs {
			bar := newRunBar(f.stderr, f.lang.Lang)
			opt.Progress = bar.show
			sides[i], err = sideOf(ctx, dir, i, f, opt)
			bar.End()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	one, err := study.Compare(sides[0], sides[1])
	return []*studied.Comparison{one}, err
}

func compareStudies(dirs []string, cells []int) (all []*studied.Comparison, err error) {
	var results [2]*studied.Study
	for i, dir := range dirs {
		if results[i], err = study.Load(dir); err != nil {
			return nil, err
		}
	}
	matches := [][2]int{}
	if cells != nil {
		matches = append(matches, [2]int{cells[0], cells[1]})
	} else if matches, err = study.Match(results[0], results[1]); err != nil {
		return nil, err
	}
	for _, m := range matches {
		a, errA := study.SideOfStudy(results[0], dirs[0], m[0])
		b, errB := study.SideOfStudy(results[1], dirs[1], m[1])
		if err := errors.Join(errA, errB); err != nil {
			return nil, err
		}
		for i, s := range []*study.Side{&a, &b} {
			s.Show = fmt.Sprintf("%s --cell %d", cli.Quoted(dirs[i]), m[i])
		}
		one, err := study.Compare(a, b)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
