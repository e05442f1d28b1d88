package studies

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/page"
	"ipwsim/reports/text"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/study"
	studyfolder "ipwsim/scenarios/study/folder"
	"ipwsim/sim/finding"
)

// showFlags are the flags of `ipwsim study show`.
type showFlags struct {
	cell    int
	seed    uint64
	worst   bool
	cluster string
	lang    *cli.Lang
	watcher string
	full    bool
	html    string
}

func showCommand(lang *cli.Lang) *cobra.Command {
	f := showFlags{lang: lang}
	c := &cobra.Command{
		Use:   "show DIR [--cell N] [--seed S | --worst]",
		Short: "One run of a study, with its transcript",
		Long: `show runs one run of a study again, by the cell and seed of rows.csv, or a
cell's worst case, and prints what ipwsim run prints. DIR is a study's folder,
or a cluster's, which is run as it is.`,
		Example: `  ipwsim study show study --cell 3 --seed 1000017
  ipwsim study show study --cell 3 --worst --html worst.html`,
		Args: cli.Arguments(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("seed") == f.worst {
				return diag.Errorf("expected either --seed S or --worst")
			}
			if err := cli.Free(cli.File("--html", f.html)); err != nil {
				return err
			}
			return show(c.OutOrStdout(), args[0], f)
		},
	}
	fl := c.Flags()
	fl.IntVar(&f.cell, "cell", 0, "the cell `N` of cells.json")
	fl.Uint64Var(&f.seed, "seed", 0, "the seed `S` of rows.csv")
	fl.BoolVar(&f.worst, "worst", false, "search the longest failover of the cell")
	fl.StringVar(&f.cluster, "cluster", "", "the study's cluster is in this `DIR` now")
	fl.StringVar(&f.watcher, "watcher", "", "of a cluster: with this watcher, `NAME` as ipwcs or vrrp")
	fl.BoolVar(&f.full, "full", false, "leave nothing out of transcripts and logs")
	fl.StringVar(&f.html, "html", "", "write its page to this `FILE` as well")
	return c
}

func show(out io.Writer, dir string, f showFlags) error {
	p, err := planOf(dir, f.cluster, f.watcher)
	if err != nil {
		return err
	}
	cells := p.Cells()
	if f.cell < 0 || f.cell >= len(cells) {
		return diag.Errorf("--cell: found %d, expected 0 to %d", f.cell, len(cells)-1)
	}
	opt := studyfolder.Options{Options: page.Options{Lang: f.lang.Lang, Full: f.full}, Dir: cli.Quoted(dir)}
	if f.watcher != "" {
		opt.Dir += " --watcher " + f.watcher
	}
	var r *finding.Run
	if f.worst {
		w, err := cells[f.cell].FindWorst(p.SeedOf(0))
		if err != nil {
			return err
		}
		r = studyfolder.ShowWorst(p, f.cell, w, opt)
	} else {
		r = studyfolder.Show(p, f.cell, f.seed, opt)
	}
	if f.html != "" {
		if err := disk.Write(f.html, func(w io.Writer) error { return page.Run(w, r, opt.Options) }); err != nil {
			return err
		}
	}
	look := f.lang.Page(out)
	look.Full = f.full
	return text.Run(out, r, look)
}

// planOf is the plan of a study's folder, or of a cluster as it is.
func planOf(dir, moved, watcher string) (*study.Plan, error) {
	path := filepath.Join(dir, "plan.toml")
	data, err := disk.Read(path, disk.MostPlan)
	if errors.Is(err, fs.ErrNotExist) {
		if !lookup.IsCluster(dir) && !lookup.IsShipped(dir) {
			return nil, diag.Errorf("%s: found no plan.toml and no cluster.toml, expected the folder of a study or a cluster", dir)
		}
		d := study.NewDraft()
		d.Cluster = dir
		if watcher != "" {
			d.Add("watcher", watcher)
		}
		return planOn(unheard, d, dir, "")
	}
	if err == nil && watcher != "" {
		err = diag.Errorf("--watcher: found a study, whose cells have their watchers; expected a cluster")
	}
	if err != nil {
		return nil, err
	}
	gone := ""
	p, err := planOfFile(unheard, path, data, "", func(d *study.Draft) {
		if moved != "" {
			d.Cluster = moved
		} else if d.Cluster != "" && !lookup.IsCluster(d.Cluster) && !lookup.IsShipped(d.Cluster) {
			gone = d.Cluster
		}
	})
	if gone != "" {
		return nil, diag.Errorf("%s: found no folder %s, where its cluster was; --cluster DIR says where it is now", dir, gone)
	}
	if err != nil {
		return nil, err
	}
	return p, p.SameAs(dir)
}
