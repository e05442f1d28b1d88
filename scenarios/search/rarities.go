package search

import (
	"fmt"
	"strings"
	"time"

	"ipwsim/core/registry"
)

// Rarities are what few clusters have. They are drawn from a tape of their own; the zero value has none.
type Rarities struct {
	MACAge   time.Duration // of all switches; 0: the usual
	Tracking time.Duration // how long after link up a switch that tracks begins
	ByDNS    bool          // a node's name leads to any address that it has registered
	Nodes    [2]RareNode

	Retry   time.Duration // from one try of EPSTDS to the next; 0: as soon as it can be
	Share   time.Duration // an operation of the share's disk takes; 0: the usual
	Handles time.Duration // the share keeps a dead node's files open
	Domains bool          // two mail domains, with a user of one name in both
	Each    bool          // both nodes are masters, of a VIP each, and mail works on both, on the one queue (C5, M4)

	Masks Masks
	VRRP  Rank // of a world with VRRP
}

// Rank is how two nodes with VRRP settle who is master (V3), and how soon.
type Rank struct {
	Advert  time.Duration // 0: the usual
	Standby int           // its priority; 0: the usual, which is lower than the other's
	Stays   bool          // a backup leaves the VIPs to a master of a lower priority
}

// usual is the active node's priority.
const usual = 100

func drawRank(d draws) (r Rank) {
	if d.chance(30) {
		r.Advert = one(d, 500*time.Millisecond, 1500*time.Millisecond, 2*time.Second, 3*time.Second)
	}
	if d.chance(30) {
		r.Standby = one(d, usual, usual, 1, 254)
	}
	r.Stays = d.chance(25)
	return r
}

// RareNode is what is rare of a node.
type RareNode struct {
	Delayed      bool
	Recovery     []time.Duration // of IPWCS after each death, or registry.NoRestart
	Forget       time.Duration   // without a death for so long they are counted anew
	SkipAsSource bool
	Unregistered bool
	Tasks        string        // what starts arpclear.bat, as cluster.toml has it; "": the usual
	Limit        time.Duration // after which its task is ended; 0: never
	Halts        bool          // arpclear.bat waits for a key in the end
	Profile      []setting     // of [[profile]]
}

// setting is a key with its value.
type setting struct{ Key, Value string }

// ownProfiles are what a node's own profile has otherwise than the shipped one that it is based on.
var ownProfiles = [][]setting{
	{{"defend", `"announce"`}}, {{"defend_interval", `"2s"`}}, {{"defend", `"announce"`}, {"defend_interval", `"1s"`}},
	{{"announcements", "1"}, {"answer_is_conflict", "true"}}, {{"probes", "1"}}, {{"probe_interval", `"400ms"`}},
	{{"source", `"first"`}}, {{"connections", `"end"`}}, {{"arp", `"linux"`}},
}

// eachPercent is how many of the clusters with mail have it at work on both nodes.
const eachPercent = 14

func drawRarities(d draws) (r Rarities) {
	if d.chance(20) {
		r.MACAge = one(d, 10*time.Second, 30*time.Second, time.Minute)
	}
	if d.chance(50) {
		r.Tracking = d.upTo(20 * time.Second)
	}
	r.ByDNS = d.chance(3)
	for i := range r.Nodes {
		n := &r.Nodes[i]
		n.Delayed = d.chance(4)
		if d.chance(20) {
			n.Recovery = append(n.Recovery, one(d, 0, d.upTo(5*time.Second), d.upTo(time.Minute)))
			for range d.below(3) {
				n.Recovery = append(n.Recovery, one(d, 0, d.upTo(5*time.Second), d.upTo(time.Minute), registry.NoRestart))
			}
			n.Forget = one(d, time.Minute, 24*time.Hour)
		}
		n.SkipAsSource = d.chance(6)
		n.Unregistered = d.chance(50)
		if d.chance(30) {
			n.Tasks = `"event-100"`
		}
		if d.chance(10) {
			n.Profile = one(d, ownProfiles...)
		}
	}
	if d.chance(15) {
		r.Retry = 2 * time.Minute
	}
	if d.chance(10) {
		r.Share = one(d, 10*time.Millisecond, 100*time.Millisecond)
	}
	if d.chance(10) {
		r.Handles = one(d, 5*time.Second, time.Minute)
	}
	for i := range r.Nodes {
		if n := &r.Nodes[i]; d.chance(15) {
			n.Tasks = one(d, `"event-100 after 10s"`, `"event-100 after 1m", "startup after 5s"`, `"event-100 after 2s every 1m for 3m"`)
		}
		r.Nodes[i].Halts = d.chance(4)
	}
	r.Masks = drawMasks(d)
	for i := range r.Nodes {
		if d.chance(8) {
			r.Nodes[i].Limit = one(d, 2*time.Second, 8*time.Second)
		}
	}
	r.Domains = d.chance(15)
	r.VRRP = drawRank(d)
	if d.chance(35) { // a failover seldom comes in time for shorter ones
		r.Handles = one(d, time.Minute, 2*time.Minute)
	}
	r.Each = d.chance(eachPercent)
	return r
}

// service is the key of IPWCS's service, if there is anything to say of it.
func (n RareNode) service() string {
	if !n.Delayed && n.Recovery == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\n\"Start\"=dword:00000002\n")
	if n.Delayed {
		fmt.Fprintln(&b, `"DelayedAutostart"=dword:00000001`)
	}
	if n.Recovery != nil {
		v := registry.RecoveryValue(registry.Startup{Restarts: n.Recovery, Forget: n.Forget})
		fmt.Fprintf(&b, "%q=hex:%s\n", v.Name, strings.ReplaceAll(fmt.Sprintf("% x", v.Data), " ", ","))
	}
	return b.String()
}

// own is the name of the node's own profile; "" where it has a shipped one.
func (n RareNode) own(role string) string {
	if n.Profile == nil {
		return ""
	}
	return "own-" + role
}

// profile is a node's own profile, after the shipped one that it is based on.
func (n RareNode) profile(t table, role, base string) {
	if n.Profile == nil {
		return
	}
	t.head("[[profile]]")
	t.set("name", n.own(role))
	t.set("base", base)
	for _, s := range n.Profile {
		fmt.Fprintf(t, "%s = %s\n", s.Key, s.Value)
	}
}
