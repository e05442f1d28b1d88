package words_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// entry is a key of a catalogue with its texts, as they stand there.
type entry struct {
	key   string
	texts []string
}

// entries reads a catalogue more strictly than the program does: it misses nothing and forgives nothing.
func entries(text string) (all []entry, err error) {
	for i, line := range strings.Split(text, "\n") {
		said, indented := strings.CutPrefix(line, " ")
		switch {
		case line == "" || line[0] == '#':
		case !indented:
			all = append(all, entry{key: line})
		case len(all) == 0:
			return nil, fmt.Errorf("line %d: a text without a key", i+1)
		default:
			last := &all[len(all)-1]
			last.texts = append(last.texts, said)
		}
	}
	return all, nil
}

// verb is a place in a text that fmt fills.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs are what the text asks of which argument: "1d 2s".
func verbs(text string) string {
	var all []string
	arg := 0
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		if m[2] == "%" {
			continue
		}
		if arg++; m[1] != "" {
			arg, _ = strconv.Atoi(m[1])
		}
		all = append(all, fmt.Sprint(arg, m[2]))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

var name = regexp.MustCompile(`\{[^{}]*\}`)

// names are those that the text wants filled, each once.
func names(text string) string {
	all := name.FindAllString(text, -1)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// english is three words of it in a row.
var english = regexp.MustCompile(`[A-Za-z][A-Za-z'-]*([ ,;:]{1,2}[A-Za-z][A-Za-z'-]*){2,}`)

// joining are the keys of what stands before other texts or between them, and may end in a blank or be nothing.
var joining = regexp.MustCompile(`^(comma|semicolon|.*-(lead|gap))$`)

// wrong is what is wrong with an entry, or "".
func (e entry) wrong() string {
	if len(e.texts) != 2 {
		return fmt.Sprintf("%d texts, expected one in English and one in Japanese", len(e.texts))
	}
	en, ja := e.texts[0], e.texts[1]
	switch {
	case !joining.MatchString(e.key) && (strings.TrimSpace(en) == "" || strings.TrimSpace(ja) == ""):
		return "an empty text"
	case verbs(en) != verbs(ja):
		return fmt.Sprintf("the English wants %q filled, the Japanese %q", verbs(en), verbs(ja))
	case names(en) != names(ja):
		return fmt.Sprintf("the English names %s, the Japanese %s", names(en), names(ja))
	case english.MatchString(ja):
		return "English in the Japanese"
	case words.Safe(en+ja) != en+ja:
		return "a character that a terminal obeys"
	case !joining.MatchString(e.key) && strings.TrimRight(en, " ")+strings.TrimRight(ja, " ") != en+ja:
		return "a blank at the end"
	}
	return ""
}

// catalogues are the entries of each file.
func catalogues(t *testing.T) map[string][]entry {
	files, err := filepath.Glob("*.txt")
	require.NoError(t, err)
	all := map[string][]entry{}
	for _, file := range files {
		if file == problemsFile || file == foreignFile {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all[file], err = entries(string(text))
		require.NoError(t, err, file)
	}
	return all
}

// texts are all of them by key.
func texts(t *testing.T) map[string][]string {
	all := map[string][]string{}
	for _, c := range catalogues(t) {
		for _, e := range c {
			all[e.key] = e.texts
		}
	}
	return all
}

// Every key stands once, in one catalogue, with a text in each language that wants the same filled in; and that is
// what the program says.
func TestEveryKeyHasBothTexts(t *testing.T) {
	where := map[string]string{}
	for file, all := range catalogues(t) {
		for _, e := range all {
			require.Empty(t, e.wrong(), "%s: %s", file, e.key)
			require.Empty(t, where[e.key], "%s: %s stands there too", file, e.key)
			where[e.key] = file
			require.True(t, words.Has(e.key))
			require.Equal(t, e.texts, []string{words.English.Say(e.key), words.Japanese.Say(e.key)})
		}
	}
	require.Greater(t, len(where), 300)
}

func TestTheRulesForCataloguesCatch(t *testing.T) {
	ok := entry{"key", []string{"%s of %s, {at}", "%[2]s の %[1]s, {at}"}}
	require.Empty(t, ok.wrong())
	for what, e := range map[string]entry{
		"no Japanese":            {"key", []string{"word"}},
		"a third text":           {"key", []string{"word", "語", "mot"}},
		"an empty one":           {"key", []string{"word", ""}},
		"a verb that is missing": {"key", []string{"%d of %s", "%d"}},
		"verbs the wrong way":    {"key", []string{"%d of %s", "%s の %d"}},
		"an argument twice":      {"key", []string{"%s of %s", "%[2]s の %[2]s"}},
		"another name":           {"key", []string{"{client}", "{node}"}},
		"English left in":        {"key", []string{"no answer yet", "まだ no answer yet"}},
		"a blank at the end":     {"key", []string{"word ", "語"}},
		"a control character":    {"key", []string{"word", "語\x1b[2J"}},
	} {
		require.NotEmpty(t, e.wrong(), what)
	}
	_, err := entries(" a text\nkey\n")
	require.Error(t, err)
}

// Sentences of notes are filled by name, each by one that is known, and all others by place: neither has what the
// other fills.
func TestATextIsFilledByNameOrByPlace(t *testing.T) {
	full := finding.Note{
		Cause: &finding.Cause{Kind: finding.ByNobody}, Because: &finding.Note{Kind: "why.lost-250"}, Loss: finding.LostLink, What: finding.Netsh,
		Rules: []string{"W1"}, Parts: []finding.Note{{Kind: "copy.box"}}, Fault: 1,
	}
	tell := words.Teller{Facts: &finding.Facts{Faults: []finding.Fault{{Fault: trace.Fault{ID: 1}}}}}
	for file, all := range catalogues(t) {
		for _, e := range all {
			for _, said := range e.texts {
				if file != "notes.txt" {
					require.Empty(t, names(said), e.key)
					continue
				}
				require.Empty(t, verbs(said), e.key)
				full.Kind = finding.Kind(e.key)
				require.Empty(t, names(tell.Note(full)), "%s: nobody fills it", e.key)
			}
		}
	}
}
