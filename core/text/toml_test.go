package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDeepTOMLIsRefusedBeforeItIsParsed(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, 50_000) }
	var headers strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&headers, "[a%d]\n", i)
	}
	for name, c := range map[string]struct {
		text string
		line int // 0: it is no problem
	}{
		"a key of many parts":            {"x = 1\n" + many("a.") + "b = 1", 2},
		"quoted parts":                   {many(`"a".`) + "b = 1", 1},
		"a table of many parts":          {"[" + many("a.") + "b]", 1},
		"arrays":                         {"a = " + many("["), 1},
		"arrays over lines":              {"a = " + many("[\n"), 17},
		"inline tables":                  {"a = " + many("{a="), 1},
		"many brackets in a string":      {`a = "` + many("[") + `"`, 0},
		"behind an escaped quote":        {`a = "\"` + many("[") + `"`, 0},
		"in a string as it is":           {`a = 'c:\' # ` + many("["), 0},
		"in a string of many lines":      {"a = \"\"\"\n" + many("[\n.") + "\"\"\"", 0},
		"in the same without escape":     {"a = '''\n" + many("\\[\n.") + "'''", 0},
		"in a comment":                   {"# " + many("["), 0},
		"many short arrays":              {many("[[a]]\na = [1.5, 2.5]\n"), 0},
		"many numbers":                   {"a = [" + many("1.5, ") + "]", 0},
		"behind a string without an end": {"a = \"\n" + many("["), 2},
		"many keys":                      {many("a = 1\n"), 1001},
		"many keys of an inline table":   {"a = {" + many("a = 1, "), 1},
		"many headers":                   {headers.String(), 1001},
	} {
		t.Run(name, func(t *testing.T) {
			problems := CheckTOML("x.toml", []byte(c.text))
			if c.line == 0 {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			require.Equal(t, c.line, problems[0].Line)
			require.Regexp(t, "^(keys or values are nested more than 16 deep|found more than 1000 keys in a table, or different tables); expected fewer$", problems[0].Message)
		})
	}
}
