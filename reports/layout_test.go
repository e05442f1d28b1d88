package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

func TestEveryMessageIsThereInBothLanguages(t *testing.T) {
	verbs := func(s string) string {
		var all []string
		for i := range s {
			if s[i] == '%' && i+1 < len(s) {
				all = append(all, s[i:i+2])
			}
		}
		return strings.Join(all, " ")
	}
	for k := range mailMessages {
		m := k.phrase()
		require.NotEmpty(t, m.en, "key %d", k)
		require.NotEmpty(t, m.ja, "key %d: %s", k, m.en)
		require.Equal(t, verbs(m.en), verbs(m.ja), m.en)
		require.Equal(t, safe(m.en+m.ja), m.en+m.ja)
	}
}

func TestWideCharactersTakeTwoColumns(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "応答": 4, "ｶﾅ": 2, "ＡＢ": 4, "e\u0301": 1, "\u3000": 2, "é": 1} {
		require.Equal(t, want, columns(s), s)
	}
	require.Equal(t, "応.. ", pad(cut("応答なし", 5), 5))
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"one two", "three"}, wrap("one two three", 9))
	require.Equal(t, []string{"abcdef", "gh"}, wrap("abcdefgh", 6))
	require.Equal(t, []string{"応答が", "ない。"}, wrap("応答がない。", 7))
	require.Equal(t, []string{"応答な", "い。"}, wrap("応答ない。", 8), "a full stop does not begin a line")
	require.Equal(t, []string{""}, wrap("", 8))
	rapid.Check(t, func(t *rapid.T) {
		s, n := words().Draw(t, "text"), rapid.IntRange(2, 40).Draw(t, "columns")
		all := wrap(s, n)
		for _, l := range all {
			require.LessOrEqual(t, columns(l), n)
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		require.Equal(t, bare(safe(s)), bare(strings.Join(all, "")), "nothing is lost")
	})
}

func bar(l Lane, end float64, n int) string {
	var g glyphs
	var b strings.Builder
	for _, state := range l.cells(end, n) {
		b.WriteByte(g.glyph(state))
	}
	return b.String()
}

func TestLaneShowsShortStates(t *testing.T) {
	for _, c := range []struct {
		want  string
		spans []Span
	}{
		{"..........", nil},
		{"=====.....", []Span{{sec(-5), sec(50), "preferred"}}},
		{"====.=====", []Span{{0, sec(44), "preferred"}, {sec(45), sec(200), "preferred"}}},
		{"....=.....", []Span{{sec(44), sec(45), "preferred"}}},
		{"....Dt====", []Span{{sec(48), sec(51), "duplicate"}, {sec(51), sec(54), "tentative"}, {sec(54), sec(100), "preferred"}}},
		{"....D.....", []Span{{sec(41), sec(49), "answered"}, {sec(49), sec(49.5), "duplicate"}}},
		{"======####", []Span{{0, sec(60), "preferred"}, {sec(50), sec(100), "answered"}}},
		{"RSA.......", []Span{{0, sec(10), "running"}, {sec(10), sec(20), "stopped"}, {sec(20), sec(30), "rebooting"}}},
	} {
		require.Equal(t, c.want, bar(Lane{Spans: c.spans}, 100, 10))
	}
}

func TestFaultsThatCollideAreStacked(t *testing.T) {
	r := cablePull()
	r.Trace = &trace.Trace{End: sec(100)}
	for i := range 60 {
		r.Trace.Add(sec(50), "", trace.Fault{Verb: fmt.Sprint("fault", i)})
	}
	out := text(t, r, Options{})
	require.Regexp(t, `(?m)^faults +a$\n^ +b$\n^ +c$\n^ +\+$`, out)
	require.Contains(t, out, "  a  50.000 s  fault0\n")
	require.Contains(t, out, "[... 40 more notes ...]")
	require.Contains(t, out, "  +  50.000 s  fault59\n")
}

func TestTheScaleFitsAnyRun(t *testing.T) {
	for _, end := range []float64{1e-9, 0.3, 1, 59, 3600, 1e6, 9.2e9} {
		r := cablePull()
		r.Trace.End = sec(end)
		requireHarmless(t, text(t, r, Options{}), 80)
	}
}

func TestUnforeseenStatesGetLettersOfTheirOwn(t *testing.T) {
	var g glyphs
	seen := make(map[byte]bool)
	for i := range 25 {
		c := g.glyph(fmt.Sprint("state", i))
		require.False(t, seen[c], "%c twice", c)
		seen[c] = true
	}
	require.Equal(t, byte('?'), g.glyph("one too many"))
	require.Equal(t, byte('D'), g.glyph("duplicate"))
}

func TestWatcherNamesTheVIPWhereThereAreTwo(t *testing.T) {
	r := cablePull()
	require.Contains(t, text(t, r, Options{}), "[51.600 s  held: the address was added (W8)]")
	r.Trace.Header.VIPs = append(r.Trace.Header.VIPs, trace.VIP{Address: clientIP})
	require.Contains(t, text(t, r, Options{}), "[51.600 s  192.168.10.202 held: the address was added (W8)]")
}
