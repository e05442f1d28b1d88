package bugs

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// survivorsFile are the mutants that the search does not catch, by their keys, each judged: why it is none, or what would
// have to see it.
const survivorsFile = "testdata/survivors.txt"

// The judgements.
const (
	equivalent = "equivalent" // no run differs, or in what no rule speaks of
	hole       = "hole"       // a rule should see it, and none does
)

type judged struct{ judgement, why string }

// parseSurvivors reads lines of a key, each with an indented one below it: a judgement, a colon, and why.
func parseSurvivors(name, text string) (map[string]judged, error) {
	all := map[string]judged{}
	key, n := "", 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		inner, indented := strings.CutPrefix(line, "\t")
		judgement, why, _ := strings.Cut(inner, ": ")
		switch {
		case line == "" || line[0] == '#':
		case !indented && (key != "" || all[line] != judged{}):
			return nil, fmt.Errorf("%s:%d: found %q, expected one judgement of each", name, n, line)
		case !indented:
			key = line
		case key == "" || why == "" || judgement != equivalent && judgement != hole:
			return nil, fmt.Errorf("%s:%d: found %q, expected %q or %q, and why", name, n, inner, equivalent+": ", hole+": ")
		default:
			all[key], key = judged{judgement, why}, ""
		}
	}
	if key != "" {
		return nil, fmt.Errorf("%s: found no judgement of the last, expected one", name)
	}
	return all, nil
}

func survivors(t *testing.T) map[string]judged {
	t.Helper()
	text, err := os.ReadFile(survivorsFile)
	require.NoError(t, err)
	all, err := parseSurvivors(survivorsFile, string(text))
	require.NoError(t, err)
	return all
}

// surprises are what the table does not say of the mutants that were tried: by, what each was caught by, "" if it was not.
func surprises(table map[string]judged, by map[string]string) (all []string) {
	for key, caughtBy := range by {
		switch _, known := table[key]; {
		case caughtBy == "" && !known:
			all = append(all, "it is not caught, and nobody has judged it: "+key)
		case caughtBy != "" && known:
			all = append(all, fmt.Sprintf("%s is caught by %s: take it off", key, caughtBy))
		}
	}
	slices.Sort(all)
	return all
}

// Whatever is judged is a mutant of the watcher as it is, whose key is its own, and the topic of the checks has the score.
func TestSurvivorsAreMutants(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	all, err := Mutants(root)
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, m := range all {
		require.False(t, keys[m.Key()], m.Key())
		keys[m.Key()] = true
	}
	count := map[string]int{}
	for key, j := range survivors(t) {
		require.True(t, keys[key], "%s: found %q, which is no mutant any more", survivorsFile, key)
		count[j.judgement]++
	}
	left := count[equivalent] + count[hole]
	for file, says := range map[string][]string{
		"CHECKS.md": {
			fmt.Sprintf("makes %d mutants", len(all)), fmt.Sprintf("%d are caught", len(all)-left), fmt.Sprintf("The other %d are judged", left),
			fmt.Sprintf("%d change nothing", count[equivalent]), fmt.Sprintf("%d are holes", count[hole]),
		},
		"CHECKS.ja.md": {
			fmt.Sprintf("変異体を %d 作", len(all)), fmt.Sprintf("%d を検出", len(all)-left), fmt.Sprintf("残りの %d は", left),
			fmt.Sprintf("%d は規則の", count[equivalent]), fmt.Sprintf("%d は検出の穴", count[hole]),
		},
	} {
		text, err := os.ReadFile("../check/" + file)
		require.NoError(t, err)
		for _, one := range says {
			require.Contains(t, string(text), one, file)
		}
	}
}

func TestSurprises(t *testing.T) {
	table := map[string]judged{"f: a -> true": {equivalent, "b says it too"}, "f: b -> true": {hole, "nothing looks"}}
	require.Empty(t, surprises(table, map[string]string{"f: a -> true": "", "f: b -> true": "", "g: c -> false": "P10"}))
	require.Equal(t, []string{
		"f: a -> true is caught by P3: take it off",
		"it is not caught, and nobody has judged it: g: c -> false",
	}, surprises(table, map[string]string{"f: a -> true": "P3", "f: b -> true": "", "g: c -> false": ""}))
}

func TestASurvivorsTableIsRefused(t *testing.T) {
	all, err := parseSurvivors("s", "# of them\n\nf: a -> true\n\tequivalent: b says it: always\n")
	require.NoError(t, err)
	require.Equal(t, map[string]judged{"f: a -> true": {equivalent, "b says it: always"}}, all)
	for text, want := range map[string]string{
		"f: a -> true\n":                          "s: found no judgement of the last, expected one",
		"f: a -> true\ng: b -> true\n":            `s:2: found "g: b -> true", expected one judgement of each`,
		"f\n\thole: a\nf\n":                       `s:3: found "f", expected one judgement of each`,
		"\thole: a\n":                             `s:1: found "hole: a", expected "equivalent: " or "hole: ", and why`,
		"f: a -> true\n\tperhaps: who knows\n":    `s:2: found "perhaps: who knows", expected "equivalent: " or "hole: ", and why`,
		"f: a -> true\n\tequivalent\n# nothing\n": `s:2: found "equivalent", expected "equivalent: " or "hole: ", and why`,
	} {
		_, err := parseSurvivors("s", text)
		require.EqualError(t, err, want)
	}
}
