package bugs

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// mutator makes the mutants of one file: it puts text around what each of them changes, and lets all else stand.
type mutator struct {
	fset   *token.FileSet
	info   *types.Info
	file   string
	text   string
	before int // mutants of files before it
	inside string
	made   []Mutant
	wraps  []wrap // the outer before the inner
}

// wrap is text put around a part of the file, whose ends are offsets.
type wrap struct {
	from, to      int
	before, after string
}

// visit takes a node, before those in it.
func (m *mutator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return false // constants, and what is outside functions
	case *ast.FuncDecl:
		m.inside = m.named(n)
	case *ast.BlockStmt:
		m.statements(n.List)
	case *ast.CaseClause:
		m.statements(n.Body)
	case *ast.IfStmt:
		m.condition(n.Cond)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, c := range n.Body.List {
				for _, one := range c.(*ast.CaseClause).List {
					m.condition(one)
				}
			}
		}
	case *ast.ReturnStmt:
		m.conditions(n.Results)
	case *ast.AssignStmt:
		m.conditions(n.Rhs)
	case *ast.BinaryExpr:
		m.binary(n)
	case *ast.CallExpr:
		m.extreme(n)
	}
	return true
}

// statements leaves out, of those of a block, calls and assignments.
func (m *mutator) statements(all []ast.Stmt) {
	for _, s := range all {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if m.saysOnly(s.X) {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt:
		default:
			continue
		}
		m.wrap(s, fmt.Sprintf("if !flaw.Mutant(%d) { ", m.mutant(s, "")), " }")
	}
}

// saysOnly says whether an expression is a call that writes the log.
func (m *mutator) saysOnly(e ast.Expr) bool {
	call, is := e.(*ast.CallExpr)
	if !is {
		return false
	}
	selected, is := call.Fun.(*ast.SelectorExpr)
	return is && strings.HasPrefix(selected.Sel.Name, "log")
}

// conditions are those of some expressions that are boolean and not constant; a constant is turned round.
func (m *mutator) conditions(all []ast.Expr) {
	for _, e := range all {
		t := m.info.Types[e]
		basic, is := t.Type.(*types.Basic)
		switch {
		case !is || basic.Info()&types.IsBoolean == 0:
		case t.Value == nil:
			m.condition(e)
		case t.Value.ExactString() == "true":
			m.wrap(e, "", fmt.Sprintf(" != flaw.Mutant(%d)", m.mutant(e, "false")))
		default:
			m.wrap(e, "", fmt.Sprintf(" != flaw.Mutant(%d)", m.mutant(e, "true")))
		}
	}
}

// condition takes a boolean expression apart, and has each part be always true or always false.
func (m *mutator) condition(e ast.Expr) {
	switch x := e.(type) {
	case *ast.ParenExpr:
		m.condition(x.X)
		return
	case *ast.UnaryExpr:
		m.condition(x.X)
		return
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			other, op := token.LOR, "||"
			if x.Op == token.LOR {
				other, op = token.LAND, "&&"
			}
			n := m.mutant(x, m.of(x.X)+" "+other.String()+" "+m.of(x.Y))
			m.wrap(x, fmt.Sprintf("(flaw.Mutant(%d) && ((%s) %s (%s)) || !flaw.Mutant(%[1]d) && (", n, m.of(x.X), op, m.of(x.Y)), "))")
			m.condition(x.X)
			m.condition(x.Y)
			return
		}
	}
	m.wrap(e, fmt.Sprintf("flaw.Cond(%d, %d, ", m.mutant(e, "true"), m.mutant(e, "false")), ")")
}

// binary has a comparison of order end elsewhere, and a sum, difference or product be another.
func (m *mutator) binary(x *ast.BinaryExpr) {
	a, b := m.of(x.X), m.of(x.Y)
	bound := func(other token.Token, form string) {
		m.wrap(x, "(", fmt.Sprintf(form, a, b, m.mutant(x, a+" "+other.String()+" "+b)))
	}
	switch x.Op {
	case token.LSS:
		bound(token.LEQ, " || (%s) == (%s) && flaw.Mutant(%d))")
	case token.GTR:
		bound(token.GEQ, " || (%s) == (%s) && flaw.Mutant(%d))")
	case token.LEQ:
		bound(token.LSS, " && ((%s) != (%s) || !flaw.Mutant(%d)))")
	case token.GEQ:
		bound(token.GTR, " && ((%s) != (%s) || !flaw.Mutant(%d)))")
	case token.ADD, token.SUB, token.MUL:
		t := m.info.Types[x]
		basic, is := t.Type.Underlying().(*types.Basic)
		if t.Value != nil || !is || basic.Info()&types.IsNumeric == 0 {
			return
		}
		other := token.ADD
		if x.Op == token.ADD {
			other = token.SUB
		}
		m.either(x, "("+a+") "+other.String()+" ("+b+")", a+" "+other.String()+" "+b)
	}
}

// extreme has min be max, and max min.
func (m *mutator) extreme(call *ast.CallExpr) {
	other := map[string]string{"min": "max", "max": "min"}
	name, is := call.Fun.(*ast.Ident)
	if is && m.info.Types[name].IsBuiltin() && other[name.Name] != "" {
		to := other[name.Name] + strings.TrimPrefix(m.of(call), name.Name)
		m.either(call, to, to)
	}
}

// either has an expression be another one, which is said in other words.
func (m *mutator) either(e ast.Expr, other, said string) {
	m.wrap(e, fmt.Sprintf("flaw.Either(%d, ", m.mutant(e, said)), ", "+other+")")
}

// mutant notes what becomes of a node, and gives its number.
func (m *mutator) mutant(n ast.Node, to string) int {
	one := Mutant{
		Number: m.before + len(m.made) + 1, File: m.file, Line: m.fset.Position(n.Pos()).Line,
		Func: m.inside, From: oneLine(m.of(n)), To: oneLine(to),
	}
	for _, o := range m.made {
		if o.Func == one.Func && o.From == one.From && o.To == one.To {
			one.Same++
		}
	}
	m.made = append(m.made, one)
	return one.Number
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// named is a function's name, after its receiver's type.
func (m *mutator) named(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	return strings.TrimPrefix(m.of(f.Recv.List[0].Type), "*") + "." + f.Name.Name
}

// of is a node's text.
func (m *mutator) of(n ast.Node) string { return m.text[m.offset(n.Pos()):m.offset(n.End())] }

func (m *mutator) offset(p token.Pos) int { return m.fset.Position(p).Offset }

func (m *mutator) wrap(n ast.Node, before, after string) {
	m.wraps = append(m.wraps, wrap{m.offset(n.Pos()), m.offset(n.End()), before, after})
}

// rewritten is the file with all mutants in it.
func (m *mutator) rewritten() string {
	type insert struct {
		at, rank int // of those at one place: what ends comes first, the inner before the outer, then what begins
		text     string
	}
	var all []insert
	for i, w := range m.wraps {
		all = append(all, insert{w.from, i, w.before}, insert{w.to, -1 - i, w.after})
	}
	slices.SortFunc(all, func(a, b insert) int { return cmp.Or(a.at-b.at, a.rank-b.rank) })
	var out strings.Builder
	last := 0
	for _, one := range all {
		out.WriteString(m.text[last:one.at])
		out.WriteString(one.text)
		last = one.at
	}
	out.WriteString(m.text[last:])
	return out.String()
}
