package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// busyHour is an hour with a fault each ten minutes among 100,000 records.
func busyHour() *trace.Trace {
	s := story.Guide()
	for i := range 6 {
		from := float64(600*i + 10)
		s.At(from).Unplug("active").At(from + 34).Takes("standby")
		s.At(from+300).Plug("active", trace.Duplicate).At(from+303.2).Gives("standby", trace.ByPeer).At(from + 307).Takes("active")
	}
	for i := range 100_000 {
		at := float64(i) * 0.036
		switch i % 20 {
		case 0:
			s.At(at).Add("pc", trace.Neighbor{IP: s.Header.Nodes[0].Address.Addr(), State: trace.Stale})
		default:
			s.At(at).Add("pc", trace.PingLine{ID: 1, Seq: i, Outcome: trace.Replied})
		}
	}
	return s.End(3700)
}

func TestAnswered_AnHourIsSwept(t *testing.T) {
	require.Len(t, answered(busyHour()), 13, "Six failovers and failbacks leave 13 spans.")
}

func BenchmarkRead(b *testing.B) {
	tr := busyHour()
	for b.Loop() {
		Read(tr)
	}
}
