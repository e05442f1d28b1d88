package bugs

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/disk"
)

// Mutant is one small change of the watcher, as nobody would make it on purpose.
type Mutant struct {
	Number int    // from 1, by files
	File   string // from the module's root
	Line   int
	Func   string // that it is in: watcher.poll
	From   string // what stands there, on one line
	To     string // what it became; "": it is left out
	Same   int    // mutants before it that say the same of the same function
}

// MutantVariable is the environment variable that switches a mutant on, by its number, in a program that BuildMutants
// has made.
const MutantVariable = "IPWSIM_MUTANT"

// Env is the setting that switches the mutant on.
func (m Mutant) Env() string { return MutantVariable + "=" + strconv.Itoa(m.Number) }

// Place is where it is: core/poll.go:35.
func (m Mutant) Place() string { return fmt.Sprintf("%s:%d", m.File, m.Line) }

// Key is its own among all, and stays when lines are moved.
func (m Mutant) Key() string {
	key := fmt.Sprintf("%s: %s -> %s", m.Func, m.From, cmp.Or(m.To, "nothing"))
	if m.Same > 0 {
		key += fmt.Sprintf(" (%d)", m.Same+1)
	}
	return key
}

// mutated is the package of which mutants are made, and the only one.
const mutated = "core"

// spared are its files of which none are made, for no run hangs on them: what is only said, and what copies and compares
// watchers, which only `ipwsim explore` does.
var spared = []string{"core/log.go", "core/state.go"}

// Mutants are all that can be made of the watcher whose source is at root:
//
//   - each condition, and each part of one that is joined by && and ||, is always true, or always false
//   - a comparison of order holds for equals too, or no longer
//   - && is ||, and || is &&
//   - a call for its effect, or an assignment, is left out
//   - true is assigned for false, and false for true
//   - a sum is a difference, a product a sum; min is max, and max min
//
// All are right by Go's types. A negation is not among them: who tells always true and always false from right tells it.
func Mutants(root string) ([]Mutant, error) {
	all, _, err := mutate(root)
	return all, err
}

// MutantOverlay is Overlay with all mutants in place of the known bugs.
func MutantOverlay(root, dir string) error {
	_, files, err := mutate(root)
	if err != nil {
		return err
	}
	return overlay(root, dir, files, nil)
}

// BuildMutants is Build with all mutants in place of the known bugs.
func BuildMutants(ctx context.Context, root, out string) error {
	return build(ctx, root, out, MutantOverlay)
}

// mutate makes the mutants, and the files that hold them all.
func mutate(root string) (all []Mutant, files map[string]string, err error) {
	texts, err := sources(root)
	if err != nil {
		return nil, nil, err
	}
	fset := token.NewFileSet()
	var parsed []*ast.File
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		parsed = append(parsed, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := conf.Check("ipwsim/"+mutated, fset, parsed, info); err != nil {
		return nil, nil, err
	}
	files = map[string]string{}
	for i, name := range names {
		if slices.Contains(spared, name) {
			continue
		}
		m := &mutator{fset: fset, info: info, file: name, text: texts[name], before: len(all)}
		ast.Inspect(parsed[i], m.visit)
		if len(m.made) == 0 {
			continue
		}
		if files[name], err = importing(name, m.rewritten()); err != nil {
			return nil, nil, err
		}
		all = append(all, m.made...)
	}
	return all, files, nil
}

// sources are the files of the mutated package, less its tests.
func sources(root string) (map[string]string, error) {
	entries, err := disk.List(filepath.Join(root, mutated))
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		name := mutated + "/" + e.Name()
		if texts[name], err = source(root, name); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
