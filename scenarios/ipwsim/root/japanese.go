package root

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/study"
)

// helpColumns is how wide help is.
const helpColumns = 80

//go:embed help_ja.txt
var helpText string

// readHelp reads texts by what stands above them.
func readHelp(text string) map[string]string {
	all := map[string]string{}
	key := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		said, indented := strings.CutPrefix(line, " ")
		switch _, more := all[key]; {
		case indented && more:
			all[key] += "\n" + said
		case indented:
			all[key] = said
		case line != "" && line[0] != '#':
			key = line
		}
	}
	return all
}

// inJapanese is the text of the help, as it is where there is no other.
type inJapanese map[string]string

func (ja inJapanese) say(english string) string {
	if said, known := ja[english]; known {
		return said
	}
	return english
}

// or is the text of that place, or the English.
func (ja inJapanese) or(place, english string) string {
	if said, known := ja[place]; known {
		return ja.page(said)
	}
	return english
}

// example is how the command is used, line by line as it stands.
func (ja inJapanese) example(c *cobra.Command) string {
	if said, known := ja["example "+c.CommandPath()]; known {
		return said
	}
	return c.Example
}

// page is a text with what is put into it, in lines that fit.
func (ja inJapanese) page(text string) string {
	text = strings.ReplaceAll(text, "{axes}", strings.TrimSuffix(study.ManualIn(ja.say), "\n"))
	text = strings.ReplaceAll(text, "{figures}", strings.Join(study.Figures(), ", "))
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		bare := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(bare)]
		for _, part := range term.Wrap(bare, helpColumns-len(indent)) {
			lines = append(lines, strings.TrimRight(indent+part, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// translate puts the help of all commands into the language.
func translate(root *cobra.Command, lang words.Lang) {
	if lang == words.English {
		return
	}
	ja := inJapanese(readHelp(helpText))
	template := root.UsageTemplate()
	for _, heading := range []string{"Usage:", "Examples:", "Available Commands:", "Global Flags:", "Additional help topics:", `Use "{{.CommandPath}} [command] --help" for more information about a command.`} {
		template = strings.ReplaceAll(template, heading, ja.say(heading))
	}
	template = strings.ReplaceAll(template, "\n\nFlags:", "\n\n"+ja.say("Flags:"))
	template = strings.ReplaceAll(template, "[command]", ja.say("[command]"))
	template = strings.ReplaceAll(template, "{{.UseLine}}", "{{.UseLine | useInJapanese}}")
	root.SetUsageTemplate(strings.ReplaceAll(template, ".FlagUsages |", ".FlagUsages | flagsInJapanese |"))
	cobra.AddTemplateFunc("useInJapanese", func(line string) string {
		return strings.NewReplacer("[flags]", ja.say("[flags]"), "[command|topic|RULE]", ja.say("[command|topic|RULE]")).Replace(line)
	})
	cobra.AddTemplateFunc("flagsInJapanese", func(usages string) string {
		return flagsThatFit(strings.ReplaceAll(usages, "(default ", ja.say("(default")+" "))
	})
	root.InitDefaultHelpCmd()
	ja.command(root)
}

// flagLine is a flag in help, before what it is for.
var flagLine = regexp.MustCompile(`^ +(-\w, )?--\S+( \S+)? {2,}`)

// flagsThatFit parts what is wider than help, and puts the rest below: pflag counts no columns.
func flagsThatFit(usages string) string {
	var b strings.Builder
	for line := range strings.Lines(usages) {
		lead := flagLine.FindString(line)
		for _, part := range term.Wrap(strings.TrimSpace(line[len(lead):]), helpColumns-len(lead)) {
			b.WriteString(lead + part + "\n")
			lead = strings.Repeat(" ", len(lead))
		}
	}
	return b.String()
}

// command puts a command and those below it into Japanese.
func (ja inJapanese) command(c *cobra.Command) {
	c.Short, c.Example = ja.say(c.Short), ja.example(c)
	c.Long = ja.or("long "+c.CommandPath(), c.Long)
	c.InitDefaultHelpFlag()
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				f.Usage = fmt.Sprintf(ja.say("help for %s"), c.DisplayName())
				return
			}
			f.Usage = ja.say(f.Usage)
		})
	}
	for _, sub := range c.Commands() {
		ja.command(sub)
	}
}

// tongue is how the manual of scenarios is written in the language.
func tongue(lang words.Lang) script.Tongue {
	if lang == words.English {
		return script.English
	}
	ja := inJapanese(readHelp(helpText))
	return script.Tongue{Text: ja.say, Or: ja.or, Wrap: term.Wrap}
}
