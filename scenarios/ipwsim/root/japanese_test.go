package root

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/study"
)

// langRun is what a command line prints.
func langRun(args ...string) string {
	var out bytes.Buffer
	Execute(context.Background(), args, &out, &out)
	return out.String()
}

// langCommands are the command lines of all commands.
func langCommands(c *cobra.Command) (all [][]string) {
	all = append(all, strings.Fields(c.CommandPath())[1:])
	for _, sub := range c.Commands() {
		all = append(all, langCommands(sub)...)
	}
	return all
}

var (
	// langEnglish is three words of it in a row.
	langEnglish = regexp.MustCompile(`[A-Za-z][A-Za-z'-]*([ ,;:]{1,2}[A-Za-z][A-Za-z'-]*){2,}`)
	// langTyped is what stands as it is to be typed, or is the name of something.
	langTyped = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|(?m)^ +(ipwsim|curl|--mail-rcpt|at <time>|\\[at <time>\\]|expect|duckdb|python3) .*$|^  +[a-z][A-Za-z ]*(<|\\[|$).*$|(median|p95|p99|worst) (failover|failback)|false, split, outage, band|unplug,shutdown,power,freeze|ipwsim [a-z]+ (NAME|--save( DIR)?)|GNU parallel|p99 failover < 20s, false < 1/year|JSON Schema|--[a-z-]+( [A-Z/,=]+)?|[IN],[JN]|duplicate 1%.*3ms|VIP Preferred")
)

// langUse are cobra's words in usage lines.
var langUse = regexp.MustCompile(`\[(command|flags|command\|topic\|RULE)\]`)

// langWrong are the lines with English, or wider than a terminal.
func langWrong(text string) (wrong []string) {
	for _, line := range strings.Split(text, "\n") {
		if langEnglish.MatchString(langTyped.ReplaceAllString(line, "``")) || term.Columns(line) > 80 || langUse.MatchString(line) {
			wrong = append(wrong, line)
		}
	}
	return wrong
}

func TestJapaneseHelpHasNoEnglish(t *testing.T) {
	for _, path := range langCommands(New()) {
		if slices.Equal(path, []string{rulesTopic}) {
			continue // they quote what Windows and the watcher say
		}
		text := langRun(append(append([]string{"--lang", "ja"}, path...), "-h")...)
		runtest.Harmless(t, text, 80)
		// the example of scenarios and the columns of studies are the same in every language
		text, _, _ = strings.Cut(text, "\n# A cable is out for a minute")
		require.Empty(t, langWrong(text), "ipwsim %s -h:\n%s", strings.Join(path, " "), text)
	}
}

// What is wider than help goes on below what the flag is for.
func TestFlagsFit(t *testing.T) {
	long := strings.Repeat("実行の数", 10)
	require.Equal(t, "  -h, --help   run\n      --all N  "+long[:96]+"\n               "+long[96:]+"\n",
		flagsThatFit("  -h, --help   run\n      --all N  "+long+"\n"))
	require.NotEmpty(t, langWrong("      --all N  "+long))
	require.NotEmpty(t, langWrong("  ipwsim run [flags]"))
}

func TestEveryHelpTextHasItsJapanese(t *testing.T) {
	ja := inJapanese(readHelp(helpText))
	root := New()
	root.InitDefaultHelpCmd()
	var missing []string
	need := func(place, english string) {
		if english != "" && ja[place] == "" {
			missing = append(missing, place)
		}
	}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		need(c.Short, c.Short)
		need("long "+c.CommandPath(), c.Long)
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { need(f.Usage, f.Usage) })
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(root)
	say := func(english string) string {
		if text := strings.TrimSuffix(english, "; at time 0 unless said"); text != "%s" { // it is put behind others
			need(text, text)
		}
		return english
	}
	study.ManualIn(say)
	or := func(place, english string) string { need(place, english); return english }
	require.NoError(t, script.ManualIn(io.Discard, script.Tongue{Text: say, Or: or, Wrap: script.English.Wrap}))
	require.Empty(t, missing)
}

// What is to be typed is the same in both languages.
func TestJapaneseExamplesAreTheSameCommands(t *testing.T) {
	typed := func(example string) (all []string) {
		for _, line := range strings.Split(example, "\n") {
			before, _, _ := strings.Cut(strings.TrimSpace(line), "   ")
			all = append(all, before)
		}
		return all
	}
	ja := inJapanese(readHelp(helpText))
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		said := ja.example(c)
		require.Equal(t, typed(c.Example), typed(said), c.CommandPath())
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(New())
}

