//go:build unix

package scenarios_test

import (
	"bytes"
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/mail/mailtest"
)

// BenchmarkMail is mail through the whole chain, with three failovers on the way: 300 messages sent,
// accepted, queued on the share, delivered, read by POP3 and IMAP4, and every one accounted for. Its
// floor is the first of these steps alone: the same SMTP conversation over a pipe in memory.
func BenchmarkMail(b *testing.B) {
	const messages = 300
	s := shipped(b, "mail-three-failovers")
	var out *finding.Run
	var err error
	before := cpuTime(b)
	for b.Loop() {
		out, err = script.Run(context.Background(), s, script.Options{Cluster: cluster})
		require.NoError(b, err)
		require.NotEqual(b, finding.Bad, out.Outcome(), complaints(out))
	}
	took := b.Elapsed()
	chain := (cpuTime(b) - before) / time.Duration(b.N*messages)
	requireOnce(b, out, messages)

	floor := mailtest.NewFloor()
	defer floor.Close()
	text := bytes.Repeat([]byte("This is line 1 of message 1 from tanaka.\r\n"), 6) // as long as the senders' with its header
	const conversations = 3000
	before = cpuTime(b)
	for range conversations {
		require.NoError(b, floor.Send(text))
	}
	least := (cpuTime(b) - before) / conversations

	b.ReportMetric(float64(b.N*messages)/took.Seconds(), "messages/s")
	b.ReportMetric(float64(chain.Microseconds()), "cpu-µs/message")
	b.ReportMetric(float64(least.Microseconds()), "floor-cpu-µs/message")
	b.ReportMetric(float64(chain)/float64(least), "x-floor")
	b.ReportMetric(0, "ns/op")
}

// cpuTime is what the process has used of its processors so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
