package manual_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/scenarios/manual"
)

const columns = 80

// wrongWith is what keeps a page from being read in a terminal.
func wrongWith(text string) (all []string) {
	lines := strings.Split(text, "\n")
	if title, is := strings.CutPrefix(lines[0], "# "); !is || title == "" {
		all = append(all, "no heading: "+lines[0])
	} else if term.Columns(title) > columns-len("  ipwsim help performance  ") {
		all = append(all, "too long for the list of topics: "+title)
	}
	for _, line := range lines {
		switch {
		case term.Columns(line) > columns:
			all = append(all, "too wide: "+line)
		case strings.HasPrefix(line, "|"):
			all = append(all, "a table is for browsers: "+line)
		case strings.ContainsAny(line, "\t\r") || strings.TrimRight(line, " ") != line:
			all = append(all, "blanks that nobody sees: "+line)
		}
	}
	if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
		all = append(all, "it does not end with its last line")
	}
	return all
}

// Every topic is in both languages, and reads well in a terminal.
func TestTopics(t *testing.T) {
	require.Greater(t, len(manual.All()), 10)
	names := map[string]bool{}
	for _, topic := range manual.All() {
		require.False(t, names[topic.Name], "two topics are called %s", topic.Name)
		names[topic.Name] = true
		english, japanese := topic.Text(false), topic.Text(true)
		require.Empty(t, wrongWith(english), topic.Name)
		require.Empty(t, wrongWith(japanese), topic.Name)
		require.NotRegexp(t, `[\p{Hiragana}\p{Katakana}\p{Han}]`, english, topic.Name)
		require.Regexp(t, `\p{Hiragana}`, topic.Title(true)+japanese, topic.Name)
		require.Equal(t, blocks(english), blocks(japanese), "%s: a block of one language is missing in the other", topic.Name)
		require.Equal(t, figures(english), figures(japanese), "%s: a figure of one language is missing in the other", topic.Name)
	}
	_, found := manual.Lookup("no-such-topic")
	require.False(t, found)
}

// blocks counts the headings, the items and the blocks of code.
func blocks(text string) [3]int {
	count := func(pattern string) int { return len(regexp.MustCompile(pattern).FindAllString(text, -1)) }
	return [3]int{count(`(?m)^#+ `), count(`(?m)^ *(-|\d+\.) `), count(`(?m)^\n    \S`)}
}

var number = regexp.MustCompile(`\d[\d,.]*\d|\d`)

// figures are the numbers with more than one digit, sorted, each once: words for small ones differ by language.
func figures(text string) []string {
	var all []string
	for _, n := range number.FindAllString(text, -1) {
		if len(n) > 1 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestWrongTopicsAreCaught(t *testing.T) {
	require.Empty(t, wrongWith("# Title\n\nText.\n"))
	for _, bad := range []string{
		"Text.\n", "#\n", "# " + strings.Repeat("a", 60) + "\n", "# Title\n\n" + strings.Repeat("あ", 41) + "\n", "# Title\n| a | b |\n",
		"# Title\nText. \n", "# Title\n\tText.\n", "# Title\nText.", "# Title\n\n",
	} {
		require.Len(t, wrongWith(bad), 1, bad)
	}
	require.NotEqual(t, blocks("# A\n\n- b\n- c\n"), blocks("# A\n\n- b\n"))
	require.NotEqual(t, figures("in 34.0 s"), figures("34.1 秒"))
}

// Every Markdown file of the tree is a topic, or one of those that only people who change the program read.
func TestNoPageIsForgotten(t *testing.T) {
	known := []string{"README.md", "core/rules/EXTENDING.md", "core/rules/HOSTS.md"}
	texts := map[string]bool{}
	for _, topic := range manual.All() {
		texts[topic.Text(false)], texts[topic.Text(true)] = true, true
	}
	root := runtest.Root(t)
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "out" {
			return leaveOut(err, d)
		}
		name, _ := filepath.Rel(root, path)
		if filepath.Ext(path) != ".md" || slices.Contains(known, filepath.ToSlash(name)) {
			return nil
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, texts[string(text)], "%s is no topic: give it a row in the list of topics", name)
		return nil
	}))
}

// leaveOut leaves the folder out.
func leaveOut(err error, d fs.DirEntry) error {
	if err == nil && d.IsDir() {
		return fs.SkipDir
	}
	return err
}
