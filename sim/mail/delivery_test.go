package mail_test

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message"
	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// put puts messages straight into the queue.
func (r *rig) put(from string, to ...string) {
	require.NoError(r.t, r.folder().Init())
	for n, t := range to {
		e := folder.Envelope{ID: folder.ID(r.client.Now(), n+1, "test"), From: from, To: []string{t}}
		require.NoError(r.t, r.folder().Accept(e, fmt.Appendf(nil, "Message-ID: <%d.put@test>\r\nSubject: x\r\n\r\nThe end.\r\n", n+1)))
	}
}

// deliverers starts EPSTDS on both nodes.
func (r *rig) deliverers() {
	for n, m := range []mail.Host{r.active, r.standby} {
		mail.NewEPSTDS(m, r.disk, r.node, []string{"active", "standby"}[n]).Start()
	}
}

// M4: only the node that has the address delivers, and the other takes over when it gets it.
func TestDeliversOnlyWithTheLogicalIP(t *testing.T) {
	r := newRig(t)
	r.active.Host().NIC().Remove(vip)
	r.put("sender@test.jp", "user1@test.jp", "a@outside.jp")
	r.deliverers()
	r.lab.Run(time.Hour)
	require.Equal(t, 2, r.in("queue"), "nobody has the address")
	r.hold(r.standby)
	r.lab.Run(10 * time.Second)
	require.Zero(t, r.in("queue"))
	for _, rec := range r.lab.Trace.Records {
		switch rec.Body.(type) {
		case trace.MailDeliver, trace.MailRelay:
			require.Equal(t, "standby", rec.Host)
		}
	}
}

// The address is asked for before each delivery: one that goes in the middle of a round stops it.
func TestStopsWhenTheAddressGoes(t *testing.T) {
	r := newRig(t)
	r.put("sender@test.jp", "user1@test.jp", "user2@test.jp", "user3@test.jp")
	fs := hookFS{r.disk, func(name string) error {
		if strings.Contains(name, "inbox/user2/") {
			r.active.Host().NIC().Remove(vip)
		}
		return nil
	}, func() error { return nil }}
	mail.NewEPSTDS(r.active, fs, r.node, "active").Start()
	r.lab.Run(time.Minute)
	require.Equal(t, []int{1, 1, 1}, []int{r.in("inbox/user1"), r.in("inbox/user2"), r.in("queue")})
}

// Without LogicalIP both nodes work on the queue: local mail comes once, since a file moves only once,
// but the outside gets everything twice. That is why the guide asks for it (step 13).
func TestWithoutLogicalIPTheOutsideGetsDoubles(t *testing.T) {
	for _, c := range []struct {
		ip    netip.Addr
		taken int
	}{{netip.Addr{}, 2}, {vip, 1}} {
		r := newRig(t)
		r.node.Delivery.LogicalIP = c.ip
		r.put("sender@test.jp", "user1@test.jp", "a@outside.jp")
		r.deliverers()
		r.lab.Run(time.Hour)
		require.Len(t, recorded[trace.MailTaken](r.lab.Trace), c.taken)
		require.Len(t, recorded[trace.MailRelay](r.lab.Trace), c.taken)
		require.Len(t, recorded[trace.MailDeliver](r.lab.Trace), 1)
		require.Equal(t, 1, r.in("inbox/user1"))
		require.Zero(t, r.in("queue"))
	}
}

