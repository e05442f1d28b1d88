package batch

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// condition is what an `if` asks: known when the file is read, or only when it runs.
type condition struct {
	holds bool  // known
	test  *Test // else: of how the command before ended
}

// negated is its opposite.
func (c condition) negated() condition {
	if c.test != nil {
		return condition{test: &Test{Failed: !c.test.Failed}}
	}
	return condition{holds: !c.holds}
}

// status is the variable that only a run knows.
const status = "%errorlevel%"

// conditional does an `if` with its `else`, and what follows it.
func (p *parser) conditional(text string) {
	_, rest := cutWord(text)
	c, rest, ok := p.condition(rest)
	if !ok {
		p.unsure = p.unsure || jumps.MatchString(text)
		p.unplayed(text, "what it asks is not known here")
		return
	}
	then, rest, ok := cutBody(rest)
	if !ok {
		p.unplayed(text, "its parentheses do not match")
		return
	}
	other := ""
	if first, after := cutWord(rest); strings.EqualFold(first, "else") {
		if other, rest, ok = cutBody(after); !ok {
			p.unplayed(text, "its parentheses do not match")
			return
		}
	}
	p.branches(c, then, other)
	p.following(rest)
}

// branches does the one that the condition chooses, or leaves it to the run.
func (p *parser) branches(c condition, then, other string) {
	switch {
	case p.meant != nil:
		p.statement(then)
		p.statement(other)
	case c.test == nil && c.holds:
		p.statement(then)
	case c.test == nil:
		p.statement(other)
	case other == "":
		p.tested(*c.test, func() { p.statement(then) })
	default: // one test for both: the status may be another one behind the first branch
		p.tested(*c.test, func() {
			p.statement(then)
			p.add(Command{Test: &Test{Never: true}})
		})
		jump := len(p.commands) - 1
		before := len(p.commands)
		p.maybe++
		p.statement(other)
		p.maybe--
		p.commands[jump].Test.Skip = len(p.commands) - before
	}
}

// tested puts a test before what is done if it holds.
func (p *parser) tested(t Test, do func()) {
	at := len(p.commands)
	p.add(Command{Test: &t})
	p.maybe++
	do()
	p.maybe--
	if t.Skip = len(p.commands) - at - 1; t.Skip == 0 {
		p.commands = p.commands[:at]
	}
}

// following does what stands behind a block.
func (p *parser) following(rest string) {
	switch {
	case rest == "":
	case strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, "|"):
		p.unplayed(rest, "what depends on a block is not")
	default:
		p.statement(strings.TrimLeft(rest, "&"+blanks))
	}
}

// condition reads what an `if` asks, and gives the rest of the line.
//
// Inferred: no file is there, but for batch files that are known.
func (p *parser) condition(text string) (c condition, rest string, ok bool) {
	return p.asked("if ", text)
}

// asked is the same behind what is read of it.
func (p *parser) asked(before, text string) (c condition, rest string, ok bool) {
	word, rest := cutWord(text)
	fold := strings.EqualFold(word, "/i")
	if fold {
		text = rest
		word, rest = cutWord(text)
	}
	switch strings.ToLower(word) {
	case "not":
		c, rest, ok = p.asked(before+word+" ", rest)
		return c.negated(), rest, ok
	case "errorlevel":
		word, rest = cutWord(rest)
		n, err := strconv.Atoi(word)
		return atLeast(n), rest, err == nil
	case "exist":
		word, rest = cutQuoted(rest)
		if _, _, there := p.file(word); there {
			return condition{holds: true}, rest, true
		}
		p.warnf("found `%.60s`, which is played as if there were no such file", before+"exist "+word)
		return condition{}, rest, true
	case "defined":
		word, rest = cutWord(rest)
		_, known := p.vars[strings.ToLower(word)]
		return condition{holds: known}, rest, true
	}
	return compared(text, fold)
}

// compared reads a comparison of two words.
func compared(text string, fold bool) (c condition, rest string, ok bool) {
	left, rest := cutQuoted(text)
	operator, right := "==", ""
	if a, b, joined := strings.Cut(left, "=="); joined {
		left, right = a, b
	} else if operator, rest = cutWord(rest); strings.HasPrefix(operator, "==") && len(operator) > 2 {
		operator, right = "==", operator[2:]
	}
	if right == "" {
		right, rest = cutQuoted(rest)
	}
	operator = strings.ToLower(operator)
	left, right = strings.Trim(left, `"`), strings.Trim(right, `"`)
	n, err := strconv.Atoi(right)
	number, numberErr := strconv.Atoi(left)
	switch known := slices.Contains([]string{"==", "equ", "neq"}, operator); {
	case err == nil && numberErr == nil && operator != "==":
		c, ok = ofNumbers(operator, number-n)
		return c, rest, ok
	case strings.EqualFold(left, status) && err == nil:
		c, ok = ofStatus(operator, n)
		return c, rest, ok
	case !known || strings.Contains(left+right, "%"):
		return c, rest, false
	case fold:
		left, right = strings.ToLower(left), strings.ToLower(right)
	}
	return condition{holds: (left == right) != (operator == "neq")}, rest, true
}

// jumps is what may end a loop.
var jumps = regexp.MustCompile(`(?i)\b(goto|exit)\b`)

// ofNumbers is a comparison of two numbers, by their difference.
func ofNumbers(operator string, difference int) (condition, bool) {
	holds, known := map[string]bool{
		"equ": difference == 0, "neq": difference != 0, "lss": difference < 0, "leq": difference <= 0, "gtr": difference > 0, "geq": difference >= 0,
	}[operator]
	return condition{holds: holds}, known
}

// ofStatus is a comparison of the status, which is 0 or 1 of all that is played here.
func ofStatus(operator string, n int) (condition, bool) {
	switch operator {
	case "geq":
		return atLeast(n), true
	case "gtr":
		return atLeast(n + 1), true
	case "lss":
		return atLeast(n).negated(), true
	case "leq":
		return atLeast(n + 1).negated(), true
	case "==", "equ":
		return exactly(n), true
	case "neq":
		return exactly(n).negated(), true
	}
	return condition{}, false
}

func atLeast(n int) condition {
	if n == 1 {
		return condition{test: &Test{Failed: true}}
	}
	return condition{holds: n <= 0}
}

func exactly(n int) condition {
	switch n {
	case 0:
		return condition{test: &Test{}}
	case 1:
		return condition{test: &Test{Failed: true}}
	}
	return condition{}
}

// cutQuoted parts the first word, or what stands in quotes, from the rest.
func cutQuoted(text string) (first, rest string) {
	for i, r := range unquoted(text) {
		if strings.ContainsRune(blanks, r) {
			return text[:i], strings.TrimLeft(text[i:], blanks)
		}
	}
	return text, ""
}

// cutBody parts what an `if` does from what follows: a block, or else all the rest.
func cutBody(text string) (body, rest string, ok bool) {
	if !strings.HasPrefix(text, "(") {
		return text, "", true
	}
	depth := 0
	for i, r := range unquoted(text) {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text[1:i], strings.TrimLeft(text[i+1:], blanks), true
			}
		}
	}
	return "", "", false
}
