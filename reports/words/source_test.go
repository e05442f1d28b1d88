package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/scenarios/check"
)

// source is what the program's Go code and its templates have to do with the catalogues.
type source struct {
	literals map[string]string // every string, with a file that has it
	said     map[string]string // those that can be nothing but keys: of Say, Has, {{say}} and of notes' kinds
	filled   map[string][]int  // with how many values each key is said
}

// root is the module's folder.
const root = "../.."

// forTests are folders of what only tests use.
var forTests = []string{"testdata", "runtest", "clitest", "naive"}

var program = sync.OnceValues(func() (*source, error) {
	s := &source{literals: map[string]string{}, said: map[string]string{}, filled: map[string][]int{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (slices.Contains(forTests, d.Name()) || path != root && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		switch file := strings.TrimPrefix(path, root+"/"); {
		case strings.HasSuffix(file, "_test.go"):
			return nil
		case strings.HasSuffix(file, ".go"):
			return s.code(file)
		case strings.HasSuffix(file, ".html"):
			return s.template(file)
		}
		return nil
	})
	return s, err
})

func (s *source) template(file string) error {
	data, err := os.ReadFile(filepath.Join(root, file))
	for _, m := range regexp.MustCompile(`\bsay "([^"]+)"`).FindAllSubmatch(data, -1) {
		s.literals[string(m[1])], s.said[string(m[1])] = file, file
	}
	return err
}

func (s *source) code(file string) error {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field: // no words: paths and tags
			return false
		case *ast.BasicLit:
			if word, ok := runtest.Literal(n); ok {
				s.literals[word] = file
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && named(f.X, "diag") || strings.HasPrefix(file, "core/diag/") {
				break // of problems
			}
			if word, ok := runtest.Literal(first(n.Args)); ok && (named(n.Fun, "Say", "Has", "note") || named(n.Fun, "Kind")) {
				s.said[word] = file
				if named(n.Fun, "Say") && !n.Ellipsis.IsValid() {
					s.filled[word] = append(s.filled[word], len(n.Args)-1)
				}
			}
		case *ast.CompositeLit:
			s.notes(n, file)
		}
		return true
	})
	return nil
}

// notes adds the kinds of the notes in a literal of one, or of several.
func (s *source) notes(lit *ast.CompositeLit, file string) {
	each := []ast.Expr{lit}
	typ := lit.Type
	if list, ok := typ.(*ast.ArrayType); ok {
		each, typ = lit.Elts, list.Elt
	}
	if !named(typ, "Note") {
		return
	}
	for _, e := range each {
		one, ok := e.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, x := range one.Elts {
			field, ok := x.(*ast.KeyValueExpr)
			if !ok || !named(field.Key, "Kind") {
				continue
			}
			if word, ok := runtest.Literal(field.Value); ok {
				s.said[word] = file
			}
		}
	}
}

func first(all []ast.Expr) ast.Expr {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// named says whether the expression is one of the names, with a package or without.
func named(e ast.Expr, names ...string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return slices.Contains(names, e.Name)
	case *ast.SelectorExpr:
		return slices.Contains(names, e.Sel.Name)
	}
	return false
}

// family is how keys begin that code puts together from a word of a type.
type family struct{ prefix, typ string }

var families = []family{
	{"part.", "sim/finding.Obstacle"},
	{"explain.", "sim/finding.Obstacle"},
	{"cause.", "sim/finding.CauseKind"},
	{"clash.", "sim/finding.Claimant"},
	{"advice.", "sim/finding.Advice"},
	{"loss.", "sim/finding.Loss"},
	{"outcome.", "sim/trace.PingOutcome"},
	{"stage.", "sim/trace.MailStage"},
	{"session-end.", "sim/trace.SessionEnd"},
	{"state.", "sim/trace.AddressState"},
	{"state.", "sim/trace.WatchState"},
	{"state.", "sim/trace.PowerState"},
	{"state.", "reports/lanes.State"},
	{"reason.", "core.Reason"},
	{"why.", "scenarios/facts.SetbackWhy"},
	{"", "sim/finding.FigureName"},
}

// made are the keys that code puts together, with what of. The word "" of a type is none.
func made(t *testing.T) map[string]string {
	all := map[string]string{}
	for _, f := range families {
		for _, word := range runtest.Constants(t, f.typ) {
			switch {
			case word == "":
			case f.prefix == "reason.":
				all[f.prefix+word] = f.typ
			default:
				all[f.prefix+strings.ReplaceAll(word, " ", "-")] = f.typ
			}
		}
	}
	for _, id := range check.IDs() {
		all["check."+id] = "checks"
	}
	return all
}

func read(t *testing.T) *source {
	s, err := program()
	require.NoError(t, err)
	return s
}

// Every word of a type whose words reports say has its text: obstacles and why they stand there, causes, losses,
// advice, what ping.exe says, states, the watcher's reasons, figures; and so has every check.
func TestEveryTypedWordHasItsText(t *testing.T) {
	for key, of := range made(t) {
		require.True(t, words.Has(key), "no text for %q of %s", key, of)
	}
}
