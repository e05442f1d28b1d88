package studies

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
)

// planned is a plan with the folder that it goes to; "" for none.
type planned struct {
	*study.Plan
	dir string
}

// plans reads the plan of the command line, of the file, or those of a shipped study, in which case each has a folder
// of its own.
func (f studyFlags) plans(c *cobra.Command, args []string) ([]planned, error) {
	if len(args) == 0 {
		p, err := f.byFlags(c)
		return []planned{{p, f.out}}, err
	}
	if other := f.planFlags(c); len(other) > 0 {
		return nil, diag.Errorf("found %s beside %s, expected flags or a file", strings.Join(other, ", "), args[0])
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return nil, diag.Errorf("found folder %s, expected a study's file; `ipwsim study show %s --cell 0 --worst` shows a run of a study that is there, and index.html in it is its page", args[0], cli.Quoted(args[0]))
	}
	data, err := disk.Read(args[0], disk.MostPlan)
	if errors.Is(err, fs.ErrNotExist) {
		if names := scenarios.Studies(args[0]); len(names) > 0 {
			return shippedStudies(names, f.out)
		}
		return nil, diag.Errorf("no file or shipped study is called %q; shipped are %s", args[0], strings.Join(scenarios.Studies(""), ", "))
	}
	if err != nil {
		return nil, err
	}
	p, err := planOfFile(f.warner(c), args[0], data, filepath.Dir(args[0]), nil)
	return []planned{{p, f.out}}, err
}

// shippedStudies are the plans of shipped studies.
func shippedStudies(names []string, out string) (all []planned, err error) {
	for _, name := range names {
		data, err := scenarios.ReadStudy(name)
		if err != nil {
			return nil, err
		}
		dir := out
		if out != "" && len(names) > 1 {
			dir = filepath.Join(out, name)
		}
		p, err := planOfFile(unheard, name+".toml", data, "", nil)
		if err != nil {
			return nil, err
		}
		all = append(all, planned{p, dir})
	}
	return all, nil
}

// planOfFile is the plan in a file. change, which may be nil, changes it before it is checked.
func planOfFile(warn warner, name string, data []byte, base string, change func(*study.Draft)) (*study.Plan, error) {
	d, problems := study.ParseFile(name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if change != nil {
		change(d)
	}
	return planOn(warn, d, d.Cluster, base)
}

func (f studyFlags) byFlags(c *cobra.Command) (*study.Plan, error) {
	d := f.draft
	if err := f.addAxes(c, d); err != nil {
		return nil, err
	}
	for name, n := range map[string]*int{"runs": &d.Runs, "max-runs": &d.MaxRuns} {
		if !c.Flags().Changed(name) {
			*n = study.LeftOut
		}
	}
	return planOn(f.warner(c), d, d.Cluster, "")
}

// warner takes warnings about files.
type warner func(diag.Problem)

// unheard are warnings of files that are known.
func unheard(diag.Problem) {}

// warner prints warnings beside the output.
func (f studyFlags) warner(c *cobra.Command) warner {
	return func(p diag.Problem) { fmt.Fprintln(c.ErrOrStderr(), f.lang.Located(p)) }
}

// planOn is the draft on a cluster.
func planOn(warn warner, d *study.Draft, name, base string) (*study.Plan, error) {
	bp, problems := loadStudyCluster(name, base)
	if bp == nil {
		return nil, problems.Err()
	}
	for _, p := range problems {
		warn(p)
	}
	p, problems := d.Plan(bp)
	return p, problems.Err()
}

// planFlags are the flags given that a file has instead.
func (f studyFlags) planFlags(c *cobra.Command) (given []string) {
	names := []string{"axis", "cluster", "client", "vip", "runs", "precision", "max-runs", "seed", "phase", "horizon", "failover-only"}
	for _, a := range flagAxes {
		names = append(names, a.name)
	}
	for _, name := range names {
		if c.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

func (f studyFlags) addAxes(c *cobra.Command, d *study.Draft) error {
	for _, a := range flagAxes {
		if c.Flags().Changed(a.name) {
			d.Add(a.name, *f.axes[a.name])
		}
	}
	var problems diag.List
	for _, text := range f.more {
		name, values, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			problems.Errorf("", 0, "--axis: found %q, expected NAME=VALUES, as client.profile=linux,ad-client", text)
		}
		d.Add(name, values)
	}
	return problems.Err()
}

// loadStudyCluster loads a cluster's folder, which may be beside the study's file, or a shipped cluster.
func loadStudyCluster(name, base string) (*cluster.Blueprint, diag.List) {
	if name == "" {
		name = "guide"
	}
	path := name
	if base != "" && !filepath.IsAbs(name) {
		path = filepath.Join(base, name)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if _, shipped := fs.Stat(scenarios.Clusters(), name); shipped == nil {
			return cluster.Load(scenarios.Clusters(), name)
		}
	}
	fsys, err := lookup.Folder(path)
	if err != nil {
		return nil, diag.Of(err)
	}
	bp, problems := cluster.Load(fsys, ".")
	return bp, lookup.Below(path, problems)
}

// studyFolders are those of studies: each new, empty or of this study, whose runs are then gone on with. That it takes
// files shows when it is claimed, before the first run.
func studyFolders(plans []planned) (all []cli.Place) {
	for _, p := range plans {
		all = append(all, cli.Place{Flag: "-o", Path: p.dir, Check: p.Free})
	}
	return all
}
