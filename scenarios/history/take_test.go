package history

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// A night takes each figure of a scenario once: that of whoever fared worst. What was not over has no end.
func TestSamplesOfSeeds(t *testing.T) {
	times := []studied.Time{{Seconds: 34}, {Seconds: 90, AtLeast: true}}
	require.Equal(t, []Sample{
		{Name: "pull failover", Unit: Seconds, Values: []float64{34, math.Inf(1)}}, {Name: "pull silence", Unit: Seconds, Values: []float64{34, math.Inf(1)}},
	}, SamplesOf(&studied.Seeds{Scenario: "pull", Figures: []studied.Spread{
		{Name: finding.Failovers, Times: times}, {Name: finding.Failovers, Client: "pc", VIP: "10.0.0.1", Times: times[:1]}, {Name: studied.Silence, Times: times},
	}}))
}
