package trace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFaultIsALineOfAScenario(t *testing.T) {
	for want, f := range map[string]Fault{
		"unplug active":            {Verb: "unplug", Target: "active"},
		"netsh standby lie":        {Verb: "netsh", Target: "standby", Setting: "lie"},
		"rule drop icmp on active": {Verb: "rule", Setting: "drop icmp on active"},
	} {
		require.Equal(t, want, f.Line())
	}
}

func TestFaultLastsWhileItBreaksSomethingOrForItsTime(t *testing.T) {
	require.True(t, Fault{Breaks: true}.Lasts())
	require.True(t, Fault{For: time.Second}.Lasts())
	require.False(t, Fault{}.Lasts(), "what mends is over at once")
}

// A fault is over when a later one has touched all that it touches, and no sooner.
func TestFaultIsMendedByWhatTouchesAllOfIt(t *testing.T) {
	here, there := Touch{Part: CutPart, Of: "active", End: "active"}, Touch{Part: CutPart, Of: "active", End: "sw1"}
	cut := func(ends ...Touch) Fault { return Fault{Touches: ends} }
	require.True(t, cut(here).Mends(cut(here, there)))
	require.True(t, cut(here, there).Mends(cut(there, here)))
	require.False(t, cut(here, there).Mends(cut(here)), "the other end is still cut")
	require.False(t, cut(here).Mends(cut(there)))
	require.False(t, cut().Mends(cut(here)), "a fault that touches nothing is mended by none")
}
