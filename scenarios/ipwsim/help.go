package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/rules"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/manual"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// rulesTopic is the page of all rules.
const rulesTopic = "rules"

// helpCommand is cobra's own, but for rules, and for what it does with a topic that does not exist: an error.
func helpCommand(lang *langFlag) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command|topic|RULE]",
		Short: "Help about any command or topic, and the rules that reports cite",
		Long: `help shows what a command does, its flags and examples; or a topic, a page of
the manual; or a rule with its source. What is both a command and a topic, as
study, is the topic here, and the command in ipwsim study -h.`,
		Example: `  ipwsim help run
  ipwsim help mail    a topic
  ipwsim help verbs   the language of scenario files
  ipwsim help W12     a rule, with its source
  ipwsim help rules   all rules`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				if r, ok := rules.Lookup(args[0]); ok {
					return printRules(c.OutOrStdout(), []rules.Rule{r}, lang)
				}
			}
			if len(args) == 1 {
				if page, ok := manual.Lookup(args[0]); ok {
					_, err := io.WriteString(c.OutOrStdout(), page.Text(lang.Lang == words.Japanese))
					return err
				}
			}
			topic, _, err := c.Root().Find(args)
			if err != nil && rules.IsID(args[0]) {
				return diag.Errorf("found no rule %s, expected one of %s; `ipwsim help rules` prints all", strings.ToUpper(args[0]), rules.Ranges())
			}
			if err != nil {
				return errors.Join(unknownCommand(c.Root(), err), diag.Errorf("`ipwsim help` lists the commands and topics, `ipwsim help rules` the rules"))
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}

// listTopics puts the pages of the manual into the root's help, and says in the help of a command which is about it.
func listTopics(root *cobra.Command, lang words.Lang) {
	const each = "{{range .Commands}}{{if .IsAdditionalHelpTopicCommand}}\n  {{rpad .CommandPath .CommandPathPadding}} {{.Short}}{{end}}{{end}}" // cobra's
	ja := lang == words.Japanese
	var lines strings.Builder
	line := func(name, title string) { fmt.Fprintf(&lines, "\n  ipwsim help %-11s  %s", name, title) }
	for _, c := range root.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			line(c.Name(), c.Short)
		}
		if _, is := manual.Lookup(c.Name()); is {
			c.Long += "\n\n" + tongue(lang).Text("More:") + " `ipwsim help " + c.Name() + "`"
		}
	}
	for _, t := range manual.All() {
		line(t.Name, t.Title(ja))
	}
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), each, "{{if .HasParent}}"+each+"{{else}}"+lines.String()+"{{end}}", 1))
}

// printRules prints rules with their sources, under the headings of their groups where there are many.
func printRules(w io.Writer, all []rules.Rule, lang *langFlag) error {
	p := term.New(lang.page(w))
	ja := lang.Lang == words.Japanese
	group := ""
	for _, r := range all {
		if g := r.Group(ja); len(all) > 1 && g != group {
			if group != "" {
				p.Line(term.Plain, "")
			}
			p.Line(term.Head, g)
			group = g
		}
		lead := term.Pad(r.ID, 3) + "  "
		p.Para(term.Plain, lead, r.Text(ja))
		p.Para(term.Note, strings.Repeat(" ", len(lead)), r.Source(ja))
	}
	return p.Flush(w)
}

// rulesPage is the page `ipwsim help rules`, as the list of topics names it.
func rulesPage(lang *langFlag) *cobra.Command {
	c := &cobra.Command{Use: rulesTopic, Short: "The rules that reports cite, with their sources"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		out := c.OutOrStdout()
		err := printRules(out, rules.All(), lang)
		t := tongue(lang.Lang)
		fmt.Fprintf(out, "\n%s\n  ipwsim help W12\n", t.Text("Examples"))
		if err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}

// verbsTopic is the page `ipwsim help verbs`.
func verbsTopic(lang *langFlag) *cobra.Command {
	c := &cobra.Command{Use: "verbs", Short: "The language of scenario files"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := script.ManualIn(c.OutOrStdout(), tongue(lang.Lang)); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}

// tell says of a run what the command line knows: what its files are warned of, how to run it again, by which ipwsim.
func (s source) tell(r *finding.Run, cluster string) {
	r.Problems = append(append(r.Problems[:0:0], s.warnings...), r.Problems...)
	r.Rerun, r.Program = rerun(s.arg, cluster, r), program()
}

// rerun is the command that runs the scenario again.
func rerun(arg, cluster string, r *finding.Run) string {
	words := []string{typed, "run", quoted(arg)}
	if cluster != "" {
		words = append(words, "--cluster", quoted(cluster))
	}
	if r.Trace != nil {
		words = append(words, fmt.Sprint("--seed ", r.Seed))
	}
	return strings.Join(words, " ")
}

// typed is how the program was called.
var typed = called(os.Args[0], runtime.GOOS)

// called is what people type to call the program that the system calls by that name: go run makes one in a folder of its
// own, which is gone afterwards.
func called(name, system string) string {
	if strings.Contains(filepath.ToSlash(name), "/go-build") {
		return "go run ./scenarios/ipwsim"
	}
	return quotedOn(system, name)
}

// quoted is the word as this system's shell reads it.
func quoted(word string) string { return quotedOn(runtime.GOOS, word) }

// quotedOn is the word as a shell of the system, a GOOS, reads it.
func quotedOn(system, word string) string {
	if system == "windows" {
		if strings.ContainsAny(word, " \t&()^;,=!'`%") {
			return `"` + word + `"`
		}
		return word
	}
	if !strings.ContainsAny(word, " \t\n'\"\\$`&|;<>()*?[]#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// release is the version that the build of an archive stamps.
var release string

// program is this program's version: that of its archive or its module, or the commit it was built from.
func program() string {
	if release != "" {
		return "ipwsim " + release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "ipwsim"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "(devel)" {
			version = s.Value[:min(12, len(s.Value))]
		}
	}
	if version == "" || version == "(devel)" {
		version = "devel"
	}
	return "ipwsim " + version
}

// today is the date of runs: now, or what SOURCE_DATE_EPOCH says, so that the same run can give the same page.
func today() time.Time {
	if n, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(n, 0).UTC()
	}
	return time.Now().UTC().Truncate(time.Minute)
}
