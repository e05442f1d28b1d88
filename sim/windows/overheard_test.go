package windows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// told are what the trace has of the node's polls, and of what passed at its watcher's ports.
func (l *lab) told(n *Node) (polls []trace.Polls, calls []trace.Port) {
	for _, r := range l.env.Trace.Records[l.seen:] {
		switch b := r.Body.(type) {
		case trace.Polls:
			if r.Host == n.Name() {
				polls = append(polls, b)
			}
		case trace.Port:
			if r.Host == n.Name() {
				calls = append(calls, b)
			}
		}
	}
	return polls, calls
}

// Polls at one pace with one outcome are one record, which is written when that ends; nothing is in it twice.
func TestP10_PollsAreToldInRuns(t *testing.T) {
	l := settled(t)
	l.active.KillService() // it asks no more, and still answers
	l.run(5 * s)
	l.standby.TellPolls()
	l.skip()
	l.run(time.Hour)
	polls, _ := l.told(l.standby)
	require.Empty(t, polls, "a quiet hour costs nothing")
	l.active.BlockEcho(true)
	l.run(9 * s)
	l.standby.TellPolls()
	polls, calls := l.told(l.standby)
	require.Len(t, polls, 2)
	require.True(t, polls[0].Answered && !polls[1].Answered)
	require.Equal(t, 1200, polls[0].N)
	require.Equal(t, 3, polls[1].N)
	require.Equal(t, 1199*3*s, polls[0].Last-polls[0].First)
	require.Equal(t, 400*time.Microsecond, polls[0].Heard-polls[0].Last, "the way there and back")
	require.Equal(t, polls[0].Last+3*s, polls[1].First)
	require.Equal(t, []trace.Port{{Call: trace.PollsTold}}, calls)
}

// A poll that was told of before it was answered is told of again when it is.
func TestP10_ALateAnswerIsTold(t *testing.T) {
	l := settled(t)
	l.active.KillService()
	l.run(5 * s)
	l.standby.TellPolls()
	polls, _ := l.told(l.standby)
	next := polls[len(polls)-1].Last + 3*s
	l.skip()
	l.run(next + 100*time.Microsecond - l.s.Now()) // up to between a poll and its answer
	l.standby.TellPolls()
	l.run(ms)
	polls, _ = l.told(l.standby)
	require.Len(t, polls, 2)
	require.Equal(t, trace.Polls{VIP: vip, N: 1, First: next, Last: next}, polls[0])
	require.Equal(t, trace.Polls{VIP: vip, Answered: true, Heard: next + 400*time.Microsecond}, polls[1])
}
