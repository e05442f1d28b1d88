package mail_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// server adds the server of one more domain.
func (r *rig) server(domain, address string, conduct mail.Conduct) {
	at := netip.MustParseAddr(address)
	o := mail.NewOutside(r.lab.Machine(domain, address+"/24"), netip.AddrPortFrom(at, 25))
	o.Conduct(conduct)
	o.Start()
	r.node.Hosts[domain] = []netip.Addr{at}
}

// M9: a server that says nothing, or a name that is not found, holds up no mail for other domains, and
// its own mail waits for one conversation only, not for one after the other.
func TestDestinationsAreIndependent(t *testing.T) {
	r := newRig(t)
	r.outside.Conduct(mail.Silent)
	r.server("good.jp", "10.0.0.10", mail.Takes)
	var to []string
	for n := range 10 {
		to = append(to, fmt.Sprintf("a%d@outside.jp", n), fmt.Sprintf("a%d@nowhere.jp", n))
	}
	r.put("sender@test.jp", append(to, "b@good.jp")...)
	r.deliverers()
	r.lab.Run(10 * time.Second)
	require.Len(t, recorded[trace.MailTaken](r.lab.Trace), 1)
	require.Equal(t, 20, r.in("queue"))
	r.lab.Run(6 * time.Minute)
	retries := recorded[trace.MailRetry](r.lab.Trace)
	require.Len(t, retries, 20, "all of them were put off by now")
	r.outside.Conduct(mail.Takes)
	r.lab.Run(5 * time.Minute)
	require.Len(t, recorded[trace.MailTaken](r.lab.Trace), 11)
}

// However many servers are silent, one that answers is not kept waiting; those that answered come first.
func TestManySilentServers(t *testing.T) {
	r := newRig(t)
	var to []string
	for n := range 120 {
		domain := fmt.Sprintf("silent%d.jp", n)
		r.node.Hosts[domain] = []netip.Addr{outsideIP}
		to = append(to, "a@"+domain)
	}
	r.outside.Conduct(mail.Silent)
	r.put("sender@test.jp", to...)
	r.deliverers()
	r.lab.Run(12 * time.Minute)
	require.Len(t, recorded[trace.MailRetry](r.lab.Trace), 120, "all were tried")
	r.server("good.jp", "10.0.0.10", mail.Takes)
	e := folder.Envelope{ID: folder.ID(r.client.Now(), 999, "test"), From: "sender@test.jp", To: []string{"b@good.jp"}}
	require.NoError(t, r.folder().Accept(e, []byte(text)))
	r.lab.Run(10 * time.Second)
	require.Len(t, recorded[trace.MailTaken](r.lab.Trace), 1)
}

// received is a message that has come through so many servers.
func received(n int) []byte {
	return []byte(strings.Repeat("Received: from a by b; Fri, 7 Feb 2025 16:19:27 +0000\r\n", n) + text)
}

// M9: what has come through more than 100 servers is going round, and its sender is told.
func TestHopLimit(t *testing.T) {
	for hops, bounced := range map[int]int{100: 0, 101: 1} { // order: each for itself
		r := newRig(t)
		require.NoError(t, r.folder().Init())
		e := folder.Envelope{ID: folder.ID(r.client.Now(), 1, "test"), From: "sender@test.jp", To: []string{"a@outside.jp"}}
		require.NoError(t, r.folder().Accept(e, received(hops)))
		r.deliverers()
		r.lab.Run(time.Minute)
		require.Len(t, recorded[trace.MailBounce](r.lab.Trace), bounced)
		require.Len(t, recorded[trace.MailTaken](r.lab.Trace), 1-bounced)
		require.Equal(t, bounced, r.in("inbox/sender"))
	}
}

// M9: mail whose server is this one is not sent to it: it is local, or its sender is told.
func TestNoMailToItself(t *testing.T) {
	for _, c := range []struct{ to, box, why string }{
		{"user1@[10.0.0.100]", "inbox/user1", ""},
		{"user1@[10.0.0.1]", "inbox/user1", ""},
		{"nobody@[10.0.0.100]", "", "no such user"},
		{"user1@elsewhere.jp", "", "its server is this one: mail for it would come back"},
	} {
		t.Run(c.to, func(t *testing.T) {
			r := newRig(t)
			r.node.Hosts["elsewhere.jp"] = []netip.Addr{vip, netip.MustParseAddr("10.0.0.1")}
			r.both()
			r.put("sender@test.jp", c.to)
			r.lab.Run(time.Hour)
			require.Empty(t, recorded[trace.MailAccept](r.lab.Trace), "it did not come back")
			require.Zero(t, r.in("queue"))
			if c.box != "" {
				require.Equal(t, 1, r.in(c.box))
				return
			}
			bounces := recorded[trace.MailBounce](r.lab.Trace)
			require.Len(t, bounces, 1)
			require.Equal(t, c.why, bounces[0].Why)
			require.Equal(t, 1, r.in("inbox/sender"))
		})
	}
}

// What comes in bulk is moved by several at once, each copy once.
func TestBulkIsMovedOnce(t *testing.T) {
	r := newRig(t)
	var to []string
	for range 500 {
		to = append(to, "user1@test.jp", "user2@test.jp")
	}
	r.put("sender@test.jp", to...)
	r.deliverers()
	r.lab.Run(10 * time.Second)
	require.Len(t, recorded[trace.MailDeliver](r.lab.Trace), 1000)
	require.Equal(t, []int{500, 500, 0}, []int{r.in("inbox/user1"), r.in("inbox/user2"), r.in("queue")})
}
