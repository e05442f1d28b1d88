package rules

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every row of the table of host behaviour names a rule that is there, and tests that are there.
func TestTheTableOfHostsNamesItsTests(t *testing.T) {
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)`)
	require.NoError(t, fs.WalkDir(os.DirFS("../.."), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		code, err := fs.ReadFile(os.DirFS("../.."), file)
		for _, m := range declared.FindAllStringSubmatch(string(code), -1) {
			tests[m[1]] = true
		}
		return err
	}))
	table, err := os.ReadFile("HOSTS.md")
	require.NoError(t, err)
	rows := regexp.MustCompile(`(?m)^\| [^-b].*\|$|^\| boot.*\|$`).FindAllString(string(table), -1)
	require.Greater(t, len(rows), 15)
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		named := regexp.MustCompile(`Test\w+`).FindAllString(cells[len(cells)-1], -1)
		require.NotEmpty(t, named, row)
		for _, name := range named {
			require.True(t, tests[name], "%s: %s", name, row)
		}
		require.Regexp(t, `[HN][0-9]+`, cells[len(cells)-2], row)
	}
}
