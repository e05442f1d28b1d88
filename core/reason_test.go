package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

// A reason without its rule would stand in reports without its source.
func TestEveryReasonHasItsRule(t *testing.T) {
	rule := regexp.MustCompile(`^[WV][0-9]+$`)
	seen := map[Reason]bool{}
	for _, r := range reasons(t) {
		require.Regexp(t, rule, r.Rule(), "%q", r)
		require.False(t, seen[r], "%q stands for two reasons", r)
		seen[r] = true
	}
	require.Contains(t, seen, WhyCycle)
	require.Empty(t, Reason("no reason").Rule())
}

// reasons are the constants of the type in the source.
func reasons(t *testing.T) (all []Reason) {
	f, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Reason" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			all = append(all, Reason(text))
		}
		return true
	})
	return all
}
