package rules

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// inText is a rule's number in code, comments, catalogues and scenarios.
	inText = regexp.MustCompile(`\b[WVHNMCP][0-9]{1,2}\b`)
	// inName is those at the beginning of a test's name: TestW15_W21_Refused, TestW1W4AnyTable.
	inName = regexp.MustCompile(`^func (?:Test|Benchmark|Fuzz)((?:[WVHNMCP][0-9]{1,2}_?)+)`)
	number = regexp.MustCompile(`[WVHNMCP][0-9]{1,2}`)
	// notCited is what looks like numbers of rules: MAC addresses, and the moves of an SVG path.
	notCited = regexp.MustCompile(`(?i:(?:[0-9a-f]{2}[-:]){5}[0-9a-f]{2})|"M-?[0-9][^"]*"`)
)

// noRules are percentiles, and the rule that is not there, of which tests speak.
var noRules = []string{"P95", "P99", "H99"}

// citedIn are the rules that a line cites.
func citedIn(line string) []string {
	all := inText.FindAllString(notCited.ReplaceAllString(line, ""), -1)
	if m := inName.FindStringSubmatch(line); m != nil {
		all = append(all, number.FindAllString(m[1], -1)...)
	}
	return slices.DeleteFunc(all, func(id string) bool { return slices.Contains(noRules, id) })
}

func TestCitedIn(t *testing.T) {
	for line, want := range map[string]string{
		"// poll is W11; its count is that of W12 (H7).":        "W11 W12 H7",
		"the VIP goes back (W15-W17)":                           "W15 W17",
		"func TestW15_W21_Refused(t *testing.T) {":              "W15 W21",
		"func TestW1W4AnyTableIsReadBack(t *testing.T) {":       "W1 W4",
		`switch {mac = "00-15-5D-0A-0B-C8"} // N1`:              "N1",
		"00:15:5d:0a:0b:c8":                                     "",
		`<path d="M0 0 8 4 0 8z"/><path d="M11 0V14"/>`:         "",
		"Median, P95, P99 Quantile":                             "",
		"a page of 80 columns, CP932, UTF-8, HW12 and W123":     "",
		"// an entry's age is 600 s (N4), as in [G 15] and 802": "N4",
	} {
		require.Equal(t, want, strings.Join(citedIn(line), " "), line)
	}
}

// citing are the kinds of files that cite rules: code, scenarios, catalogues, configuration, documents, templates.
var citing = []string{".go", ".txtar", ".want", ".txt", ".toml", ".md", ".html"}

// citations are where each rule is cited: file:line of the project's files, read once.
var citations = sync.OnceValues(func() (map[string][]string, error) {
	root := os.DirFS("../..")
	all := map[string][]string{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."), name == "out":
			return fs.SkipDir
		case d.IsDir(), !slices.Contains(citing, path.Ext(name)):
			return nil
		case path.Dir(name) == "core/rules" && strings.HasSuffix(name, "_test.go"):
			return nil // what is cited here is no use of a rule
		}
		data, err := fs.ReadFile(root, name)
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			for _, id := range citedIn(line) {
				all[id] = append(all[id], fmt.Sprint(name, ":", n))
			}
		}
		return err
	})
	return all, err
})

// Whoever reads a number can look it up.
func TestEveryCitedRuleIsThere(t *testing.T) {
	all, err := citations()
	require.NoError(t, err)
	require.Contains(t, all, "W12", "the walk finds the project's files")
	for id, places := range all {
		_, ok := Lookup(id)
		require.True(t, ok, "no rule is called %s, cited in %s", id, strings.Join(places, ", "))
	}
}

// A rule that no test and no scenario speaks of is a rule that may not hold.
func TestEveryRuleIsCitedByATest(t *testing.T) {
	all, err := citations()
	require.NoError(t, err)
	isTest := func(place string) bool {
		file, _, _ := strings.Cut(place, ":")
		return strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, ".txtar")
	}
	var untested []string
	for _, r := range All() {
		if !slices.ContainsFunc(all[r.ID], isTest) {
			untested = append(untested, r.ID)
		}
	}
	require.Empty(t, untested, "cite the rule in the test of it, or write one")
}
