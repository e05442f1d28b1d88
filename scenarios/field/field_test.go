package field

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/sim/profile"
)

func run(t *testing.T, c Cell) Row {
	t.Helper()
	row, err := Run(context.Background(), scenarios.Clusters(), c, 1)
	require.NoError(t, err)
	return row
}

// aboutTenMinutes is 600 s from when the client last heard of the old owner: up to a ping's spacing
// before the cable was pulled.
const aboutTenMinutes = 10*time.Minute - time.Second

// N4: a client that holds on to its ARP entry notices the switch after about 10 minutes or more.
func TestN4_WithoutTheCureTenMinutesOrMore(t *testing.T) {
	for _, server := range Servers {
		row := run(t, Cell{Server: server, Profile: "ad-client"})
		require.GreaterOrEqual(t, row.Failover.Time, aboutTenMinutes, server)
		require.GreaterOrEqual(t, row.Failover.Parts.WrongCache, 9*time.Minute, "%s: it is the cache that costs the time", server)
	}
}

// N4: with arpclear.bat on both nodes it notices within 30-40 s.
func TestN4_WithTheCureThirtyToFortySeconds(t *testing.T) {
	for _, server := range Servers {
		row := run(t, Cell{Server: server, Profile: "ad-client", Cure: true})
		require.GreaterOrEqual(t, row.Failover.Time, 30*time.Second, server)
		require.LessOrEqual(t, row.Failover.Time, 40*time.Second, server)
		require.LessOrEqual(t, row.Failback.Time, 40*time.Second, server)
	}
}

// The table is whole, the same each time, and every cell is explained by its parts.
func TestEveryCellIsExplained(t *testing.T) {
	rows, err := All(context.Background(), scenarios.Clusters(), Cells(), 1, 2, nil)
	require.NoError(t, err)
	require.Len(t, rows, len(Servers)*len(profile.Neighbors.Names())*2)
	for _, r := range rows {
		require.False(t, r.Failover.Open || r.Failback.Open, "%s: the run is long enough for an answer", r.Cell)
		require.Equal(t, r.Failover.Time, r.Failover.Parts.Sum(), "%s: a failover is silent from the pull to the answer", r.Cell)
		require.Equal(t, r.Failback.Parts.Length(), r.Failback.Parts.Sum(), "%s", r.Cell)
		require.LessOrEqual(t, r.Failback.Parts.Length(), r.Failback.Time, "%s", r.Cell)
	}
	again, err := All(context.Background(), scenarios.Clusters(), Cells()[:8], 1, 1, nil)
	require.NoError(t, err)
	require.Equal(t, rows[:8], again, "one seed gives one table, on any number of cores")
}

// N4, N5: the cure works for every client of the segment; what an L3 switch does may differ.
func TestN4_CureForEveryClientOfTheSegment(t *testing.T) {
	for _, c := range Cells() {
		if c.Routed || !c.Cure {
			continue
		}
		row := run(t, c)
		require.InDelta(t, 35, row.Failover.Time.Seconds(), 5, "%s: failover in 30-40 s", c)
		require.InDelta(t, 7.5, row.Failback.Time.Seconds(), 2.5, "%s: failback in 5-10 s", c)
	}
}

func TestInterruptedTableIsNoTable(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	rows, err := All(ctx, scenarios.Clusters(), Cells()[:2], 1, 1, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, rows)
}
