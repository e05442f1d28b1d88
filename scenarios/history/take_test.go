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

func TestClusterOf(t *testing.T) {
	one := map[string][]byte{"cluster.toml": []byte("a"), "active/ipwatch.dat": []byte("b")}
	require.Len(t, ClusterOf(one), 16)
	for _, other := range []map[string][]byte{
		nil, {"cluster.toml": []byte("a")}, {"cluster.toml": []byte("b"), "active/ipwatch.dat": []byte("b")}, {"cluster.tom": []byte("la"), "active/ipwatch.dat": []byte("b")},
	} {
		require.NotEqual(t, ClusterOf(one), ClusterOf(other))
	}
	require.Equal(t, ClusterOf(one), ClusterOf(map[string][]byte{"active/ipwatch.dat": []byte("b"), "cluster.toml": []byte("a")}))
}
