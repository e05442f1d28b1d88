package reports

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// storyRow is one thing that happened, in plain words.
type storyRow struct {
	at                    time.Duration
	At, Clock, Host, Text string
	Class                 string // "fault", "away", "back", "bad", "calm"
	From, To              string // seconds around it, for the timeline
	Window                string // the frames around it, "#w1", or ""
}

// story tells the run from virtual time 0 in order: faults, addresses, decisions, silences.
func story(l lang, r Result, windows []frameWindow) ([]storyRow, string) {
	const most = 120
	var all []storyRow
	add := func(at time.Duration, host, class, text string) {
		if at >= 0 && at <= r.Trace.End {
			all = append(all, storyRow{at: at, Host: host, Class: class, Text: text})
		}
	}
	vips := map[string]bool{}
	for _, v := range r.Trace.Header.VIPs {
		vips[address(v.Address)] = true
	}
	for _, rec := range r.Trace.Records {
		switch b := rec.Body.(type) {
		case trace.Fault:
			add(rec.At, "", "fault", l.faultSentence(b))
		case trace.Address:
			if class, k, known := addressWords(b.State); known && vips[address(b.IP)] {
				add(rec.At, rec.Host, class, l.say(k, address(b.IP)))
			}
		case trace.Watch:
			add(rec.At, rec.Host, "calm", l.say(htmlWatcherSays, watched(r.Trace, b)+b.State, b.Why))
		}
	}
	for _, o := range r.Outages {
		add(o.From, o.Client, "away", l.say(htmlStoryAway, address(o.VIP)))
		if !o.Open {
			add(o.To, o.Client, "back", l.say(htmlStoryBack, address(o.VIP), l.length(o.To-o.From)))
		}
	}
	for _, b := range r.Beliefs {
		if r.Trace.Header.Node(b.Host) != nil || b.Whose == "" {
			continue
		}
		add(b.From, b.Host, "calm", l.say(htmlStoryBelief, address(b.VIP), b.Whose, b.MAC))
	}
	slices.SortStableFunc(all, func(a, b storyRow) int { return cmp.Compare(a.at, b.at) })
	cut := ""
	if len(all) > most {
		cut = l.say(htmlStoryCut, most, len(all))
		all = all[:most]
	}
	for i := range all {
		all[i].finish(l, r, windows)
	}
	return all, cut
}

// finish fills in what follows from the time.
func (s *storyRow) finish(l lang, r Result, windows []frameWindow) {
	s.At, s.Clock = l.stamp(s.at), clock(r, s.at)
	s.From, s.To = bare(max(0, s.at-10*time.Second)), bare(min(r.Trace.End, s.at+20*time.Second))
	for _, w := range windows {
		if w.from <= s.at && s.at <= w.to {
			s.Window = "#" + w.ID
		}
	}
}

// addressWords says what a state of the VIP on a node means.
func addressWords(s trace.AddressState) (class string, k key, known bool) {
	switch s {
	case trace.Tentative:
		return "calm", htmlStoryTentative, true
	case trace.Preferred:
		return "calm", htmlStoryPreferred, true
	case trace.Duplicate:
		return "bad", htmlStoryDuplicate, true
	case trace.Absent:
		return "calm", htmlStoryAbsent, true
	}
	return "", 0, false
}

// faultWords are the faults in plain words; the target fills them in.
var faultWords = map[string]key{
	"unplug": htmlFaultUnplug, "plug": htmlFaultPlug, "flap": htmlFaultFlap, "cut": htmlFaultCut, "mend": htmlFaultMend,
	"impair": htmlFaultImpair, "shutdown": htmlFaultShutdown, "power-off": htmlFaultPowerOff, "power-on": htmlFaultPowerOn,
	"freeze": htmlFaultFreeze, "resume": htmlFaultResume, "stop-service": htmlFaultStop, "start-service": htmlFaultStart,
	"block-echo": htmlFaultBlockEcho, "allow-echo": htmlFaultAllowEcho, "block-pipe": htmlFaultBlockPipe,
	"allow-pipe": htmlFaultAllowPipe, "deny-pipe": htmlFaultDenyPipe, "grant-pipe": htmlFaultGrantPipe,
}

// faultSentence is the fault in plain words, with what the scenario's file says.
func (l lang) faultSentence(f trace.Fault) string {
	k, known := faultWords[f.Verb]
	if !known || len(f.Args) == 0 {
		return faultText(f)
	}
	return fmt.Sprintf("%s (%s)", l.say(k, f.Args[0]), faultText(f))
}
