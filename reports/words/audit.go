package words

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// AuditFault is what a fault is: its kind, and the thing it happens to.
func (l Lang) AuditFault(f *audited.Fault) string {
	text := l.Say("audit-fault-" + string(f.Kind))
	if f.What == "" {
		return text
	}
	return l.Say("audit.fault-of", text, f.What)
}

// AuditRow is what a row of the audit is: a fault, or two.
func (l Lang) AuditRow(a *audited.Audit, r *audited.Row) string {
	var all []string
	for _, name := range r.Faults {
		all = append(all, l.AuditNamed(a, name))
	}
	if len(all) == 1 {
		return all[0]
	}
	return l.Say("audit.pair", all[0], all[1])
}

// AuditNamed is the fault of that name.
func (l Lang) AuditNamed(a *audited.Audit, name audited.FaultName) string {
	for i := range a.Faults {
		if a.Faults[i].Name == name {
			return l.AuditFault(&a.Faults[i])
		}
	}
	return string(name)
}

// AuditChange is what is changed, as one sentence without its full stop.
func (l Lang) AuditChange(c *audited.Change) string {
	node := c.Node
	if node == "" {
		node = l.Say("audit.both")
	}
	text := l.Say("audit-change-" + string(c.Kind))
	if c.Node == "" && l == Japanese { // no blank stands between Japanese words
		text = strings.ReplaceAll(text, "$node ", "$node")
	}
	return strings.NewReplacer("$node", Safe(node), "$client", Safe(c.Client), "$vip", Safe(c.VIP), "$from", l.auditValue(c.From), "$to", l.auditValue(c.To)).Replace(text)
}

// auditValue is a value before or after a change: a time in words, anything else as it is.
func (l Lang) auditValue(said string) string {
	if d, err := time.ParseDuration(said); err == nil && strings.ContainsAny(said, "hms") {
		return l.Span(d)
	}
	return Safe(said)
}

// AuditDo is what is done on a machine: a command as it is typed, or in words.
func (l Lang) AuditDo(d *audited.Do) string {
	if d.Command != "" {
		return d.Command
	}
	if d.File != "" {
		return l.Say("audit-batch-file", d.File)
	}
	return l.Say("audit-hand-" + string(d.Hand))
}

// AuditTime is a time of so many seconds a year, to two or three digits: seconds, minutes or hours.
func (l Lang) AuditTime(seconds float64) string {
	switch s := math.Abs(seconds); {
	case s < 0.05:
		return l.Say("in-seconds", "0")
	case s < 9.95:
		return l.Say("in-seconds", strconv.FormatFloat(seconds, 'f', 1, 64))
	case s < 119.5:
		return l.Say("in-seconds", strconv.FormatFloat(seconds, 'f', 0, 64))
	case s < 7170:
		return l.Say("audit.minutes", strconv.FormatFloat(seconds/60, 'f', 0, 64))
	}
	return l.Say("audit.hours", strconv.FormatFloat(seconds/3600, 'f', 1, 64))
}

// AuditAbout is the time, or that it is at least so long.
func (l Lang) AuditAbout(seconds float64, atLeast bool) string {
	if atLeast {
		return l.Say("audit.at-least", l.AuditTime(seconds))
	}
	return l.AuditTime(seconds)
}

// AuditRate is a number a year.
func AuditRate(rate float64) string {
	if rate >= 100 {
		return strconv.FormatFloat(rate, 'f', 0, 64)
	}
	return strconv.FormatFloat(rate, 'g', 3, 64)
}

// AuditGain is what a change gains, with its interval.
func (l Lang) AuditGain(t *audited.Tried) string {
	v, low, high := l.AuditAbout(t.Gain.Value, t.Gain.AtLeast), l.AuditTime(t.Gain.Low), l.AuditTime(t.Gain.High)
	switch {
	case t.Gain.Low > 0:
		return l.Say("audit.gains", v, low, high)
	case t.Gain.High < 0:
		return l.Say("audit.asked-costs", l.AuditTime(-t.Gain.Value), l.AuditTime(-t.Gain.High), l.AuditTime(-t.Gain.Low))
	case t.Verdict == audited.Gains:
		return l.Say("audit.gains-mail", l.AuditTime(t.Gain.Value), low, high)
	}
	return l.Say("audit.asked", l.AuditTime(t.Gain.Value), low, high)
}

