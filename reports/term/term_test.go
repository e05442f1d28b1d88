package term_test

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

func TestWideCharactersTakeTwoColumns(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "応答": 4, "ｶﾅ": 2, "ＡＢ": 4, "e\u0301": 1, "\u3000": 2, "é": 1, "手順⑪": 5} {
		require.Equal(t, want, term.Columns(s), s)
	}
	require.Equal(t, "応.. ", term.Pad(term.Cut("応答なし", 5), 5))
	require.Equal(t, " 応答", term.PadLeft("応答", 5))
	require.Equal(t, `\x1b  `, term.Pad("\x1b", 6))
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		most  int
		lines string // parted by |
	}{
		{"one two three", 9, "one two|three"},
		{"one  two", 5, "one|two"},
		{"abcdefgh", 6, "abcdef|gh"},
		{"応答がない。", 7, "応答が|ない。"},
		{"応答abc", 5, "応答|abc"},
		{"abc応答", 5, "abc応|答"},
		{"", 8, ""},
		// What closes does not begin a line, and what opens does not end one, whatever their width.
		{"応答ない。", 8, "応答な|い。"},
		{"電源断 (応答)、以後", 13, "電源断 (応|答)、以後"},
		{"保持ない(応答)", 9, "保持ない|(応答)"},
		{"保持ない（応答）", 10, "保持ない|（応答）"},
		{"再実行: ipwsim", 6, "再実|行:|ipwsim"},
		// A number keeps its unit.
		{"the cable was pulled (20 s)", 25, "the cable was pulled|(20 s)"},
		{"キュー内 0 通", 10, "キュー内|0 通"},
		{"電源断 (20.05 秒)、以後", 15, "電源断|(20.05 秒)、以|後"},
		{"took 5 steps", 6, "took 5|steps"},
		// Where nothing else is left a line ends at its last column.
		{"(((((((((", 4, "((((|((((|("},
	} {
		require.Equal(t, c.lines, strings.Join(term.Wrap(c.text, c.most), "|"))
	}
}

// Of any text no line is too wide, and nothing is lost but blanks.
func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := runtest.Texts().Draw(t, "text"), rapid.IntRange(2, 40).Draw(t, "columns")
		all := term.Wrap(s, n)
		for _, l := range all {
			require.LessOrEqual(t, term.Columns(l), n)
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		require.Equal(t, bare(words.Safe(s)), bare(strings.Join(all, "")))
	})
}

// Words in brackets and before stops never leave them, where a line has room for a word with its own.
func TestBracketsAndStopsStayWithTheirWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"応答", "(応答)", "「応答」。", "電源断、", "(P1) 電源断", "active 応答)、", "応答:"})
		s := strings.Join(rapid.SliceOfN(word, 0, 20).Draw(t, "words"), "")
		for _, l := range term.Wrap(s, rapid.IntRange(20, 40).Draw(t, "columns")) {
			first, _ := utf8.DecodeRuneInString(l)
			last, _ := utf8.DecodeLastRuneInString(l)
			require.NotContains(t, []rune(")」、。:"), first, l)
			require.NotContains(t, []rune("(「"), last, l)
		}
	})
}

// page is what is written to a page.
func page(t require.TestingT, opt term.Options, write func(*term.Page)) string {
	p := term.New(opt)
	write(p)
	var b strings.Builder
	require.NoError(t, p.Flush(&b))
	return b.String()
}

func TestAPageIsEightyColumnsWideAndNeverUnderForty(t *testing.T) {
	for asked, want := range map[int]int{0: 80, 100: 100, 39: 40, -5: 40} {
		require.Equal(t, want, term.New(term.Options{Width: asked}).Width())
	}
}

func TestMoreLinesOfAParagraphBeginUnderItsText(t *testing.T) {
	require.Equal(t, "  P1  the VIP is answered again within the\n      failover time\n", page(t, term.Options{Width: 46}, func(p *term.Page) {
		p.Para(term.Plain, "  P1  ", "the VIP is answered again within the failover time")
	}))
	require.Equal(t, "  a lead that leaves too little room\n    a text of some length\n", page(t, term.Options{Width: 40}, func(p *term.Page) {
		p.Para(term.Plain, "  a lead that leaves too little room ", "a text of some length")
	}))
}

func TestSectionsFillTheLine(t *testing.T) {
	for _, title := range []string{"Timeline", "経過", strings.Repeat("long ", 30)} {
		out := page(t, term.Options{}, func(p *term.Page) { p.Section(title) })
		require.Equal(t, 80, term.Columns(strings.Trim(out, "\n")))
	}
}

