package root

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/rules"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/manual"
	"ipwsim/scenarios/script"
)

// rulesTopic is the page of all rules.
const rulesTopic = "rules"

// helpCommand is cobra's own, but for rules, and for what it does with a topic that does not exist: an error.
func helpCommand(lang *cli.Lang) *cobra.Command {
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
func printRules(w io.Writer, all []rules.Rule, lang *cli.Lang) error {
	p := term.New(lang.Page(w))
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
func rulesPage(lang *cli.Lang) *cobra.Command {
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
func verbsTopic(lang *cli.Lang) *cobra.Command {
	c := &cobra.Command{Use: "verbs", Short: "The language of scenario files"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := script.ManualIn(c.OutOrStdout(), tongue(lang.Lang)); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}
