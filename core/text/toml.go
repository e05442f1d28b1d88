package text

import (
	"strings"

	"ipwsim/core/diag"
)

// What a TOML file may have, so that a parser needs neither memory nor time without bound; ours need a tenth of it.
const (
	mostNesting = 16   // how deep arrays, inline tables and dotted keys go
	mostKeys    = 1000 // below one header; and so many different headers
)

// CheckTOML reports a TOML file that has more than a parser should be given: keys and values nested too deep, or too
// many keys in a table or different tables. It tells strings and comments from the rest and is no parser: anything else
// that is wrong is for one to say.
func CheckTOML(name string, data []byte) (problems diag.List) {
	line, depth, dots, keys, fresh := 1, 0, 0, 0, true
	headers := map[string]bool{}
	for text := string(data); text != ""; {
		n, c := 1, text[0]
		switch c {
		case '"', '\'':
			n = quotedLen(text)
			line += strings.Count(text[:n], "\n")
		case '#':
			if n = strings.IndexByte(text, '\n'); n < 0 {
				n = len(text)
			}
		case '\n':
			line, dots = line+1, 0
		case '=':
			dots, keys = 0, keys+1
		case ',':
			dots = 0
		case '.':
			dots++
		case '[', '{':
			if fresh && depth == 0 {
				header, _, _ := strings.Cut(text, "\n")
				headers[header], keys = true, 0
			}
			depth++
		case ']', '}':
			depth--
		}
		if depth > mostNesting || dots > mostNesting {
			problems.Errorf(name, line, "keys or values are nested more than %d deep; expected fewer", mostNesting)
			return problems
		}
		if keys > mostKeys || len(headers) > mostKeys {
			problems.Errorf(name, line, "found more than %d keys in a table, or different tables; expected fewer", mostKeys)
			return problems
		}
		fresh = c == '\n' || fresh && (c == ' ' || c == '\t' || c == '\r')
		text = text[n:]
	}
	return nil
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
