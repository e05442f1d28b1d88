package runtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Constants are the values of a package's constants of a type, as its source has them: of "sim/finding.Obstacle", say.
// A word that comes into the program comes into the tests with it.
func Constants(t testing.TB, of string) (all []string) {
	t.Helper()
	folder, name := strings.TrimSuffix(of, path.Ext(of)), strings.TrimPrefix(path.Ext(of), ".")
	files, err := filepath.Glob(filepath.Join(Root(t), folder, "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			all = append(all, constants(d, name)...)
		}
	}
	require.NotEmpty(t, all, "no constants of %s: has it moved?", of)
	return all
}

// constants are those of the type in a declaration.
func constants(d ast.Decl, name string) (all []string) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.CONST {
		return nil
	}
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		if typ, ok := v.Type.(*ast.Ident); !ok || typ.Name != name {
			continue
		}
		for _, x := range v.Values {
			if word, ok := Literal(x); ok {
				all = append(all, word)
			}
		}
	}
	return all
}

// Literal is the string that the expression is, if it is one as such.
func Literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	word, err := strconv.Unquote(lit.Value)
	return word, err == nil
}

// Root is the module's folder.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		require.NotEqual(t, dir, filepath.Dir(dir), "no go.mod above the test")
		dir = filepath.Dir(dir)
	}
}
