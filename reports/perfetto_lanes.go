package reports

import (
	"fmt"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// lanesOf lays out what changes from state to state: pick says of a record which lane it is of and which
// state it begins; "" for none.
func lanesOf(t *trace.Trace, pick func(trace.Record) (lane, state string)) []Lane {
	var all []Lane
	for _, r := range t.Records {
		label, state := pick(r)
		if label == "" {
			continue
		}
		i := slices.IndexFunc(all, func(l Lane) bool { return l.Label == label })
		if i < 0 {
			all, i = append(all, Lane{Label: label}), len(all)
		}
		if n := len(all[i].Spans); n > 0 {
			all[i].Spans[n-1].To = r.At
		}
		all[i].Spans = append(all[i].Spans, Span{From: r.At, To: t.End, State: state})
	}
	return all
}

func watchLanes(t *trace.Trace) []Lane {
	return lanesOf(t, func(r trace.Record) (string, string) {
		b, ok := r.Body.(trace.Watch)
		if !ok {
			return "", ""
		}
		return fmt.Sprintf("%s watcher %v", r.Host, b.VIP), b.State
	})
}

func powerLanes(t *trace.Trace) []Lane {
	return lanesOf(t, func(r trace.Record) (string, string) {
		b, ok := r.Body.(trace.Power)
		if !ok {
			return "", ""
		}
		return r.Host + " power", string(b.State)
	})
}

func linkLanes(t *trace.Trace) []Lane {
	return lanesOf(t, func(r trace.Record) (string, string) {
		b, ok := r.Body.(trace.Link)
		switch {
		case !ok:
			return "", ""
		case b.Up:
			return "link " + b.Cable, "up"
		}
		return "link " + b.Cable, "down"
	})
}

// outages are a lane for each client and VIP that was silent for it: what began each silence, and what
// it was made of in seconds.
func (e *eventer) outages() {
	threads := map[string]int{}
	for _, o := range e.r.Outages {
		label := fmt.Sprintf("%s without %s", o.Client, address(o.VIP))
		if threads[label] == 0 {
			threads[label] = e.thread(label)
		}
		parts := map[string]any{"open": o.Open}
		for _, p := range o.Parts {
			parts[p.Name] = Seconds(p.Time)
		}
		e.span(threads[label], "outage", o.Cause, o.From, o.To, parts)
	}
}

// beliefs are a lane for each host and VIP: whose MAC its ARP cache had.
func (e *eventer) beliefs() {
	threads := map[string]int{}
	for _, b := range e.r.Beliefs {
		label := fmt.Sprintf("%s ARP %s", b.Host, address(b.VIP))
		if threads[label] == 0 {
			threads[label] = e.thread(label)
		}
		whose := b.Whose
		if whose == "" {
			whose = "no node"
		}
		wrong := time.Duration(0)
		for _, w := range b.Wrong {
			wrong += w.To - w.From
		}
		e.span(threads[label], "arp", whose, b.From, b.To, map[string]any{"mac": b.MAC.String(), "wrong_seconds": Seconds(wrong)})
	}
}

// pings are a lane for each ping.exe: an instant a line it printed.
func (e *eventer) pings() {
	threads := map[int]int{}
	for _, r := range e.r.Trace.Records {
		switch b := r.Body.(type) {
		case trace.PingStart:
			threads[b.ID] = e.thread(fmt.Sprintf("%s ping %s", r.Host, address(b.Target)))
		case trace.PingLine:
			if threads[b.ID] == 0 {
				threads[b.ID] = e.thread(r.Host + " ping")
			}
			args := map[string]any{"seq": b.Seq}
			if b.Outcome == trace.Replied {
				args["rtt_seconds"] = Seconds(b.RTT)
			}
			if b.From.IsValid() {
				args["from"] = b.From.String()
			}
			e.instant(threads[b.ID], "ping", string(b.Outcome), oneThread, r.At, args)
		}
	}
}

// mail are the lanes of mail: an instant an event.
func (e *eventer) mail() {
	for _, l := range mailLanes(english, e.r.Trace) {
		thread := e.thread(l.label)
		for _, m := range l.events {
			e.instant(thread, "mail", m.name, oneThread, m.at, nil)
		}
	}
}
