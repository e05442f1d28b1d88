package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// H9: an echo that waits for ARP is lost when the host gives up, even if a holder came meanwhile: its
// last question went out too early. The broken twin gets an answer to it.
func TestP0_AHostThatAsksInVainIsNotAnswered(t *testing.T) {
	for ending, from := range map[trace.NeighborState]float64{
		trace.Unreachable: 96, // gave up; the next echo asks anew
		trace.Removed:     96,
		trace.Reachable:   94, // the question was heard
	} {
		s := guide().at(60).unplug("active").forget("pc")
		s.at(93).add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
		s.at(94).holds("standby", trace.Preferred)
		s.at(96).add("pc", trace.Neighbor{IP: vip, MAC: s.tr.Header.Node("standby").MAC, State: ending})
		spans := Answered(s.end(200), "pc", vip)
		last := spans[len(spans)-1]
		require.Equal(t, []string{"standby"}, last.By)
		require.Equal(t, seconds(from), last.From, "the question ends %s", ending)
	}
}
