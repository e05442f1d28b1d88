package reports

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// mailTrace has each kind of event of mail once, the last of a way first, at 50 s and so on.
func mailTrace() *trace.Trace {
	remote := netip.AddrPortFrom(clientIP, 50000)
	t := &trace.Trace{End: sec(180)}
	for i, b := range []trace.Body{
		trace.MailSession{Service: "EPSTRS", Remote: remote, End: "broken", Took: sec(2)},
		trace.MailPoll{User: "suzuki", By: "pop3", Stage: "connect", Text: "timed out", Took: sec(5)},
		trace.MailSend{To: "a@example.com", Server: smtp, Try: 2, Stage: "dot", Code: 451, Text: "later", Took: sec(0.1)},
		trace.MailBounce{To: "b@example.com", Why: "unknown user"},
		trace.MailRetry{To: "c@example.com", Try: 3, Why: "not reached"},
		trace.MailRelay{ID: "q1", To: "d@example.net", Server: smtp},
		trace.MailDeliver{ID: "q2", To: "e@example.com"},
		trace.MailAccept{ID: "q3", From: "f@example.com", To: []string{"g@example.com", "h@example.com"}, MessageID: "<m1@example.com>"},
		// of these no lane tells
		trace.MailSession{Service: "EPSTRS", End: "quit"}, trace.MailPoll{User: "suzuki", New: 1}, trace.MailSend{Server: smtp, Code: 250},
	} {
		t.Add(sec(float64(50+i)), "active", b)
	}
	return t
}

// Each kind of event has a lane, a label and a sign of its own, in the order of a message's way.
func TestEachKindOfMailHasItsLane(t *testing.T) {
	for _, l := range []lang{english, japanese} {
		labels := map[string]bool{}
		var kinds []string
		for _, lane := range mailLanes(l, mailTrace()) {
			kinds, labels[lane.label] = append(kinds, lane.kind), true
			require.Len(t, lane.events, 1)
		}
		require.Equal(t, mailKinds, kinds)
		require.Len(t, labels, len(mailKinds))
	}
	r := cablePull()
	r.Trace = mailTrace()
	out := htmlOf(t, r, Options{})
	for _, kind := range mailKinds {
		require.Contains(t, out, `<g id="m-`+kind+`">`, "the sign is defined")
	}
	require.Contains(t, textOf(t, out), "57.000 s: accepted: from f@example.com to g@example.com, h@example.com, Message-ID <m1@example.com>")
}

// Two machines that accept have a lane each.
func TestMailAtTwoMachinesHasTwoLanes(t *testing.T) {
	tr := &trace.Trace{End: sec(180)}
	for i, host := range []string{"active", "standby", "active"} {
		tr.Add(sec(float64(i)), host, trace.MailAccept{ID: fmt.Sprint(i)})
	}
	lanes := mailLanes(english, tr)
	require.Len(t, lanes, 2)
	require.Equal(t, "accepted by active", lanes[0].label)
	require.Len(t, lanes[0].events, 2)
	require.Equal(t, "accepted by standby", lanes[1].label)
}

// accepted is a run of 1000 s with n messages, none of them between 400 s and 600 s.
func accepted(n int) *trace.Trace {
	tr := &trace.Trace{End: 1000 * time.Second}
	for i := range n {
		at := 800 * time.Second * time.Duration(i) / time.Duration(n)
		if at >= 400*time.Second {
			at += 200 * time.Second
		}
		tr.Add(at, "active", trace.MailAccept{ID: fmt.Sprint(i)})
	}
	return tr
}

func TestFewEventsAreSignsAndManyAreBars(t *testing.T) {
	one := func(n int) track {
		tr := accepted(n)
		g := newChart(tr.End).mailGroup(english, tr)
		require.Len(t, g.Lanes, 1)
		return g.Lanes[0]
	}
	few := one(mostDots)
	require.Len(t, few.Dots, mostDots)
	require.Empty(t, few.Bars)
	require.Equal(t, "accept", few.Dots[0].Class)

	many := one(10_000)
	require.Empty(t, many.Dots)
	require.LessOrEqual(t, len(many.Bars), mailColumns)
	require.Len(t, many.Bars, 192, "of 240 columns a fifth is empty")
	sum := 0
	for _, b := range many.Bars {
		var n int
		var from, to float64
		_, err := fmt.Sscanf(b.Title, "%d between %f s and %f s", &n, &from, &to)
		require.NoError(t, err, b.Title)
		require.True(t, to <= 400.001 || from >= 599.999, "a bar in the gap: %s", b.Title)
		require.Positive(t, b.H)
		require.LessOrEqual(t, b.Y+b.H, laneHeight)
		sum += n
	}
	require.Equal(t, 10_000, sum, "none is left out")
}

func TestEqualMailGivesEqualLanes(t *testing.T) {
	r := cablePull()
	for _, tr := range []*trace.Trace{mailTrace(), accepted(10_000)} {
		r.Trace = tr
		require.Equal(t, htmlOf(t, r, Options{}), htmlOf(t, r, Options{}))
		require.Equal(t, mailLanes(english, tr), mailLanes(english, tr))
	}
}
