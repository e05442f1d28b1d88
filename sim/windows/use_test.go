package windows

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// asked are the times since from at which echo requests for the VIP leave the client.
func (l *lab) asked(from time.Duration) *[]time.Duration {
	all := new([]time.Duration)
	l.env.Net.AddTap(func(at time.Duration, c *wire.Cable, b []byte) {
		echo := len(b) > 34 && b[12] == 8 && b[13] == 0 && b[23] == 1 && b[34] == 8
		if echo && c.Name() == "client" && netip.AddrFrom4([4]byte(b[30:34])) == vip {
			*all = append(*all, (at - from).Round(10*ms))
		}
	})
	return all
}

func TestUseIsRecordedAndGoesOn(t *testing.T) {
	l := settled(t)
	start := l.s.Now()
	asked := l.asked(start)
	l.client.Use(vip, 2*s, 3*s, 10*s)
	l.run(40 * s)
	require.Equal(t, []string{"use"}, l.story("client", "use"), "it is said once, when it begins")
	require.Equal(t, []time.Duration{2 * s, 5 * s, 15 * s, 25 * s, 35 * s}, *asked, "the first time, the second from then, and every so often")
}

// ping.exe uses the address itself: beside it nothing is sent, so that what it prints and when is its own.
func TestUseRestsWhilePingRuns(t *testing.T) {
	l := settled(t)
	start := l.s.Now()
	l.client.Use(vip, 0, s, s)
	l.run(5500 * ms)
	asked := l.asked(start)
	l.client.Ping(vip, netip.Addr{}, 3, nil)
	l.client.Ping(netip.MustParseAddr("192.168.10.200"), netip.Addr{}, 30, nil) // of another address
	l.run(4500 * ms)
	require.Equal(t, []time.Duration{5500 * ms, 6500 * ms, 7500 * ms, 8 * s, 9 * s, 10 * s}, *asked)
}

// The words that readers look for are the watcher's own.
func TestReasonsOfTheTraceAreTheWatchers(t *testing.T) {
	require.Equal(t, trace.ByCycle, trace.Reason(core.WhyCycle))
	require.Equal(t, trace.ByPeer, trace.Reason(core.WhyAsked))
	for _, state := range []core.State{core.Polling, core.Taking, core.Held, core.Releasing} {
		require.Contains(t, []trace.WatchState{trace.Polling, trace.Taking, trace.Held, trace.Releasing}, trace.WatchState(state.String()))
	}
	for _, a := range []core.Answer{core.Released, core.NotHeld, core.Refused, core.NoAnswer} {
		require.Contains(t, []trace.PipeAnswer{trace.Released, trace.NotHeld, trace.Refused, trace.NoAnswer}, trace.PipeAnswer(a.String()))
	}
}
