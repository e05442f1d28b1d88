package cluster

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/sim/profile"
)

// ownProfiles is a cluster.toml with every setting that own profiles can have.
const ownProfiles = "testdata/own-profiles.toml"

// own loads the guide's cluster with that cluster.toml.
func own(t *testing.T, toml string) *Blueprint {
	bp, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(toml)}), ".")
	require.NotNil(t, bp, "%v", problems)
	return bp
}

func ownFile(t *testing.T) *Blueprint {
	data, err := os.ReadFile(ownProfiles)
	require.NoError(t, err)
	return own(t, string(data))
}

// checkCache is what a host may rely on: all numbers of one kind, none of the other.
func checkCache(t require.TestingT, n profile.Neighbor) {
	require.Positive(t, n.Retransmit, n.Name)
	require.Positive(t, n.MulticastProbes, n.Name)
	if n.Age == 0 {
		require.Positive(t, n.BaseReachable, n.Name)
		require.Positive(t, n.MinRandomFactor, n.Name)
		require.GreaterOrEqual(t, n.MaxRandomFactor, n.MinRandomFactor, n.Name)
		require.Positive(t, n.DelayFirstProbe, n.Name)
		require.Positive(t, n.UnicastProbes, n.Name)
		require.Zero(t, n.Idle+n.RenewInterval, n.Name)
		return
	}
	require.Zero(t, n.BaseReachable+n.DelayFirstProbe, n.Name)
	require.Zero(t, n.UnicastProbes, n.Name)
	require.Less(t, n.Idle, n.Age, n.Name)
	require.Equal(t, n.RenewProbes > 0, n.RenewInterval > 0, n.Name)
	require.Less(t, time.Duration(n.RenewProbes)*n.RenewInterval, n.Age, n.Name)
}

// N3, H4: what is set is set, and all else is as in the base.
func TestN3OwnProfiles(t *testing.T) {
	bp := ownFile(t)
	bare := func(n profile.Neighbor) profile.Neighbor { n.Sources = nil; return n }

	core, _ := profile.Neighbors.Lookup("l3-huawei")
	core.Name, core.Base = "our-core", "l3-huawei"
	core.Age, core.Idle, core.RenewedByTraffic = 4*time.Hour, time.Hour, true
	core.RenewProbes, core.RenewInterval = 2, 10*time.Second
	core.GratuitousRequest = arp.Ignore
	require.Equal(t, bare(core), bare(bp.Clients[0].Profile))

	silent, _ := profile.Neighbors.Lookup("l3-huawei")
	silent.Name, silent.Base, silent.RenewProbes, silent.RenewInterval = "our-other-core", "l3-huawei", 0, 0
	require.Equal(t, bare(silent), bare(bp.Clients[1].Profile), "without requests their interval says nothing")

	vista, _ := profile.Neighbors.Lookup("windows-vista7")
	require.Equal(t, profile.Neighbor{
		Name: "our-vista", Base: "windows-vista7",
		Policy: arp.Policy{
			BaseReachable: 10 * time.Second, MinRandomFactor: 1, MaxRandomFactor: 1.25, Redraw: 10 * time.Minute,
			DelayFirstProbe: 2 * time.Second, UnicastProbes: 1, Retransmit: 500 * time.Millisecond, MulticastProbes: 2,
			GratuitousRequest: arp.Update, GratuitousReply: arp.Create,
			CachedSender: arp.Update, UnaskedReply: arp.Update, Locktime: time.Second,
		},
		Uses: 20 * time.Second, PingPause: 500 * time.Millisecond,
		System: vista.System,
	}, bare(bp.Nodes[0].ARP))

	base, _ := profile.Servers.Lookup("srv-2008")
	tcp := base.TCP
	tcp.Removal = policy.End
	server := bp.Nodes[0].Server
	server.Sources = nil
	require.Equal(t, profile.Server{
		Name: "our-2008", Base: "srv-2008", Probes: 1, ProbeInterval: 500 * time.Millisecond,
		Announcements: 1, AnswerIsConflict: true, RequestIsConflict: true, Defend: policy.Announce, DefendInterval: 5 * time.Second,
		Source: policy.First, TCP: tcp, ARP: "our-vista",
	}, server)
	require.Equal(t, 500*time.Millisecond, Header(bp, "", 0).Nodes[0].DAD)
	require.Equal(t, "windows-xp", bp.Nodes[1].ARP.Name, "as in the base")
}

// Every setting is in the file above, so that the test above speaks of all.
func TestN3OwnProfilesKnowEverySetting(t *testing.T) {
	data, err := os.ReadFile(ownProfiles)
	require.NoError(t, err)
	for _, key := range keysOf(ofAny) {
		require.Contains(t, string(data), "\n"+key+" = ")
	}
}

func TestOwnProfilesHaveTheirSources(t *testing.T) {
	bp := ownFile(t)
	require.Len(t, bp.Profiles, 5)
	require.Equal(t, "our-2008", bp.Profiles[0].Title(), "in the order of the file")
	var set []string
	for _, s := range bp.Profiles[0].Origins()[:10] {
		require.Equal(t, profile.Set, s.Confidence)
		set = append(set, fmt.Sprintf("%s: %s", s.About, s.From))
	}
	require.Equal(t, []string{
		"probes: cluster.toml line 6",
		"probe_interval: cluster.toml line 7",
		"announcements: cluster.toml line 8",
		"answer_is_conflict: cluster.toml line 9",
		"request_is_conflict: cluster.toml line 10",
		"defend: cluster.toml line 11",
		"defend_interval: cluster.toml line 12",
		"source: cluster.toml line 13",
		"connections: cluster.toml line 14",
		"arp: cluster.toml line 15",
	}, set)
	base, _ := profile.Servers.Lookup("srv-2008")
	require.Equal(t, base.Sources, bp.Profiles[0].Origins()[10:], "then those of the base")
	for _, p := range bp.Profiles {
		require.EqualError(t, p.Settings()[0].Name, "based on")
	}
}

// The names of a trace are what the checks go by: none of an own profile may pass for a shipped one.
func TestNoOwnProfileTakesAShippedName(t *testing.T) {
	for _, name := range shippedProfiles() {
		for _, base := range []string{"windows-modern", "srv-2012plus"} {
			for _, as := range []string{name, strings.ToUpper(name)} {
				toml := fmt.Sprintf("[[profile]]\nname = %q\nbase = %q\n", as, base)
				_, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(toml)}), ".")
				require.Contains(t, problems.Error(), "cluster.toml:2: error: profile.name: "+as+" is a shipped profile")
			}
		}
	}
}
