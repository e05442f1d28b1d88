package script

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// A run that is looked at shows each time what a run with that end leaves, to the byte, and has not noticed: not with
// polls that nobody has told of yet, nor with mail, a frozen watcher, or a machine that is off.
func TestLooksLeaveNoTrace(t *testing.T) {
	written := func(tr *trace.Trace) string {
		var b bytes.Buffer
		require.NoError(t, tr.Write(&b))
		return b.String()
	}
	for name, head := range map[string]string{
		"guide": "at 7s unplug active\nat 60s plug active\n",
		"l3":    "at 20s freeze standby\nat 40s power-off active\n",
		"mail":  "at 5s send client alice@example.com bob@example.com every 20s count 3\nat 30s unplug active\n",
	} {
		text := "# Looks\ncluster " + name + "\n" + head
		ends := []time.Duration{61 * time.Second, 64500 * time.Millisecond, 110 * time.Second}
		looks := 0
		err := Look(context.Background(), parse(t, text+"end 1h\n"), Options{Cluster: shippedCluster}, ends[0], func(_ *cluster.Blueprint, tr *trace.Trace) time.Duration {
			want := run(t, text+"end "+ends[looks].String()+"\n", Options{})
			require.Equal(t, ends[looks], tr.End)
			require.Equal(t, written(want.Trace), written(tr), "%s at %s", name, tr.End)
			if looks++; looks == len(ends) {
				return 0
			}
			return ends[looks]
		})
		require.NoError(t, err)
		require.Len(t, ends, looks)
	}
}

// What cannot be looked at says so.
func TestLooksThatCannotBe(t *testing.T) {
	look := func(text string) error {
		return Look(context.Background(), parse(t, text), Options{Cluster: shippedCluster}, 30*time.Second, func(*cluster.Blueprint, *trace.Trace) time.Duration { return 0 })
	}
	require.EqualError(t, look("# Late\ncluster guide\nat 40s unplug active\nend 70s\n"), "case: found 30s to look at it, expected a time from 40s on, that of the last step")
	require.ErrorContains(t, look("# Ping\ncluster guide\nping client vip\nend 70s\n"), "a ping runs; expected none when a run is looked at before its end")
	require.ErrorContains(t, look("# None\ncluster none\nend 70s\n"), "none")
}
