package cli

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

// Place is where a flag has a command write. Every command looks at its places before it begins: work of hours is not
// lost at its end for a folder that takes no files, and nobody's files are written over.
type Place struct {
	Flag, Path string // "" for the path: none is wanted
	Check      func(path string) error
}

// Free says what is wrong with the first place that cannot be written to, or that holds what is not the command's.
func Free(places ...Place) error {
	for _, p := range places {
		if p.Path == "" {
			continue
		}
		if err := p.Check(p.Path); err != nil {
			return diag.Errorf("%s: %w", p.Flag, err)
		}
	}
	return nil
}

// File is a file, in a folder that is there.
func File(flag, path string) Place {
	return Place{flag, path, func(path string) error {
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

// AnyFolder is a folder that may hold other files, too: those are told apart by their names.
func AnyFolder(flag, path string) Place {
	return Place{flag, path, func(path string) error {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return diag.Errorf("found file %s, expected a folder", path)
		}
		return disk.TakesFiles(path)
	}}
}

// EmptyFolder is a folder that is new or empty.
func EmptyFolder(flag, path string) Place {
	return Place{flag, path, func(path string) error {
		if err := disk.Empty(path); err != nil {
			return err
		}
		return disk.TakesFiles(path)
	}}
}

// PagesFolder is a folder for run --pages: new, empty, or of an earlier one.
func PagesFolder(flag, path string) Place {
	return resultFolder(flag, path, result{"*.html", "*.html", []string{planFile, AuditFile}, diag.Say("pages of runs")})
}

// AuditFolder is a folder for audit -o: new, empty, or of an earlier one.
func AuditFolder(flag, path string) Place {
	return resultFolder(flag, path, result{AuditFile, "index.html", []string{planFile}, diag.Say("an audit")})
}

const (
	// AuditFile is in the folder of an audit.
	AuditFile = "audit.json"
	planFile  = "plan.json" // of a study or a night
)

// result is what a folder of results is known by.
type result struct {
	mark  string   // a file that each has, as path.Match
	pages string   // what is a page of ours in each, as path.Match
	never []string // what the folder of another command has
	what  diag.Text
}

func resultFolder(flag, path string, r result) Place {
	return Place{flag, path, func(path string) error {
		if err := AnyFolder("", path).Check(path); err != nil {
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
