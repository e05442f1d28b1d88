package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// mailLane is one kind of event of mail at one place.
type mailLane struct {
	label  string
	kind   string // how it is drawn
	events []moment
}

// mailKinds are the kinds in the order of their lanes: a message's way, then what went wrong.
var mailKinds = []string{"accept", "deliver", "relay", "retry", "bounce", "sendfail", "pollfail", "broken"}

// mailLanes lay out the mail of a run from virtual time 0. Each lane has one kind of event, so that
// its name and its sign, not its colour, tell it from others.
func mailLanes(l lang, t *trace.Trace) []mailLane {
	var all []mailLane
	for _, r := range t.Records {
		kind, label, text := l.mailEvent(r)
		if kind == "" || r.At < 0 || r.At > t.End {
			continue
		}
		i := slices.IndexFunc(all, func(x mailLane) bool { return x.kind == kind && x.label == label })
		if i < 0 {
			all, i = append(all, mailLane{label: label, kind: kind}), len(all)
		}
		all[i].events = append(all[i].events, moment{r.At, kind, text})
	}
	slices.SortStableFunc(all, func(a, b mailLane) int {
		return slices.Index(mailKinds, a.kind) - slices.Index(mailKinds, b.kind)
	})
	return all
}

// mailEvent is what a record says of mail; kind "" for none of the lanes.
func (l lang) mailEvent(r trace.Record) (kind, label, text string) {
	switch b := r.Body.(type) {
	case trace.MailAccept:
		return "accept", l.say(mailLaneAccept, r.Host), l.say(mailAcceptText, b.From, strings.Join(b.To, l.say(comma)), b.MessageID)
	case trace.MailDeliver:
		return "deliver", l.say(mailLaneDeliver), l.say(mailDeliverText, b.To, b.ID)
	case trace.MailRelay:
		return "relay", l.say(mailLaneRelay), l.say(mailRelayText, b.Server, b.To, b.ID)
	case trace.MailRetry:
		return "retry", l.say(mailLaneRetry), l.say(mailRetryText, b.To, b.Try, b.Why)
	case trace.MailBounce:
		return "bounce", l.say(mailLaneBounce), l.say(mailBounceText, b.To, b.Why)
	case trace.MailSend:
		if b.Stage == "" && b.Code == 250 {
			return "", "", ""
		}
		why := b.Text
		if b.Code != 0 {
			why = fmt.Sprint(b.Code, " ", b.Text)
		}
		return "sendfail", l.say(mailLaneFail, r.Host), l.say(mailFailText, b.To, b.Try, b.Stage, l.length(b.Took), why)
	case trace.MailPoll:
		if b.Stage == "" {
			return "", "", ""
		}
		return "pollfail", l.say(mailLanePoll, r.Host), l.say(mailPollText, b.User, b.By, b.Stage, l.length(b.Took), b.Text)
	case trace.MailSession:
		if b.End != "broken" {
			return "", "", ""
		}
		return "broken", l.say(mailLaneBroken, r.Host), l.say(mailBrokenText, b.Service, b.Remote, l.length(b.Took))
	}
	return "", "", ""
}

// mostDots is how many signs a lane shows singly; mailColumns is how many bars it has otherwise.
const (
	mostDots    = 150
	mailColumns = 240
)

// mailGroup draws the lanes of mail.
func (c *chart) mailGroup(l lang, t *trace.Trace) group {
	g := group{Title: l.say(htmlGroupMail), Note: l.say(htmlMailNote)}
	for _, lane := range mailLanes(l, t) {
		g.Lanes = append(g.Lanes, c.mailTrack(l, lane))
	}
	return g
}

func (c *chart) mailTrack(l lang, lane mailLane) track {
	t := track{Label: lane.label, Height: laneHeight}
	if len(lane.events) > mostDots {
		t.Bars = c.bars(l, lane)
		return t
	}
	for _, e := range lane.events {
		if b, ok := c.place(e.at, e.at); ok {
			b.Class, b.Title = e.class, l.stamp(e.at)+": "+e.name
			t.Dots = append(t.Dots, b)
		}
	}
	return t
}

// bars count the events in columns. An empty column has no bar: a gap stays a gap.
func (c *chart) bars(l lang, lane mailLane) []box {
	count := make([]int, mailColumns)
	for _, e := range lane.events {
		if i, ok := column(e.at, c.To, mailColumns); ok {
			count[i]++
		}
	}
	most := slices.Max(count)
	var all []box
	for i, n := range count {
		if n == 0 {
			continue
		}
		at := func(i int) time.Duration { return time.Duration(edge(i, c.To, mailColumns) * float64(time.Second)) }
		b, _ := c.place(at(i), at(i+1))
		b.H = 4 + (boxHeight-4)*n/most
		b.Y = laneHeight - 3 - b.H
		b.Class, b.Title = lane.kind, l.say(mailBars, n, l.stamp(at(i)), l.stamp(at(i+1)))
		all = append(all, b)
	}
	return all
}

// mailHostsLine names the machines that mail needs beside the cluster: the share and the outside server.
func mailHostsLine(l lang, t *trace.Trace) string {
	var all []string
	for _, o := range t.Header.Others {
		all = append(all, l.say(mailHost, o.Name, o.What, o.Address.Addr()))
	}
	if len(all) == 0 {
		return ""
	}
	return l.say(mailHosts, strings.Join(all, l.say(comma)))
}
