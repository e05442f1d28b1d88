package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/sim/finding"
)

// noMail is the longest time in which a client wanted to send and nothing of it was accepted, and its cause.
func (p *page) noMail(indent string) {
	m := p.run.Facts.Mail
	if m == nil || len(m.Downs) == 0 {
		return
	}
	d := slices.MaxFunc(m.Downs, func(a, b finding.MailDown) int { return cmp.Compare(a.Length(), b.Length()) })
	p.Para(term.Plain, indent, p.Say("no-mail", p.Got(d.Length(), d.Open), d.Client, d.Server, p.Seconds(d.From)))
	if fault := p.Fault(d.Fault); fault != "" {
		p.Para(term.Plain, indent+"  ", fault)
	}
	if also := p.also(d.Also); also != "" {
		p.Para(term.Plain, indent+"  ", p.Say("also-in-force", also))
	}
}

// mail says what became of the messages, and when none was accepted.
func (p *page) mail() {
	m := p.run.Facts.Mail
	if m == nil {
		return
	}
	p.Section(p.Say("head-mail"))
	for _, x := range p.Mail(m) {
		style := term.Plain
		if x.Bad {
			style = term.Bad
		}
		p.Para(style, "  ", x.Text)
	}
	var all []term.Item
	for i := range m.Downs {
		all = append(all, p.mailDown(&m.Downs[i]))
	}
	if len(all) > 0 {
		p.Line(term.Plain, "  "+p.Say("mail.none-accepted"))
		p.Items(p.Fold(slices.Values(all), 5, p.moreLines))
	}
}

// mailDown is a time without accepted mail: whose, how long, since which fault, and how the tries failed.
func (p *page) mailDown(d *finding.MailDown) term.Item {
	said := []string{fmt.Sprintf("%s -> %s  %s", d.Client, d.Server, p.Got(d.Length(), d.Open))}
	if fault := p.Fault(d.Fault); fault != "" {
		said = append(said, fault)
	}
	if also := p.also(d.Also); also != "" {
		said = append(said, p.Say("also-in-force", also))
	}
	if len(d.Failures) > 0 {
		said = append(said, p.MailFailures(d.Failures))
	}
	lead := "  " + term.PadLeft(p.Stamp(d.From), 11) + "  "
	return term.Item{Class: "no-mail", Lead: lead, Text: strings.Join(said, "  ")}
}
