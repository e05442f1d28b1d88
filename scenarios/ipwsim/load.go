package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
)

// source is a scenario to run.
type source struct {
	script   *script.Script
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

// load finds the scenarios the command line names, and counts those that --all leaves out. All problems of all files
// come as one error.
func load(args []string, f runFlags) (all []source, left int, err error) {
	var override fs.FS
	if f.cluster != "" {
		dir, err := folder(f.cluster)
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
		all = append(all, source{s, list, finder{override, file.path}.find, file.arg, file.data})
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
func apart(all []source, flag string, what diag.Text) error {
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.script.Name] {
			return diag.Errorf("%s: found two scenarios called %s, expected names that differ: each has a %s of its name", flag, s.script.Name, what)
		}
		seen[s.script.Name] = true
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
		return nil, diag.Errorf("found %s, which is a study, expected a scenario; `ipwsim study %s` runs it", arg, quoted(arg))
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
		if isCluster(dir) {
			return nil, diag.Errorf("found cluster %s, expected a scenario; `ipwsim audit %s` plays what happens in the field on it, `ipwsim run --all --cluster %s` the scenarios that fit any cluster", dir, quoted(dir), quoted(dir))
		}
		return nil, diag.Errorf("found no scenario file in %s, expected files ending in .txtar", dir)
	}
	return all, nil
}

// finder finds the cluster a scenario names: the one given on the command line, else a folder
// beside the scenario's file, else a shipped one.
type finder struct {
	override fs.FS  // --cluster; nil: none
	scenario string // path of the scenario's file; "" for a shipped one
}

func (f finder) find(name string) (fs.FS, error) {
	if f.override != nil {
		return f.override, nil
	}
	if f.scenario != "" {
		beside := filepath.Join(filepath.Dir(f.scenario), name)
		if info, err := os.Stat(beside); err == nil && info.IsDir() {
			return disk.Folder(beside), nil
		}
	}
	shipped := shippedClusters()
	if slices.Contains(shipped, name) {
		return fs.Sub(scenarios.Clusters(), name)
	}
	return nil, notFound{diag.Say("found neither a folder beside the scenario nor a shipped cluster of that name%s; shipped are %s; --cluster DIR takes one from elsewhere",
		diag.Suggest(name, shipped), strings.Join(shipped, ", "))}
}

// notFound is an error that is fs.ErrNotExist and says more.
type notFound struct{ diag.Text }

func (notFound) Is(target error) bool { return target == fs.ErrNotExist }

// folder opens the folder of --cluster, or a shipped cluster where there is none of that name.
func folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		if slices.Contains(shippedClusters(), path) {
			return fs.Sub(scenarios.Clusters(), path)
		}
		return nil, diag.Errorf("--cluster: cannot read the folder %s: %s", path, diag.FileReason(err))
	}
	if !info.IsDir() {
		return nil, diag.Errorf("--cluster: found file %s, expected a folder with cluster.toml, active/ and standby/", path)
	}
	return disk.Folder(path), nil
}

func shippedClusters() []string {
	entries, _ := fs.ReadDir(scenarios.Clusters(), ".") // an embedded folder can be read
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
