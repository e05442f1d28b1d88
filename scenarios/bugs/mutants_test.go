package bugs

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// check finds what is wrong with a package by Go's types; all of the module's that it imports is flaw.
func check(t *testing.T, path string, files map[string]string, flaw *types.Package) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		require.NoError(t, err)
		parsed = append(parsed, f)
	}
	conf := types.Config{Importer: withFlaw{importer.ForCompiler(fset, "source", nil), flaw}}
	p, err := conf.Check(path, fset, parsed, nil)
	require.NoError(t, err)
	return p
}

type withFlaw struct {
	types.Importer
	flaw *types.Package
}

func (i withFlaw) Import(path string) (*types.Package, error) {
	if path == "ipwsim/"+switchPackage {
		return i.flaw, nil
	}
	return i.Importer.Import(path)
}

// The watcher with all mutants in it is right by Go's types, and no line has another number.
func TestMutantsAreRightByTheirTypes(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	all, files, err := mutate(root)
	require.NoError(t, err)
	require.Greater(t, len(all), 250)
	for i, m := range all {
		require.Equal(t, i+1, m.Number)
	}
	texts, err := sources(root)
	require.NoError(t, err)
	for name, text := range files {
		require.Equal(t, strings.Count(texts[name], "\n"), strings.Count(text, "\n"), name)
		texts[name] = text
	}
	flaw := check(t, "ipwsim/"+switchPackage, map[string]string{"flaw.go": switches(nil)}, nil)
	check(t, "ipwsim/core", texts, flaw)
}

func TestWhatMutantsThereAre(t *testing.T) {
	const source = `package core

func f(a, b int, on bool, s string, m machine) bool {
	if a < b && !on {
		m.say(s)
		m.logSaid(s)
	}
	on = false
	a++
	s = s + "x"
	switch {
	case a >= 1 || on:
		a = max(a-b, 2*3)
	}
	return s == ""
}

type machine struct{}

func (machine) say(string)     {}
func (machine) logSaid(string) {}
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "core/f.go", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	_, err = (&types.Config{}).Check("core", fset, []*ast.File{f}, info)
	require.NoError(t, err)
	m := &mutator{fset: fset, info: info, file: "core/f.go", text: source}
	ast.Inspect(f, m.visit)
	var said []string
	for _, one := range m.made {
		said = append(said, one.Place()+" "+one.From+" -> "+one.To)
	}
	require.Equal(t, []string{
		"core/f.go:8 on = false -> ",
		"core/f.go:9 a++ -> ",
		`core/f.go:10 s = s + "x" -> `,
		"core/f.go:4 a < b && !on -> a < b || !on",
		"core/f.go:4 a < b -> true",
		"core/f.go:4 a < b -> false",
		"core/f.go:4 on -> true",
		"core/f.go:4 on -> false",
		"core/f.go:4 a < b -> a <= b",
		"core/f.go:5 m.say(s) -> ",
		"core/f.go:8 false -> true",
		"core/f.go:12 a >= 1 || on -> a >= 1 && on",
		"core/f.go:12 a >= 1 -> true",
		"core/f.go:12 a >= 1 -> false",
		"core/f.go:12 on -> true",
		"core/f.go:12 on -> false",
		"core/f.go:13 a = max(a-b, 2*3) -> ",
		"core/f.go:12 a >= 1 -> a > 1",
		"core/f.go:13 max(a-b, 2*3) -> min(a-b, 2*3)",
		"core/f.go:13 a-b -> a + b",
		`core/f.go:15 s == "" -> true`,
		`core/f.go:15 s == "" -> false`,
	}, said)
	require.Contains(t, m.rewritten(), `	if !flaw.Mutant(1) { on = false != flaw.Mutant(11) }`)
	require.Equal(t, "IPWSIM_MUTANT=4", m.made[3].Env())
}
