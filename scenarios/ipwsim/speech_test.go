package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/rules"
	"ipwsim/reports/term"
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
		got := ipwsim(append([]string{"run", "cable-pull"}, c.args...)...)
		require.Equal(t, exitPass, got.status, got.err)
		require.Contains(t, got.out, want, "%+v", c)
		require.NotContains(t, got.out, other, "%+v", c)
		require.Contains(t, ipwsim(append(c.args, "list")...).out, title, "--lang may stand before the command")
	}
}

// What programs read has no language to choose.
func TestJSONHasOneLanguage(t *testing.T) {
	for _, args := range [][]string{{"run", "cable-pull", "--json"}, {"schema"}} {
		t.Setenv("LANG", "")
		english := ipwsim(args...)
		require.Equal(t, exitPass, english.status, english.err)
		t.Setenv("LANG", "ja_JP.UTF-8")
		require.Equal(t, english, ipwsim(args...), args)
	}
}

func TestASuiteInJapanese(t *testing.T) {
	got := ipwsim("run", "cable-pull", "vip-is-real", "ad-client", scenario(t, "case.txtar", failing), "--lang", "ja")
	require.Equal(t, exitFindings, got.status)
	require.Regexp(t, `\A成功 +cable-pull .*\n成功 +vip-is-real\n弱点 +ad-client .*\n +client のフェールバック 603\.0 秒、ガイド 5-10 秒: (?:.*\n){2,3}失敗 +case .*\n\nシナリオ 4 件: 成功 2 件、弱点あり 1 件、失敗 1 件\n`, got.out)
	requireColumns(t, got.out)
}

// `help W12` explains the rule that a report cites, with its source.
func TestHelpOnRules(t *testing.T) {
	w12, ok := rules.Lookup("W12")
	require.True(t, ok)
	for lang, japanese := range map[string]bool{"en": false, "ja": true} {
		one := ipwsim("help", "W12", "--lang", lang)
		require.Equal(t, exitPass, one.status, one.err)
		require.Equal(t, unwrapped("W12 "+w12.Text(japanese)+w12.Source(japanese)), unwrapped(one.out))
		requireColumns(t, one.out)
		require.Equal(t, one, ipwsim("help", "w12", "--lang", lang))

		all := ipwsim("help", "rules", "--lang", lang)
		require.Equal(t, exitPass, all.status, all.err)
		requireColumns(t, all.out)
		require.Contains(t, all.out, one.out)
		for _, r := range rules.All() {
			require.Contains(t, "\n"+all.out, "\n"+term.Pad(r.ID, 3)+"  ", "each rule begins a line")
			require.Contains(t, unwrapped(all.out), unwrapped(r.Text(japanese)+r.Source(japanese)))
			require.Contains(t, "\n"+all.out, "\n"+r.Group(japanese)+"\n", "each group has its heading")
		}
	}
	got := ipwsim("help", "Q99")
	require.Equal(t, exitError, got.status)
	require.Empty(t, got.out)
	require.Contains(t, got.err, "found no rule Q99, expected one of W1-W")
	require.Contains(t, got.err, "`ipwsim help rules` prints all")
}
