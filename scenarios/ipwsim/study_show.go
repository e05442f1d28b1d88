package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/page"
	"ipwsim/reports/studytext"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/audit"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/scenarios/seeds"
	"ipwsim/scenarios/study"
	studyfolder "ipwsim/scenarios/study/folder"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

func studyRunCommand(lang *langFlag) *cobra.Command {
	f := studyFlags{draft: study.NewDraft(), lang: lang}
	var text string
	c := &cobra.Command{
		Use:   "run --shard I/N [flags] [FILE.toml] -o DIR",
		Short: "Run one shard of a study",
		Long: `run does the I-th of N parts of a study and writes one file into DIR, under
another name until it is whole. Started again it does nothing when the file is
there, so a scheduler may start, kill and repeat it at will. study merge puts
the parts together. scenarios/study/launch has launchers for GNU parallel, Slurm
and Kubernetes.`,
		Example: "  ipwsim study run --shard 3/8 plan.toml -o shards",
		Args:    arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.onePlan(c, args)
			if err != nil {
				return err
			}
			shard, err := study.ParseShard(text)
			if err != nil {
				return diag.Errorf("--shard: %w", err)
			}
			bar := newRunBar(c.ErrOrStderr(), f.lang.Lang)
			defer bar.end()
			err = withWorkers(f.workers, func(opt study.Options) error {
				opt.Progress = bar.show
				return p.RunShard(c.Context(), f.out, shard, opt)
			})
			if errors.Is(err, context.Canceled) {
				return diag.Errorf("interrupted: the shard %s is not written", shard)
			}
			return err
		},
	}
	f.register(c)
	c.Flags().StringVar(&text, "shard", "", "the part `I/N`, from 1/N to N/N")
	return c
}

// onePlan is the only plan of the command line.
func (f studyFlags) onePlan(c *cobra.Command, args []string) (planned, error) {
	plans, err := f.plans(c, args)
	if err != nil {
		return planned{}, err
	}
	if len(plans) != 1 || f.out == "" {
		return planned{}, diag.Errorf("found no -o DIR or several studies, expected one study and the folder for its files")
	}
	return plans[0], f.check(plans)
}

func studyMergeCommand(lang *langFlag) *cobra.Command {
	f := &studyFlags{draft: study.NewDraft(), lang: lang}
	var from string
	c := &cobra.Command{
		Use:   "merge --from DIR [flags] [FILE.toml] -o DIR",
		Short: "Put the shards of a study together",
		Long: `merge reads the files of study run, proves that every run of the plan is there
exactly once, and writes what study writes. Otherwise it says what is missing or
twice, and writes nothing.`,
		Example: "  ipwsim study merge --from shards plan.toml -o study",
		Args:    arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.onePlan(c, args)
			if err != nil {
				return err
			}
			if from == "" {
				return diag.Errorf("found no --from DIR, expected the folder of the shards")
			}
			if err := free(studyFolders([]planned{p})...); err != nil {
				return err
			}
			rows, err := p.Merge(from)
			if err != nil {
				return err
			}
			return withWorkers(f.workers, func(opt study.Options) error {
				a, err := f.finish(c, p, rows, opt)
				if err != nil {
					return err
				}
				return f.printJSON(c.OutOrStdout(), []*studied.Answers{a})
			})
		},
	}
	f.register(c)
	f.answers.register(c)
	c.Flags().StringVar(&from, "from", "", "the shards are in this `DIR`")
	return c
}

// studyColumns is the page `ipwsim help study columns`.
func studyColumns(lang *langFlag) *cobra.Command {
	c := &cobra.Command{Use: "columns", Short: "What is in rows.parquet and rows.csv"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := studytext.Columns(c.OutOrStdout(), lang.page(c.OutOrStdout())); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}

// workerName is the command that a crew's processes are started with.
const workerName = "worker"

// searches is the argument of a worker that searches.
const searches = "search"

// workerCommand is what the command starts of itself, once a core.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    workerName,
		Hidden: true,
		Args:   arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == searches {
				return search.Serve(c.InOrStdin(), c.OutOrStdout(), func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) })
			}
			if len(args) > 0 && args[0] == asSeeds {
				return seeds.Serve(c.InOrStdin(), c.OutOrStdout())
			}
			if len(args) > 0 && args[0] == audits {
				return audit.Serve(c.InOrStdin(), c.OutOrStdout())
			}
			return study.Serve(c.InOrStdin(), c.OutOrStdout())
		},
	}
}

// withWorkers calls do with options for so many workers: processes, unless one is enough. Only who runs worlds has the
// collector's pace of worlds: this process has the rows of all of them.
func withWorkers(n int, do func(study.Options) error) error {
	opt := study.Options{Workers: n}
	if n > 1 {
		crew, err := pool.Hire(n, workerName)
		if err != nil {
			return err
		}
		defer crew.Close()
		opt.Crew = crew
	} else {
		debug.SetGCPercent(study.GCPercent)
	}
	return do(opt)
}

// showFlags are the flags of `ipwsim study show`.
type showFlags struct {
	cell    int
	seed    uint64
	worst   bool
	cluster string
	lang    *langFlag
	watcher string
	full    bool
	html    string
}

