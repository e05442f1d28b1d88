package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// uses are when the client began to use each VIP.
func uses(w *world.World, client string) map[string]time.Duration {
	all := map[string]time.Duration{}
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Use); ok && r.Host == client {
			all[b.VIP.String()] = r.At
		}
	}
	return all
}

// A client knows each VIP at time 0, as people's machines do.
func TestClientsUseEveryVIPByHabit(t *testing.T) {
	table := func(peer string) string {
		return `-c=\\` + peer + " -i=192.168.10.202 -f=イーサネット\r\n" + `-c=\\` + peer + " -i=192.168.10.203 -f=イーサネット\r\n"
	}
	bp := shipped(t, "guide", map[string]string{"active/ipwatch.dat": table("hvt162EPST12"), "standby/ipwatch.dat": table("hvt162EPST11")})
	for seed := range uint64(10) {
		w := settled(t, bp, seed)
		began := uses(w, "client")
		require.Len(t, began, 2)
		for ip, at := range began {
			require.Negative(t, at, ip)
			require.GreaterOrEqual(t, at, lately, ip)
		}
		for _, ip := range w.VIPs() {
			require.Equal(t, standing(w, cluster.Active), lastEntry(w, "client", ip.String()), "it has the holder in its ARP cache")
		}
	}
}

// standing is the MAC of a node.
func standing(w *world.World, role string) string { return w.Trace().Header.Node(role).MAC.String() }

// lastEntry is the MAC that the host has for the address.
func lastEntry(w *world.World, host, ip string) (mac string) {
	for _, r := range w.Trace().Records {
		if n, ok := r.Body.(trace.Neighbor); ok && r.Host == host && n.IP.String() == ip {
			mac = n.MAC.String()
		}
	}
	return mac
}

func TestIdleClientsUseNothingByThemselves(t *testing.T) {
	w := settled(t, shipped(t, "guide", toml(t, "guide", "\n[[client]]\n", "\n[[client]]\nidle = true\n")), 1)
	run(w, time.Minute)
	require.Empty(t, uses(w, "client"))
	require.Empty(t, lastEntry(w, "client", vip.String()))
}

// In a cold start there is nobody to use before time 0.
func TestColdClientsBeginJustAfterZero(t *testing.T) {
	w := world.New(shipped(t, "guide", nil), world.Options{Seed: 1, Cold: true})
	defer w.Close()
	w.Settle()
	run(w, -lately)
	began, ok := uses(w, "client")[vip.String()]
	require.True(t, ok)
	require.Positive(t, began)
}

// How often is the profile's, and which moment the seed's.
func TestHowOftenAClientUsesTheVIPIsItsProfiles(t *testing.T) {
	rare := shipped(t, "guide", own(t, "windows-modern", "base = \"windows-modern\"\nuses = \"1m\""))
	often := shipped(t, "guide", nil)
	probes := func(bp *cluster.Blueprint) (n int) {
		w := settled(t, bp, 1)
		run(w, 10*time.Minute)
		for _, r := range w.Trace().Records {
			if b, ok := r.Body.(trace.Neighbor); ok && r.Host == "client" && b.IP == vip && b.State == trace.Delay {
				n++
			}
		}
		return n
	}
	require.Greater(t, probes(often), probes(rare), "a client that uses it seldom asks for its owner less often")
	require.NotEqual(t, uses(settled(t, often, 1), "client"), uses(settled(t, often, 2), "client"))
}
