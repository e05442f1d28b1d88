package mail_test

import (
	"net/netip"
	"net/smtp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// BenchmarkKeepUp is whether delivery keeps up with acceptance: senders at once, real time, a folder of this
// machine's disk. What is behind is the part of the messages still in the queue when the last was accepted.
func BenchmarkKeepUp(b *testing.B) {
	const senders = 16
	h := newRealHost()
	dir, err := share.OpenDir(b.TempDir())
	require.NoError(b, err)
	node := settings.Node{
		SMTP:    settings.Service{Binds: []settings.Bind{anyPort25}},
		Domains: []settings.Domain{{Name: "test.jp", Users: []settings.User{{Name: "user1"}, {Name: "user2"}}}},
		Hosts:   map[string][]netip.Addr{"test.jp": {netip.MustParseAddr("127.0.0.1")}},
	}
	mail.NewEPSTRS(h, dir, node, "real").Start()
	mail.NewEPSTDS(h, dir, node, "real").Start()
	at := (<-h.at).String()
	b.ResetTimer()
	var wg sync.WaitGroup
	for n := range senders {
		wg.Go(func() { require.NoError(b, sendMany(at, b.N/senders+min(1, max(0, b.N%senders-n)))) })
	}
	wg.Wait()
	accepted := b.Elapsed()
	behind := b.N - delivered(h)
	for delivered(h) < b.N {
		time.Sleep(10 * time.Millisecond) // wall clock: the test's subject
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/accepted.Seconds(), "accepted/s")
	b.ReportMetric(float64(b.N-behind)/accepted.Seconds(), "delivered/s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "through/s")
	h.close()
	require.NoError(b, dir.Close())
}

// sendMany sends messages over one connection.
func sendMany(at string, count int) error {
	c, err := smtp.Dial(at)
	if err != nil {
		return err
	}
	defer c.Close()
	for range count {
		if err := sendOne(c); err != nil {
			return err
		}
	}
	return c.Quit()
}

func sendOne(c *smtp.Client) error {
	if err := c.Mail("s@elsewhere.jp"); err != nil {
		return err
	}
	if err := c.Rcpt("user1@test.jp"); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(benchText); err != nil {
		return err
	}
	return w.Close()
}

func delivered(h *realHost) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(recorded[trace.MailDeliver](&h.trace))
}
