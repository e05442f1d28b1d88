package host_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
)

// ownProfile is the profile that a client gets by a [[profile]] of cluster.toml.
func ownProfile(t *testing.T, base, settings string) profile.Neighbor {
	dir := os.DirFS("../../scenarios/testdata/clusters/guide")
	toml := `
name = "own"
[[profile]]
name = "ours"
base = "` + base + `"
` + settings + `
[[switch]]
name = "sw1"
[node.active]
name = "hvt162EPST11"
address = "192.168.10.200/24"
interface = "イーサネット"
switch = "sw1"
[node.standby]
name = "hvt162EPST12"
address = "192.168.10.201/24"
interface = "イーサネット"
switch = "sw1"
[[client]]
name = "client"
address = "192.168.10.150/24"
switch = "sw1"
profile = "ours"
`
	bp, problems := cluster.Load(cluster.Overlay(dir, map[string][]byte{"cluster.toml": []byte(toml)}), ".")
	require.NoError(t, problems.Err())
	return bp.Clients[0].Profile
}

// N3: each setting of an own profile shows from outside, in the measure that is meant for it and with
// the number that was set.
func TestN3_OwnProfilesFromOutside(t *testing.T) {
	for _, c := range []struct{ base, settings, measure, want string }{
		{"l3-generic-10min", `age = "60s"`, "age, nothing sent", "60"},
		{"l3-alaxala-strict", `age = "2h"`, "age, sending", "7200"},
		{"windows-xp", `idle = "60s"`, "age, nothing sent", "60"},
		{"windows-xp", `idle = "0s"`, "age, nothing sent", "600"},
		{"l3-generic-10min", `renewed_by_traffic = true`, "age, sending and answered", "never"},
		{"ad-client", `renewed_by_traffic = false`, "age, sending and answered", "600"},
		{"l3-huawei", `renew_probes = 0`, "requests in silence", ""},
		{"l3-huawei", `renew_interval = "10s"`, "requests in silence", "19m30s unicast, 19m40s unicast, 19m50s broadcast"},
		{"l3-allied", "renew_probes = 1\nrenew_interval = \"2s\"", "requests in silence", "4m58s broadcast"},

		{"linux", `base_reachable = "20s"`, "reachable", "10-30 s"},
		{"linux", "base_reachable = \"60s\"\nmax_random_factor = 0.6", "reachable", "30-40 s"},
		{"linux", "min_random_factor = 1.2", "reachable", "35-45 s"},
		{"linux", "delay_first_probe = \"1s\"\nunicast_probes = 1\nretransmit = \"3s\"",
			"probes of a stale entry", "1m41s unicast, 1m44s broadcast, 1m47s broadcast, 1m50s broadcast"},

		{"l3-huawei", "retransmit = \"500ms\"\nmulticast_probes = 2", "requests for nobody", "0s broadcast, 500ms broadcast"},
		{"l3-huawei", `gratuitous_request = "ignore"`, "reactions, entry 10 s old", "old new new new new old"},
		{"l3-huawei", `gratuitous_reply = "ignore"`, "reactions, entry 10 s old", "new old new new new old"},
		{"l3-huawei", `cached_sender = "ignore"`, "reactions, entry 10 s old", "new new new old new old"},
		{"l3-huawei", `unasked_reply = "ignore"`, "reactions, entry 10 s old", "new new new new old old"},
		{"l3-huawei", `gratuitous_request = "create"`, "reactions, no entry", "new asks new asks asks asks"},
		{"linux", `locktime = "0s"`, "reactions, entry 0.5 s old", takesAll},
		{"l3-huawei", `locktime = "1s"`, "reactions, entry 0.5 s old", "new new new old old old"},
	} {
		for i, m := range measures {
			if m.name != c.measure {
				continue
			}
			require.NotEqual(t, c.want, wantProfiles[c.base][i], "%s: %s: no change", c.base, c.settings)
			require.Equal(t, c.want, m.run(ownProfile(t, c.base, c.settings).Policy), "%s: %s", c.base, c.settings)
		}
	}
}

// An own profile that sets nothing is its base but for the name.
func TestN3_OwnProfilesChangeNothingElse(t *testing.T) {
	for _, name := range profile.Neighbors.Names() {
		require.Equal(t, policyOf(t, name), ownProfile(t, name, "").Policy, name)
	}
}
