package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's folder.
const root = "../.."

// source is what the program's Go code and its templates have to do with the catalogues.
type source struct {
	literals map[string]string   // every string, with a file that has it
	said     map[string]string   // those that can be nothing but keys: of Say, Has, {{say}} and of notes' kinds
	filled   map[string][]int    // with how many values each key is said
	typed    map[string][]string // the constants of each type of words: "finding.Obstacle"
	pages    bool                // there is code of pages for browsers
}

var program = sync.OnceValues(func() (*source, error) {
	s := &source{literals: map[string]string{}, said: map[string]string{}, filled: map[string][]int{}, typed: map[string][]string{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "runtest" || path != root && strings.HasPrefix(d.Name(), ".")) {
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
	s.pages = s.pages || strings.HasPrefix(file, "reports/page/")
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field: // no words: paths and tags
			return false
		case *ast.BasicLit:
			if word, ok := text(n); ok {
				s.literals[word] = file
			}
		case *ast.CallExpr:
			if word, ok := text(first(n.Args)); ok && (named(n.Fun, "Say", "Has", "note") || named(n.Fun, "Kind")) {
				s.said[word] = file
				if named(n.Fun, "Say") && !n.Ellipsis.IsValid() {
					s.filled[word] = append(s.filled[word], len(n.Args)-1)
				}
			}
		case *ast.CompositeLit:
			s.notes(n, file)
		case *ast.GenDecl:
			s.constants(f.Name.Name, n)
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
			if word, ok := text(field.Value); ok {
				s.said[word] = file
			}
		}
	}
}

// constants adds those of types of words.
func (s *source) constants(pkg string, d *ast.GenDecl) {
	if d.Tok != token.CONST {
		return
	}
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		of, ok := v.Type.(*ast.Ident)
		if !ok {
			continue
		}
		for _, x := range v.Values {
			if word, ok := text(x); ok {
				s.typed[pkg+"."+of.Name] = append(s.typed[pkg+"."+of.Name], word)
			}
		}
	}
}

// text is the string that the expression is, if it is one as such.
func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	word, err := strconv.Unquote(lit.Value)
	return word, err == nil
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
type family struct {
	prefix string
	types  []string
	not    []string // words that no text has
}

var families = []family{
	{"part.", []string{"finding.Obstacle"}, nil},
	{"explain.", []string{"finding.Obstacle"}, nil},
	{"cause.", []string{"finding.CauseKind"}, nil},
	{"advice.", []string{"finding.Advice"}, []string{""}},
	{"loss.", []string{"finding.Loss"}, []string{""}},
	{"outcome.", []string{"trace.PingOutcome"}, nil},
	{"state.", []string{"trace.AddressState", "trace.WatchState", "trace.PowerState", "lanes.State"}, nil},
	{"reason.", []string{"core.Reason"}, nil},
	{"", []string{"finding.FigureName"}, nil},
}

// made are the keys that code puts together, each with its type.
func (s *source) made() map[string]string {
	all := map[string]string{}
	for _, f := range families {
		for _, typ := range f.types {
			for _, word := range s.typed[typ] {
				if !slices.Contains(f.not, word) {
					all[f.prefix+word] = typ
				}
			}
		}
	}
	return all
}

// keyed are the keys as they stand in the catalogue: with - for a blank, but for the watcher's reasons.
func keyed(key string) string {
	if strings.HasPrefix(key, "reason.") {
		return key
	}
	return dashed(key)
}

func read(t *testing.T) *source {
	s, err := program()
	require.NoError(t, err)
	return s
}

// Every constant of a type whose words reports say has its text: obstacles and why they stand there, causes, losses,
// what ping.exe says, states, the watcher's reasons, figures.
func TestEveryTypedWordHasItsText(t *testing.T) {
	s := read(t)
	for _, f := range families {
		for _, typ := range f.types {
			require.NotEmpty(t, s.typed[typ], "no constants of %s: has it moved?", typ)
		}
	}
	for key, typ := range s.made() {
		require.True(t, Has(keyed(key)), "no text for %q of %s", key, typ)
	}
}
