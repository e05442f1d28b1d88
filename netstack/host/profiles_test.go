package host_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/sim/profile"
)

func policyOf(t testing.TB, name string) arp.Policy {
	p, ok := profile.Neighbors.Lookup(name)
	require.True(t, ok, name)
	return p.Policy
}

func linuxPolicy(t testing.TB) arp.Policy { return policyOf(t, "linux") }

// Where the host's packets go after: gratuitous request, gratuitous reply, request to the host,
// request to another, unasked answer, probe; each from a new MAC.
const (
	takesAll     = "new new new new new old"
	takesAimed   = "old old new old new old" // only what is aimed at the host
	onlyRequest  = "old old new old old old" // "updated only by a request aimed at the receiver"
	onlyAnnounce = "new new new old old old" // and by gratuitous ARP
	createsNone  = "asks asks new asks asks asks"
)

// What puts off an entry's end when it comes from the MAC that is known.
const (
	anyARP   = "gratuitous request, gratuitous reply, request to host, request to another, unasked answer"
	aimedARP = "request to host, unasked answer"
)

const (
	threeRequests = "0s broadcast, 1s broadcast, 2s broadcast"
	nudProbes     = "1m45s unicast, 1m46s unicast, 1m47s unicast, 1m48s broadcast, 1m49s broadcast, 1m50s broadcast"
)

// nud is what the hosts of RFC 4861 have in common.
func nud(aged, fresh string) []string {
	return []string{
		aged, fresh, createsNone, threeRequests, nudProbes, "",
		"never", "under a minute", "under a minute", "", "15-45 s",
	}
}

// fixed is a cache with a fixed lifetime: seconds in silence, while sending, while sending and
// answered, and what renews an entry.
func fixed(reactions, silence, sending, answered, renewed string) []string {
	return []string{
		reactions, reactions, createsNone, threeRequests, "", "",
		silence, sending, answered, renewed, "for good",
	}
}

// wantProfiles are the numbers of the field facts, in the order of the measures.
var wantProfiles = map[string][]string{
	"windows-modern": nud(onlyAnnounce, onlyAnnounce),
	"windows-vista7": nud(onlyRequest, onlyRequest),
	"windows-xp":     fixed(takesAll, "120", "600", "600", "packet sent, "+anyARP),
	"ad-client":      fixed(takesAimed, "600", "600", "never", "packet heard, "+anyARP),
	"linux":          nud(takesAll, "new new new old old old"), // locktime 1 s

	"l3-cisco-ios": fixed(takesAll, "14400", "14400", "14400", anyARP),
	"l3-nexus":     fixed(takesAll, "1500", "1500", "1500", anyARP),
	"l3-juniper": fixed("new old new new new old", "1200", "1200", "1200",
		"gratuitous request, request to host, request to another, unasked answer"),
	"l3-comware": fixed(takesAll, "1200", "1200", "1200", anyARP),
	"l3-huawei": asking(fixed(takesAll, "1200", "1195", "1185", anyARP),
		"19m45s unicast, 19m50s unicast, 19m55s broadcast"),
	"l3-alaxala-strict":    fixed(takesAimed, "14400", "14400", "14400", aimedARP),
	"l3-alaxala-2600s":     fixed(takesAll, "14400", "14400", "14400", anyARP),
	"l3-allied":            fixed(takesAll, "300", "300", "300", anyARP),
	"l3-traffic-refreshed": fixed(takesAll, "1200", "1200", "never", "packet heard, "+anyARP),
	"l3-generic-10min":     fixed(takesAimed, "600", "600", "600", aimedARP),
}

func asking(want []string, requests string) []string {
	want[5] = requests
	return want
}

func TestN3_ProfilesFromOutside(t *testing.T) {
	require.Len(t, profile.Neighbors.Names(), len(wantProfiles))
	for _, name := range profile.Neighbors.Names() {
		t.Run(name, func(t *testing.T) {
			for i, m := range measures {
				require.Equal(t, wantProfiles[name][i], m.run(policyOf(t, name)), m.name)
			}
		})
	}
}

// caught is the first measure that tells the policy from the profile; "" when none does.
func caught(p arp.Policy, name string) string {
	for i, m := range measures {
		if m.run(p) != wantProfiles[name][i] {
			return m.name
		}
	}
	return ""
}

// broken are policies with one wrong number.
var broken = []struct {
	profile, what, caughtBy string
	change                  func(*arp.Policy)
}{
	{"windows-xp", "age", "age, sending", func(p *arp.Policy) { p.Age += 5 * time.Second }},
	{"windows-xp", "idle", "age, nothing sent", func(p *arp.Policy) { p.Idle += 5 * time.Second }},
	{"windows-xp", "no idle", "age, nothing sent", func(p *arp.Policy) { p.Idle = 0 }},
	{"windows-xp", "traffic", "age, sending and answered", func(p *arp.Policy) { p.RenewedByTraffic = true }},
	{"windows-xp", "sender", "reactions, entry 10 s old", func(p *arp.Policy) { p.CachedSender = arp.Ignore }},
	{"windows-xp", "requests", "requests for nobody", func(p *arp.Policy) { p.MulticastProbes = 2 }},
	{"windows-xp", "retransmit", "requests for nobody", func(p *arp.Policy) { p.Retransmit *= 2 }},
	{"ad-client", "age", "age, nothing sent", func(p *arp.Policy) { p.Age -= 5 * time.Second }},
	{"ad-client", "traffic", "age, sending and answered", func(p *arp.Policy) { p.RenewedByTraffic = false }},
	{"ad-client", "request", "reactions, entry 10 s old", func(p *arp.Policy) { p.GratuitousRequest = arp.Update }},
	{"ad-client", "create", "reactions, entry 10 s old", func(p *arp.Policy) { p.GratuitousReply = arp.Create }},
	{"l3-juniper", "reply", "reactions, entry 10 s old", func(p *arp.Policy) { p.GratuitousReply = arp.Update }},
	{"l3-huawei", "count", "requests in silence", func(p *arp.Policy) { p.RenewProbes = 2 }},
	{"l3-huawei", "interval", "requests in silence", func(p *arp.Policy) { p.RenewInterval = 4 * time.Second }},
	{"l3-generic-10min", "answer", "reactions, entry 10 s old", func(p *arp.Policy) { p.UnaskedReply = arp.Ignore }},
	{"linux", "no locktime", "reactions, entry 0.5 s old", func(p *arp.Policy) { p.Locktime = 0 }},
	{"linux", "delay", "probes of a stale entry", func(p *arp.Policy) { p.DelayFirstProbe += time.Second }},
	{"linux", "unicast", "probes of a stale entry", func(p *arp.Policy) { p.UnicastProbes = 2 }},
	{"linux", "reachable", "reachable", func(p *arp.Policy) { p.BaseReachable += 10 * time.Second }},
	{"linux", "arp_accept", "reactions, no entry", func(p *arp.Policy) { p.GratuitousRequest = arp.Create }},
}

// A wrong number shows from outside, in the measure that is meant for it.
func TestN3_ProfilesCatch(t *testing.T) {
	for _, b := range broken {
		p := policyOf(t, b.profile)
		b.change(&p)
		require.Equal(t, b.caughtBy, caught(p, b.profile), "%s: %s", b.profile, b.what)
	}
}
