package world_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// H10, H11: the batch of a node empties its ARP cache unless cluster.toml says that its task has not the rights; the pings go
// either way.
func TestH11_ATaskHasTheRightsThatClusterTOMLSays(t *testing.T) {
	for flag, exit := range map[string]int{"task_unelevated = false": 0, "task_unelevated = true": 1} {
		files := map[string]string{"standby/arpclear.bat": "arp -d\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\n", "active/arpclear.bat": "arp -d\r\n"}
		maps.Copy(files, toml(t, "guide", "[node.standby]\n", "[node.standby]\n"+flag+"\n"))
		w := settled(t, shipped(t, "guide", files), 1)
		play(t, w, "unplug active")
		run(w, time.Minute)
		from := seenAt(t, w.Trace().Records, trace.TaskStarted)
		did := seenSince[trace.Command](w.Trace().Records, cluster.Standby, from)
		i := slices.IndexFunc(did, func(c trace.Command) bool { return c.Does == trace.FlushARP })
		require.Equal(t, exit, did[i].Exit, flag)
		require.True(t, slices.ContainsFunc(did, func(c trace.Command) bool { return c.Does == trace.RunPing }), flag)
	}
}

// seenAt is when a task first came to the state.
func seenAt(t *testing.T, records []trace.Record, state trace.TaskState) time.Duration {
	i := slices.IndexFunc(records, func(r trace.Record) bool { b, is := r.Body.(trace.Task); return is && r.At > 0 && b.State == state })
	require.GreaterOrEqual(t, i, 0)
	return records[i].At
}
