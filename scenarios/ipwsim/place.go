package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/page"
)

// place is where a flag has a command write. Every command looks at its places before it begins: work of hours is not
// lost at its end for a folder that takes no files, and nobody's files are written over.
type place struct {
	flag, path string // "" for the path: none is wanted
	check      func(path string) error
}

// free says what is wrong with the first place that cannot be written to, or that holds what is not the command's.
func free(places ...place) error {
	for _, p := range places {
		if p.path == "" {
			continue
		}
		if err := p.check(p.path); err != nil {
			return diag.Errorf("%s: %w", p.flag, err)
		}
	}
	return nil
}

// file is a file, in a folder that is there.
func file(flag, path string) place {
	return place{flag, path, func(path string) error {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return diag.Errorf("found folder %s, expected a file to write", path)
		}
		dir := filepath.Dir(path)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return diag.Errorf("cannot write %s: found no folder %s", path, dir)
		}
		return disk.Takes(path)
	}}
}

// anyFolder is a folder that may hold other files, too: those are told apart by their names.
func anyFolder(flag, path string) place {
	return place{flag, path, func(path string) error {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return diag.Errorf("found file %s, expected a folder", path)
		}
		return disk.TakesFiles(path)
	}}
}

// emptyFolder is a folder that is new or empty.
func emptyFolder(flag, path string) place {
	return place{flag, path, func(path string) error {
		if err := disk.Empty(path); err != nil {
			return err
		}
		return disk.TakesFiles(path)
	}}
}

// pagesFolder is one for run --pages, auditFolder for audit -o: new, empty, or of an earlier one.
func pagesFolder(flag, path string) place {
	return resultFolder(flag, path, result{"*.html", "*.html", []string{planFile, auditFile}, diag.Say("pages of runs")})
}

func auditFolder(flag, path string) place {
	return resultFolder(flag, path, result{auditFile, "index.html", []string{planFile}, diag.Say("an audit")})
}

// studyFolders are those of studies: each new, empty or of this study, whose runs are then gone on with. That it takes
// files shows when it is claimed, before the first run.
func studyFolders(plans []planned) (all []place) {
	for _, p := range plans {
		all = append(all, place{"-o", p.dir, p.Free})
	}
	return all
}

const (
	auditFile = "audit.json" // of an audit
	planFile  = "plan.json"  // of a study or a night
)

// result is what a folder of results is known by.
type result struct {
	mark  string   // a file that each has, as path.Match
	pages string   // what is a page of ours in each, as path.Match
	never []string // what the folder of another command has
	what  diag.Text
}

func resultFolder(flag, path string, r result) place {
	return place{flag, path, func(path string) error {
		if err := anyFolder("", path).check(path); err != nil {
			return err
		}
		entries, err := disk.List(path)
		if name := r.foreign(path, entries); err == nil && name != "" {
			return diag.Errorf("found %s in %s, expected a folder that is new or empty, or that holds %s that ipwsim wrote", name, path, r.what)
		}
		return nil
	}}
}

// foreign is a file that shows that something else uses the folder, "" for none. Hidden files, as .gitignore, do not count.
func (r result) foreign(dir string, entries []fs.DirEntry) string {
	first, marked := "", false
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "."):
			continue
		case slices.Contains(r.never, name), matches(r.pages, name) && !isPage(filepath.Join(dir, name)):
			return name
		case first == "":
			first = name
		}
		marked = marked || matches(r.mark, name)
	}
	if marked {
		return ""
	}
	return first
}

func matches(pattern, name string) bool {
	ok, err := filepath.Match(pattern, name)
	return err == nil && ok
}

// isPage says whether a file is a page that ipwsim wrote.
func isPage(path string) bool {
	ours := false
	err := disk.Stream(path, disk.MostResult, func(r io.Reader) error {
		begin := make([]byte, 4096)
		n, _ := io.ReadFull(r, begin) // a short file is one that is not ours
		ours = page.Ours(begin[:n])
		return nil
	})
	return err == nil && ours
}
