package reports

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// timelineChart draws a run: faults, holders, clients, ARP entries, watchers, machines, cables, pings.
func timelineChart(l lang, r Result, windows []frameWindow) *chart {
	c := newChart(r.Trace.End)
	c.faults(l, r.Trace)
	holders, clients := group{Title: l.say(htmlGroupHolders)}, group{Title: l.say(htmlGroupClients)}
	for _, lane := range r.Lanes {
		if lane.Client {
			clients.Lanes = append(clients.Lanes, c.spans(l, lane.Label, silences(lane, r.Trace.End), l.look))
		} else {
			holders.Lanes = append(holders.Lanes, c.spans(l, lane.Label, lane.Spans, l.look))
		}
	}
	clients.Lanes = append(clients.Lanes, c.pingLanes(l, r.Trace)...)
	c.add(holders)
	c.add(clients)
	c.add(c.mailGroup(l, r.Trace))
	c.add(group{Title: l.say(htmlGroupBeliefs), Note: l.say(htmlBeliefsNote), Lanes: c.beliefLanes(l, r)})
	c.add(group{Title: l.say(htmlGroupWatchers), Lanes: c.watchLanes(l, r.Trace)})
	c.add(c.networkLanes(l, r.Trace))
	c.frameLane(l, windows)
	c.Legend = l.legendOf(c)
	return c
}

func (c *chart) add(g group) {
	if len(g.Lanes) > 0 || g.Note != "" && g.Title == "" {
		c.Groups = append(c.Groups, g)
	}
}

// silences fills the gaps of a client's lane.
func silences(lane Lane, end time.Duration) []Span {
	var all []Span
	at := time.Duration(0)
	for _, s := range lane.Spans {
		if s.From > at {
			all = append(all, Span{at, s.From, "silent"})
		}
		all = append(all, s)
		at = max(at, s.To)
	}
	if at < end {
		all = append(all, Span{at, end, "silent"})
	}
	return all
}

// looks are the states that have a colour and a name of their own.
var looks = []struct {
	state, class string
	name         key
}{
	{"preferred", "held", statePreferred},
	{"tentative", "tentative", stateTentative},
	{"duplicate", "bad", stateDuplicate},
	{"answered", "good", stateAnswered},
	{"silent", "away", htmlSilent},
	{"polling", "calm", htmlPolling},
	{"taking", "tentative", htmlTaking},
	{"held", "held", htmlHeld},
	{"releasing", "leaving", htmlReleasing},
	{"down", "down", htmlLinkDown},
	{"off", "down", htmlOff},
	{"booting", "leaving", htmlBooting},
	{"stopping", "leaving", htmlStopping},
	{"frozen", "down", htmlFrozen},
}

// look is how a state is drawn.
func (l lang) look(state string) (class, name string) {
	for _, s := range looks {
		if s.state == state {
			return s.class, l.say(s.name)
		}
	}
	return "calm", state
}

// watchLanes are the watchers' states, a lane for each node and VIP.
func (c *chart) watchLanes(l lang, t *trace.Trace) []track {
	rec := newSpanRecorder()
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Watch:
			rec.set(r.Host+" "+watched(t, b), r.At, b.State)
		case trace.Power:
			if b.State == trace.Off {
				rec.endHost(r.Host+" ", r.At)
			}
		case trace.Service:
			if b.State == "stopped" {
				rec.endHost(r.Host+" ", r.At)
			}
		}
	}
	return rec.tracks(c, l, t.End, func(name string) string { return l.say(htmlWatcherOf, name) })
}

// networkLanes are the cables and machines that were not up all the time, and how many were.
func (c *chart) networkLanes(l lang, t *trace.Trace) group {
	cables, machines := newSpanRecorder(), newSpanRecorder()
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Link:
			cables.set(b.Cable, r.At, map[bool]string{false: "down"}[b.Up])
		case trace.Power:
			state := string(b.State)
			if b.State == trace.On {
				state = ""
			}
			machines.set(r.Host, r.At, state)
		}
	}
	g := group{Title: l.say(htmlGroupNetwork)}
	g.Lanes = append(machines.tracks(c, l, t.End, func(name string) string { return l.say(htmlMachineOf, name) }),
		cables.tracks(c, l, t.End, func(name string) string { return l.say(htmlCableOf, name) })...)
	if len(g.Lanes) == 0 {
		g.Note = l.say(htmlAllUp)
	}
	return g
}

