package runs

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// Source is a scenario to run.
type Source struct {
	Script   *script.Script
	warnings diag.List // of its file
	find     func(string) (fs.FS, error)
	arg      string // what names it on a command line
	data     []byte // its file
}

// scenarioFile is a file with how to speak of it.
type scenarioFile struct {
	name string // in messages
	path string // on disk; "" when shipped
	arg  string // to run it again
	data []byte
}

// Shipped are all shipped scenarios.
func Shipped() ([]Source, error) {
	all, _, err := load(nil, runFlags{all: true})
	return all, err
}

// Named is the scenario of a file, or a shipped one, on the cluster in the folder; "" for its own.
func Named(arg, cluster string) (Source, error) {
	all, _, err := load([]string{arg}, runFlags{cluster: cluster})
	if err != nil {
		return Source{}, err
	}
	return all[0], nil
}

// load finds the scenarios the command line names, and counts those that --all leaves out. All problems of all files
// come as one error.
func load(args []string, f runFlags) (all []Source, left int, err error) {
	var override fs.FS
	if f.cluster != "" {
		dir, err := lookup.Folder(f.cluster)
		if err != nil {
			return nil, 0, err
		}
		override = dir
	}
	files, err := expandAll(args, f.all)
	if err != nil {
		return nil, 0, err
	}
	var problems diag.List
	for _, file := range files {
		s, list := script.Parse(file.name, file.data)
		if f.leavesOut(s, file, args) {
			left++
			continue
		}
		problems = append(problems, list...)
		all = append(all, Source{s, list, lookup.Finder{Override: override, Scenario: file.path}.Find, file.arg, file.data})
	}
	if err := problems.Err(); err != nil {
		return nil, 0, err
	}
	for _, flag := range []struct {
		name, path string
		what       diag.Text
	}{
		{"--pcap", f.pcap, diag.Say("folder")}, {"--save", f.save, diag.Say("folder")}, {"--files", f.files, diag.Say("folder")},
		{"--pages", f.pages, diag.Say("page")},
	} {
		if flag.path != "" {
			if err := apart(all, flag.name, flag.what); err != nil {
				return nil, 0, err
			}
		}
	}
	if f.set.All != nil { // one page for all
		return all, left, nil
	}
	return all, left, cmp.Or(f.checkRuns(len(all)), f.checkCaptures(len(all)))
}

// leavesOut says whether --all leaves a shipped scenario out: on another cluster than its own, only those are run that
// fit any, unless they are asked for by name.
func (f runFlags) leavesOut(s *script.Script, file scenarioFile, args []string) bool {
	return f.all && f.cluster != "" && file.path == "" && s.Cluster != script.AnyCluster && !slices.Contains(args, file.arg)
}

// apart demands names of which each can have a file or folder of its own.
func apart(all []Source, flag string, what diag.Text) error {
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.Script.Name] {
			return diag.Errorf("%s: found two scenarios called %s, expected names that differ: each has a %s of its name", flag, s.Script.Name, what)
		}
		seen[s.Script.Name] = true
	}
	return nil
}

// expandAll finds the files of the arguments, and every shipped scenario if wanted.
func expandAll(args []string, shipped bool) ([]scenarioFile, error) {
	var all []scenarioFile
	for _, arg := range args {
		found, err := expand(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if !shipped {
		return all, nil
	}
	for _, name := range scenarios.Names() {
		found, err := expandName(name)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// expand finds what one argument names: a file, a folder of files, or a shipped scenario.
func expand(arg string) ([]scenarioFile, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return expandFolder(arg)
	case err == nil:
		data, err := disk.Read(arg, disk.MostScenario)
		return []scenarioFile{{arg, arg, arg, data}}, err
	case slices.Contains(scenarios.Names(), arg):
		return expandName(arg)
	}
	if len(scenarios.Studies(arg)) > 0 {
		return nil, diag.Errorf("found %s, which is a study, expected a scenario; `ipwsim study %s` runs it", arg, cli.Quoted(arg))
	}
	name := strings.TrimSuffix(filepath.Base(arg), ".txtar")
	return nil, diag.Errorf("no file, folder or shipped scenario is called %q%s; `ipwsim list` lists the shipped ones", arg,
		diag.Suggest(name, scenarios.Names()))
}

func expandName(name string) ([]scenarioFile, error) {
	data, err := scenarios.Read(name)
	return []scenarioFile{{name + ".txtar", "", name, data}}, err
}

func expandFolder(dir string) ([]scenarioFile, error) {
	entries, err := disk.List(dir)
	if err != nil {
		return nil, err
	}
	var all []scenarioFile
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".txtar" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		data, err := disk.Read(path, disk.MostScenario)
		if err != nil {
			return nil, err
		}
		all = append(all, scenarioFile{path, path, path, data})
	}
	if len(all) == 0 {
		if lookup.IsCluster(dir) {
			return nil, diag.Errorf("found cluster %s, expected a scenario; `ipwsim audit %s` plays what happens in the field on it, `ipwsim run --all --cluster %s` the scenarios that fit any cluster", dir, cli.Quoted(dir), cli.Quoted(dir))
		}
		return nil, diag.Errorf("found no scenario file in %s, expected files ending in .txtar", dir)
	}
	return all, nil
}

// tell says of a run what the command line knows: what its files are warned of, how to run it again, by which ipwsim.
func (s Source) tell(r *finding.Run, cluster string) {
	r.Problems = append(append(r.Problems[:0:0], s.warnings...), r.Problems...)
	r.Rerun, r.Program = rerun(s.arg, cluster, r), cli.Program()
}

// rerun is the command that runs the scenario again.
func rerun(arg, cluster string, r *finding.Run) string {
	words := []string{"ipwsim", "run", cli.Quoted(arg)}
	if cluster != "" {
		words = append(words, "--cluster", cli.Quoted(cluster))
	}
	if r.Trace != nil {
		words = append(words, fmt.Sprint("--seed ", r.Seed))
	}
	return strings.Join(words, " ")
}
