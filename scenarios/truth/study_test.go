package truth_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// bureau is the cluster with this file.
func bureau(t *testing.T, file string) *cluster.Blueprint {
	t.Helper()
	bp, problems := cluster.Load(cluster.Overlay(os.DirFS("testdata/bureau"), map[string][]byte{"cluster.toml": []byte(file)}), ".")
	require.NoError(t, problems.Err())
	return bp
}

// A study answers for the client that fares worst, and so a comparison finds no difference where the cluster's file names
// the same clients in another order.
func TestStudiesAnswerForWhoeverFaresWorst(t *testing.T) {
	one, other := bureau(t, read(t, "bureau/cluster.toml")), bureau(t, turned(t))
	require.NotEqual(t, one.Clients[0].Name, other.Clients[0].Name)
	var sides [2]study.Side
	for i, bp := range []*cluster.Blueprint{one, other} {
		d := study.NewDraft()
		d.Runs = 3
		var err error
		sides[i], err = study.SideOfCluster(context.Background(), "bureau", bp, d, study.Options{Workers: 2})
		require.NoError(t, err)
	}
	c, err := study.Compare(sides[0], sides[1])
	require.NoError(t, err)
	require.Empty(t, c.Most, "no seed differs")
	for _, party := range []studied.Party{c.A, c.B} {
		require.Equal(t, []studied.Who{{Client: "ledger", VIP: vip, Runs: 3}}, party.For)
	}
	for _, row := range sides[0].Rows.All() {
		require.Greater(t, row.Failover, 500.0, "its cache holds for ten minutes")
	}
}

// With PingTimeout above Interval it is PingTimeout that counts. The longest time that a study allows, and the one that a
// run promises, are the same but for what the network may add; and every run keeps it.
func TestALongPingTimeoutHasOneBound(t *testing.T) {
	for _, timeout := range []string{"5s", "15s", "20s"} {
		d := study.NewDraft()
		d.Client = "desk"
		d.Add("interval", "10s")
		d.Add("ping-timeout", timeout)
		p, problems := d.Plan(bureau(t, read(t, "bureau/cluster.toml")))
		require.NoError(t, problems.Err())
		c := &p.Cells()[0]
		kept := 0
		for seed := range uint64(4) {
			r := study.Replay(c, 1_000_000+seed)
			for _, o := range r.Facts.Outages() {
				if o.Client == "desk" && o.Kind == finding.FailoverKind {
					require.InDelta(t, c.Bound().Seconds(), o.Most.Seconds(), 1.2, "W14, and netsh for what the slave had yet to release")
					require.LessOrEqual(t, o.Length(), o.Most+time.Millisecond)
					kept++
				}
			}
		}
		require.NotZero(t, kept)
	}
}
