package bugs

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
)

// switchPackage is the package of the switches: in an overlay, and nowhere else.
const switchPackage = "core/flaw"

//go:embed flaw.txt
var flaw string

// switches is the package's file, for these names of bugs in the order of their numbers.
func switches(names []string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = strconv.Quote(n)
	}
	return strings.Replace(flaw, "NAMES", strings.Join(all, ", "), 1)
}

// importing gives a file the switches. No line of it gets another number.
func importing(file, text string) (string, error) {
	i := strings.Index("\n"+text, "\npackage ")
	if i < 0 {
		return "", fmt.Errorf("%s: found no package clause", file)
	}
	end := i + strings.IndexByte(text[i:]+"\n", '\n')
	return text[:end] + `; import "ipwsim/` + switchPackage + `"` + text[end:], nil
}

// patched are the files that the bugs change, as they are then, by their names from the module's root.
func patched(root string) (map[string]string, error) {
	lines, edits := map[string][]string{}, map[string][]edit{}
	for _, b := range all {
		for _, p := range b.patches {
			if lines[p.file] == nil {
				text, err := source(root, p.file)
				if err != nil {
					return nil, err
				}
				lines[p.file] = strings.SplitAfter(text, "\n")
			}
			some, err := p.edits(lines[p.file], b.Name, fmt.Sprintf("flaw.Bug(%d)", b.number))
			if err != nil {
				return nil, err
			}
			edits[p.file] = append(edits[p.file], some...)
		}
	}
	files := map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(lines)) {
		out, err := apply(file, lines[file], edits[file])
		if err == nil {
			files[file], err = importing(file, strings.Join(out, ""))
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// source is a file of the module's.
func source(root, file string) (string, error) {
	text, err := disk.Read(filepath.Join(root, filepath.FromSlash(file)), disk.MostCluster)
	return string(text), err
}

// Overlay writes into the folder what `go build -overlay` takes to build the module at root with all known bugs, none
// of them switched on: overlay.json, and the files that it names. An error is of a patch that does not fit.
func Overlay(root, dir string) error {
	files, err := patched(root)
	if err != nil {
		return err
	}
	var names []string
	for _, b := range all {
		names = append(names, b.Name)
	}
	return overlay(root, dir, files, names)
}

// teller has the search tell which switches were asked.
const teller = `package search

import "ipwsim/` + switchPackage + `"

func init() { asked = flaw.Asked }
`

// overlay writes the files, with the switches.
func overlay(root, dir string, files map[string]string, names []string) error {
	files[switchPackage+"/flaw.go"], files["scenarios/search/flaw.go"] = switches(names), teller
	replace := map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := disk.WriteBytes(to, []byte(files[file])); err != nil {
			return err
		}
		replace[filepath.Join(root, filepath.FromSlash(file))] = to
	}
	index, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	return disk.WriteBytes(filepath.Join(dir, "overlay.json"), index)
}

// Build builds ipwsim with all known bugs from the source at root (see Root) into the file out. It takes a minute where
// nothing of it was built before.
func Build(ctx context.Context, root, out string) error { return build(ctx, root, out, Overlay) }

func build(ctx context.Context, root, out string, write func(root, dir string) error) error {
	if _, err := exec.LookPath("go"); err != nil {
		return diag.Errorf("known bugs are not tried: there is no Go toolchain to build them with")
	}
	dir, err := os.MkdirTemp("", "ipwsim-bugs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := write(root, dir); err != nil {
		return diag.Errorf("known bugs are not tried: %w", err)
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-overlay", filepath.Join(dir, "overlay.json"), "-o", out, "./scenarios/ipwsim")
	c.Dir = root
	if said, err := c.CombinedOutput(); err != nil {
		return diag.Errorf("known bugs are not tried: %w", cmp.Or(context.Cause(ctx), fmt.Errorf("%w\n%s", err, said)))
	}
	return nil
}

// Root is the module's root above the working directory: the source that Build needs.
func Root() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		text, failed := source(dir, "go.mod")
		switch {
		case failed == nil && strings.HasPrefix(text, "module ipwsim\n"):
			return dir, nil
		case failed != nil && !errors.Is(failed, os.ErrNotExist) || dir == filepath.Dir(dir):
			return "", diag.Errorf("the source of ipwsim is not in this folder, nor above it")
		}
	}
	return "", err
}