// A server that defers is tried at each RetryAfter, until RetryFor; then the sender is told.
func TestRetriesThenReports(t *testing.T) {
	r := newRig(t)
	r.outside.Conduct(mail.Defers)
	r.put("sender@test.jp", "a@outside.jp")
	r.deliverers()
	r.lab.Run(2 * time.Hour)

	var tries []int
	for n, m := range recorded[trace.MailRetry](r.lab.Trace) {
		tries = append(tries, m.Try)
		require.Equal(t, "rcpt: 451 Try again later", m.Why)
		if n > 0 {
			require.InDelta(t, 600, m.Next.Seconds(), 4)
		}
	}
	require.Equal(t, []int{1, 2, 3, 4, 5, 6}, tries)
	bounces := recorded[trace.MailBounce](r.lab.Trace)
	require.Len(t, bounces, 1)
	require.Equal(t, "a@outside.jp", bounces[0].To)
	require.Equal(t, trace.GroundAge, bounces[0].Ground)
	require.Equal(t, 451, bounces[0].Code)
	require.Zero(t, r.in("queue"))

	got, err := r.disk.ReadFile("cl_mail/inbox/sender/" + bounces[0].Report + ".001")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(got), "Return-Path: <>\r\nDelivered-To: sender@test.jp\r\n"))
	requireReport(t, got, "Final-Recipient: rfc822; a@outside.jp", "Action: failed", "Status: 4.4.7", "Message-ID: <1.put@test>")
	require.NotContains(t, string(got), "The end.", "the header only")
}

// requireReport reads a report with the library that mail programs use.
func requireReport(t *testing.T, raw []byte, want ...string) {
	m, err := gomessage.Read(bytes.NewReader(raw))
	require.NoError(t, err)
	kind, params, err := m.Header.ContentType()
	require.NoError(t, err)
	require.Equal(t, "multipart/report delivery-status", kind+" "+params["report-type"])
	var kinds []string
	text := ""
	for parts := m.MultipartReader(); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		k, _, _ := p.Header.ContentType()
		b, err := io.ReadAll(p.Body)
		require.NoError(t, err)
		kinds = append(kinds, k)
		text += string(b)
	}
	require.Equal(t, []string{"text/plain", "message/delivery-status", "text/rfc822-headers"}, kinds)
	for _, w := range want {
		require.Contains(t, text, w)
	}
}

// Every way to fail has its reason told, and its end.
func TestWaysToFail(t *testing.T) {
	for _, c := range []struct {
		name   string
		do     func(r *rig)
		to     string
		why    string
		bounce bool // at once
	}{
		{"refused", func(r *rig) { r.outside.Conduct(mail.Refuses) }, "a@outside.jp", "rcpt: 550 No such user here", true},
		{"silent", func(r *rig) { r.outside.Conduct(mail.Silent) }, "a@outside.jp", "greeting: timed out", false},
		{"off", func(r *rig) { r.foreign.PowerOff() }, "a@outside.jp", "connect: host unreachable", false},
		{"not listening", func(r *rig) { r.node.Hosts["outside.jp"] = []netip.Addr{netip.MustParseAddr("10.0.0.50")} }, "a@outside.jp", "connect: connection refused", false},
		{"no such name", func(r *rig) {}, "a@nowhere.jp", "the name of its domain was not found: DNS timed out", false},
		{"an account that went", func(r *rig) {}, "gone@test.jp", "no such user", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.do(r)
			r.put("sender@test.jp", c.to)
			r.deliverers()
			r.lab.Run(9 * time.Minute)
			retries, bounces := recorded[trace.MailRetry](r.lab.Trace), recorded[trace.MailBounce](r.lab.Trace)
			if c.bounce {
				require.Empty(t, retries)
				require.Len(t, bounces, 1)
				require.Equal(t, c.why, bounces[0].Why)
				require.Equal(t, 1, r.in("inbox/sender"))
				return
			}
			require.Empty(t, bounces)
			require.NotEmpty(t, retries)
			require.Equal(t, c.why, retries[0].Why)
			r.lab.Run(2 * time.Hour)
			require.Len(t, recorded[trace.MailBounce](r.lab.Trace), 1)
			require.Equal(t, 1, r.in("inbox/sender"))
		})
	}
}

// A report that cannot be delivered is dropped, with a record.
func TestReportOnAReportIsDropped(t *testing.T) {
	r := newRig(t)
	r.outside.Conduct(mail.Refuses)
	r.put("somebody@outside.jp", "b@outside.jp")
	r.deliverers()
	r.lab.Run(time.Hour)
	bounces := recorded[trace.MailBounce](r.lab.Trace)
	require.Len(t, bounces, 2)
	require.NotEmpty(t, bounces[0].Report)
	require.Equal(t, trace.MailBounce{ID: bounces[0].Report, To: "somebody@outside.jp", Why: "rcpt: 550 No such user here", Ground: trace.GroundAnswer, Code: 550}, bounces[1])
	require.Empty(t, r.stock())
}

