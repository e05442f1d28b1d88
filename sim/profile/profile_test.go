package profile

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// H3: three probes a second apart leave a new address tentative for 3 s; 2003 has no such time.
func TestH3TentativeTimeOfEachServer(t *testing.T) {
	want := map[string]time.Duration{"srv-2003": 0, "srv-2008": 3 * time.Second, "srv-2012plus": 3 * time.Second}
	for _, name := range Servers.Names() {
		s, ok := Servers.Lookup(name)
		require.True(t, ok)
		require.Equal(t, want[name], s.Tentative(), name)
	}
	require.Len(t, Servers.Names(), len(want))
}

// H4: only 2008 keeps quiet about a new address.
func TestH4AnnouncementOfEachServer(t *testing.T) {
	want := map[string]int{"srv-2003": 1, "srv-2008": 0, "srv-2012plus": 1}
	for _, name := range Servers.Names() {
		s, _ := Servers.Lookup(name)
		require.Equal(t, want[name], s.Announcements, name)
	}
}

// N3: the profiles the specification names. What they do is measured on hosts (netstack/host).
func TestN3Names(t *testing.T) {
	require.Equal(t, []string{
		"ad-client", "l3-alaxala-2600s", "l3-alaxala-strict", "l3-allied", "l3-cisco-ios", "l3-comware",
		"l3-generic-10min", "l3-huawei", "l3-juniper", "l3-nexus", "l3-traffic-refreshed",
		"linux", "windows-modern", "windows-vista7", "windows-xp",
	}, Neighbors.Names())
}

// An entry lives either by the states of RFC 4861 or for a fixed time, never by half of each.
func TestN3EveryNeighborHasAllItsNumbers(t *testing.T) {
	for _, name := range Neighbors.Names() {
		n, _ := Neighbors.Lookup(name)
		require.Equal(t, name, n.Name)
		require.Positive(t, n.Retransmit, name)
		require.Positive(t, n.MulticastProbes, name)
		if n.Age > 0 {
			require.Zero(t, n.BaseReachable, name)
			require.Zero(t, n.DelayFirstProbe, name)
			require.Zero(t, n.UnicastProbes, name)
			require.Less(t, n.Idle, n.Age, name)
			require.Equal(t, n.RenewProbes > 0, n.RenewInterval > 0, name)
			continue
		}
		require.Positive(t, n.BaseReachable, name)
		require.Positive(t, n.MinRandomFactor, name)
		require.GreaterOrEqual(t, n.MaxRandomFactor, n.MinRandomFactor, name)
		require.Positive(t, n.DelayFirstProbe, name)
		require.Positive(t, n.UnicastProbes, name)
		require.Zero(t, n.Idle, name)
		require.Zero(t, n.RenewProbes, name)
	}
}

func TestN3EveryServerHasAnARPCache(t *testing.T) {
	for _, name := range Servers.Names() {
		s, _ := Servers.Lookup(name)
		require.Equal(t, name, s.Name)
		_, ok := Neighbors.Lookup(s.ARP)
		require.True(t, ok, "%s has the ARP cache %q", name, s.ARP)
	}
	s, _ := Servers.Lookup("srv-2003")
	require.Equal(t, "windows-xp", s.ARP)
}

func TestNamesAreSorted(t *testing.T) {
	require.True(t, slices.IsSorted(Servers.Names()))
	require.True(t, slices.IsSorted(Neighbors.Names()))
}

func TestLookupOfAnUnknownName(t *testing.T) {
	_, ok := Servers.Lookup("SRV-2008")
	require.False(t, ok, "case counts")
	_, ok = Neighbors.Lookup("")
	require.False(t, ok)
}

func TestWithLeavesTheTableAsItWas(t *testing.T) {
	linux, _ := Neighbors.Lookup("linux")
	linux.Name = "ours"
	mine := Neighbors.With("ours", linux)
	require.Contains(t, mine.Names(), "ours")
	require.Len(t, mine.Names(), len(Neighbors.Names())+1)
	_, ok := Neighbors.Lookup("ours")
	require.False(t, ok)
}

func TestEveryClientUsesTheVIPNowAndThen(t *testing.T) {
	for _, name := range Neighbors.Names() {
		n, _ := Neighbors.Lookup(name)
		require.Positive(t, n.Uses, name)
	}
}
