package nights_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/night"
)

// The status says whether a test calls something a regression; all reports tell of it.
func TestHistory(t *testing.T) {
	dir := clitest.Nights(t, 12, 1)
	html := filepath.Join(dir, "history.html")
	for lang, head := range map[string]string{"en": "\nRegressions\n  cable-pull failover  35.0 s  ", "ja": "\n悪化\n  cable-pull failover  35.0 s  "} {
		got := clitest.Run("history", dir, "--html", html, "--lang", lang)
		require.Equal(t, cli.ExitFindings, got.Status, got.Err)
		require.Contains(t, got.Out, head)
		require.Contains(t, got.Out, "Mann-Whitney U")
		require.Contains(t, got.Out, "100000")
		require.Contains(t, got.Out, "1/2")
		require.NotRegexp(t, `history\.[a-z]`, got.Out, "every text is there")
		clitest.Columns(t, got.Out)
		page := clitest.Read(t, html)
		require.NotRegexp(t, `history\.[a-z]`, page)
		require.Contains(t, page, `class="badge fail"`)
		require.Contains(t, page, `<path class="line over thin" d="M`)
	}
	same := clitest.Run("history", filepath.Join(clitest.Nights(t, 12, 0), night.HistoryFile))
	require.Equal(t, cli.ExitPass, same.Status, same.Out)
	require.Contains(t, same.Out, "\nNo regression and no improvement.\n")
	require.Regexp(t, `(?m)^cable-pull failover +[▁▂▃▄▅▆▇█]{10} +3\d\.\d s +3\d\.\d s +3\d\.\d s +[0-9.e-]+$`, same.Out)
	require.Regexp(t, `(?m)^mute +x{10} +not in 100000 +1$`, same.Out)
}

func TestAHistoryWithNothingToCompare(t *testing.T) {
	empty := clitest.Run("history", clitest.Nights(t, 0, 0))
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: "There is no night in it yet.\n"}, empty)
	one := clitest.Run("history", clitest.Nights(t, 1, 0))
	require.Equal(t, cli.ExitPass, one.Status)
	require.Contains(t, clitest.Unwrapped(one.Out), "nodatatocompareitwith")
	require.NotContains(t, one.Out, "No regression", "nobody knows")

	dir := t.TempDir()
	none := clitest.Run("history", dir)
	require.Equal(t, cli.ExitError, none.Status)
	require.Contains(t, none.Err, "cannot read the history "+filepath.Join(dir, night.HistoryFile))
	require.NoFileExists(t, filepath.Join(dir, night.HistoryFile), "it is not made")
	clitest.WriteText(t, filepath.Join(dir, night.HistoryFile), "no database at all, but long enough to be looked at as one: "+fmt.Sprint(make([]int, 100)))
	damaged := clitest.Run("history", dir)
	require.Equal(t, cli.ExitError, damaged.Status)
	require.Regexp(t, `^\S+history.db: the history cannot be used, it may be damaged: .+\n$`, damaged.Err)
}

func TestJSONOfAHistory(t *testing.T) {
	got := clitest.Run("history", clitest.Nights(t, 3, 1), "--json")
	var d struct {
		Ipwsim  string
		Passed  bool
		Nights  []struct{ Seed string }
		Changes []struct {
			Name, Test, Verdict string
			P                   float64
			Trend               []struct{ Value float64 }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.Out), &d), got.Out)
	schema := clitest.Run("schema", "history")
	require.Equal(t, cli.ExitPass, schema.Status)
	valid := runtest.Schema(t, []byte(schema.Out), true)
	require.NoError(t, valid([]byte(got.Out)))
	require.NoError(t, valid([]byte(clitest.Run("history", clitest.Nights(t, 0, 0), "--json").Out)), "no night at all")
	require.Equal(t, "history", d.Ipwsim)
	require.False(t, d.Passed)
	require.Equal(t, "2", d.Nights[2].Seed)
	require.Equal(t, []any{"cable-pull failover", "Mann-Whitney U", "regression"}, []any{d.Changes[0].Name, d.Changes[0].Test, d.Changes[0].Verdict})
	require.Len(t, d.Changes[0].Trend, 3)
}
