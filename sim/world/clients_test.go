package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
	"ipwsim/sim/trace"
)

// withClient is the guide's cluster with a client of the profile.
func withClient(t *testing.T, name string) *cluster.Blueprint {
	bp := shipped(t, "guide", nil)
	p, ok := profile.Neighbors.Lookup(name)
	require.True(t, ok)
	bp.Clients[0].Profile = p
	return bp
}

// firstAnswer is how long after its cable's return the client, which asks all the time, has an answer; frames is what
// it sends before its first echo request.
func firstAnswer(t *testing.T, name string) (after time.Duration, frames []string) {
	w := settled(t, withClient(t, name), 1)
	require.NoError(t, w.Ping("client", vip))
	run(w, 5*time.Second)
	require.NoError(t, do(w, "unplug client"))
	run(w, 1500*time.Millisecond)
	back := w.Now()
	echoed := false
	w.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		switch {
		case c.Name() != "client" || echoed || wire.MAC(b[6:12]) != wire.MAC(w.Trace().Header.Clients[0].MAC):
		case b[13] == 6 && string(b[28:32]) == "\x00\x00\x00\x00":
			frames = append(frames, "probe")
		case b[13] == 6 && string(b[28:32]) == string(b[38:42]):
			frames = append(frames, "announcement")
		case b[13] == 6:
			frames = append(frames, "request")
		default:
			echoed = true
		}
	})
	require.NoError(t, do(w, "plug client"))
	for range 100 {
		run(w, 10*time.Millisecond)
		require.NoError(t, w.Ping("client", vip)) // one request each 10 ms
	}
	run(w, 5*time.Second)
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.PingLine); ok && r.At > back && b.Outcome == trace.Replied {
			return r.At - back, frames
		}
	}
	t.Fatal("no answer")
	return 0, nil
}

// N9: a client brings its address back as its own system does. A Linux client answers in 0.8 to 0.9 s, with one ARP
// request and no probe; Windows needs its three seconds, Windows XP no time.
func TestN9_AClientsCableReturns(t *testing.T) {
	probes := []string{"probe", "probe", "probe"}
	for _, c := range []struct {
		profile     string
		least, most time.Duration
		frames      []string
	}{
		{"linux", 800 * time.Millisecond, 900 * time.Millisecond, []string{"request"}},
		{"windows-modern", 3 * time.Second, 4 * time.Second, append(probes, "announcement", "request")},
		{"windows-vista7", 3 * time.Second, 4 * time.Second, append(probes, "request")},
		{"windows-xp", 0, 100 * time.Millisecond, []string{"announcement", "request"}},
	} {
		after, frames := firstAnswer(t, c.profile)
		require.GreaterOrEqual(t, after, c.least, c.profile)
		require.LessOrEqual(t, after, c.most, c.profile)
		require.Equal(t, c.frames, frames, c.profile)
	}
}

// N9, H9: a Linux client's ping asks each second whatever became of the last request, Windows' waits for it.
func TestN9_PingOfAClient(t *testing.T) {
	for name, want := range map[string]int{"linux": 19, "windows-modern": 4} {
		w := settled(t, withClient(t, name), 1)
		require.NoError(t, w.Ping("client", vip))
		run(w, 500*time.Millisecond)
		require.NoError(t, do(w, "cut active sw1"))
		run(w, 20*time.Second)
		lost := 0
		for _, r := range w.Trace().Records {
			if b, ok := r.Body.(trace.PingLine); ok && b.Outcome == trace.TimedOut {
				lost++
			}
		}
		require.Equal(t, want, lost, name)
	}
}
