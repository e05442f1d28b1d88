package clusters

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/graph"
	"ipwsim/reports/term"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/ipwsim/runs"
	"ipwsim/scenarios/saved"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
)

// graphFlags are the flags of `ipwsim graph`.
type graphFlags struct {
	lang         *cli.Lang
	at           time.Duration
	seed         uint64
	cluster, svg string
	given        []string // those of them that only a run can have
}

// GraphCommand is `ipwsim graph`.
func GraphCommand(lang *cli.Lang) *cobra.Command {
	f := graphFlags{lang: lang}
	c := &cobra.Command{
		Use:   "graph CLUSTER|FILE.txtar|NAME|SAVED",
		Short: "Draw a cluster's network, or a run's at a time",
		Long: `graph draws the network of a cluster: its folder, or a shipped one by name. Of a
scenario, which it runs, or of a run that was saved, it shows who holds the VIP,
which cables are dead, which machines are off, whose ARP caches are wrong and
who gets an answer: before the first fault, in the longest silence and at the
end, or at the time --at. A number at a device or cable says what was done to
it.

Exit status: 0 drawn, 2 could not read or run.`,
		Example: `  ipwsim graph guide
  ipwsim graph ./our-cluster --svg network.svg
  ipwsim graph cable-pull
  ipwsim graph cable-pull --at 25s
  ipwsim graph cable-pull --cluster ./our-cluster --svg - > pull.svg`,
		Args: func(c *cobra.Command, args []string) error {
			for _, name := range []string{"at", "seed", "cluster"} {
				if c.Flags().Changed(name) {
					f.given = append(f.given, name)
				}
			}
			if f.svg == "-" {
				return cli.Arguments(1, 1)(c, args)
			}
			return cmp.Or(cli.Arguments(1, 1)(c, args), cli.Free(cli.File("--svg", f.svg)))
		},
		RunE: func(c *cobra.Command, args []string) error { return f.draw(c.Context(), c.OutOrStdout(), args[0]) },
	}
	fl := c.Flags()
	fl.DurationVar(&f.at, "at", 0, "show a run at this `TIME`, as 25s")
	fl.StringVar(&f.cluster, "cluster", "", "the cluster in this `DIR`, not the scenario's own")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of all randomness, not the scenario's `N`")
	fl.StringVar(&f.svg, "svg", "", "draw into this `FILE` as well; - for standard output, alone")
	return c
}

// draw draws what the argument names.
func (f graphFlags) draw(ctx context.Context, out io.Writer, arg string) error {
	title, views, struck, err := f.views(ctx, arg)
	if err != nil {
		return err
	}
	svg := func(w io.Writer) error { return graph.SVG(w, f.lang.Lang, title, views, struck) }
	if f.svg == "-" {
		return svg(out)
	}
	if f.svg != "" {
		if err := disk.Write(f.svg, svg); err != nil {
			return err
		}
	}
	p := term.New(f.lang.Page(out))
	p.Line(term.Head, title)
	if views[0].Title == title { // of a cluster, whose one view is told already
		views[0].Title = ""
	}
	graph.Text(p, f.lang.Lang, views, struck)
	return p.Flush(out)
}

// views are the pictures, with what they are of and what was done.
func (f graphFlags) views(ctx context.Context, arg string) (title string, views []graph.View, struck []graph.Deed, err error) {
	files, err := clusterNamed(arg)
	if err != nil {
		return "", nil, nil, err
	}
	if files != nil {
		if len(f.given) > 0 {
			return "", nil, nil, diag.Errorf("--%s: found cluster %s, expected a scenario: only a run has a time, a seed and another cluster", f.given[0], arg)
		}
		bp, problems := cluster.Load(files, ".")
		if bp == nil {
			return "", nil, nil, lookup.Below(arg, problems)
		}
		h := cluster.Header(bp, "", bp.Seed)
		v := graph.Plan(f.lang.Lang, &h)
		return v.Title, []graph.View{v}, nil, nil
	}
	r, err := f.run(ctx, arg)
	if err != nil {
		return "", nil, nil, err
	}
	if r.Trace == nil {
		return "", nil, nil, diag.Errorf("%s: found a cluster that is refused, as the scenario expects, expected a run", arg)
	}
	views, struck = graph.Views(f.lang.Lang, r), graph.Struck(f.lang.Lang, r)
	if slices.Contains(f.given, "at") {
		if f.at < 0 || f.at > r.Trace.End {
			return "", nil, nil, diag.Errorf("--at: found %s, expected a time from 0s to %s, when the run ends", f.at, r.Trace.End)
		}
		views, struck = []graph.View{graph.Moment(f.lang.Lang, r, f.at)}, graph.By(struck, f.at)
	}
	return cmp.Or(f.lang.Phrase(r.Title), r.Scenario), views, struck, nil
}

// clusterNamed is the cluster that the argument names; nil when it names none.
func clusterNamed(arg string) (fs.FS, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir() && !saved.Is(arg):
		return disk.Folder(arg), nil
	case err == nil:
		return nil, nil
	case slices.Contains(lookup.Shipped(), arg):
		return fs.Sub(scenarios.Clusters(), arg)
	case !slices.Contains(scenarios.Names(), arg):
		name := strings.TrimSuffix(filepath.Base(arg), ".txtar")
		return nil, diag.Errorf("found no folder, file, shipped cluster or shipped scenario called %q%s", arg, diag.Suggest(name, append(lookup.Shipped(), scenarios.Names()...)))
	}
	return nil, nil
}

// run runs the scenario, or judges the saved run again.
func (f graphFlags) run(ctx context.Context, arg string) (*finding.Run, error) {
	if saved.Is(arg) {
		if of := slices.DeleteFunc(slices.Clone(f.given), func(flag string) bool { return flag == "at" }); len(of) > 0 {
			return nil, diag.Errorf("--%s: found saved run %s, expected a scenario: what was run has its seed and its cluster", of[0], arg)
		}
		all, err := runs.Saved(arg)
		if err != nil {
			return nil, err
		}
		return all[0], nil
	}
	source, err := runs.Named(arg, f.cluster)
	if err != nil {
		return nil, err
	}
	var seed *uint64
	if slices.Contains(f.given, "seed") {
		seed = &f.seed
	}
	return source.View(ctx, f.cluster, seed)
}
