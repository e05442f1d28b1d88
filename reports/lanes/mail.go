package lanes

import (
	"fmt"
	"slices"
	"strings"

	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// MailKinds are the kinds of moments of mail, in the order of their lanes: a message's way, then what went wrong.
var MailKinds = []string{"accept", "deliver", "relay", "retry", "bounce", "sendfail", "pollfail", "broken"}

// Mail lays out the mail of a run. Each lane has one kind of moment, so that its name and its sign, not its colour,
// tell it from others.
func Mail(l words.Lang, t *trace.Trace) []Lane {
	b := newBuilder(t.End)
	for r := range t.All() {
		kind, label, text := mailEvent(l, r)
		if kind == "" || r.At < 0 || r.At > t.End {
			continue
		}
		lane := b.lane(kind+" "+label, label)
		lane.Moments = append(lane.Moments, Moment{r.At, kind, text})
	}
	all := b.close()
	slices.SortStableFunc(all, func(a, b Lane) int {
		return slices.Index(MailKinds, a.Moments[0].Kind) - slices.Index(MailKinds, b.Moments[0].Kind)
	})
	return all
}

// mailEvent is what a record says of mail; kind "" for none of the lanes.
func mailEvent(l words.Lang, r *trace.Record) (kind, label, text string) {
	switch b := r.Body.(type) {
	case trace.MailAccept:
		return "accept", l.Say("mail.lane-accept", r.Host), l.Say("mail.accept-text", b.From, strings.Join(b.To, l.Say("comma")), b.MessageID)
	case trace.MailDeliver:
		return "deliver", l.Say("mail.lane-deliver"), l.Say("mail.deliver-text", b.To, b.ID)
	case trace.MailRelay:
		return "relay", l.Say("mail.lane-relay"), l.Say("mail.relay-text", b.Server, b.To, b.ID)
	case trace.MailRetry:
		return "retry", l.Say("mail.lane-retry"), l.Say("mail.retry-text", b.To, b.Try, b.Why)
	case trace.MailBounce:
		return "bounce", l.Say("mail.lane-bounce"), l.Say("mail.bounce-text", b.To, b.Why)
	case trace.MailSend:
		if b.Refused != "" {
			b.To, b.Stage, b.Code, b.Text = b.Refused, trace.AtRcpt, b.Denial, ""
		}
		if b.Stage == "" && b.Code == 250 {
			return "", "", ""
		}
		why := b.Text
		if b.Code != 0 {
			why = strings.TrimSpace(fmt.Sprint(b.Code, " ", b.Text))
		}
		return "sendfail", l.Say("mail.lane-fail", r.Host), l.Say("mail.fail-text", b.To, b.Try, l.Stage(b.Stage), l.Length(b.Took), why)
	case trace.MailPoll:
		if b.Stage == "" {
			return "", "", ""
		}
		return "pollfail", l.Say("mail.lane-poll", r.Host), l.Say("mail.poll-text", b.User, b.By, l.Stage(b.Stage), l.Length(b.Took), b.Text)
	case trace.MailSession:
		if b.End != trace.BrokenEnd {
			return "", "", ""
		}
		return "broken", l.Say("mail.lane-broken", r.Host), l.Say("mail.broken-text", b.Service, b.Remote, l.Length(b.Took))
	}
	return "", "", ""
}
