package page

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// event is one thing that happened, in plain words.
type event struct {
	at                    time.Duration
	At, Clock, Host, Text string
	Class                 string // "fault", "away", "back", "wrong" or ""
	From, To              string // seconds around it, for the timeline
	Window                string // the frames around it, or ""
}

// story tells the run from virtual time 0 in order: faults, addresses, decisions, silences.
func (t *teller) story(windows []window) (all []event, more string) {
	const most = 120
	add := func(at time.Duration, host, class, text string) {
		if at >= 0 && at <= t.run.Trace.End {
			all = append(all, event{at: at, Host: host, Class: class, Text: text})
		}
	}
	t.deeds(add)
	for _, o := range t.Facts.Outages() {
		away := "page.story-away"
		for _, s := range o.Pings {
			if s.From == o.From {
				away = "page.story-pings"
			} else {
				add(s.From, o.Client, "", t.Say("page.story-mail", o.VIP))
			}
		}
		add(o.From, o.Client, "away", t.Say(away, o.VIP))
		if !o.Open {
			add(o.To, o.Client, "back", t.Say("page.story-back", o.VIP, t.Length(o.Length())))
		}
	}
	for _, b := range t.Facts.Beliefs {
		if t.header().Node(b.Host) == nil && b.Whose != "" {
			add(b.From, b.Host, "", t.Say("page.story-belief", b.VIP, b.Whose, b.MAC))
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	if n := len(all); n > most && !t.opt.Full {
		all, more = all[:most], t.Say("page.story-cut", most, n)
	}
	for i := range all {
		t.finish(&all[i], windows)
	}
	return all, more
}

// deeds are what was done, and what machines and watchers did.
func (t *teller) deeds(add func(at time.Duration, host, class, text string)) {
	for i := range t.Facts.Faults {
		f := &t.Facts.Faults[i]
		add(f.At, "", "fault", t.Say("page.story-fault", t.Did(f), f.Line()))
	}
	vips := map[string]bool{}
	for _, v := range t.header().VIPs {
		vips[v.Address.String()] = true
	}
	for r := range t.run.Trace.All() {
		switch b := r.Body.(type) {
		case trace.Address:
			if key := "page.story-" + string(b.State); vips[b.IP.String()] && words.Has(key) {
				class := ""
				if b.State == trace.Duplicate {
					class = "wrong"
				}
				add(r.At, r.Host, class, t.Say(key, b.IP))
			}
		case trace.Watch:
			add(r.At, r.Host, "", t.Say("page.watcher-says", t.Watched(t.header(), b)))
		}
	}
}

// finish fills in what follows from the time.
func (t *teller) finish(e *event, windows []window) {
	e.At, e.Clock = t.Stamp(e.at), t.clock(e.at)
	e.From, e.To = words.Tidy(max(0, e.at-10*time.Second)), words.Tidy(min(t.run.Trace.End, e.at+20*time.Second))
	for _, w := range windows {
		if w.from <= e.at && e.at <= w.to {
			e.Window = w.ID
		}
	}
}
