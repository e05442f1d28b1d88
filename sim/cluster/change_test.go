package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/profile"
)

// A study changes profiles of a blueprint by the keys of [[profile]], with the same ranges.
func TestProfilesOfABlueprintAreChanged(t *testing.T) {
	bp, problems := Load(guide(t), ".")
	require.NoError(t, problems.Err())
	n := bp.Nodes[0]
	s, cache, err := bp.ChangeServer(n.Server, n.ARP, "announcements", "0")
	require.NoError(t, err)
	require.Equal(t, 0, s.Announcements)
	require.Equal(t, "srv-2012plus+announcements=0", s.Name, "no shipped name: the checks hold those to their makers' bands")
	require.Equal(t, n.ARP, cache)
	require.Equal(t, 1, bp.Nodes[0].Server.Announcements, "the blueprint is as it was")
	_, cache, err = bp.ChangeServer(n.Server, n.ARP, "arp", "linux")
	require.NoError(t, err)
	require.Equal(t, "linux", cache.Name)

	xp, err := bp.NeighborProfile("windows-xp")
	require.NoError(t, err)
	changed, err := bp.ChangeNeighbor(xp, "age", "300s")
	require.NoError(t, err)
	require.Equal(t, "5m0s", changed.Age.String())
	require.Equal(t, "10m0s", xp.Age.String())

	for _, c := range []struct{ key, value, want string }{
		{"age", "5m", "age has no effect"},
		{"probes", "1", "probes has no effect"},
		{"colour", "1", `unknown key "colour"`},
		{"retransmit", "2h", "out of range"},
		{"multicast_probes", "many", "expected a whole number"},
	} {
		_, err := bp.ChangeNeighbor(bp.Clients[0].Profile, c.key, c.value)
		require.ErrorContains(t, err, c.want)
	}
	_, _, err = bp.ServerProfile("srv-2019")
	require.ErrorContains(t, err, "expected one of srv-2003")
}

// A blueprint's own profiles can be chosen, too.
func TestOwnProfilesAreChosen(t *testing.T) {
	bp := &Blueprint{Profiles: []profile.Described{profile.Neighbor{Name: "ours"}, profile.Server{Name: "our-srv", ARP: "ours"}}}
	_, cache, err := bp.ServerProfile("our-srv")
	require.NoError(t, err)
	require.Equal(t, "ours", cache.Name)
}
