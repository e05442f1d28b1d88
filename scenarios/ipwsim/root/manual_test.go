package root_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/rules"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
	"ipwsim/scenarios/manual"
)

var (
	inBlock = regexp.MustCompile(`(?m)^    (?:\$ |parallel )?((?:(?:\./)?ipwsim|make)(?: .*)?)$`)
	inText  = regexp.MustCompile("`((?:(?:\\./)?ipwsim|make)[^`]*)`")
	aName   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// commandLines are the command lines that a page names, with the program first.
func commandLines(page string) (all [][]string) {
	page = strings.ReplaceAll(page, "\\\n", "")
	for _, m := range append(inBlock.FindAllStringSubmatch(page, -1), inText.FindAllStringSubmatch(page, -1)...) {
		words := strings.Fields(m[1])
		if end := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "#") || w == ">" || w == ":::" || w == "|" }); end >= 0 {
			words = words[:end]
		}
		all = append(all, words)
	}
	return all
}

// wrongIn is what a command line names and the program does not have: a command, a flag, a topic, a scenario; a target.
func wrongIn(words []string, makefile string) string {
	if words[0] == "make" {
		if len(words) > 1 && !strings.Contains(makefile, "\n"+words[1]+":") {
			return "no target " + words[1]
		}
		return ""
	}
	top := root.New()
	top.InitDefaultHelpCmd()
	c, rest, err := top.Find(words[1:])
	if err != nil {
		return err.Error()
	}
	c.InitDefaultHelpFlag()
	for i, w := range rest {
		name := strings.TrimLeft(strings.SplitN(w, "=", 2)[0], "-")
		switch {
		case strings.HasPrefix(w, "--") && c.Flag(name) == nil:
			return "no flag " + w
		case strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && c.Flags().ShorthandLookup(name) == nil:
			return "no flag " + w
		case i == 0 && c.Name() == "help" && !isTopic(w):
			return "no topic " + w
		case i == 0 && c.Name() == "run" && c.Parent() == top && aName.MatchString(w) && !slices.Contains(scenarios.Names(), w):
			return "no scenario " + w
		}
	}
	return ""
}

func isTopic(name string) bool {
	if _, ok := rules.Lookup(name); ok || strings.ToUpper(name) == name { // TOPIC is a place for one
		return true
	}
	if _, ok := manual.Lookup(name); ok {
		return true
	}
	c, _, err := root.New().Find([]string{name})
	return err == nil && c.HasParent()
}

// The commands that the README and the manual name are there.
func TestCommandsOfTheManualExist(t *testing.T) {
	top := runtest.Root(t)
	makefile := clitest.Read(t, filepath.Join(top, "Makefile"))
	pages := map[string]string{"README.md": clitest.Read(t, filepath.Join(top, "README.md"))}
	for _, topic := range manual.All() {
		pages[topic.Name] = topic.Text(false)
		pages[topic.Name+", Japanese"] = topic.Text(true)
	}
	n := 0
	for name, page := range pages {
		for _, words := range commandLines(page) {
			require.Empty(t, wrongIn(words, makefile), "%s: %s", name, strings.Join(words, " "))
			n++
		}
	}
	require.Greater(t, n, 80)
	for line, wrong := range map[string]string{
		"    ./ipwsim rnu":                          `unknown command "rnu" for "ipwsim"`,
		"Say `ipwsim run --sed 3`":                  "no flag --sed",
		"    ipwsim study \\\n      --intervall 3":  "no flag --intervall",
		"    $ ipwsim run no-such   # no --comment": "no scenario no-such",
		"Say `ipwsim help\nnothing`":                "no topic nothing",
		"    make everything":                       "no target everything",
	} {
		lines := commandLines(line)
		require.Len(t, lines, 1, line)
		require.Contains(t, wrongIn(lines[0], makefile), wrong)
	}
}

// The README stays short, and names every topic with its file.
func TestTheREADME(t *testing.T) {
	top := runtest.Root(t)
	page := clitest.Read(t, filepath.Join(top, "README.md"))
	require.Less(t, strings.Count(page, "\n"), 200)
	for _, topic := range manual.All() {
		require.Contains(t, page, "\n| `"+topic.Name+"` | ")
	}
	links := regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(page, -1)
	require.Greater(t, len(links), len(manual.All()))
	for _, link := range links {
		require.FileExists(t, filepath.Join(top, link[1]))
	}
}

// A shell that asks gets the names of what is shipped.
func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{
		"run cable-p": "cable-pull", "check gu": "guide", "profiles srv-2008": "srv-2008", "study fie": "field-router",
		"run --lang j": "ja", "run cable-pull --cluster ma": "mail", "serve --node s": "standby",
	} {
		got := clitest.Run(append([]string{"__complete"}, strings.Fields(line)...)...)
		require.Contains(t, strings.Split(got.Out, "\n"), want, line)
	}
	require.NotContains(t, clitest.Run("__complete", "run", "no-such").Out, "cable-pull")
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		script := clitest.Run("completion", shell)
		require.Contains(t, script.Out, "__complete", shell)
		require.Contains(t, clitest.Run("__complete", "completion", shell[:2]).Out, shell)
		require.NotEqual(t, script, clitest.Run("completion", shell, "--no-descriptions"))
		require.Equal(t, script, clitest.Run("completion", shell, "--lang", "ja"))
	}
	require.Contains(t, clitest.Run("completion", "csh").Err, `found "csh", expected one of bash, zsh, fish, powershell`)
	require.Contains(t, clitest.Run("-h").Out, "\n  completion ")
}

// `ipwsim help` lists the topics, and shows each as its file has it.
func TestHelpOnTopics(t *testing.T) {
	for lang, ja := range map[string]bool{"en": false, "ja": true} {
		list := clitest.Run("help", "--lang", lang)
		clitest.Columns(t, list.Out)
		for _, topic := range manual.All() {
			require.Regexp(t, `\n  ipwsim help `+topic.Name+` +`+regexp.QuoteMeta(topic.Title(ja))+`\n`, list.Out)
			got := clitest.Run("help", topic.Name, "--lang", lang)
			require.Equal(t, cli.ExitPass, got.Status)
			require.Equal(t, topic.Text(ja), got.Out)
		}
	}
	require.Contains(t, clitest.Run("study", "-h").Out, "More: `ipwsim help study`\n", "what is both says where the other is")
}
