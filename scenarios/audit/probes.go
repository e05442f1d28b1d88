package audit

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// obstacles are those of which silences are made.
var obstacles = append(slices.Clone(finding.Obstacles), finding.NoMail)

// probeEvery is how often the mail programs of a run with mail send and read.
const probeEvery = 20 * time.Second

// probesBefore is how long before the fault they begin: what does not work then is not the fault's.
const probesBefore = 50 * time.Second

// probes are mail programs of a client near the nodes that send and read through each VIP, as far as the product can:
// without them nobody notices that mail is down behind a VIP that answers (C2).
func (p *plan) probes(at time.Duration) (lines []string) {
	m := p.bp.Mail.Nodes[0]
	for _, vip := range p.bp.VIPs {
		domain := slices.MinFunc(m.Domains, func(a, b settings.Domain) int { return cmp.Compare(fits(b, vip), fits(a, vip)) })
		first, last := domain.Users[0].Name+"@"+domain.Name, domain.Users[len(domain.Users)-1].Name+"@"+domain.Name
		program := func(port int, layout string, args ...any) {
			lines = append(lines, fmt.Sprintf("at %v "+layout+" every %v via %v:%d", append(append([]any{at}, args...), probeEvery, vip, port)...))
		}
		program(25, "send %s %s %s", p.near()[0], first, last)
		if m.POP3.Installed {
			program(110, "read %s pop3 %s", p.near()[0], last)
		}
		if m.IMAP.Installed && first != last { // POP3 locks a mailbox
			program(143, "read %s imap %s", p.near()[0], first)
		}
	}
	return lines
}

// fits is how well a domain's people show what is behind the VIP: it is theirs (M5), or they are there at all.
func fits(d settings.Domain, vip netip.Addr) int {
	switch {
	case !hasUsers(d):
		return 0
	case d.IP == vip:
		return 2
	}
	return 1
}

// program is a client's mail program, by what it talks to.
type program struct {
	host   string
	server netip.AddrPort
}

// tries are what became of a program's: it has no mail from one that fails, or waits for longer than usual, to one that does
// not.
type tries struct {
	last  time.Duration // the end of the last one
	usual time.Duration // the longest that went well before the fault
	down  bool
	late  bool // it failed before the fault already, which is none of its
	from  time.Duration
	spans []finding.Span
}

// longWait is how much longer than usual a mail program waits that has no mail.
const longWait = time.Second

// try takes one in. Mail goes and comes some time between two tries: in the middle, in the mean.
func (t *tries) try(fault, began, ended time.Duration, done bool) {
	if done && ended <= fault {
		t.usual = max(t.usual, ended-began)
	}
	switch slow := ended-began >= t.usual+longWait; {
	case t.down && done:
		t.end((t.last + began) / 2)
	case !t.down && !done:
		t.down, t.late, t.from = true, began < fault, max(fault, (t.last+began)/2)
	case !t.down && slow:
		t.late, t.from = false, max(fault, began+t.usual)
		t.end(ended)
	}
	t.last = ended
}

func (t *tries) end(at time.Duration) {
	if !t.late && t.from < at {
		t.spans = append(t.spans, finding.Span{From: t.from, To: at})
	}
	t.down = false
}

// downs are the stretches after the fault, by VIP, in which a mail program had no mail.
func (j *job) downs(r *finding.Run) map[netip.Addr][]finding.Span {
	all := map[netip.Addr][]finding.Span{}
	if !j.Probed {
		return all
	}
	programs := map[program]*tries{}
	try := func(p program, took, at time.Duration, done bool) {
		if programs[p] == nil {
			programs[p] = &tries{last: at - took}
		}
		programs[p].try(j.From, at-took, at, done)
	}
	for rec := range r.Trace.All() {
		switch b := rec.Body.(type) {
		case trace.MailSend:
			try(program{rec.Host, b.Server}, b.Took, rec.At, b.Code == 250 && b.Stage == "")
		case trace.MailPoll:
			try(program{rec.Host, b.Server}, b.Took, rec.At, b.Stage == "")
		}
	}
	for p, t := range programs { // order: they are sorted below
		if t.down {
			t.end(r.Facts.End)
		}
		all[p.server.Addr()] = append(all[p.server.Addr()], t.spans...)
	}
	for vip, spans := range all { // order: each by itself
		all[vip] = facts.Line(spans).Join(nil)
	}
	return all
}

// without are the spans less the outages, which are counted already; but not where those are to ping alone.
func without(all []finding.Span, outages []finding.Outage) (rest []finding.Span) {
	var counted []finding.Span
	for i := range outages {
		from := outages[i].From
		for _, s := range outages[i].Pings {
			counted, from = append(counted, finding.Span{From: from, To: s.From}), s.To
		}
		counted = append(counted, finding.Span{From: from, To: outages[i].To})
	}
	for _, s := range all {
		for _, o := range counted {
			if o.From < s.To && s.From < o.To {
				if s.From < o.From {
					rest = append(rest, finding.Span{From: s.From, To: o.From})
				}
				s.From = min(o.To, s.To)
			}
		}
		if s.From < s.To {
			rest = append(rest, s)
		}
	}
	return rest
}
