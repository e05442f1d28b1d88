package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
)

// finder finds the cluster a scenario names: the one given on the command line, else a folder
// beside the scenario's file, else a shipped one.
type finder struct {
	override string // --cluster
	scenario string // path of the scenario's file; "" for a shipped one
}

func (f finder) find(name string) (fs.FS, error) {
	if f.override != "" {
		return folder(f.override)
	}
	if f.scenario != "" {
		beside := filepath.Join(filepath.Dir(f.scenario), name)
		if info, err := os.Stat(beside); err == nil && info.IsDir() {
			return os.DirFS(beside), nil
		}
	}
	sub, err := fs.Sub(scenarios.Clusters(), name)
	if err == nil {
		if _, err = fs.Stat(sub, "cluster.toml"); err == nil {
			return sub, nil
		}
	}
	return nil, fmt.Errorf("cluster %q is neither a folder beside the scenario nor a shipped one (%s)", name, strings.Join(shippedClusters(), ", "))
}

func folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder; a cluster is a folder with cluster.toml, active/ and standby/", path)
	}
	return os.DirFS(path), nil
}

func shippedClusters() []string {
	entries, _ := fs.ReadDir(scenarios.Clusters(), ".") // an embedded folder can be read
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// source is a scenario to run.
type source struct {
	script *script.Script
	find   func(string) (fs.FS, error)
	arg    string // what names it on a command line
}

// load finds the scenarios an argument names: a file, a folder of files, or a shipped name. All
// problems of all files come as one error.
func load(args []string, override string) ([]source, error) {
	var all []source
	var problems diag.List
	for _, arg := range args {
		found, err := expand(arg)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			s, list := script.Parse(f.name, f.data)
			problems = append(problems, list...)
			all = append(all, source{s, finder{override, f.path}.find, f.arg})
		}
	}
	return all, problems.Err()
}

// scenarioFile is a file with how to speak of it.
type scenarioFile struct {
	name string // in messages
	path string // on disk; "" when shipped
	arg  string // to run it again
	data []byte
}

func expand(arg string) ([]scenarioFile, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return expandFolder(arg)
	case err == nil:
		data, err := os.ReadFile(arg)
		return []scenarioFile{{arg, arg, arg, data}}, err
	case slices.Contains(scenarios.Names(), arg):
		data, err := scenarios.Read(arg)
		return []scenarioFile{{arg + ".txtar", "", arg, data}}, err
	case strings.ContainsAny(arg, "./"):
		return nil, err
	}
	hint := ""
	if near, ok := diag.Nearest(arg, scenarios.Names()); ok {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return nil, fmt.Errorf("no file, folder or shipped scenario is called %q%s (`ipwsim list` lists them)", arg, hint)
}

func expandFolder(dir string) ([]scenarioFile, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s holds no scenario file (*.txtar)", dir)
	}
	var all []scenarioFile
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			return nil, err
		}
		all = append(all, scenarioFile{p, p, p, data})
	}
	return all, nil
}
