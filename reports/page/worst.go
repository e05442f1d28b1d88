package page

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// worst is the longest silence of the client that fares worst.
type worst struct {
	Length, Client, VIP string
	When                string
	From, To            string // seconds, for the timeline
	Cause               string
	Most, Why, Cure     string // what it was mostly made of
	Holds               string
	Promise, Expected   judged
}

// judged is a band of times, and whether it was kept.
type judged struct {
	Text  string // "" for no band
	Class string // of one that was not
}

// worst is nil when nobody waited.
func (t *teller) worst() *worst {
	o := t.Facts.Worst()
	if o == nil {
		return nil
	}
	w := &worst{
		Length: t.length(o.Length(), o.Open), Client: o.Client, VIP: o.VIP.String(), When: t.span(o),
		From: words.Bare(max(0, o.From)), To: words.Bare(o.To), Cause: t.Cause(&o.Cause),
	}
	if also := t.also(o.Also); also != "" {
		w.Cause += t.Say("semicolon") + t.Say("also-in-force", also)
	}
	w.Promise, w.Expected = t.measures(o)
	if len(o.Parts) > 0 {
		var most []string
		for _, part := range o.Headline() {
			text := t.Part(part)
			if part.Time < o.Length() && part.Time >= time.Millisecond {
				text += t.Say("comma") + t.Length(part.Time)
			}
			most, w.Why = append(most, text), t.Explained(part.What)
		}
		if pings := t.PingOnly(o); pings != "" {
			most = append(most, pings)
		}
		if o.Queued(&t.run.Trace.Header) {
			most = append(most, t.Say("queued"))
		}
		if unserved := o.Unserved(); unserved > 0 {
			most = append(most, t.Say("unserved", t.Length(unserved)))
		}
		w.Most = strings.Join(most, t.Say("semicolon"))
	}
	w.Cure = t.Advice(o)
	if o.Holds > 0 {
		w.Holds = t.Say("page.cache-holds", t.Length(o.Holds))
	}
	return w
}

// span is when an outage was.
func (t *teller) span(o *finding.Outage) string {
	if o.Open {
		return t.Say("page.from-on", t.when(o.From))
	}
	return t.Say("page.from-to", t.when(o.From), t.when(o.To))
}

// promised is what the maker promises of a time, or what follows from the settings.
func (t *teller) promised(p finding.Promise, d time.Duration, open bool) judged {
	j := judged{Text: t.Promise(p, d, open)}
	if p.Most > 0 && !p.Kept(d, open) {
		j.Class = "weak"
	}
	return j
}

// measures are the promise and the expectation of an outage, or of the failback that it is part of.
func (t *teller) measures(o *finding.Outage) (promise, expected judged) {
	for _, f := range t.run.Figures() {
		if f.Client != o.Client || f.VIP != o.VIP || f.From > o.From || f.To < o.To {
			continue
		}
		promise, expected = t.promised(f.Promise, f.Time, f.Open), t.expected(f.Expected, f.Time, f.Open)
		if f.Name == finding.Failbacks && promise.Text != "" {
			promise.Text = t.Say("page.failback-took", t.length(f.Time, f.Open), promise.Text)
		}
	}
	for i := range t.run.Expectations {
		e := &t.run.Expectations[i]
		if e.What == "outage" && !e.Not && e.Band.Most > 0 && e.About(o.Client, o.VIP) && e.Covers(o.From) && expected.Text == "" {
			expected = t.expected(e, o.Length(), o.Open)
		}
	}
	return promise, expected
}

func (t *teller) expected(e *finding.Expectation, d time.Duration, open bool) judged {
	if e == nil {
		return judged{}
	}
	verdict, class := "expected-ok", ""
	if open || !e.Band.Holds(d) {
		verdict, class = "expected-missed", "bad"
	}
	if e.Own != nil {
		return judged{t.Expected(e, t.Say(verdict)), class}
	}
	return judged{t.Say("page.expected", t.Band(e.Band), t.Say(verdict)), class}
}

