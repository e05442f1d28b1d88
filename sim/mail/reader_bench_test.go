package mail_test

import (
	"net/netip"
	"testing"
	"time"

	"ipwsim/sim/mail/reader"

	"github.com/stretchr/testify/require"
)

// The cost of a message that a reader gets by POP3, in virtual time on the virtual network, and the
// same conversation over a pipe.
func BenchmarkPOP3Message(b *testing.B) {
	const messages = 100
	b.Run("virtual network", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			l := newBoxLab(&testing.T{})
			l.disk = boxDisk(b, messages)
			startBoxes(l.node, l.disk)
			startReader(l.client, "pop3", true)
			b.StartTimer()
			l.Run(30 * time.Second)
			b.StopTimer()
			require.Len(b, fetched(l.Lab), messages)
			l.Close()
			b.StartTimer()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*messages), "ns/message")
	})
	b.Run("pipe", func(b *testing.B) {
		h := newLoopHost(b, true)
		startBoxes(h, boxDisk(b, messages))
		for b.Loop() {
			a := reader.Account{Server: netip.MustParseAddrPort(pop3At), User: "bob", Password: "pass word", Every: time.Hour, Keep: true}
			reader.NewPOP3(h, a).Start()
			require.Equal(b, messages, (<-h.polled).New)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*messages), "ns/message")
	})
}
