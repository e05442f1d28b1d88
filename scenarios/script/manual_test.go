package script

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/sim/verb"
)

func page(t *testing.T) string {
	var b bytes.Buffer
	require.NoError(t, ManualIn(&b, English))
	return b.String()
}

func TestManualPage(t *testing.T) { golden.Hold(t, "testdata/help-verbs.txt", page(t)) }

func TestManualFitsATerminal(t *testing.T) {
	for _, line := range strings.Split(page(t), "\n") {
		require.LessOrEqual(t, len(line), manualColumns, line)
		require.Equal(t, strings.TrimRight(line, " "), line)
		require.Equal(t, -1, strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r > '~' }), "ASCII only: %s", line)
	}
}

// Every verb has its usage on lines of its own, and says below what it does.
func TestManualNamesEveryVerb(t *testing.T) {
	text := page(t)
	documented := func(usage, doc string) {
		require.NotEmpty(t, doc, usage)
		require.Contains(t, text, "\n  "+strings.Join(wrap(usage, manualColumns-2), "\n  ")+"\n      "+strings.Fields(doc)[0]+" ")
	}
	for _, s := range statements {
		documented(s.usage, s.doc)
	}
	for _, v := range verb.All {
		if v.Fault == nil {
			documented("[at <time>] "+v.Usage(), v.Doc)
		} else {
			documented("at <time> "+v.Usage(), v.Doc)
		}
	}
	for _, e := range expectations {
		documented(e.usage(false), e.doc)
	}
}

// Every word the parser takes at the beginning of a line is in the manual's tables.
func TestManualLeavesNoVerbOut(t *testing.T) {
	for _, word := range verbWords() {
		if _, ok := verb.Lookup(word); ok {
			continue
		}
		require.True(t, func() bool {
			for _, s := range statements {
				if strings.Contains(" "+s.usage+" ", " "+word+" ") {
					return true
				}
			}
			return false
		}(), "%s is documented", word)
	}
}

func TestManualsExampleWorks(t *testing.T) {
	require.True(t, strings.HasSuffix(page(t), "\n\n"+example), "it can be copied as it stands")
	require.Empty(t, problemsOf("example.txtar", []byte(example)))
	out := run(t, example, Options{})
	require.True(t, passed(out))
}