// Every text is one of the English help, or at a place that there is.
func TestNoJapaneseHelpIsUnused(t *testing.T) {
	used := map[string]bool{"[flags]": true, "[command|topic|RULE]": true, "(default": true, "help for %s": true, "More:": true}
	note := func(english string) string { used[english] = true; return english }
	ja := inJapanese(readHelp(helpText))
	root := New()
	root.InitDefaultHelpCmd()
	template := root.UsageTemplate()
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for _, place := range []string{"long ", "example "} {
			used[place+c.CommandPath()] = true
		}
		used[c.Short] = true
		for _, line := range strings.Split(c.LocalFlags().FlagUsages()+c.PersistentFlags().FlagUsages(), "\n") {
			for text := range ja {
				used[text] = used[text] || strings.Contains(line, strings.ReplaceAll(text, "`", ""))
			}
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(root)
	study.ManualIn(note)
	english := tongue(words.English)
	english.Text, english.Or = note, func(place, text string) string { used[place] = true; return text }
	require.NoError(t, script.ManualIn(io.Discard, english))
	for text := range ja {
		require.True(t, used[text] || strings.Contains(template, text), text)
	}
}

func TestWrongCommandLinesAreSaidInJapanese(t *testing.T) {
	require.Equal(t, "フラグに値が必要: --pcap\n指定方法は `ipwsim run -h`\n", langRun("--lang", "ja", "run", "--pcap"))
	for line, want := range map[string]string{
		"--foo":                  "不明なフラグ: --foo\n指定方法は `ipwsim -h`\n",
		"run -x":                 "不明な短いフラグ: 'x' (-x の中)\n指定方法は `ipwsim run -h`\n",
		"run --seed x":           "--seed: \"x\" は不可。0 から 18446744073709551615 までの整数を指定\n指定方法は `ipwsim run -h`\n",
		"rum":                    "\"ipwsim\" に \"rum\" というコマンドはない\n\n次の誤り?\n  run\n指定方法は `ipwsim -h`\n",
		"help frob":              "\"ipwsim\" に \"frob\" というコマンドはない\nコマンドとトピックの一覧は `ipwsim help`、規則の一覧は `ipwsim help rules`\n",
		"study a b":              "引数は最大 1 個 (現在 2 個)\n指定方法は `ipwsim study -h`\n",
		"run cable-pul":          "\"cable-pul\" という名前のファイル、フォルダー、付属のシナリオはない (\"cable-pull\" の誤り?)。付属のシナリオの一覧は `ipwsim list`\n",
		"serve --node x":         "--node: \"x\" は不可。active または standby を指定\n",
		"check nowhere":          "\"nowhere\" という名前のフォルダー、ファイル、付属のクラスターはない。付属のクラスター: guide, l3, mail, offices, strangers, two-switch, vrrp\n",
		"report /nowhere/at/all": "/nowhere/at/all: ファイルまたはフォルダーが存在しない\n",
		"study --want p -o /tmp": "エラー: --want: \"p\" は不可。p99 failover < 20s のように、数値、< または >、限度を指定\n",
	} {
		require.Equal(t, want, langRun(append([]string{"--lang=ja"}, strings.Fields(line)...)...), line)
		require.Equal(t, want, langRun(append(strings.Fields(line), "--lang=ja")...), line)
	}
}

// check says in Japanese what is wrong with files, and how much.
func TestCheckSpeaksJapanese(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.txtar")
	require.NoError(t, os.WriteFile(file, []byte("# Title\ncluster guide\nat 20 unplug active\nexpect foo\n"), 0o600))
	require.Equal(t, file+":3: エラー: 時刻 \"20\" に単位がない。20s、1m30s、500ms のように指定\n"+
		file+":4: エラー: 不明な期待 \"foo\"。一覧は `ipwsim help verbs`\n"+file+": エラー 2 件、警告 0 件\n", langRun("check", file, "--lang", "ja"))
	require.Contains(t, langRun("check", file), file+": 2 errors, 0 warnings\n")
}

func TestTheEnvironmentChoosesTheLanguage(t *testing.T) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "ja_JP.UTF-8")
	require.Contains(t, langRun("list", "x"), "の後には何も指定できない")
	require.Contains(t, langRun("list", "x", "--lang", "en"), "expected nothing after ipwsim list")
}
