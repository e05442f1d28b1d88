package root_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/rules"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

const (
	timedOut   = "Request timed out."
	timedOutJa = "要求がタイムアウトしました。"
)

// The command line goes before the environment, where the first variable that is set decides, as in the C library.
func TestTheLanguageOfReports(t *testing.T) {
	for _, c := range []struct {
		all, messages, lang string // LC_ALL, LC_MESSAGES and LANG
		args                []string
		japanese            bool
	}{
		{},
		{lang: "C"},
		{lang: "en_US.UTF-8"},
		{lang: "jam"},
		{lang: "ja_JP.UTF-8", japanese: true},
		{lang: "ja", japanese: true},
		{lang: "ja.UTF-8", japanese: true},
		{messages: "ja_JP.UTF-8", japanese: true},
		{messages: "ja_JP.UTF-8", lang: "en_US.UTF-8", japanese: true},
		{messages: "C", lang: "ja_JP.UTF-8"},
		{all: "ja_JP.UTF-8", messages: "C", lang: "C", japanese: true},
		{all: "C", messages: "ja_JP.UTF-8", lang: "ja_JP.UTF-8"},
		{args: []string{"--lang", "ja"}, japanese: true},
		{args: []string{"--lang", "ja"}, all: "C", japanese: true},
		{args: []string{"--lang", "en"}, all: "ja_JP.UTF-8"},
	} {
		for name, value := range map[string]string{"LC_ALL": c.all, "LC_MESSAGES": c.messages, "LANG": c.lang} {
			t.Setenv(name, value)
		}
		want, other, title := timedOut, timedOutJa, "Cable pull and return"
		if c.japanese {
			want, other, title = timedOutJa, timedOut, "ケーブルを抜き、挿し直す"
		}
		got := clitest.Run(append([]string{"run", "cable-pull"}, c.args...)...)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		require.Contains(t, got.Out, want, "%+v", c)
		require.NotContains(t, got.Out, other, "%+v", c)
		require.Contains(t, clitest.Run(append(c.args, "list")...).Out, title, "--lang may stand before the command")
	}
}

// What programs read has no language to choose.
func TestJSONHasOneLanguage(t *testing.T) {
	for _, args := range [][]string{{"run", "cable-pull", "--json"}, {"schema"}} {
		t.Setenv("LANG", "")
		english := clitest.Run(args...)
		require.Equal(t, cli.ExitPass, english.Status, english.Err)
		t.Setenv("LANG", "ja_JP.UTF-8")
		require.Equal(t, english, clitest.Run(args...), args)
	}
}

func TestASuiteInJapanese(t *testing.T) {
	got := clitest.Run("run", "cable-pull", "vip-is-real", "ad-client", clitest.Scenario(t, "case.txtar", clitest.Failing), "--lang", "ja")
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Regexp(t, `\A成功 +cable-pull .*\n成功 +vip-is-real\n弱点 +ad-client .*\n +client のフェールバック 603\.0 秒、ガイド 5-10 秒: (?:.*\n){2,3}失敗 +case .*\n\nシナリオ 4 件: 成功 2 件、弱点あり 1 件、失敗 1 件\n`, got.Out)
	clitest.Columns(t, got.Out)
}

// `help W12` explains the rule that a report cites, with its source.
func TestHelpOnRules(t *testing.T) {
	w12, ok := rules.Lookup("W12")
	require.True(t, ok)
	for lang, japanese := range map[string]bool{"en": false, "ja": true} {
		one := clitest.Run("help", "W12", "--lang", lang)
		require.Equal(t, cli.ExitPass, one.Status, one.Err)
		require.Equal(t, clitest.Unwrapped("W12 "+w12.Text(japanese)+w12.Source(japanese)), clitest.Unwrapped(one.Out))
		clitest.Columns(t, one.Out)
		require.Equal(t, one, clitest.Run("help", "w12", "--lang", lang))

		all := clitest.Run("help", "rules", "--lang", lang)
		require.Equal(t, cli.ExitPass, all.Status, all.Err)
		clitest.Columns(t, all.Out)
		require.Contains(t, all.Out, one.Out)
		for _, r := range rules.All() {
			require.Contains(t, "\n"+all.Out, "\n"+term.Pad(r.ID, 3)+"  ", "each rule begins a line")
			require.Contains(t, clitest.Unwrapped(all.Out), clitest.Unwrapped(r.Text(japanese)+r.Source(japanese)))
			require.Contains(t, "\n"+all.Out, "\n"+r.Group(japanese)+"\n", "each group has its heading")
		}
	}
	got := clitest.Run("help", "Q99")
	require.Equal(t, cli.ExitError, got.Status)
	require.Empty(t, got.Out)
	require.Contains(t, got.Err, "found no rule Q99, expected one of W1-W")
	require.Contains(t, got.Err, "`ipwsim help rules` prints all")
}
