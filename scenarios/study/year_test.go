package study

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/studied"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// W18: with the master away the outages of release cycles are as long, and as often, as the arithmetic says.
func TestReleaseCyclesAgreeWithTheWorld(t *testing.T) {
	for _, set := range [][2]string{{"5", "6"}, {"10", "4"}} {
		p := planOf(t, 1, []string{"interval", set[0]}, []string{"release-time", set[1]}, []string{"netsh", "500ms"})
		c := &p.cells[0]
		w := world.New(c.blueprint, world.Options{Seed: 3})
		w.Settle()
		require.NoError(t, w.Ping("client", w.VIPs()[0]))
		w.RunUntil(10 * time.Second)
		off, err := verb.Parse([]string{"power-off", "holder"})
		require.NoError(t, err)
		_, err = off.Do(w)
		require.NoError(t, err)
		w.RunUntil(time.Hour)
		all := facts.Read(w.Trace()).Outages()[1:] // the first is the failover
		hold, gone := c.releaseCycle()
		require.Greater(t, len(all), 20)
		for i, o := range all[:len(all)-1] {
			require.InDelta(t, gone.Seconds(), o.Length().Seconds(), 0.1, "outage %d of %v", i, set)
			require.InDelta(t, (hold + gone).Seconds(), (all[i+1].From - o.From).Seconds(), 0.1, "cycle %d of %v", i, set)
		}
		w.Close()
	}
}

// A pair of masters has no release cycle.
func TestMastersHaveNoReleaseCycle(t *testing.T) {
	bp := shippedCluster(t, "guide")
	p := planOn(t, bp, 1)
	require.True(t, p.cells[0].cycles())
	require.Positive(t, p.cells[0].outage(studied.Times{}, studied.Times{}, studied.DefaultRates).Release)
	bp.Nodes[1].Settings.Balance = bp.Nodes[0].Settings.Balance
	p = planOn(t, bp, 1)
	require.Zero(t, p.cells[0].outage(studied.Times{}, studied.Times{}, studied.DefaultRates).Release)
}

func TestRatesAreChecked(t *testing.T) {
	require.NoError(t, studied.DefaultRates.Check())
	for want, r := range map[string]studied.Rates{
		"--faults-per-year: found -1, expected 0 to 1000000": {Faults: -1},
		"--repair: found 9000h0m0s, expected 0s to 8760h":    {Repair: 9000 * time.Hour},
		"--freezes-per-year: found -2, expected":             {Freezes: -2},
		"--freeze-time: found -1s, expected 0s to 24h":       {Frozen: -time.Second},
	} {
		require.ErrorContains(t, r.Check(), want)
	}
}
