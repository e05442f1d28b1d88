package words_test

import (
	"fmt"
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

	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
)

// The catalogues that have no English beside the Japanese: the code has it, or others.
const (
	problemsFile = "problems.txt"
	foreignFile  = "foreign.txt"
)

// diagSays are what makes texts in package diag, with the place of the format among the arguments.
var diagSays = map[string][]int{"Say": {0}, "Errorf": {0}, "Aside": {0}}

// others are packages whose texts are not for people: what servers answer, and problems of the program itself.
var others = []string{"sim/mail", "core/rules", "core/driver/porttest"}

// formats are those of every text that the program can say, with a file that has it.
var formats = sync.OnceValues(func() (map[string]string, []string) {
	all, unknown := map[string]string{}, []string(nil)
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			if slices.Contains(forTests, d.Name()) || path != root && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			if slices.Contains(others, strings.TrimPrefix(path, root+"/")) {
				return nil
			}
			p := readPackage(path)
			p.calls(func(format, file string) { all[format] = file }, func(at string) { unknown = append(unknown, at) })
		}
		return err
	})
	return all, unknown
})

// goPackage is a package's code without its tests.
type goPackage struct {
	files  *token.FileSet
	syntax []*ast.File
	says   map[string][]int  // functions with a parameter called format, and its places
	consts map[string]string // strings of the package
}

func readPackage(dir string) *goPackage {
	p := &goPackage{files: token.NewFileSet(), says: map[string][]int{}, consts: map[string]string{}}
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if f, err := parser.ParseFile(p.files, name, nil, 0); err == nil {
			p.syntax = append(p.syntax, f)
		}
	}
	for _, f := range p.syntax {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				p.constants(g, p.consts)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				p.sayer(n.Name.Name, n.Type)
			case *ast.AssignStmt:
				lit, ok := n.Rhs[0].(*ast.FuncLit)
				if to, is := n.Lhs[0].(*ast.Ident); ok && is {
					p.sayer(to.Name, lit.Type)
				}
			case *ast.Field:
				if t, ok := n.Type.(*ast.FuncType); ok && len(n.Names) == 1 {
					p.sayer(n.Names[0].Name, t)
				}
			}
			return true
		})
	}
	return p
}

// sayer notes a function that makes texts of a format.
func (p *goPackage) sayer(name string, t *ast.FuncType) {
	place := 0
	for _, field := range t.Params.List {
		for _, param := range field.Names {
			if param.Name == "format" {
				p.says[name] = append(p.says[name], place)
			}
			place++
		}
	}
}

// constants adds those of a declaration to what is known.
func (p *goPackage) constants(g *ast.GenDecl, known map[string]string) {
	for _, s := range g.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for i, x := range v.Values {
			if text, ok := p.folded(x, known); ok {
				known[v.Names[i].Name] = text
			}
		}
	}
}

// folded is the value of a constant string.
func (p *goPackage) folded(e ast.Expr, local map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		if text, ok := local[e.Name]; ok {
			return text, true
		}
		text, ok := p.consts[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		a, okA := p.folded(e.X, local)
		b, okB := p.folded(e.Y, local)
		return a + b, okA && okB && e.Op == token.ADD
	}
	return runtest.Literal(e)
}

// calls finds the formats of all texts, and the places whose format it cannot tell.
func (p *goPackage) calls(found func(format, file string), unknown func(at string)) {
	for _, f := range p.syntax {
		for _, d := range f.Decls {
			local := map[string]string{}
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GenDecl:
					p.constants(n, local)
				case *ast.CallExpr:
					at := strings.TrimPrefix(p.files.Position(n.Pos()).String(), root+"/")
					if text, state := p.format(n, local); state == told {
						found(text, at)
					} else if state == untold {
						unknown(at)
					}
				}
				return true
			})
		}
	}
}

// What is known of a call's format.
const (
	none   = iota // it makes no text
	told          // it does, of this format
	untold        // it does, of a format that cannot be told
)

