package page

import (
	"slices"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/reports/lanes"
	"ipwsim/sim/trace"
)

// timeline draws a run: faults, holders, clients, mail, ARP entries, watchers, machines, cables, frames.
func (t *teller) timeline(windows []window) *chart.Chart {
	r, c := t.run, chart.New(t.run.Trace.End)
	c.Add(t.faultLane(c))
	c.Add(chart.Group{Title: t.Say("page.group-holders"), Lanes: t.spans(c, lanes.Holders(r))})
	clients := chart.Group{Title: t.Say("page.group-clients"), Lanes: t.spans(c, lanes.Clients(t.Lang, r))}
	for _, l := range lanes.Pings(t.Lang, r.Trace) {
		if t.header().Node(l.Host) == nil {
			clients.Lanes = append(clients.Lanes, c.Marks(l.Label, moments(l.Moments)))
		}
	}
	c.Add(clients)
	if mail := lanes.Mail(t.Lang, r.Trace); len(mail) > 0 {
		g := chart.Group{Title: t.Say("page.group-mail"), Note: t.Say("page.mail-note")}
		for _, l := range mail {
			g.Lanes = append(g.Lanes, c.Dots(l.Label, t.signs(l)))
		}
		c.Add(g)
	}
	c.Add(chart.Group{Title: t.Say("page.group-beliefs"), Note: t.Say("page.beliefs-note"), Lanes: t.spans(c, lanes.Beliefs(t.Lang, r))})
	c.Add(chart.Group{Title: t.Say("page.group-watchers"), Lanes: t.spans(c, lanes.Watchers(t.Lang, r.Trace))})
	c.Add(t.downLanes(c))
	c.Add(t.frameLane(c, windows))
	c.Explain(t.legend())
	return c
}

// spans draws lanes of states.
func (t *teller) spans(c *chart.Chart, all []lanes.Lane) (drawn []chart.Lane) {
	for _, l := range all {
		var spans []chart.Span
		for _, s := range l.Spans {
			name := s.Text
			if name == "" {
				name = lanes.Name(t.Lang, s.State)
			}
			if s.State == lanes.Wrong {
				name = t.Say("page.wrong-belief", name)
			}
			title := t.Say("page.span-title", t.Stamp(max(0, s.From)), t.Stamp(s.To), t.Length(s.To-max(0, s.From)))
			spans = append(spans, chart.Span{From: s.From, To: s.To, Class: classOf(s.State), Name: name, Title: title})
		}
		if lane := c.Spans(l.Label, spans); len(lane.Boxes)+len(lane.Paths) > 0 {
			drawn = append(drawn, lane)
		}
	}
	return drawn
}

// classOf is how a state is drawn.
func classOf(s lanes.State) string {
	switch s {
	case lanes.State(trace.Preferred), lanes.State(trace.Held):
		return "held"
	case lanes.State(trace.Tentative), lanes.State(trace.Taking):
		return "tentative"
	case lanes.State(trace.Duplicate), lanes.Wrong:
		return "bad"
	case lanes.Answered:
		return "good"
	case lanes.Silent:
		return "away"
	case lanes.State(trace.Releasing), lanes.State(trace.Booting), lanes.State(trace.Stopping):
		return "leaving"
	case lanes.Down, lanes.State(trace.Off), lanes.State(trace.Frozen):
		return "down"
	}
	return "calm"
}

// downLanes are the machines and cables that were not up all the time, while they were not.
func (t *teller) downLanes(c *chart.Chart) chart.Group {
	g := chart.Group{Title: t.Say("page.group-network")}
	for _, l := range append(lanes.Machines(t.Lang, t.run.Trace), lanes.Cables(t.Lang, t.run.Trace)...) {
		l.Spans = slices.DeleteFunc(l.Spans, func(s lanes.Span) bool { return s.State == lanes.Up || s.State == lanes.State(trace.On) })
		g.Lanes = append(g.Lanes, t.spans(c, []lanes.Lane{l})...)
	}
	if len(g.Lanes) == 0 {
		return chart.Group{Note: t.Say("page.all-up")}
	}
	return g
}

// faultLane has the faults, and shades the stretches in which they lasted.
func (t *teller) faultLane(c *chart.Chart) chart.Group {
	const most = 60
	label := t.Say("faults-lane")
	var spans []chart.Span
	var many []chart.Moment
	for i := range t.Facts.Faults {
		f := &t.Facts.Faults[i]
		to := f.At
		if f.Lasts() {
			to = f.Until
			c.Shade(f.At, to)
		}
		spans = append(spans, chart.Span{From: f.At, To: to, Class: "fault", Name: f.Line(), Title: t.Fault(f.ID)})
		many = append(many, chart.Moment{At: f.At, Class: "fault", Name: f.Line()})
	}
	switch {
	case len(spans) == 0:
		return chart.Group{}
	case len(spans) > most:
		return chart.Group{Lanes: []chart.Lane{c.Marks(label, many)}}
	}
	return chart.Group{Lanes: []chart.Lane{c.Stacked(label, spans)}}
}

// frameLane has the stretches of which the page shows the frames, each a link to them.
func (t *teller) frameLane(c *chart.Chart, windows []window) chart.Group {
	var spans []chart.Span
	for _, w := range windows {
		spans = append(spans, chart.Span{From: w.from, To: w.to, Class: "frames", Name: w.Short, Title: w.Title, Link: "#" + w.ID})
	}
	if len(spans) == 0 {
		return chart.Group{}
	}
	return chart.Group{Title: t.Say("page.group-frames"), Lanes: []chart.Lane{c.Spans(t.Say("page.frames-lane"), spans)}}
}

// pingClass is how a line of ping.exe is drawn.
func pingClass(outcome string) string {
	switch trace.PingOutcome(outcome) {
	case trace.Replied:
		return "reply"
	case trace.HostUnreachable:
		return "unreachable"
	}
	return "lost"
}

func moments(all []lanes.Moment) (out []chart.Moment) {
	for _, m := range all {
		out = append(out, chart.Moment{At: m.At, Class: pingClass(m.Kind), Name: m.Text})
	}
	return out
}

// mailSigns are how the kinds of mail's moments are drawn.
var mailSigns = map[string]chart.Sign{
	"accept": chart.Disc, "deliver": chart.Square, "relay": chart.Triangle, "retry": chart.Ring, "bounce": chart.Diamond,
	"sendfail": chart.Cross, "pollfail": chart.Plus, "broken": chart.Bolt,
}

// signs are a lane of mail.
func (t *teller) signs(l lanes.Lane) (out []chart.Moment) {
	for _, m := range l.Moments {
		out = append(out, chart.Moment{At: m.At, Class: m.Kind, Name: l.Label, Text: t.Stamp(m.At) + ": " + m.Text, Sign: mailSigns[m.Kind]})
	}
	return out
}

// legend explains what can be drawn, in a fixed order.
func (t *teller) legend() (all []chart.Entry) {
	for _, class := range strings.Fields("held tentative bad leaving good away down calm") {
		all = append(all, chart.Entry{Class: class, Name: t.Say("page.legend-" + class)})
	}
	for _, class := range strings.Fields("reply unreachable lost") {
		all = append(all, chart.Entry{Class: class, Name: t.Say("page.legend-" + class), Form: chart.MarkForm})
	}
	for _, kind := range lanes.MailKinds {
		all = append(all, chart.Entry{Class: kind, Name: t.Say("mail.legend-" + kind), Sign: mailSigns[kind]})
	}
	return append(all, chart.Entry{Class: "band", Name: t.Say("page.legend-fault"), Form: chart.BandForm})
}
