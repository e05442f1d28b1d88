package script

import (
	"fmt"
	"io"
	"strings"

	"ipwsim/sim/verb"
)

const manualColumns = 80

const manualHead = `A scenario file is UTF-8 text, one statement a line, then files laid over the
cluster's own, each after a line "-- path --".`

const manualFaults = `  A node is active, standby (fixed machines), holder or other (whoever it is at
  that moment). A cable is named after the machine at its end, a trunk a-b after
  its switches, a router's r-s after the router and the switch. For a client
  say "any client" for the first, "each client" for all, one after the other.`

const manualExpectations = `  They speak of every client and every VIP. Those with [for <client>] or
  [of <vip>] can name one. A client that has never used a VIP is not judged.`

// example is the manual's scenario.
const example = `# A cable is out for a minute
cluster guide
ping client vip
at 20s unplug active
expect failover 30s..40s     # judged up to the next line with a later time
expect transcript client timeout unreachable reply
at 80s plug active
expect failback 5s..10s
expect holder active
end 110s
-- standby/ipwcs.reg --
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\IPWCS]
"Balance"=dword:00000001
`

// Tongue is how the manual is written in a language.
type Tongue struct {
	Text func(english string) string             // a text of the manual
	Or   func(place, english string) string      // a text of several lines, by its place
	Wrap func(text string, columns int) []string // parts a text into lines
}

// English is the manual's own.
var English = Tongue{
	Text: func(english string) string { return english },
	Or:   func(_, english string) string { return english },
	Wrap: wrap,
}

// ManualIn prints every verb of the language, at most 80 columns wide.
func ManualIn(w io.Writer, in Tongue) error {
	m := manual{Tongue: in}
	m.text(in.Or("text verbs", manualHead))
	m.title("Statements")
	for _, s := range statements {
		m.entry(s.usage, s.doc)
	}
	m.title("What people do")
	for _, v := range verb.All {
		if v.Fault == nil {
			m.entry("[at <time>] "+v.Usage(), fmt.Sprintf(in.Text("%s; at time 0 unless said"), in.Text(v.Doc)))
		}
	}
	m.title("Faults")
	m.text(in.Or("text faults", manualFaults))
	for _, v := range verb.All {
		if v.Fault != nil {
			m.entry("at <time> "+v.Usage(), v.Doc)
		}
	}
	m.title("Expectations")
	m.text(in.Or("text expectations", manualExpectations))
	for _, e := range expectations {
		m.entry(e.usage(false), e.doc)
	}
	m.title("Examples")
	m.text(example) // not indented: it can be copied
	_, err := io.WriteString(w, strings.TrimRight(m.String(), "\n")+"\n")
	return err
}

type manual struct {
	Tongue
	strings.Builder
}

func (m *manual) title(s string) { fmt.Fprintf(m, "%s\n\n", m.Text(s)) }

func (m *manual) text(s string) { fmt.Fprintf(m, "%s\n\n", s) }

func (m *manual) entry(usage, doc string) {
	m.lines(usage, "  ", wrap)
	m.lines(m.Text(doc), "      ", m.Wrap)
	m.WriteString("\n")
}

func (m *manual) lines(text, indent string, wrap func(string, int) []string) {
	for _, line := range wrap(text, manualColumns-len(indent)) {
		m.WriteString(indent + line + "\n")
	}
}

// wrap parts ASCII text into lines of at most so many columns.
func wrap(text string, columns int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > columns {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
