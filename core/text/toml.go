package text

import (
	"strings"

	"ipwsim/core/diag"
)

// mostNesting is how deep a TOML file's arrays, inline tables and dotted keys may go: ours need four.
const mostNesting = 16

// CheckTOML reports a TOML file whose values or keys are nested so deep that a parser needs memory without bound. It
// tells strings and comments from the rest and is no parser: anything else that is wrong is for one to say.
func CheckTOML(name string, data []byte) diag.List {
	var problems diag.List
	line, depth, dots := 1, 0, 0
	for text := string(data); text != ""; {
		n := 1
		switch c := text[0]; c {
		case '"', '\'':
			n = quotedLen(text)
			line += strings.Count(text[:n], "\n")
		case '#':
			if n = strings.IndexByte(text, '\n'); n < 0 {
				n = len(text)
			}
		case '\n':
			line, dots = line+1, 0
		case '=', ',':
			dots = 0
		case '.':
			dots++
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > mostNesting || dots > mostNesting {
			problems.Errorf(name, line, "keys or values are nested more than %d deep; expected fewer", mostNesting)
			return problems
		}
		text = text[n:]
	}
	return problems
}

// quotedLen is the length of the string that text begins with, in one of TOML's four kinds of quotes; one that does not
// end goes on to the end of its line, or of the text.
func quotedLen(text string) int {
	quote := text[:1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(text, long) {
		quote = long
	}
	for i := len(quote); i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case text[i] == '\\' && quote[0] == '"':
			i++
		case text[i] == '\n' && len(quote) == 1:
			return i
		}
	}
	return len(text)
}
