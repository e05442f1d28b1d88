package fault

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyFault draws a fault that a scenario could hold.
func anyFault(t *rapid.T) Fault {
	v := rapid.SampledFrom(Verbs).Draw(t, "verb")
	f := Fault{Kind: v.Kind, Target: rapid.StringMatching(`[a-z][a-z0-9_-]{0,14}`).Draw(t, "target")}
	switch v.Kind {
	case Flap:
		f.For = time.Duration(rapid.Int64Min(1).Draw(t, "for"))
	case Netsh, Outside:
		f.Mode = rapid.SampledFrom(strings.Split(v.Arg, "|")).Draw(t, "mode")
	case Disk:
		f.Target = rapid.SampledFrom(strings.Split(string(v.Target), "|")).Draw(t, "state")
	case Cut:
		f.From = "sw1"
	case Impair:
		f.From = rapid.SampledFrom([]string{"", "sw1"}).Draw(t, "from")
		f.Impairment = anyImpairment(t)
	}
	return f
}

// anyImpairment draws an impairment, one that does nothing among them.
func anyImpairment(t *rapid.T) (i Impairment) {
	percent := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1e-6, 100))
	delay := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(MaxDelay)).Draw(t, "delay"))
	})
	for _, s := range settings {
		if s.Delay != nil {
			*s.Delay(&i) = delay.Draw(t, s.word)
		} else {
			*s.Percent(&i) = percent.Draw(t, s.word)
		}
	}
	if i.Check() != nil {
		i.Reorder, i.Hold = 0, 0
	}
	return i
}

func TestEveryFaultParsesAndPrintsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyFault(t)
		got, err := Parse(strings.Fields(want.String()))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, want.String(), string(got.Kind)+" "+strings.Join(got.Args(), " "))
	})
}

// Words that are no fault are explained, never accepted as another fault.
func TestAnyWordsAreAFaultOrExplained(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"flap", "netsh", "plug", "cut", "impair", "loss", "5%", "hold", "from", "none", "active", "1s", "lie", "0s", "-1s", ""}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 4).Draw(t, "words")
		f, err := Parse(words)
		if err != nil {
			require.Zero(t, f)
			return
		}
		again, err := Parse(append([]string{string(f.Kind)}, f.Args()...))
		require.NoError(t, err)
		require.Equal(t, f, again)
	})
}

func TestErrorsShowTheUsage(t *testing.T) {
	for words, want := range map[string]string{
		"":                              "found nothing, expected a fault",
		"explode active":                `unknown fault "explode"`,
		"Unplug active":                 `unknown fault "Unplug"`,
		"unplug":                        "found \"unplug\", expected `unplug <cable>`",
		"unplug active now":             "found \"unplug active now\", expected `unplug <cable>`",
		"flap active":                   "found \"flap active\", expected `flap <cable> <duration>`",
		"flap active soon":              `flap: "soon" is not a duration above 0, as 1s or 500ms`,
		"flap active 0s":                `flap: "0s" is not a duration above 0, as 1s or 500ms`,
		"flap active -1s":               `flap: "-1s" is not a duration above 0, as 1s or 500ms`,
		"netsh active":                  "found \"netsh active\", expected `netsh <node> <ok|fail|lie>`",
		"netsh active maybe":            `netsh: found "maybe", expected ok, fail or lie`,
		"disk gone":                     `disk: found "gone", expected one of ok, full, read-only`,
		"disk":                          "found \"disk\", expected `disk <ok|full|read-only>`",
		"outside mx eats":               `outside: found "eats", expected takes, refuses, defers or silent`,
		"cut active":                    "found \"cut active\", expected `cut <cable> <end>`",
		"cut active sw1 now":            "found \"cut active sw1 now\", expected `cut <cable> <end>`",
		"impair active":                 "found \"impair active\", expected `impair <cable> <none|setting value...>`",
		"impair active loss":            "impair: found 1 words, expected each setting with its value, as loss 5%",
		"impair active loss 5":          `impair: loss: found "5", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active loss 101%":       `impair: loss: found "101%", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active loss NaN%":       `impair: loss: found "NaN%", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active latency -1s":     `impair: latency: found "-1s", expected a time above 0, up to 1m0s, as 10ms`,
		"impair active latency 2m":      `impair: latency: found "2m", expected a time above 0, up to 1m0s, as 10ms`,
		"impair active noise 5%":        `impair: unknown setting "noise", expected some of loss, latency, jitter, duplicate, reorder, hold`,
		"impair active loss 5% loss 6%": "impair: found loss twice, expected it once",
		"impair active reorder 5%":      "impair: reorder and hold go together: which frames are held back, and for how long",
		"impair active from sw1":        "impair: found 0 words, expected each setting with its value, as loss 5%",
		"impair active loss 5% from":    "impair: found 3 words, expected each setting with its value, as loss 5%",
		"block-echo":                    "found \"block-echo\", expected `block-echo <machine>`",
	} {
		_, err := Parse(strings.Fields(words))
		require.EqualError(t, err, want)
	}
}

func TestEveryKindHasItsVerb(t *testing.T) {
	var described []string
	for _, v := range Verbs {
		described = append(described, string(v.Kind))
		got, ok := Lookup(v.Kind)
		require.True(t, ok)
		require.Equal(t, v, got)
		require.NotEmpty(t, v.Doc, "%s documents itself", v.Kind)
		require.Contains(t, []Target{Cable, Machine, Node, Server, Mode}, v.Target, "%s", v.Kind)
	}
	require.ElementsMatch(t, constants(t, "Kind"), described, "each Kind has one row in Verbs")
	_, ok := Lookup("explode")
	require.False(t, ok)
}

// constants are the values of the source's constants of a type.
func constants(t *testing.T, typ string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), "fault.go", nil, 0)
	require.NoError(t, err)
	values := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if id, ok := spec.Type.(*ast.Ident); ok && id.Name == typ {
				text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				values[text] = true
			}
		}
		return true
	})
	require.NotEmpty(t, values)
	return slices.Collect(maps.Keys(values))
}
