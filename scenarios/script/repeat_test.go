package script

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// What is done again and again is done at its times, between what other lines say, and the run ends a minute after
// the last of it.
func TestRepeatedSteps(t *testing.T) {
	out := runText(t, "# flaps\ncluster guide\nping client vip\nat 10s every 7s until 30s flap active 1s\nat 20s block-echo client\nexpect no failover\n")
	var done []string
	for _, r := range out.Trace.Records {
		if f, is := r.Body.(trace.Fault); is {
			done = append(done, r.At.String()+" "+f.Line())
		}
	}
	require.Equal(t, []string{"10s flap active 1s", "17s flap active 1s", "20s block-echo client", "24s flap active 1s"}, done)
	require.Equal(t, 84*time.Second, out.Trace.End)
}

// Each rule of a line that is repeated must meet a packet.
func TestRepeatedRule(t *testing.T) {
	out := runText(t, "# rules\ncluster guide\nping client vip\nat 10s every 20s until 50s rule for 5s drop icmp echo from client\nat 35s unplug client\nexpect no failover\n")
	var hits []bool
	for _, e := range out.Expectations[:3] {
		hits = append(hits, e.OK)
	}
	require.Equal(t, []bool{true, true, false}, hits)
}