// said is what else a reader should know at once: how the others fared, times of two holders, who is not judged.
func (t *teller) said() (all []string) {
	if t.Facts.Worst() == nil && t.Facts.Judged() {
		all = append(all, t.Say("page.no-silence"))
	}
	all = append(all, t.fared()...)
	all = append(all, t.shared()...)
	if t.Facts.Mail != nil {
		all = append(all, t.mailSaid()...)
	}
	return append(all, t.unused()...)
}

// unused names the clients that are not judged.
func (t *teller) unused() (all []string) {
	clients := map[netip.Addr][]string{}
	for _, u := range t.Facts.Uses {
		if u.Never {
			clients[u.VIP] = append(clients[u.VIP], u.Client)
		}
	}
	for _, v := range t.header().VIPs {
		if names := clients[v.Address]; names != nil {
			all = append(all, t.Say("page.unused", v.Address, t.some(names)))
		}
	}
	return all
}

// fared sums up how clients fared, where the headline has not told it all. Those that fared alike are told of as one.
func (t *teller) fared() (all []string) {
	type fare struct {
		vip          netip.Addr
		n            int
		sum, longest time.Duration
		open         bool
	}
	clients := map[fare][]string{}
	var order []fare
	for i := range t.Facts.Uses {
		u := &t.Facts.Uses[i]
		f := fare{vip: u.VIP}
		for j := range u.Outages {
			if o := &u.Outages[j]; o.To > 0 {
				f.n++
				f.sum += o.Length().Round(time.Millisecond)
				f.longest = max(f.longest, o.Length().Round(time.Millisecond))
				f.open = f.open || o.Open
			}
		}
		if u.Never {
			continue
		}
		if clients[f] == nil {
			order = append(order, f)
		}
		clients[f] = append(clients[f], u.Client)
	}
	for _, f := range order {
		who := t.some(clients[f])
		switch {
		case f.n == 0 && t.Facts.Worst() != nil:
			all = append(all, t.Say("page.reached", who, f.vip))
		case f.n == 1 && (len(order) > 1 || len(clients[f]) > 1):
			all = append(all, t.Say("page.away-once", who, f.vip, t.length(f.sum, f.open)))
		case f.n > 1:
			all = append(all, t.Say("page.away-times", who, f.vip, f.n, t.length(f.sum, f.open), t.Length(f.longest)))
		}
	}
	return all
}

// some are the names, of very many the first.
func (t *teller) some(names []string) string {
	const most = 20
	if len(names) <= most {
		return t.list(names)
	}
	return t.Say("page.and-more", t.list(names[:most]), len(names)-most)
}

// shared tells of the times in which two nodes held one VIP, within each other's reach or not.
func (t *teller) shared() (all []string) {
	h := t.Facts.Holdings
	for _, v := range t.header().VIPs {
		for i, a := range t.header().Nodes {
			for _, b := range t.header().Nodes[i+1:] {
				if both := overlaps(held(h, v, a.Role), held(h, v, b.Role)); len(both) > 0 {
					var sum time.Duration
					for _, s := range both {
						sum += s.Length()
					}
					all = append(all, t.Say("page.shared", a.Role, b.Role, v.Address, t.Length(sum), t.when(both[0].From), t.when(both[len(both)-1].To)))
				}
			}
		}
	}
	return all
}

// held is when the node holds the VIP.
func held(all []finding.Holding, v trace.VIP, node string) (spans []finding.Span) {
	for _, h := range all {
		if h.VIP == v.Address && h.Node == node && h.State == trace.Preferred {
			spans = append(spans, finding.Span{From: h.From, To: h.To})
		}
	}
	return spans
}

// overlaps are the stretches that lie in both, from 0 on.
func overlaps(a, b []finding.Span) (all []finding.Span) {
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.From, y.From, 0), min(x.To, y.To); from < to {
				all = append(all, finding.Span{From: from, To: to})
			}
		}
	}
	slices.SortFunc(all, func(x, y finding.Span) int { return cmp.Compare(x.From, y.From) })
	return all
}
