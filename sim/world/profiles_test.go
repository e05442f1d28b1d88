package world_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// own is the guide's cluster with an own profile, and with it in place of the shipped one.
func own(t *testing.T, shipped, settings string) map[string]string {
	return toml(t, "guide",
		"\n[[switch]]\n", "\n[[profile]]\nname = \"ours\"\n"+settings+"\n[[switch]]\n",
		"\nprofile = \""+shipped+"\"", "\nprofile = \"ours\"")
}

// forgets is how long the client keeps the ARP entry of a VIP whose nodes lose their power.
func forgets(t *testing.T, settings string) time.Duration {
	w := settled(t, shipped(t, "guide", own(t, "windows-modern", settings)), 1)
	require.NoError(t, w.Ping("client", vip))
	run(w, 500*time.Millisecond)
	require.NoError(t, do(w, "power-off active"))
	require.NoError(t, do(w, "power-off standby"))
	run(w, 20*time.Minute)
	var learnt time.Duration
	for _, r := range w.Trace().Records {
		n, ok := r.Body.(trace.Neighbor)
		switch {
		case !ok || r.Host != "client" || n.IP != vip:
		case n.State == trace.Reachable && learnt == 0:
			learnt = r.At
		case n.State == trace.Removed:
			return r.At - learnt
		}
	}
	return 0
}

// N3: an age of 60 s in place of 600 s, in a whole world.
func TestN3OwnAgeOfAClient(t *testing.T) {
	require.Equal(t, 600*time.Second, forgets(t, `base = "l3-generic-10min"`))
	require.Equal(t, 60*time.Second, forgets(t, "base = \"l3-generic-10min\"\nage = \"60s\""))
}

// H3: how long an own Windows version leaves the VIP tentative.
func TestH3OwnProbes(t *testing.T) {
	for settings, want := range map[string]time.Duration{
		``:                                       3 * time.Second,
		"probes = 1\nprobe_interval = \"500ms\"": 500 * time.Millisecond,
		"probes = 0":                             0,
	} {
		w := settled(t, shipped(t, "guide", own(t, "srv-2012plus", "base = \"srv-2012plus\"\n"+settings)), 1)
		var added, usable time.Duration
		for _, r := range w.Trace().Records {
			if a, ok := r.Body.(trace.Address); ok && a.IP == vip && r.Host == "active" {
				switch a.State {
				case trace.Tentative:
					added = r.At
				case trace.Preferred:
					usable = r.At
				}
			}
		}
		require.NotZero(t, usable)
		require.Equal(t, want, usable-added, settings)
	}
}

// H4: an own Windows version announces, or does not.
func TestH4OwnAnnouncements(t *testing.T) {
	for settings, want := range map[string]uint64{`base = "srv-2008"`: 0, "base = \"srv-2008\"\nannouncements = 1": 1} {
		w := settled(t, shipped(t, "guide", own(t, "srv-2012plus", settings)), 1)
		rule, err := wire.ParseRule(strings.Fields("delay 1ms arp announcement on standby sender 192.168.10.202"))
		require.NoError(t, err)
		active, err := w.AddRule(rule)
		require.NoError(t, err)
		require.NoError(t, do(w, "unplug active"))
		run(w, time.Minute)
		require.Equal(t, []string{"standby"}, holders(w, vip))
		require.Equal(t, want, active.Hits(), settings)
	}
}

// N3: the servers' own ARP cache is the one named: a fixed age of 60 s ends the standby's entry of a
// VIP that it polls all the time; the states of RFC 4861 do not.
func TestN3OwnCacheOfTheServers(t *testing.T) {
	const aged = "base = \"srv-2012plus\"\narp = \"short\"\n[[profile]]\nname = \"short\"\nbase = \"l3-allied\"\nage = \"60s\""
	for settings, want := range map[string]bool{`base = "srv-2012plus"`: false, aged: true} {
		w := settled(t, shipped(t, "guide", own(t, "srv-2012plus", settings)), 1)
		run(w, 5*time.Minute)
		ended := false
		for _, r := range w.Trace().Records {
			n, ok := r.Body.(trace.Neighbor)
			ended = ended || ok && r.Host == "standby" && n.IP == vip && n.State == trace.Removed && r.At > 0
		}
		require.Equal(t, want, ended, settings)
	}
}