// AuditMailNow is how mail fares as the cluster is: a sentence for each node where it suffers; none where none was played.
func (l Lang) AuditMailNow(m *audited.MailNow) (all []string) {
	switch {
	case m == nil:
		return nil
	case !m.Bad():
		return []string{l.Say("audit.now-good")}
	}
	if c := m.Here; c.Bad() {
		all = append(all, l.Say("audit.now-here", l.auditSuffers(c)))
	}
	if c := m.Left; c != nil && c.Bad() {
		all = append(all, l.Say("audit.now-left", l.auditSuffers(*c)))
	}
	if c := m.Away; c.Bad() {
		all = append(all, l.Say("audit.now-away", l.AuditTime(m.Part*365*24*3600), l.auditSuffers(c)))
	}
	return all
}

func (l Lang) auditSuffers(c audited.MailCost) string {
	var all []string
	for _, x := range []struct {
		key  string
		part float64
	}{{"audit.now-lost", c.Lost}, {"audit.now-unread", c.Unread}, {"audit.now-doubled", c.Doubled}} {
		if x.part > 0 {
			all = append(all, l.Say(x.key, percent(x.part)))
		}
	}
	return strings.Join(all, l.Say("comma"))
}

// AuditThen is the title of a change of the list with those on top of which it is made.
func (l Lang) AuditThen(t *audited.Tried, title string) string {
	switch t.After {
	case 0:
		return title
	case 1:
		return l.Say("audit.then", "1", title)
	}
	return l.Say("audit.then", l.Say("audit.first-changes", t.After), title)
}

// AuditFollowed are what the changes of the list gain together, its mistakes and all of it, and whether more would.
func (l Lang) AuditFollowed(a *audited.Audit) (all []string) {
	at := slices.IndexFunc(a.Todo, func(t audited.Tried) bool { return t.Class == audited.Choice })
	for _, f := range a.Followed {
		key := "audit.followed"
		if f.Of == at {
			key = "audit.followed-mends"
		}
		g := f.Gain
		all = append(all, l.Say(key, f.Of, l.AuditAbout(g.Value, g.AtLeast), l.AuditTime(g.Low), l.AuditTime(g.High), l.AuditAbout(f.Left.Value, f.Left.AtLeast), l.AuditTime(f.Left.Low), l.AuditTime(f.Left.High)))
		if m := f.Mail; m != nil {
			all = append(all, l.auditMail("audit.mail", m.Before, m.After), l.auditMail("audit.mail-away", m.AwayBefore, m.AwayAfter))
		}
	}
	if len(a.Todo) > 0 {
		all = append(all, l.auditFinal(a))
	}
	return all
}

// auditFinal says whether more gains once all of the list is done.
func (l Lang) auditFinal(a *audited.Audit) string {
	switch {
	case a.Final && len(a.Beyond) > 0:
		return l.Say("audit.final", l.AuditTries(a.Beyond))
	case a.Final:
		return l.Say("audit.final-none")
	case a.Plan.Quick:
		return l.Say("audit.not-final-quick")
	}
	return l.Say("audit.not-final")
}

// AuditTries are changes, each with what it gains.
func (l Lang) AuditTries(some []audited.Tried) string {
	var all []string
	for i := range some {
		all = append(all, l.Say("audit.tried-one", l.AuditChange(&some[i].Change), l.AuditTime(some[i].Gain.Value)))
	}
	return strings.Join(all, "; ")
}