func studyShowCommand(lang *langFlag) *cobra.Command {
	f := showFlags{lang: lang}
	c := &cobra.Command{
		Use:   "show DIR [--cell N] [--seed S | --worst]",
		Short: "One run of a study, with its transcript",
		Long: `show runs one run of a study again, by the cell and seed of rows.csv, or a
cell's worst case, and prints what ipwsim run prints. DIR is a study's folder,
or a cluster's, which is run as it is.`,
		Example: `  ipwsim study show study --cell 3 --seed 1000017
  ipwsim study show study --cell 3 --worst --html worst.html`,
		Args: arguments(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("seed") == f.worst {
				return diag.Errorf("expected either --seed S or --worst")
			}
			if err := free(file("--html", f.html)); err != nil {
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
	opt := studyfolder.Options{Options: page.Options{Lang: f.lang.Lang, Full: f.full}, Dir: quoted(dir)}
	if f.watcher != "" {
		opt.Dir += " --watcher " + f.watcher
	}
	var r *finding.Run
	if f.worst {
		r = studyfolder.ShowWorst(p, f.cell, cells[f.cell].FindWorst(p.SeedOf(0)), opt)
	} else {
		r = studyfolder.Show(p, f.cell, f.seed, opt)
	}
	if f.html != "" {
		if err := disk.Write(f.html, func(w io.Writer) error { return page.Run(w, r, opt.Options) }); err != nil {
			return err
		}
	}
	look := f.lang.page(out)
	look.Full = f.full
	return text.Run(out, r, look)
}

// planOf is the plan of a study's folder, or of a cluster as it is.
func planOf(dir, moved, watcher string) (*study.Plan, error) {
	path := filepath.Join(dir, "plan.toml")
	data, err := disk.Read(path, disk.MostPlan)
	if errors.Is(err, fs.ErrNotExist) {
		if !isCluster(dir) && !isShipped(dir) {
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
		} else if d.Cluster != "" && !isCluster(d.Cluster) && !isShipped(d.Cluster) {
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

// answerFlags are what a study's answers take beside its runs.
type answerFlags struct {
	want  string
	rates studied.Rates
}

func (f *answerFlags) register(c *cobra.Command) {
	d := studied.DefaultRates
	f.rates = d
	fl := c.Flags()
	fl.StringVar(&f.want, "want", "", "which setting keeps this `PROMISE`, see below")
	fl.Float64Var(&f.rates.Faults, "faults-per-year", d.Faults, "the holder is lost `N` times a year")
	fl.DurationVar(&f.rates.Repair, "repair", d.Repair, "`TIME` until the master is back")
	fl.Float64Var(&f.rates.Freezes, "freezes-per-year", d.Freezes, "the holder freezes `N` times a year")
	fl.DurationVar(&f.rates.Frozen, "freeze-time", d.Frozen, "for so long, `TIME`")
}

// promise reads --want and checks the rates, before anything is run.
func (f *answerFlags) promise() (study.Want, error) {
	if err := f.rates.Check(); err != nil {
		return nil, err
	}
	if f.want == "" {
		return nil, nil
	}
	w, problems := study.ParseWant(f.want)
	return w, problems.Err()
}

// finish answers, writes the study's folder, and prints what the runs say unless JSON is wanted.
func (f studyFlags) finish(c *cobra.Command, p planned, rows []*studied.Row, opt study.Options) (*studied.Answers, error) {
	w, err := f.answers.promise()
	if err != nil {
		return nil, err
	}
	bar := newRunBar(c.ErrOrStderr(), f.lang.Lang)
	opt.Progress = bar.cells
	a, err := p.Answer(c.Context(), rows, f.answers.rates, w, opt)
	bar.end()
	if err != nil {
		return nil, goesOn(err, p.dir)
	}
	if p.dir != "" {
		if opt.Crew != nil { // what is written takes this process's memory
			opt.Crew.Rest()
		}
		shown := studyfolder.Options{Options: page.Options{Lang: f.lang.Lang}, Dir: quoted(p.dir), Again: f.again(p)}
		if err := studyfolder.Write(p.dir, p.Plan, rows, a, shown); err != nil {
			return nil, err
		}
	}
	if f.json {
		return a, nil
	}
	return a, printStudy(c.OutOrStdout(), p, p.Study(rows, a), f.lang)
}

// printJSON prints the answers as JSON, of several studies as a list, if that is wanted.
func (f studyFlags) printJSON(out io.Writer, all []*studied.Answers) error {
	switch {
	case !f.json:
		return nil
	case len(all) == 1:
		return indented(out, all[0])
	}
	return indented(out, all)
}

// indented writes JSON.
func indented(out io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(words.SafeJSON(text), '\n'))
	return err
}

func printStudy(out io.Writer, p planned, s *studied.Study, l *langFlag) error {
	if err := studytext.Report(out, s, l.page(out), true); err != nil {
		return err
	}
	if p.dir == "" {
		return nil
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("study.the-page", filepath.Join(p.dir, "index.html")))
	if !p.Table() {
		fmt.Fprintf(out, "\n%s\n  ipwsim study show %s --cell 0 --worst\n", l.Say("study.the-worst"), quoted(p.dir))
	}
	return nil
}

// again is the command that makes rows and page anew.
func (f studyFlags) again(p planned) []string {
	text := "ipwsim study " + quoted(filepath.Join(p.dir, "plan.toml")) + " -o new-folder"
	r, d := f.answers.rates, studied.DefaultRates
	for _, one := range []struct {
		flag  string
		value any
		given bool
	}{
		{"want", quoted(f.answers.want), f.answers.want != ""},
		{"faults-per-year", r.Faults, r.Faults != d.Faults}, {"repair", r.Repair, r.Repair != d.Repair},
		{"freezes-per-year", r.Freezes, r.Freezes != d.Freezes}, {"freeze-time", r.Frozen, r.Frozen != d.Frozen},
	} {
		if one.given {
			text += fmt.Sprintf(" --%s %v", one.flag, one.value)
		}
	}
	return []string{text}
}
