package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// seenSince are the bodies of one kind on record since then, of one host.
func seenSince[B trace.Body](records []trace.Record, host string, from time.Duration) (all []B) {
	for _, r := range records {
		if b, is := r.Body.(B); is && r.Host == host && r.At >= from {
			all = append(all, b)
		}
	}
	return all
}

// The killed watcher's VIP goes on answering; nothing is asked, written or changed any more until the start, which
// releases first.
func TestH17_KilledWatcherLeavesTheAddress(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "ping; kill-service active")
	run(w, 5*time.Minute)
	for _, line := range seenSince[trace.PingLine](w.Trace().Records, "client", 0) {
		require.Equal(t, trace.Replied, line.Outcome)
	}
	require.Equal(t, []string{cluster.Active}, holders(w, vip))
	require.Empty(t, seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0))
	require.Empty(t, seenSince[trace.Command](w.Trace().Records, cluster.Active, 0))
	require.NoError(t, do(w, "start-service active"))
	run(w, 2*time.Second)
	require.Empty(t, holders(w, vip), "W5")
}

// A netsh that the watcher started goes on without it.
func TestH17_CommandOutlivesItsWatcher(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "stop-service active; kill-service active")
	run(w, 5*time.Second)
	require.Equal(t, []trace.Service{
		{Name: trace.Watcher, State: trace.StopPending}, {Name: trace.Watcher, State: trace.Stopped, Killed: true},
	}, seenSince[trace.Service](w.Trace().Records, cluster.Active, 0))
	done := seenSince[trace.Command](w.Trace().Records, cluster.Active, 0)
	require.Len(t, done, 1, "the delete ends; the flush behind it never began")
	require.Equal(t, trace.DeleteAddress, done[0].Does)
	require.Empty(t, holders(w, vip))
}

// The pipe of a killed watcher does not exist: who asks is told so at once.
func TestH17_KilledWatcherHasNoPipe(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "kill-service standby")
	run(w, time.Minute)
	asked := seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0)
	require.NotEmpty(t, asked)
	require.Equal(t, "error 2: the pipe does not exist", asked[0].Error)
	require.Less(t, asked[0].Took, time.Second)
}

// One service dies, the session with the share and the others go on.
func TestH17_OneMailServiceDies(t *testing.T) {
	w := settled(t, shipped(t, "mail", nil), 1)
	play(t, w, "kill-mail active EPSTDS; send; wait")
	require.NotEmpty(t, seenSince[trace.MailAccept](w.Trace().Records, cluster.Active, 0))
	require.Empty(t, seenSince[trace.MailDeliver](w.Trace().Records, cluster.Active, 0))
	play(t, w, "start-mail active EPSTDS; wait")
	require.NotEmpty(t, seenSince[trace.MailDeliver](w.Trace().Records, cluster.Active, 0))
}
