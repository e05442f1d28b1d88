package reports

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// mailDowntime is a stretch in which a client tried to send to a server and nothing of it was accepted.
type mailDowntime struct {
	client   string
	server   netip.AddrPort
	from, to time.Duration // from the first such try's start to the next acceptance
	open     bool          // nothing was accepted any more: to is the run's end
	failures []MailFailure
	failed   int
}

// mailRoute is a client and the server it sends to.
type mailRoute struct {
	client string
	server netip.AddrPort
}

// longWait is from when on an unfinished try says that mail is down. A healthy one takes a tenth.
const longWait = time.Second

// mailDowntimes finds, for each client and server, the stretches between two acceptances that the client
// was told of, in which tries failed for a passing reason or one waited for longWait. A stretch begins
// with the first such try: before it nobody wanted to send.
func mailDowntimes(t *trace.Trace) (routes []mailRoute, all []mailDowntime) {
	tries := map[mailRoute][]trace.Record{}
	for _, r := range t.Records {
		if b, ok := r.Body.(trace.MailSend); ok {
			k := mailRoute{r.Host, b.Server}
			if tries[k] == nil {
				routes = append(routes, k)
			}
			tries[k] = append(tries[k], r)
		}
	}
	for _, k := range routes {
		all = append(all, downtimesOf(k, tries[k], t.End)...)
	}
	return routes, all
}

func downtimesOf(k mailRoute, tries []trace.Record, end time.Duration) []mailDowntime {
	var all []mailDowntime
	var now *mailDowntime
	last := time.Duration(0) // the last acceptance
	for _, r := range tries {
		b := r.Body.(trace.MailSend)
		sent := b.Stage == "" && b.Code == 250
		start := max(r.At-b.Took, last, 0)
		if waited := r.At-start >= longWait; !sent && passing(b) || waited {
			if now == nil {
				now = &mailDowntime{client: k.client, server: k.server, from: start}
			}
			now.from = min(now.from, start)
		}
		if now != nil && !sent {
			now.failed++
			now.failures = failedLike(now.failures, b)
		}
		if sent {
			if now != nil {
				now.to = r.At
				all = append(all, *now)
				now = nil
			}
			last = r.At
		}
	}
	if now != nil {
		now.to, now.open = end, true
		all = append(all, *now)
	}
	return slices.DeleteFunc(all, func(d mailDowntime) bool { return d.to <= 0 })
}

// passing says whether a try failed because nobody answered or the server could not just then (4xx):
// a refusal for good (5xx) is of the message, not of the service.
func passing(b trace.MailSend) bool { return b.Code < 500 }

// failedLike counts a try with those that failed alike.
func failedLike(all []MailFailure, b trace.MailSend) []MailFailure {
	i := slices.IndexFunc(all, func(f MailFailure) bool { return f.Stage == b.Stage && f.Code == b.Code })
	if i < 0 {
		return append(all, MailFailure{b.Stage, b.Code, 1})
	}
	all[i].Count++
	return all
}

// mailSaid tells for each client when mail was down and why: of many times the longest.
func mailSaid(p *page, r Result) []string {
	routes, downs := mailDowntimes(r.Trace)
	var all []string
	for _, k := range routes {
		var own []mailDowntime
		var sum time.Duration
		for _, d := range downs {
			if d.client == k.client && d.server == k.server {
				own = append(own, d)
				sum += d.to - d.from
			}
		}
		if len(own) == 0 {
			all = append(all, p.say(mailNeverDown, k.client, k.server))
			continue
		}
		d := slices.MaxFunc(own, func(a, b mailDowntime) int { return cmp.Compare(a.to-a.from, b.to-b.from) })
		text := p.mailDowntime(r, d)
		if len(own) > 1 {
			text += " " + p.say(mailDownMore, len(own)-1, p.lang.length(sum-(d.to-d.from)))
		}
		all = append(all, text)
	}
	return all
}

func (p *page) mailDowntime(r Result, d mailDowntime) string {
	saw := p.say(mailDownSlow)
	if d.failed > 0 {
		saw = p.say(mailDownFailed, d.failed, p.mailFailures(d.failures))
	}
	text := ""
	if d.open {
		text = p.say(mailDownOn, d.client, d.server, p.lang.when(r, d.from), saw)
	} else {
		text = p.say(mailDown, d.client, d.server, p.lang.when(r, d.from), p.lang.when(r, d.to), saw)
	}
	for _, o := range r.Outages {
		if o.Client == d.client && o.VIP == d.server.Addr() && o.From < d.to && d.from < o.To && o.Cause != "" {
			return text + " " + p.say(mailDownCause, o.Cause)
		}
	}
	fault := ""
	for _, rec := range r.Trace.Records {
		if f, ok := rec.Body.(trace.Fault); ok && rec.At <= d.from {
			fault = faultText(f)
		}
	}
	if fault != "" {
		text += " " + p.say(mailDownAfter, fault)
	}
	return text
}
