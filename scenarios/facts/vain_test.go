package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// H9: an echo that waits for ARP is lost when the host gives up, even if a holder came meanwhile: its
// last question went out too early. The broken twin gets an answer to it.
func TestP0_AHostThatAsksInVainIsNotAnswered(t *testing.T) {
	for ending, from := range map[trace.NeighborState]float64{
		trace.Unreachable: 96, // gave up; the next echo asks anew
		trace.Removed:     96,
		trace.Reachable:   94, // the question was heard
	} {
		s := story.Guide().At(60).Unplug("active").Forget("pc")
		s.At(93).Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
		s.At(94).Holds("standby", trace.Preferred)
		s.At(96).Add("pc", trace.Neighbor{IP: vip, MAC: s.Header.Node("standby").MAC, State: ending})
		spans := answered(s.End(200))
		last := spans[len(spans)-1]
		require.Equal(t, []string{"standby"}, last.By)
		require.Equal(t, seconds(from), last.From, "the question ends %s", ending)
	}
}