// format is the format of a call that makes a text.
func (p *goPackage) format(call *ast.CallExpr, local map[string]string) (text string, state int) {
	for _, place := range p.places(call) {
		if place >= len(call.Args) {
			continue
		}
		arg := call.Args[place]
		if named(arg, "format") { // passed on
			return "", none
		}
		if one, ok := p.folded(arg, local); ok {
			text, state = one, told
		} else if state == none {
			state = untold
		}
	}
	return text, state
}

// places are where the format may stand among the arguments of the call.
func (p *goPackage) places(call *ast.CallExpr) []int {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return p.says[f.Name]
	case *ast.SelectorExpr:
		if named(f.X, "fmt") {
			return nil
		}
		if named(f.X, "diag") {
			return diagSays[f.Sel.Name]
		}
		if own := p.says[f.Sel.Name]; own != nil {
			return own
		}
		if named(f, "Errorf", "Warnf") { // of a diag.List
			return []int{2}
		}
		if named(f, "Kindf") {
			return []int{3}
		}
	}
	return nil
}

// verbOf is a place in a format with its flags.
var verbOf = regexp.MustCompile(`%([-+#0]*[0-9]*(?:\.[0-9]+)?)(?:\[(\d+)\])?([a-zA-Z%])`)

// quotation is what the reader is to type as it stands.
var quotation = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|ipwsim [a-z]+ --[a-z]+")

// fillings are the verbs of a format by argument, each once: those of "%.60q of %s" are "1 .60q" and "2 s".
func fillings(format string) (all []string) {
	arg := 0
	for _, m := range verbOf.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		if arg++; m[2] != "" {
			arg, _ = strconv.Atoi(m[2])
		}
		all = append(all, fmt.Sprint(arg, " ", m[1], m[3]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// needsNone says whether a format has no word, so that it is the same in every language.
func needsNone(format string) bool {
	return !regexp.MustCompile(`[A-Za-z]`).MatchString(verbOf.ReplaceAllString(format, ""))
}

// japaneseOf is a catalogue of texts with their Japanese alone.
func japaneseOf(t *testing.T, file string) map[string]string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	list, err := entries(string(text))
	require.NoError(t, err)
	all := map[string]string{}
	for _, e := range list {
		require.Len(t, e.texts, 1, e.key)
		require.Empty(t, all[e.key], "%s: it stands there twice", e.key)
		all[e.key] = e.texts[0]
	}
	return all
}

func TestEveryProblemHasItsJapanese(t *testing.T) {
	all, unknown := formats()
	require.Empty(t, unknown, "formats that the test cannot tell")
	require.Greater(t, len(all), 600)
	there := japaneseOf(t, problemsFile)
	for format, at := range all {
		if !needsNone(format) {
			require.Contains(t, there, format, at)
		}
	}
	for _, file := range []string{problemsFile, foreignFile} {
		for format, ja := range japaneseOf(t, file) {
			require.Equal(t, fillings(format), fillings(ja), "%s: %s", format, ja)
			require.NotRegexp(t, english, quotation.ReplaceAllString(ja, "``"), format)
			require.Equal(t, words.Safe(strings.TrimSpace(ja)), ja, format)
		}
	}
}

func TestNoProblemIsUnused(t *testing.T) {
	used, _ := formats()
	for format := range japaneseOf(t, problemsFile) {
		require.Contains(t, used, format)
	}
}

func TestTheLookAtFormatsSees(t *testing.T) {
	all, _ := formats()
	for format, file := range map[string]string{
		"found %q, expected en or ja":                             "scenarios/ipwsim/cli/lang.go", // diag.Errorf
		"-f= is empty; expected the name of a network interface":  "core/table/fields.go",
		"is a loopback address; expected the address of one host": "core/table/fields.go", // of a constant of the function
		"did you mean %q?":                       "core/diag/nearest.go", // an aside
		"%d is out of range; expected 0 or 1":    "sim/cluster/value.go",
		"found %q, expected `seed <n>`":          "scenarios/script/parse.go", // a method
		"found the axis twice, expected it once": "scenarios/study/draft.go",  // a function's variable
	} {
		require.Contains(t, all[format], file)
	}
	require.Equal(t, []string{"1 .60q", "2 s"}, fillings("%[2]s %.60[1]q %[2]s 5%%"))
}
