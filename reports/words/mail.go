package words

import (
	"slices"
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// MailLine is a sentence of what became of the mail.
type MailLine struct {
	Text string
	Bad  bool
}

// Mail is what became of the messages.
func (l Lang) Mail(m *finding.Mail) []MailLine {
	accepted := l.Say("mail.accepted", len(m.Copies))
	if m.Again > 0 {
		accepted += l.Say("comma") + l.Say("mail.again", m.Again)
	}
	all := []MailLine{
		{Text: accepted},
		{Text: l.Say("mail.fates", m.Count(finding.Delivered), m.Count(finding.Read), m.Count(finding.Relayed), m.Count(finding.Bounced), m.Count(finding.Queued))},
	}
	if n := m.Count(finding.UnderWay); n > 0 {
		all = append(all, MailLine{Text: l.Say("mail.underway", n, counts(l, "step.", finding.Steps, m.Steps()))})
	}
	if m.Drafts > 0 {
		all = append(all, MailLine{Text: l.Say("mail.drafts", m.Drafts)})
	}
	lost, doubled := m.Count(finding.Lost), m.Count(finding.Doubled)
	all = append(all, MailLine{Text: l.Say("mail.lost", lost, doubled), Bad: lost+doubled > 0})
	if doubled > 0 {
		all = append(all, MailLine{Text: l.Say("mail.causes", counts(l, "double.", finding.Causes, m.Causes(finding.Doubled))), Bad: true})
	}
	if lost > 0 {
		all = append(all, MailLine{Text: l.Say("mail.lost-causes", counts(l, "double.", finding.Causes, m.Causes(finding.Lost))), Bad: true})
	}
	if delays := m.Delays(); len(delays) > 0 {
		slices.Sort(delays)
		all = append(all, MailLine{Text: l.Say("mail.delay", Tidy(delays[len(delays)/2]), Tidy(delays[len(delays)-1]))})
	}
	all = append(all, MailLine{Text: l.Say("mail.clients", m.Read, m.Broken, m.Unread)})
	for _, p := range m.Passed {
		user, _, _ := strings.Cut(p.To, "@")
		all = append(all, MailLine{Text: l.Say("mail.passed", p.N, p.To, user)})
	}
	if len(m.Failures) > 0 {
		all = append(all, MailLine{Text: l.Say("mail.failures") + " " + l.MailFailures(m.Failures)})
	}
	return all
}

// MailFailures are failed tries by where they failed and what the server answered.
func (l Lang) MailFailures(failures []finding.MailFailure) string {
	var all []string
	for _, f := range failures {
		if f.Code == 0 {
			all = append(all, l.Say("mail.failed", f.Count, l.Stage(f.Stage)))
		} else {
			all = append(all, l.Say("mail.refused", f.Count, l.Stage(f.Stage), f.Code))
		}
	}
	return strings.Join(all, l.Say("comma"))
}

// Stage is where a session with a mail server stood.
func (l Lang) Stage(s trace.MailStage) string { return l.Say("stage." + string(s)) }

// counts are those of the kinds that there are some of, in their order.
func counts[K ~string](l Lang, words string, kinds []K, n map[K]int) string {
	var all []string
	for _, k := range kinds {
		if n[k] > 0 {
			all = append(all, l.Say(words+string(k), n[k]))
		}
	}
	return strings.Join(all, l.Say("comma"))
}