// AuditDetails are further sentences about a change: what its gain is from, for whom, and what else it does.
func (l Lang) AuditDetails(a *audited.Audit, t *audited.Tried) (all []string) {
	if t.Gain.Low > 0 {
		var from []string
		for _, g := range t.ByFault[:min(2, len(t.ByFault))] {
			if g.Seconds > 0 {
				from = append(from, l.Say("audit.tried-one", l.AuditNamed(a, g.Fault), l.AuditTime(g.Seconds)))
			}
		}
		if len(from) > 0 {
			all = append(all, l.Say("audit.mostly", strings.Join(from, "; ")))
		}
		if len(t.ByUse) > 1 && t.ByUse[0].Seconds > 1.5*t.Gain.Value {
			u := t.ByUse[0]
			all = append(all, l.Say("audit.for-client", u.Client, u.VIP, l.AuditTime(u.Seconds)))
		}
		if t.If != nil {
			all = append(all, l.Say("audit.if", strings.Join(a.Plan.Assumed, ", "), l.AuditTime(t.If.AsWritten.Value), a.Plan.As, l.AuditTime(t.If.AsAssumed.Value)))
		}
	}
	if t.Echo >= 60 {
		all = append(all, l.Say("audit.echo", l.AuditTime(t.Echo)))
	}
	switch {
	case t.Switches >= 0.5:
		all = append(all, l.Say("audit.switches", AuditRate(t.Switches)))
	case t.Switches <= -0.5:
		all = append(all, l.Say("audit.switches-more", AuditRate(-t.Switches)))
	}
	if m := t.Mail; m != nil {
		all = append(all, l.auditMail("audit.mail", m.Before, m.After), l.auditMail("audit.mail-away", m.AwayBefore, m.AwayAfter))
	}
	return all
}

func (l Lang) auditMail(key string, a, b audited.MailCost) string {
	s := l.Say(key, percent(a.Doubled), percent(b.Doubled), percent(a.Lost), percent(b.Lost), l.AuditTime(a.Late), l.AuditTime(b.Late))
	if a.Unread > 0 || b.Unread > 0 {
		s += l.Say("audit.mail-unread", percent(a.Unread), percent(b.Unread))
	}
	return s
}

func percent(part float64) string { return strconv.FormatFloat(100*part, 'f', 0, 64) + " %" }

// AuditParts are what a cost is made of, the largest first.
func (l Lang) AuditParts(all []audited.PartCost, most int) string {
	var parts []string
	for _, p := range all[:min(most, len(all))] {
		parts = append(parts, l.Say("audit.tried-one", l.Obstacle(p.What), l.AuditTime(p.Seconds)))
	}
	return strings.Join(parts, ", ")
}

// AuditPings says that ping alone is silent besides; "" for less than a second.
func (l Lang) AuditPings(c *audited.Cost) string {
	if c.Echo < 1 {
		return ""
	}
	return l.Say("audit.row-pings", l.AuditTime(c.Echo))
}

// AuditOutage is a silence of a story with what it was made of, and what began it.
func (l Lang) AuditOutage(f *finding.Facts, o *finding.Outage) string {
	length := l.AuditAbout(o.Length().Seconds(), o.Open)
	cause := Teller{Lang: l, Facts: f}.Cause(&o.Cause)
	switch pings := o.PingOnly(); {
	case pings < leastPings:
		return l.Say("audit.story-part", o.Client, o.VIP.String(), length, cause)
	case o.Mailless() < leastPings:
		return l.Say("audit.story-pings", o.Client, o.VIP.String(), length, cause)
	default:
		return l.Say("audit.story-both", o.Client, o.VIP.String(), l.AuditTime(o.Mailless().Seconds()), l.AuditTime(pings.Seconds()), cause)
	}
}

// AuditSilences are the longest silences of a story, at most so many; where nobody waited for an answer to ping, the longest
// time in which no mail was accepted.
func (l Lang) AuditSilences(s *audited.Story, most int) (all []string) {
	f := s.Facts()
	for _, o := range s.Outages[:min(most, len(s.Outages))] {
		all = append(all, l.AuditOutage(f, o.Outage))
	}
	if len(all) > 0 || f == nil || f.Mail == nil || len(f.Mail.Downs) == 0 {
		return all
	}
	d := slices.MaxFunc(f.Mail.Downs, func(a, b finding.MailDown) int { return cmp.Compare(a.Length(), b.Length()) })
	return []string{l.Say("audit.story-mail", d.Client, d.Server.String(), l.AuditAbout(d.Length().Seconds(), d.Open), Teller{Lang: l, Facts: f}.Fault(d.Fault))}
}

