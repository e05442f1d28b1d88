package study

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/studied"
)

// The search finds what W14 allows, within 50 ms, and never more; a sample of 100 runs does not find more.
func TestWorst_IsFoundNotSampled(t *testing.T) {
	p := planOf(t, 100, []string{"interval", "5", "30"}, []string{"ping-timeout", "1", "3"}, []string{"fault", "unplug", "shutdown"})
	for i := range p.cells {
		c := &p.cells[i]
		w := worstOf(c, p.SeedOf(0))
		what := p.Describe(c.Values, studied.Every)
		require.False(t, w.Failover.AtLeast, what)
		require.LessOrEqual(t, w.Failover.Seconds, w.Bound, what)
		require.InDelta(t, w.Bound, w.Failover.Seconds, 0.05, what)
		require.Equal(t, c.NetshMax, w.Netsh, what)
		row, _ := playAt(c.fixed(w.Netsh), w.Seed, w.Phase, 0, facts.NewReader)
		require.Equal(t, w.Failover.Seconds, row.Failover, "it can be shown: %s", what)
	}
	c := p.cells[0]
	c.failoverOnly = true
	found := worstOf(&c, p.SeedOf(0)).Failover.Seconds
	for k := range 100 {
		require.LessOrEqual(t, ran(&c, p.SeedOf(k)).Failover, found+fineness.Seconds())
	}
}

// A broken watcher, which waits a poll too long, is above the bound.
func TestWorst_SeesMoreThanTheBound(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "10"})
	c := p.cells[0]
	bound := c.Bound()
	c.blueprint.Nodes[1].Settings.Interval += 3 * time.Second
	require.Greater(t, worstOf(&c, 1).Failover.Seconds, bound.Seconds())
}

// Without a failover there is no worst one; one without an answer is worse than any with one.
func TestWorst_OfNothing(t *testing.T) {
	p := planOf(t, 1)
	a := p.cells[0].answer(pack(studied.Row{Failover: math.NaN(), Failback: math.NaN(), Silent: math.NaN()}), studied.DefaultRates, studied.Worst{})
	require.Nil(t, a.Longest())
	require.Equal(t, studied.Unsure, want(t, "worst failover < 1s").judge(&a))
	a.Worst.Failover = &studied.Time{Seconds: 9}
	require.Equal(t, 9.0, a.Longest().Seconds)
	a.Failover.Worst = &studied.Time{Seconds: 7, AtLeast: true}
	require.Equal(t, studied.Time{Seconds: 7, AtLeast: true}, *a.Longest())
	require.Equal(t, studied.Broken, want(t, "worst failover < 7s").judge(&a))
	require.Equal(t, studied.Unsure, want(t, "worst failover < 8s").judge(&a))
}
