package profile

import "time"

// Reaction is what a host's ARP cache does with a gratuitous ARP.
type Reaction int

// Ignore leaves the cache alone, Update changes an entry that exists, Create makes one too.
const (
	Ignore Reaction = iota
	Update
	Create
)

func (r Reaction) String() string {
	return [...]string{"ignore", "update", "create"}[r]
}

// Neighbor is the ARP cache policy of a host (N3): the neighbour states of RFC 4861 as the
// maker applies them to ARP. A host draws its own reachable time once, BaseReachable times a
// factor uniform in MinRandomFactor..MaxRandomFactor.
type Neighbor struct {
	Name            string
	BaseReachable   time.Duration
	MinRandomFactor float64
	MaxRandomFactor float64
	Retransmit      time.Duration // between probes of either kind
	DelayFirstProbe time.Duration // from the first use of a stale entry to the first probe
	UnicastProbes   int           // asked of the cached MAC
	MulticastProbes int           // then broadcast, before the entry is given up

	GratuitousRequest Reaction // to a request whose sender and target are one address
	GratuitousReply   Reaction // to an answer nobody asked for
}

// Neighbors are the ARP cache profiles (N3).
var Neighbors = tableOf(func(n Neighbor) string { return n.Name },
	windows("windows-modern",
		// FIELD-FACTS "gratuitous ARP received, 8/2012 and later", inferred from the hotfix: M.
		Update),
	windows("windows-vista7",
		// FIELD-FACTS "gratuitous ARP received, Vista/7/2008/2008R2", KB2582281: H.
		Ignore),
	Neighbor{
		Name: "linux",
		// FIELD-FACTS "Linux", ip-sysctl: H.
		BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
		Retransmit: time.Second, DelayFirstProbe: 5 * time.Second,
		UnicastProbes: 3, MulticastProbes: 3,
		GratuitousRequest: Update, GratuitousReply: Update,
	},
)

// windows is Vista and later; the versions differ in what gratuitous ARP does.
func windows(name string, gratuitous Reaction) Neighbor {
	return Neighbor{
		Name: name,
		// FIELD-FACTS "neighbour REACHABLE time", KB949589: H.
		BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
		// FIELD-FACTS "retransmit interval", KB949589: H.
		Retransmit: time.Second,
		// FIELD-FACTS "DELAY, probes", RFC 4861 section 10: M.
		DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, MulticastProbes: 3,
		GratuitousRequest: gratuitous, GratuitousReply: gratuitous,
	}
}