// Two nodes that give up the same copy make one report.
func TestTwoNodesReportOnce(t *testing.T) {
	r := newRig(t)
	r.node.Delivery.LogicalIP = netip.Addr{}
	r.outside.Conduct(mail.Refuses)
	r.put("sender@test.jp", "a@outside.jp")
	r.deliverers()
	r.lab.Run(time.Hour)
	require.Equal(t, 1, r.in("inbox/sender"))
	require.Zero(t, r.in("queue"))
}

// A server that says nothing holds up its own mail, not local mail.
func TestSlowServerDoesNotHoldUpLocalMail(t *testing.T) {
	r := newRig(t)
	r.outside.Conduct(mail.Silent)
	r.put("sender@test.jp", "a@outside.jp", "user1@test.jp")
	r.deliverers()
	r.lab.Run(10 * time.Second)
	require.Equal(t, 1, r.in("inbox/user1"))
	require.Equal(t, 1, r.in("queue"))
}

// The hour of the bounce is not begun anew by a failover: it follows from the file's age.
func TestRetryTimesSurviveAFailover(t *testing.T) {
	r := newRig(t)
	r.outside.Conduct(mail.Defers)
	r.put("sender@test.jp", "a@outside.jp")
	r.deliverers()
	r.lab.Run(35 * time.Minute)
	r.active.PowerOff()
	r.hold(r.standby)
	r.lab.Run(24 * time.Minute)
	require.Empty(t, recorded[trace.MailBounce](r.lab.Trace))
	r.lab.Run(2 * time.Minute)
	require.Len(t, recorded[trace.MailBounce](r.lab.Trace), 1)
}

// What another server has is not sent again because the share would not let it go.
func TestSentOnceThoughTheShareWillNotForget(t *testing.T) {
	r := newRig(t)
	r.put("sender@test.jp", "a@outside.jp")
	stuck := true
	fs := hookFS{r.disk, func(name string) error {
		if stuck && len(recorded[trace.MailRelay](r.lab.Trace)) > 0 {
			return errOff
		}
		return nil
	}, func() error { return nil }}
	mail.NewEPSTDS(r.active, fs, r.node, "active").Start()
	r.lab.Run(time.Hour)
	require.Equal(t, 1, r.in("queue"))
	stuck = false
	r.lab.Run(time.Minute)
	require.Zero(t, r.in("queue"))
	require.Len(t, recorded[trace.MailTaken](r.lab.Trace), 1)
}

// A file in the queue that is no message is told once, and stays.
func TestUnreadableFilesStay(t *testing.T) {
	r := newRig(t)
	r.put("sender@test.jp", "user1@test.jp")
	name := "cl_mail/queue/" + folder.ID(r.client.Now(), 9, "x") + ".001"
	require.NoError(t, r.disk.Create(name, []byte("hello")))
	r.deliverers()
	r.lab.Run(time.Hour)
	logs := recorded[trace.Log](r.lab.Trace)
	require.Len(t, logs, 1)
	require.Contains(t, logs[0].Text, `001: not a message of the queue: found "hello" at its start, expected Return-Path: <address>`)
	_, err := r.disk.Stat(name)
	require.NoError(t, err)
}

// What a node that died has left unfinished goes away in time.
func TestLitterIsSwept(t *testing.T) {
	r := newRig(t)
	r.both()
	dead := "cl_mail/queue/tmp/" + folder.ID(r.client.Now(), 1, "dead") + ".001"
	require.NoError(t, r.disk.Create(dead, []byte("Return-Pa")))
	r.lab.Run(3 * time.Hour)
	infos, err := r.disk.ReadDir("cl_mail/queue/tmp")
	require.NoError(t, err)
	require.Empty(t, infos)
	require.Empty(t, r.stock())
}