// beliefLanes show whom each client and router took for the VIP's holder; what was wrong stands out.
func (c *chart) beliefLanes(l lang, r Result) []track {
	rec := newSpanRecorder()
	for _, b := range r.Beliefs {
		if r.Trace.Header.Node(b.Host) != nil {
			continue
		}
		name := b.Host
		if len(r.Trace.Header.VIPs) > 1 {
			name += " " + address(b.VIP)
		}
		whose := b.Whose
		if whose == "" {
			whose = l.say(noNode)
		}
		whose += " (" + b.MAC.String() + ")"
		at := b.From
		for _, w := range b.Wrong {
			rec.put(name, Span{at, w.From, "right " + whose})
			rec.put(name, Span{w.From, w.To, "wrong " + whose})
			at = w.To
		}
		rec.put(name, Span{at, b.To, "right " + whose})
	}
	return rec.tracksBy(c, l, func(name string) string { return l.say(htmlBeliefOf, name) }, func(state string) (string, string) {
		if whose, ok := strings.CutPrefix(state, "wrong "); ok {
			return "bad", l.say(htmlWrongBelief, whose)
		}
		whose, _ := strings.CutPrefix(state, "right ")
		return "calm", whose
	})
}

// pingLanes have a tick for each line that ping.exe printed on a client.
func (c *chart) pingLanes(l lang, t *trace.Trace) []track {
	type run struct {
		host   string
		start  trace.PingStart
		events []moment
	}
	var runs []*run
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.PingStart:
			runs = append(runs, &run{host: r.Host, start: b})
		case trace.PingLine:
			for _, p := range slices.Backward(runs) {
				if p.host == r.Host && p.start.ID == b.ID {
					p.events = append(p.events, moment{r.At, pingClass(b.Outcome), l.pingWord(b.Outcome)})
					break
				}
			}
		}
	}
	var all []track
	for _, p := range runs {
		if t.Header.Node(p.host) == nil {
			all = append(all, c.marks(l, l.say(htmlPingOf, p.host, address(p.start.Target)), p.events, []string{"reply", "unreachable", "lost"}))
		}
	}
	return all
}

func pingClass(o trace.PingOutcome) string {
	switch o {
	case trace.Replied:
		return "reply"
	case trace.HostUnreachable:
		return "unreachable"
	}
	return "lost"
}

func (l lang) pingWord(o trace.PingOutcome) string {
	switch o {
	case trace.Replied:
		return l.say(htmlPingReply)
	case trace.HostUnreachable:
		return l.say(htmlPingUnreachable)
	case trace.TimedOut:
		return l.say(htmlPingTimedOut)
	}
	return l.say(htmlPingFailed)
}

// frameLane has the stretches of which the page shows the frames, each a link to them.
func (c *chart) frameLane(l lang, windows []frameWindow) {
	t := track{Label: l.say(htmlFramesLane), Height: laneHeight}
	for _, w := range windows {
		if b, ok := c.place(w.from, w.to); ok {
			b.Class, b.Y, b.Link, b.Title, b.Text = "frames", 3, "#"+w.ID, w.Title, w.Short
			t.Boxes = append(t.Boxes, b)
		}
	}
	if len(t.Boxes) > 0 {
		c.add(group{Title: l.say(htmlGroupFrames), Lanes: []track{t}})
	}
}

// legendOf explains what was drawn, in a fixed order.
func (l lang) legendOf(c *chart) []legendEntry {
	used := map[string]bool{}
	for _, g := range c.Groups {
		for _, t := range g.Lanes {
			for _, b := range slices.Concat(t.Boxes, t.Marks, t.Dots, t.Bars) {
				used[b.Class] = true
			}
		}
	}
	var all []legendEntry
	for _, e := range []struct {
		class string
		name  key
	}{
		{"held", htmlLegendHeld}, {"tentative", htmlLegendTentative}, {"bad", htmlLegendBad}, {"leaving", htmlLegendLeaving},
		{"good", stateAnswered}, {"away", htmlSilent}, {"down", htmlLegendDown}, {"calm", htmlLegendCalm},
		{"reply", htmlPingReply}, {"unreachable", htmlPingUnreachable}, {"lost", htmlPingLost},
		{"accept", mailLegendAccept}, {"deliver", mailLaneDeliver}, {"relay", mailLaneRelay}, {"retry", mailLaneRetry}, {"bounce", mailLaneBounce},
		{"sendfail", mailLegendFail}, {"pollfail", mailLegendPoll}, {"broken", mailLegendBroken},
	} {
		if used[e.class] || used["many "+e.class] {
			all = append(all, legendEntry{e.class, l.say(e.name)})
		}
	}
	if len(c.Bands) > 0 {
		all = append(all, legendEntry{"band", l.say(htmlLegendFault)})
	}
	return all
}
