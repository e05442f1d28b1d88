package reports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

// requireHarmless holds a text report against the promises made for every report: its width, and
// nothing in it that a terminal would obey.
func requireHarmless(t require.TestingT, out string, most int) {
	require.True(t, utf8.ValidString(out))
	require.True(t, strings.HasSuffix(out, "\n"))
	for _, l := range strings.Split(out, "\n") {
		n := 0
		for _, r := range l {
			require.False(t, r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e, "%q", l)
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
			if r >= 0x300 && r < 0x370 { // combining accents stand on the letter before
				n--
			}
		}
		if columns(l) == n {
			require.LessOrEqual(t, n, most, "%q", l)
		}
		require.LessOrEqual(t, columns(l), most, "%q", l)
	}
}

func TestNoLineIsTooWideAndNothingHarmfulComesOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := Options{
			Lang: rapid.SampledFrom([]string{"en", "ja"}).Draw(t, "lang"),
			Full: rapid.Bool().Draw(t, "full"),
		}
		most := 80
		if rapid.Bool().Draw(t, "other width") {
			opt.Width = rapid.IntRange(-5, 130).Draw(t, "width")
			if opt.Width != 0 {
				most = max(40, opt.Width)
			}
		}
		all := rapid.SliceOfN(results(), 0, 3).Draw(t, "results")
		var b strings.Builder
		require.NoError(t, TextSuite(&b, all, opt))
		requireHarmless(t, b.String(), most)
		for _, r := range all {
			b.Reset()
			require.NoError(t, Text(&b, r, opt))
			requireHarmless(t, b.String(), most)
			word := map[bool]string{true: "PASS", false: "FAIL"}[r.Passed()]
			if opt.Lang == "ja" {
				word = map[bool]string{true: "成功", false: "失敗"}[r.Passed()]
			}
			require.True(t, strings.HasPrefix(b.String(), word))
		}
	})
}

func TestControlCharactersAreShown(t *testing.T) {
	r := cablePull()
	r.Scenario = "x\x1b[2Jy\nPASS"
	r.Title = "bad \xff byte, \u202eturned, tab\t"
	r.Trace.Add(sec(180), "active", trace.Log{Text: "first\r\nsecond \x07\n"})
	r.Trace.Add(sec(180), "\x9bmal", trace.Log{Text: "hello"})
	out := text(t, r, Options{})
	require.Contains(t, out, `x\x1b[2Jy\x0aPASS`)
	require.Contains(t, out, `bad \xff byte, \u202eturned, tab\x09`)
	require.Contains(t, out, "] first\n    second \\x07\n")
	require.Contains(t, out, `Watcher's log on \x9bmal`)
	requireHarmless(t, out, 80)
}

func TestColourChangesNothingButTheColour(t *testing.T) {
	for _, r := range []Result{cablePull(), slowFailover(), {}} {
		bare, coloured := text(t, r, Options{}), text(t, r, Options{Color: true})
		require.NotContains(t, bare, "\x1b")
		require.Contains(t, coloured, "\x1b[1;")
		for _, st := range []style{passStyle, failStyle, headStyle, noteStyle, styleEnd} {
			coloured = strings.ReplaceAll(coloured, string(st), "")
		}
		require.Equal(t, bare, coloured)
	}
}

func TestEqualResultsGiveEqualBytes(t *testing.T) {
	for range 3 {
		require.Equal(t, text(t, slowFailover(), Options{}), text(t, slowFailover(), Options{}))
		require.Equal(t, junitOf(t, []Result{slowFailover()}), junitOf(t, []Result{slowFailover()}))
	}
}
