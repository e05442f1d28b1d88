package study

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/sim/profile"
	"ipwsim/sim/studied"
)

// shipped is a shipped study.
func shipped(t testing.TB, name string) *Plan {
	t.Helper()
	data, err := scenarios.ReadStudy(name)
	require.NoError(t, err)
	d, problems := ParseFile(name+".toml", data)
	require.NoError(t, problems.Err())
	p, problems := d.Plan(shippedCluster(t, d.Cluster))
	require.NoError(t, problems.Err())
	return p
}

// field is the table of the field: of each server, cache and cure ("on" or "off") its run.
func field(t testing.TB) map[[3]string]studied.Row {
	all, again := map[[3]string]studied.Row{}, false
	for _, name := range scenarios.Studies("field") {
		p := shipped(t, name)
		rows := execute(t, p, "", 2)
		if name == "field-segment" { // the smaller one
			again = true
			require.Equal(t, hashOf(t, rows), hashOf(t, execute(t, p, "", 1)), "one seed gives one table, on any number of cores")
		}
		for i, row := range rows.All() {
			v := p.cells[i].Values
			all[[3]string{v[0], v[2], v[1]}] = *row
		}
	}
	require.True(t, again)
	return all
}

// What the guide says of the field (N4, N5), of the shipped studies: 60 cells, each a kind of server with an ARP
// cache and with the cure or without.
func TestTheField(t *testing.T) {
	all := field(t)
	require.Len(t, all, 2*len(profile.Neighbors.Names())*2)
	of := func(server, cache, cure string) studied.Row { return all[[3]string{server, cache, cure}] }
	near := func(row studied.Row, over, back, within float64) {
		t.Helper()
		require.InDelta(t, over, row.Failover, within)
		require.InDelta(t, back, row.Failback, within)
	}
	for key, r := range all {
		require.False(t, r.FailoverOpen || r.FailbackOpen, "%v: the run is long enough for an answer", key)
		h := r.Heaps()
		require.InDelta(t, r.Failover, h[studied.Free]+h[studied.Tentative]+h[studied.Cache], 1e-6, "%v is explained by its parts", key)
		require.InDelta(t, r.Silent, r.FailbackFree+r.FailbackTentative+r.FailbackCache, 1e-6, "%v is explained by its parts", key)
		require.LessOrEqual(t, r.Silent, r.Failback, key)
		if key[2] == "on" { // the cure works for every client, whatever the L3 switch before it does
			near(r, 35, 7.5, 5)
			require.LessOrEqual(t, r.Failback, 10.0, key)
		}
	}
	for _, server := range []string{"srv-2008", "srv-2012plus"} {
		near(of(server, "ad-client", "off"), 599, 600, 4) // about 10 minutes since it last heard of the old owner
		require.Greater(t, of(server, "ad-client", "off").WrongCache, 540.0, "it is the cache that costs the time")
		near(of(server, "ad-client", "on"), 34.1, 7.5, 0.5)
		near(of(server, "l3-alaxala-strict", "off"), 14380, 14400, 4) // 4 h: it heeds no gratuitous ARP
	}
	near(of("srv-2008", "l3-cisco-ios", "off"), 14380, 14400, 4) // 2008 sends none
	near(of("srv-2008", "l3-cisco-ios", "on"), 34.1, 7.7, 0.5)
	near(of("srv-2012plus", "l3-cisco-ios", "off"), 34, 7.6, 0.5)
}

// The cure gives both nodes the guide's batch with all clients and VIPs; a batch that is there stays.
func TestTheCureIsAnAxis(t *testing.T) {
	bp := offices(t, pc, adPC)
	d := NewDraft()
	d.Add("cure", "off,on")
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	require.True(t, p.Axes[0].Setting)
	require.Equal(t, planOn(t, bp, 1).cells[0].blueprint, p.cells[0].blueprint, "off is the cluster as it is")
	n := p.cells[1].blueprint.Nodes
	require.Equal(t, "arp -d\r\nping -n 10 192.168.10.151 -S 192.168.10.202\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\n", string(n[1].Batch.Format()))
	require.Len(t, n[0].Tasks, 2)
	require.Len(t, n[1].Tasks, 1)
	a := new(studied.Answers)
	require.NoError(t, p.today(a))
	require.Equal(t, []int{0}, a.Today)

	bp.Nodes[0].Batch.Commands = n[0].Batch.Commands[:2]
	p, problems = d.Plan(bp)
	require.NoError(t, problems.Err())
	require.Len(t, p.cells[1].blueprint.Nodes[0].Batch.Commands, 2)
	require.Empty(t, p.cells[0].blueprint.Nodes[0].Batch.Commands)
}

// A table of single runs is not searched for worst cases: its answers cost nothing.
func TestATableIsNotSearched(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "5s", "30s"})
	require.True(t, p.Table())
	a, err := p.Answer(context.Background(), execute(t, p, "", 2), studied.DefaultRates, nil, Options{Workers: 2})
	require.NoError(t, err)
	require.Zero(t, a.Cells[1].Worst.Runs)
	require.Nil(t, a.Cells[1].Worst.Failover)
	require.Equal(t, 37.0, a.Cells[1].Worst.Bound)
}
