package reports

import (
	"strings"
	"time"
)

// Mail is what became of the messages of a run (P5). A copy is a message for one recipient.
type Mail struct {
	Accepted  int // copies that the services took
	Again     int // messages among them that were sent again after a lost 250
	Delivered int // to mailboxes
	Relayed   int // to other domains' servers
	Bounced   int
	Queued    int // at the end
	Lost      int
	Doubled   int
	Median    time.Duration // from acceptance to the mailbox, or the other server
	Longest   time.Duration
	Failures  []MailFailure // tries to send that failed, by where and how often
	Broken    int           // sessions that broke
	Read      int           // messages that readers got
	Unread    int           // looks for new mail that failed
}

// MailFailure is tries of clients that failed alike.
type MailFailure struct {
	Stage string // "connect", "greeting", "mail", "rcpt", "data", "dot"
	Code  int    // the server's answer; 0: none
	Count int
}

// MailEntry is a Mail in JSON.
type MailEntry struct {
	Accepted  int                `json:"accepted"`
	Again     int                `json:"again"`
	Delivered int                `json:"delivered"`
	Relayed   int                `json:"relayed"`
	Bounced   int                `json:"bounced"`
	Queued    int                `json:"queued"`
	Lost      int                `json:"lost"`
	Doubled   int                `json:"doubled"`
	Median    Seconds            `json:"median"`
	Longest   Seconds            `json:"longest"`
	Failures  []MailFailureEntry `json:"failures"`
	Broken    int                `json:"broken_sessions"`
	Read      int                `json:"read"`
	Unread    int                `json:"failed_looks"`
}

// MailFailureEntry is a MailFailure in JSON.
type MailFailureEntry struct {
	Stage string `json:"stage"`
	Code  int    `json:"code,omitempty"`
	Count int    `json:"count"`
}

func mailEntry(m *Mail) *MailEntry {
	if m == nil {
		return nil
	}
	e := &MailEntry{
		Accepted: m.Accepted, Again: m.Again, Delivered: m.Delivered, Relayed: m.Relayed, Bounced: m.Bounced,
		Queued: m.Queued, Lost: m.Lost, Doubled: m.Doubled, Median: Seconds(m.Median), Longest: Seconds(m.Longest),
		Failures: []MailFailureEntry{}, Broken: m.Broken, Read: m.Read, Unread: m.Unread,
	}
	for _, f := range m.Failures {
		e.Failures = append(e.Failures, MailFailureEntry(f))
	}
	return e
}

// mail says what became of the messages.
func (p *page) mail(m *Mail) {
	if m == nil {
		return
	}
	p.section(p.say(headMail))
	for _, x := range p.mailLines(m) {
		style := plain
		if x.Bad {
			style = failStyle
		}
		p.para(style, "  ", x.Text)
	}
}

// mailLine is a sentence of the summary.
type mailLine struct {
	Text string
	Bad  bool
}

func (p *page) mailLines(m *Mail) []mailLine {
	if m == nil {
		return nil
	}
	accepted := p.say(mailAccepted, m.Accepted)
	if m.Again > 0 {
		accepted += p.say(comma) + p.say(mailAgain, m.Again)
	}
	all := []mailLine{
		{Text: accepted},
		{Text: p.say(mailFates, m.Delivered, m.Relayed, m.Bounced, m.Queued)},
		{Text: p.say(mailLost, m.Lost, m.Doubled), Bad: m.Lost+m.Doubled > 0},
	}
	if m.Delivered+m.Relayed > 0 {
		all = append(all, mailLine{Text: p.say(mailDelay, tidy(m.Median), tidy(m.Longest))})
	}
	all = append(all, mailLine{Text: p.say(mailClients, m.Read, m.Broken, m.Unread)})
	if len(m.Failures) > 0 {
		all = append(all, mailLine{Text: p.say(mailFailures) + " " + p.mailFailures(m.Failures)})
	}
	return all
}

// mailFailures are failed tries by where they failed and what the server answered.
func (p *page) mailFailures(failures []MailFailure) string {
	var all []string
	for _, f := range failures {
		if f.Code == 0 {
			all = append(all, p.say(mailFailed, f.Count, f.Stage))
		} else {
			all = append(all, p.say(mailRefused, f.Count, f.Stage, f.Code))
		}
	}
	return strings.Join(all, p.say(comma))
}
