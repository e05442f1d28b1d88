package mail_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// Each try tells where it failed and what the server said; temporary failures are tried again.
func TestSenderTellsWhereItFailed(t *testing.T) {
	for _, c := range []struct {
		stage       trace.MailStage
		text, to    string
		code, tries int
		do          func(r *rig)
	}{
		{"", "2.0.0 OK: queued", "user1@test.jp", 250, 1, func(r *rig) { r.both() }},
		{trace.AtConnect, "connection refused", "user1@test.jp", 0, 2, func(r *rig) {}},
		{trace.AtConnect, "host unreachable", "user1@test.jp", 0, 2, func(r *rig) { r.active.PowerOff() }},
		{trace.AtGreeting, "timed out", "a@outside.jp", 0, 2, func(r *rig) {
			r.active.Host().NIC().Remove(vip)
			r.foreign.Host().NIC().Add(netip.MustParsePrefix("10.0.0.100/24"))
			silent := mail.NewOutside(r.foreign, atVIP)
			silent.Conduct(mail.Silent)
			silent.Start()
		}},
		{trace.AtRcpt, "No such user here", "nobody@test.jp", 550, 1, func(r *rig) { r.both() }},
		{trace.AtDot, "Not enough space on the disk", "user1@test.jp", 452, 2, func(r *rig) {
			ill := &sick{err: share.ErrFull}
			mail.NewEPSTRS(r.active, ill.share(r.disk), r.node, "active").Start()
			r.lab.Run(time.Second)
		}},
	} {
		t.Run(string(c.stage)+" "+c.text, func(t *testing.T) {
			r := newRig(t)
			c.do(r)
			mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: []string{c.to}, Count: 1, Tries: 2}.Start(r.client)
			r.lab.Run(time.Hour)
			sends := recorded[trace.MailSend](r.lab.Trace)
			require.Len(t, sends, c.tries)
			for n, s := range sends {
				s.Took = 0
				require.Equal(t, trace.MailSend{MessageID: "1.s@client", To: c.to, Server: atVIP, Try: n + 1, Stage: c.stage, Code: c.code, Text: c.text}, s)
			}
		})
	}
}

// A recipient whom the server refuses keeps the message from no others, and the try says who it was. Only where nobody was
// taken has it failed.
func TestSenderGoesOnAfterARefusedRecipient(t *testing.T) {
	for _, c := range []struct {
		to            []string
		refused, last string
		stage         trace.MailStage
		code          int
		in            []int
	}{
		{[]string{"user1@test.jp", "nobody@test.jp", "user2@test.jp"}, "nobody@test.jp", "2.0.0 OK: queued", "", 250, []int{1, 1}},
		{[]string{"nobody@test.jp", "user1@test.jp", "noone@test.jp"}, "nobody@test.jp, noone@test.jp", "2.0.0 OK: queued", "", 250, []int{1, 0}},
		{[]string{"nobody@test.jp", "noone@test.jp"}, "", "No such user here", trace.AtRcpt, 550, []int{0, 0}},
	} {
		r := newRig(t)
		r.both()
		mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: c.to, Each: len(c.to), Count: 1}.Start(r.client)
		r.lab.Run(time.Minute)
		sends := recorded[trace.MailSend](r.lab.Trace)
		require.Len(t, sends, 1)
		sends[0].Took = 0
		denial := map[bool]int{true: 550}[c.refused != ""]
		want := trace.MailSend{
			MessageID: "1.s@client", To: strings.Join(c.to, ", "), Refused: c.refused, Denial: denial, Server: atVIP, Try: 1, Stage: c.stage, Code: c.code, Text: c.last,
		}
		require.Equal(t, want, sends[0])
		require.Equal(t, c.in, []int{r.in("inbox/user1"), r.in("inbox/user2")})
	}
}

// One message after the other at its rate; after failures the late ones follow at once.
func TestSenderKeepsItsRate(t *testing.T) {
	r := newRig(t)
	r.both()
	mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: []string{"user1@test.jp", "user2@test.jp"}, Count: 10, Every: time.Minute}.Start(r.client)
	r.lab.Run(150 * time.Second)
	require.Len(t, recorded[trace.MailSend](r.lab.Trace), 3)
	r.client.Cable.SetPlugged(false)
	r.lab.Run(4 * time.Minute)
	r.client.Cable.SetPlugged(true)
	r.lab.Run(10 * time.Minute)
	require.Equal(t, []int{5, 5}, []int{r.in("inbox/user1"), r.in("inbox/user2")})
	retried := 0
	for _, s := range recorded[trace.MailSend](r.lab.Trace) {
		if s.Stage != "" {
			require.Equal(t, "4.s@client", s.MessageID)
			retried++
		}
	}
	require.Greater(t, retried, 2)
}
