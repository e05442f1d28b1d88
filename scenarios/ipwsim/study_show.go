package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/reports"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/study"
	"ipwsim/sim/trace"
)

// showFlags are the flags of `ipwsim study show`.
type showFlags struct {
	cell    int
	seed    uint64
	worst   bool
	cluster string
	lang    string
	full    bool
	html    string
}

func studyShowCommand() *cobra.Command {
	var f showFlags
	c := &cobra.Command{
		Use:   "show DIR [--cell N] [--seed S | --worst]",
		Short: "One run of a study, with its transcript",
		Long: `show runs one run of a study again, by the cell and seed of rows.csv, or a
cell's worst case, and prints what ipwsim run prints. DIR is a study's folder,
or a cluster's, which is run as it is.`,
		Example: `  ipwsim study show study --cell 3 --seed 1000017
  ipwsim study show study --cell 3 --worst --html worst.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("seed") == f.worst {
				return errors.New("expected either --seed S or --worst")
			}
			return show(c.OutOrStdout(), args[0], f)
		},
	}
	fl := c.Flags()
	fl.IntVar(&f.cell, "cell", 0, "the cell `N` of cells.json")
	fl.Uint64Var(&f.seed, "seed", 0, "the seed `S` of rows.csv")
	fl.BoolVar(&f.worst, "worst", false, "search the longest failover of the cell")
	fl.StringVar(&f.cluster, "cluster", "", "the study's cluster is in this `DIR` now")
	fl.StringVar(&f.lang, "lang", "en", "language `LANG` of the report, en or ja")
	fl.BoolVar(&f.full, "full", false, "leave nothing out of transcripts and logs")
	fl.StringVar(&f.html, "html", "", "write its page to this `FILE` as well")
	return c
}

func show(out io.Writer, dir string, f showFlags) error {
	if f.lang != "en" && f.lang != "ja" {
		return fmt.Errorf("--lang: found %q, expected en or ja", f.lang)
	}
	p, err := planOf(dir, f.cluster)
	if err != nil {
		return err
	}
	cells := p.Cells()
	if f.cell < 0 || f.cell >= len(cells) {
		return fmt.Errorf("--cell: found %d, expected 0 to %d", f.cell, len(cells)-1)
	}
	c := &cells[f.cell]
	var r reports.Result
	if f.worst {
		r = shownWorst(dir, p, c, c.FindWorst(p.SeedOf(0)))
	} else {
		row, t := study.Replay(c, f.seed)
		r = shownRun(dir, p, c, row, t)
		r.Seed = f.seed
		r.Rerun += fmt.Sprint(" --seed ", f.seed)
	}
	opt := reports.Options{Lang: f.lang, Color: color(out), Full: f.full}
	if f.html != "" {
		if err := writeFile(f.html, func(w io.Writer) error { return reports.HTML(w, r, opt) }); err != nil {
			return err
		}
	}
	return reports.Text(out, r, opt)
}

// shownWorst is the cell's worst case, which was searched before.
func shownWorst(dir string, p *study.Plan, c *study.Cell, w study.Worst) reports.Result {
	row, t := study.ReplayAt(c, w.Seed, w.Phase, w.Netsh)
	r := shownRun(dir, p, c, row, t)
	r.Seed = w.Seed
	r.Rerun += " --worst"
	r.Title += fmt.Sprintf("; its worst case: fault at %s, netsh takes %s", w.Phase.Round(time.Millisecond), w.Netsh)
	return r
}

// shownRun is a run of a cell as reports read it.
func shownRun(dir string, p *study.Plan, c *study.Cell, row study.Row, t *trace.Trace) reports.Result {
	r := reports.Result{Scenario: "study", Title: fmt.Sprintf("Cell %d: %s", c.Index, p.Describe(c))}
	r.Rerun = fmt.Sprintf("go run ./scenarios/ipwsim study show %s --cell %d", quoted(dir), c.Index)
	r.Trace = t
	for _, one := range check.All(t) {
		r.Checks = append(r.Checks, checked(one, false))
	}
	r.Expectations = []reports.Expectation{{
		Text: fmt.Sprintf("expect failover at most %.1fs (W14)", c.Bound().Seconds()),
		OK:   !row.FailoverOpen && row.Failover <= c.Bound().Seconds(), Seen: fmt.Sprintf("%.3fs", row.Failover),
	}}
	r.Figures, r.Outages, r.Beliefs, r.Lanes = figures(&script.Outcome{Played: finding.Played{Trace: t}}), outages(t), beliefs(t), lanes(t)
	return r
}

// planOf is the plan of a study's folder, or of a cluster as it is.
func planOf(dir, moved string) (*study.Plan, error) {
	d := study.NewDraft()
	data, err := os.ReadFile(filepath.Join(dir, "plan.toml"))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, "cluster.toml")); err != nil {
			return nil, fmt.Errorf("%s: found no plan.toml and no cluster.toml, expected the folder of a study or a cluster", dir)
		}
		d.Cluster = dir
		return planOn(d, dir)
	}
	if err != nil {
		return nil, err
	}
	d, problems := study.ParseFile(filepath.Join(dir, "plan.toml"), data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	where := d.Cluster
	if moved != "" {
		where = moved
	}
	p, err := planOn(d, where)
	if err != nil {
		return nil, err
	}
	var old struct {
		Study string `json:"study"`
	}
	data, err = os.ReadFile(filepath.Join(dir, "plan.json"))
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(data, &old) != nil || old.Study != p.Key() {
		return nil, fmt.Errorf("%s: the cluster or the program has changed since, so that its runs cannot be shown", dir)
	}
	return p, nil
}

// planOn is the draft on a cluster.
func planOn(d *study.Draft, where string) (*study.Plan, error) {
	bp, problems := loadStudyCluster(where, "")
	if bp == nil {
		return nil, problems.Err()
	}
	p, problems := d.Plan(bp)
	return p, problems.Err()
}