// Colours are put around what is written, after it has been made harmless.
func TestOnlyThePageColours(t *testing.T) {
	write := func(p *term.Page) { p.Line(term.Bad, "bad\x1b[2J"); p.Line(term.Bad, ""); p.Line(term.Plain, "plain") }
	require.Equal(t, "\x1b[1;31mbad\\x1b[2J\x1b[0m\n\nplain\n", page(t, term.Options{Color: true}, write))
	require.Equal(t, "bad\\x1b[2J\n\nplain\n", page(t, term.Options{}, write))
}

func TestWhateverIsWrittenThePageKeepsItsWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lead, text := runtest.Texts().Draw(t, "lead"), runtest.Texts().Draw(t, "text")
		w := rapid.IntRange(40, 100).Draw(t, "width")
		runtest.Harmless(t, page(t, term.Options{Width: w}, func(p *term.Page) {
			p.Para(term.Plain, lead, text)
			p.Line(term.Plain, text)
			p.Section(text)
			p.Items(slices.Values([]term.Item{{Lead: lead, Text: text}, {Note: true, Text: text}}))
		}), w)
	})
}

// items are lines by class: one letter each.
func items(classes string) (all []term.Item) {
	for _, c := range classes {
		all = append(all, term.Item{Class: string(c), Text: string(c)})
	}
	return all
}

func letters(all []term.Item) string {
	var b strings.Builder
	for _, it := range all {
		b.WriteString(it.Text)
	}
	return b.String()
}

// A run of lines of one class is folded where that saves lines; the fold says how many it hides.
func TestFold(t *testing.T) {
	p := term.New(term.Options{})
	missing := func(h term.Hidden) string { return strings.Repeat(".", h.Lines) }
	for in, want := range map[string]string{
		"":              "",
		"aaaaa":         "aaaaa",
		"aaaaaa":        "aa..aa",
		"aaaaaaaabaaaa": "aa....aabaaaa",
		"abababababab":  "abababababab",
	} {
		got := slices.Collect(p.Fold(slices.Values(items(in)), 2, missing))
		require.Equal(t, want, letters(got))
		for _, it := range got {
			require.Equal(t, strings.HasPrefix(it.Text, "."), it.Note)
		}
	}
	full := term.New(term.Options{Full: true})
	require.Equal(t, "aaaaaaaa", letters(slices.Collect(full.Fold(slices.Values(items("aaaaaaaa")), 2, missing))))
}

// A fold holds no more than it prints, however long the run.
func TestAFoldHoldsNoMoreThanItPrints(t *testing.T) {
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const lines, size = 20_000, 1 << 10
	before, most := live(), int64(0)
	long := func(yield func(term.Item) bool) {
		for i := range lines {
			if !yield(term.Item{Text: strings.Repeat("x", size)}) {
				return
			}
			if i == lines-1 {
				most = live() - before
			}
		}
	}
	p := term.New(term.Options{})
	all := slices.Collect(p.Shorten(p.Fold(long, 3, func(h term.Hidden) string { return strconv.Itoa(h.Lines) })))
	require.Len(t, all, 7)
	require.Equal(t, strconv.Itoa(lines-6), all[3].Text)
	require.Less(t, most, int64(lines*size/10))
}

// What no fold shortens, lines that take turns, is shortened as a whole.
func TestShorten(t *testing.T) {
	long := items(strings.Repeat("ab", 40))
	shorten := func(o term.Options, all []term.Item) []term.Item {
		return slices.Collect(term.New(o).Shorten(slices.Values(all)))
	}
	got := letters(shorten(term.Options{}, long))
	require.Equal(t, strings.Repeat("ab", 15)+"[... 20 more lines: --full shows them ...]"+strings.Repeat("ab", 15), got)
	require.Len(t, shorten(term.Options{}, long[:61]), 61)
	require.Equal(t, long, shorten(term.Options{Full: true}, long))
}

// A command is pasted: where it does not fit, it has a line of its own, whatever its length.
func TestCommandsAreNotParted(t *testing.T) {
	long := "ipwsim run 'a b" + strings.Repeat(" c", 40) + "'"
	for command, want := range map[string]string{
		"ipwsim run x": "  run again: ipwsim run x\n",
		long:           "  run again:\n    " + long + "\n",
		"a\x1b":        "  run again: a\\x1b\n",
	} {
		p := term.New(term.Options{})
		p.Command(term.Plain, "  ", "run again: ", command)
		var b strings.Builder
		require.NoError(t, p.Flush(&b))
		require.Equal(t, want, b.String())
	}
}

// A command calls the program as it was called.
func TestCommandsCallTheProgramAsItWas(t *testing.T) {
	for program, want := range map[string]string{"": "again: ipwsim run x\n", "./ipwsim": "again: ./ipwsim run x\n"} {
		p := term.New(term.Options{Program: program})
		p.Command(term.Plain, "", "again: ", "ipwsim run x")
		var b strings.Builder
		require.NoError(t, p.Flush(&b))
		require.Equal(t, want, b.String())
	}
}
