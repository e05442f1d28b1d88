package says

import (
	"fmt"
	"math"
	"net/netip"
	"time"
)

// LinuxPing is what ping of Linux (iputils) says, which has English words here, whatever language its users have.
// Requests without an answer are told as with -O, or they would leave no line.
type LinuxPing struct{}

// Head is what it begins with.
func (LinuxPing) Head(target netip.Addr, bytes int) string {
	return fmt.Sprintf("PING %v (%v) %d(%d) bytes of data.", target, target, bytes, bytes+28)
}

// Reply is an answer.
func (LinuxPing) Reply(from string, bytes, seq, ttl int, rtt time.Duration) string {
	return fmt.Sprintf("%d bytes from %s: icmp_seq=%d ttl=%d time=%s ms", bytes+8, from, seq, ttl, milliseconds(rtt))
}

// TimedOut is no answer.
func (LinuxPing) TimedOut(seq int) string { return fmt.Sprintf("no answer yet for icmp_seq=%d", seq) }

// Unreachable is the word of the machine itself, or of a router.
func (LinuxPing) Unreachable(from string, seq int) string {
	return fmt.Sprintf("From %s icmp_seq=%d Destination Host Unreachable", from, seq)
}

// Failed is a request that could not be sent.
func (LinuxPing) Failed() string { return "ping: sendmsg: Network is unreachable" }

// Summary is the block it ends with: an unreachable is an error, and no answer.
func (LinuxPing) Summary(target string, sent, errors int, trips []time.Duration) []string {
	lost, failed := 0.0, ""
	if sent > 0 {
		lost = 100 * float64(sent-len(trips)) / float64(sent)
	}
	if errors > 0 {
		failed = fmt.Sprintf("+%d errors, ", errors)
	}
	out := []string{
		fmt.Sprintf("--- %s ping statistics ---", target),
		fmt.Sprintf("%d packets transmitted, %d received, %s%.6g%% packet loss", sent, len(trips), failed, lost),
	}
	if len(trips) == 0 {
		return out
	}
	least, most, sum, squares := trips[0], trips[0], 0.0, 0.0
	for _, t := range trips {
		least, most, sum, squares = min(least, t), max(most, t), sum+float64(t), squares+float64(t)*float64(t)
	}
	mean := sum / float64(len(trips))
	mdev := math.Sqrt(max(0, squares/float64(len(trips))-mean*mean))
	three := func(t float64) string { return fmt.Sprintf("%.3f", t/float64(time.Millisecond)) }
	return append(out, fmt.Sprintf("rtt min/avg/max/mdev = %s/%s/%s/%s ms", three(float64(least)), three(mean), three(float64(most)), three(mdev)))
}

// milliseconds has three digits, as Linux has it.
func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 10:
		return fmt.Sprintf("%.3f", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}