// AuditLeft is a part of the vocabulary that was not played.
func (l Lang) AuditLeft(x audited.Left) string {
	what := l.AuditFault(&audited.Fault{Kind: x.Kind, What: x.What})
	if x.Why == audited.TooMany {
		return l.Say("audit.left-many", what, x.More)
	}
	return l.Say("audit-left-"+string(x.Why), what)
}

// AuditAssumed says at the top how much is assumed, for no file tells it, and that it decides; "": nothing is.
func (l Lang) AuditAssumed(a *audited.Audit) string {
	var all []string
	n := 0
	for _, of := range []struct {
		key string
		n   int
	}{{"audit.assumed-keys", len(a.Plan.Unknown)}, {"audit.assumed-kinds", len(a.Plan.Assumed)}, {"audit.assumed-boots", len(a.Plan.Boots)}} {
		if of.n > 0 {
			n += of.n
			all = append(all, l.Say(of.key, of.n))
		}
	}
	if n == 0 {
		return ""
	}
	return l.Say("audit.assumed", n, strings.Join(all, l.Say("comma")), l.Say("audit.head-how"))
}

// AuditHow is how the audit counted, in sentences.
func (l Lang) AuditHow(a *audited.Audit) (all []string) {
	p := &a.Plan
	all = append(all, l.Say("audit.how-plan", p.Draws, p.PairDraws, p.TriedDraws, p.Runs, p.MailRuns, strconv.FormatUint(p.Seed, 10)))
	if p.Quick {
		all = append(all, l.Say("audit.how-quick"))
	}
	if p.Like > 0 {
		all = append(all, l.Say("audit.how-like", len(p.Clients)+p.Like, len(p.Clients), strings.Join(p.Clients, ", ")))
	}
	if len(p.Assumed) > 0 {
		all = append(all, l.Say("audit.how-assumed", strings.Join(p.Assumed, ", "), p.As))
	}
	if len(p.Boots) > 0 {
		var boots []string
		for _, b := range p.Boots {
			boots = append(boots, l.Say("audit.how-boot-of", b.Node, l.AuditTime(b.Takes.Seconds())))
		}
		all = append(all, l.Say("audit.how-boot", strings.Join(boots, l.Say("comma"))))
	}
	if len(p.Unknown) > 0 {
		all = append(all, l.Say("audit.how-unknown", strings.Join(p.Unknown, ", ")))
	}
	all = append(all, l.Say("audit.how-year"), l.Say("audit.how-silence"))
	if slices.ContainsFunc(a.Faults, func(f audited.Fault) bool { return f.Kind.OfMail() }) {
		all = append(all, l.Say("audit.how-mail"))
	}
	w := p.Weights
	all = append(all, l.Say("audit.how-weights", l.AuditTime(w.Doubled), l.AuditTime(w.Lost), l.Say("in-seconds", fmt.Sprint(w.Late)), l.AuditTime(w.Moved), AuditRate(p.Mail.Messages)))
	var rates []string
	for i := range a.Faults {
		if f := &a.Faults[i]; f.Kind != audited.Calm {
			rates = append(rates, l.Say("audit.rate", string(f.Name), AuditRate(f.Rate), l.Say("audit-source-"+string(f.Source))))
		}
	}
	if len(rates) > 0 {
		all = append(all, l.Say("audit.rates", strings.Join(rates, ", ")))
	}
	if len(a.LeftOut) > 0 {
		var left []string
		for _, x := range a.LeftOut {
			left = append(left, l.AuditLeft(x))
		}
		all = append(all, l.Say("audit.left", strings.Join(left, "; ")))
	}
	return all
}
