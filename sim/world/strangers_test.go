package world_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// N8: a switch that tracks devices makes the VIP and the real address Duplicate on who has them when its link comes
// back. The known cures: a delay on the switch, and no probes on Windows.
func TestN8_DeviceTracking(t *testing.T) {
	for _, c := range []struct{ name, more, dad string }{
		{"tracking", "device_tracking = true", "found"},
		{"a delay on the switch", "device_tracking = true\ndevice_tracking_delay = \"10s\"", ""},
		{"no probes", "device_tracking = true\n[[profile]]\nname = \"patient\"\nbase = \"srv-2012plus\"\nprobes = 0", ""},
		{"no tracking", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := []string{`name = "sw1"`, "name = \"sw1\"\n" + c.more}
			if strings.Contains(c.more, "patient") {
				change = append(change, `profile = "srv-2012plus"`, `profile = "patient"`)
			}
			w := settled(t, shipped(t, "guide", toml(t, "guide", change...)), 1)
			require.NoError(t, do(w, "flap active 1s"))
			run(w, 10*time.Second)
			var found []string
			for _, r := range w.Trace().Records {
				if b, ok := r.Body.(trace.Address); ok && b.State == trace.Duplicate {
					require.Equal(t, "02-00-00-05-00-01", b.Owner.String(), "the switch's own MAC")
					found = append(found, r.Host+" "+b.IP.String())
				}
			}
			if c.dad == "" {
				require.Empty(t, found)
			} else {
				require.Equal(t, []string{"active 192.168.10.200", "active 192.168.10.202"}, found)
			}
		})
	}
}

// N8: with ARP suppression a switch makes who takes the VIP over believe that the old owner still has it.
func TestN8_Suppression(t *testing.T) {
	w := settled(t, shipped(t, "guide", toml(t, "guide", `name = "sw1"`, "name = \"sw1\"\narp_suppression = true")), 1)
	require.NoError(t, do(w, "stop-service active")) // its link stays, and so does what the switch knows of it
	run(w, 2*time.Minute)
	require.False(t, w.Holds("standby", vip))
	clash := false
	for _, r := range w.Trace().Records {
		b, ok := r.Body.(trace.Address)
		clash = clash || ok && r.Host == "standby" && b.IP == vip && b.State == trace.Duplicate
	}
	require.True(t, clash)
}

// N8: what a switch keeps from a machine that would have heard it is on record until it hears that again.
func TestN8_BlocksTheUnknown(t *testing.T) {
	toml := toml(t, "guide", `name = "sw1"`, "name = \"sw1\"\nblock_unknown = true\nmac_age = \"10s\"")
	blocked := func(to string, faults ...string) (all []trace.Unknown) {
		w := settled(t, shipped(t, "guide", toml), 1)
		for _, f := range append(faults, "ping client "+to) {
			require.NoError(t, do(w, f))
			run(w, 40*time.Second)
		}
		for _, r := range w.Trace().Records {
			if b, ok := r.Body.(trace.Unknown); ok {
				all = append(all, b)
			}
		}
		return all
	}
	require.Empty(t, blocked("vip"), "who speaks is known")
	mac := trace.MAC{}
	for _, n := range shipped(t, "guide", toml).Nodes {
		if n.Role == cluster.Standby {
			mac = n.MAC
		}
	}
	require.Equal(t, []trace.Unknown{{Switch: "sw1", MAC: mac}, {Switch: "sw1", MAC: mac, Over: true}}, blocked("vip", "kill-service standby")[:2], "the master asks it in vain")
	require.Empty(t, blocked("vip", "freeze standby"), "who stands still hears nothing anyhow")
}

// N7: a stranger that has the VIP from the start is found by whoever adds it, and answers the clients; with detection
// of its own it finds the owner, and has nothing.
func TestN7_AStrangerHasTheVIP(t *testing.T) {
	w := settled(t, shipped(t, "strangers", toml(t, "strangers", `address = "192.168.10.55/24"`, "address = \"192.168.10.55/24\"\n"+`has = ["192.168.10.202"]`)), 1)
	run(w, time.Minute)
	require.False(t, w.Holds("active", vip) || w.Holds("standby", vip))

	w = settled(t, shipped(t, "strangers", toml(t, "strangers", `address = "192.168.10.55/24"`, "address = \"192.168.10.55/24\"\n"+"detects = true")), 1)
	require.NoError(t, do(w, "usurp printer vip"))
	run(w, time.Minute)
	require.True(t, w.Holds("active", vip))
	last := trace.AddressState("")
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Address); ok && r.Host == "printer" && b.IP == vip {
			last = b.State
		}
	}
	require.Equal(t, trace.Duplicate, last)
}
