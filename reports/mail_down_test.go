package reports

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

var smtp = netip.AddrPortFrom(vip, 25)

// try is one try to send, ended at some second. Code 250 is an acceptance.
func try(at, took float64, stage string, code int) trace.Record {
	return trace.Record{At: sec(at), Host: "client", Body: trace.MailSend{Server: smtp, To: "a@example.com", Try: 1, Stage: stage, Code: code, Took: sec(took)}}
}

func TestWhenMailIsDown(t *testing.T) {
	down := func(from, to float64, open bool, failed int, failures ...MailFailure) mailDowntime {
		return mailDowntime{client: "client", server: smtp, from: sec(from), to: sec(to), open: open, failed: failed, failures: failures}
	}
	connect, later, refused := MailFailure{"connect", 0, 1}, MailFailure{"dot", 451, 1}, MailFailure{"rcpt", 550, 1}
	for _, c := range []struct {
		name  string
		tries []trace.Record
		want  []mailDowntime
	}{
		{"nothing sent", nil, nil},
		{"all accepted", []trace.Record{try(1, 0.1, "", 250), try(9, 0.1, "", 250)}, nil},
		{"nobody took the connection, then not just now: from the first try's start to the acceptance",
			[]trace.Record{try(1, 0.1, "", 250), try(20, 15, "connect", 0), try(40, 15, "connect", 0), try(50, 0.1, "dot", 451), try(60, 0.1, "", 250)},
			[]mailDowntime{down(5, 60, false, 3, MailFailure{"connect", 0, 2}, later)}},
		{"an acceptance in between splits it",
			[]trace.Record{try(20, 1, "connect", 0), try(30, 0.1, "", 250), try(50, 0.5, "dot", 451), try(60, 0.1, "", 250)},
			[]mailDowntime{down(19, 30, false, 1, connect), down(49.5, 60, false, 1, later)}},
		{"a refusal for good is of the message", []trace.Record{try(1, 0.1, "", 250), try(20, 0.1, "rcpt", 550), try(30, 0.1, "", 250)}, nil},
		{"nor does a client that is only refused see it down", []trace.Record{try(20, 0.1, "rcpt", 550), try(30, 0.1, "rcpt", 550)}, nil},
		{"a refusal within a downtime does not end it",
			[]trace.Record{try(20, 0.5, "connect", 0), try(30, 0.1, "rcpt", 550), try(40, 0.1, "", 250)},
			[]mailDowntime{down(19.5, 40, false, 2, connect, refused)}},
		{"an open end", []trace.Record{try(1, 0.1, "", 250), try(20, 5, "connect", 0)}, []mailDowntime{down(15, 180, true, 1, connect)}},
		{"a try that waited a second and was taken", []trace.Record{try(1, 0.1, "", 250), try(20, 1, "", 250)}, []mailDowntime{down(19, 20, false, 0)}},
		{"one that waited less", []trace.Record{try(1, 0.1, "", 250), try(20, 0.999, "", 250)}, nil},
		{"not down before the last acceptance", []trace.Record{try(10, 0.1, "", 250), try(12, 8, "connect", 0), try(15, 0.1, "", 250)},
			[]mailDowntime{down(10, 15, false, 1, connect)}},
		{"nor before virtual time 0", []trace.Record{try(5, 30, "connect", 0), try(9, 0.1, "", 250)}, []mailDowntime{down(0, 9, false, 1, connect)}},
		{"nor wholly before it", []trace.Record{try(-9, 5, "connect", 0), try(-5, 0.1, "", 250)}, nil},
	} {
		_, got := mailDowntimes(&trace.Trace{End: sec(180), Records: c.tries})
		require.Equal(t, c.want, got, c.name)
	}
}

// What one client or server misses is not ended by another's success.
func TestMailIsDownForOneClientAndServer(t *testing.T) {
	other := try(25, 0.1, "", 250)
	other.Host = "second"
	elsewhere := try(26, 0.1, "", 250)
	b := elsewhere.Body.(trace.MailSend)
	b.Server = netip.MustParseAddrPort("192.168.10.203:25")
	elsewhere.Body = b
	routes, downs := mailDowntimes(&trace.Trace{End: sec(180), Records: []trace.Record{try(20, 1, "connect", 0), other, elsewhere, try(30, 0.1, "", 250)}})
	require.Equal(t, []mailRoute{{"client", smtp}, {"second", smtp}, {"client", b.Server}}, routes)
	require.Len(t, downs, 1)
	require.Equal(t, []time.Duration{sec(19), sec(30)}, []time.Duration{downs[0].from, downs[0].to})
}

func TestThePageSaysWhenMailWasDown(t *testing.T) {
	said := func(tries ...trace.Record) string {
		r := cablePull()
		r.Trace.Records = append(r.Trace.Records, tries...)
		return textOf(t, htmlOf(t, r, Options{}))
	}
	require.Contains(t, said(try(40, 15, "connect", 0), try(55, 0.1, "", 250)),
		"No mail of client was accepted at 192.168.10.202:25 from 25.0 s (16:20:22) to 55.0 s (16:20:52): 1 of its tries failed (1 x connect). It began with: unplug active.")
	require.Contains(t, said(try(170, 5, "connect", 0)), "from 165.0 s (16:22:42) until the run ended")
	refused := said(try(40, 0.1, "rcpt", 550))
	require.Contains(t, refused, "client always got an answer at 192.168.10.202:25 when it sent mail")
	require.NotContains(t, refused, "accepted at", "it was not")
	require.NotContains(t, said(), " at 192.168.10.202:25", "nobody sent")
}
