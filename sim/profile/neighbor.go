package profile

import "time"

// Reaction is what a host's ARP cache does with an ARP packet that it need not answer.
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

// Neighbor is the ARP cache policy of a host (N3). Entries live by the neighbour states of RFC
// 4861, as the maker applies them to ARP, or where Age is set for a fixed time.
type Neighbor struct {
	Name    string
	Base    string // the shipped profile that an own one changes; "" for a shipped one
	Sources []Source

	// RFC 4861. A host draws its own reachable time once, BaseReachable times a factor uniform in
	// MinRandomFactor..MaxRandomFactor.
	BaseReachable   time.Duration
	MinRandomFactor float64
	MaxRandomFactor float64
	DelayFirstProbe time.Duration // from the first use of a stale entry to the first probe
	UnicastProbes   int           // asked of the cached MAC

	// Fixed lifetime.
	Age              time.Duration // from the last renewal by ARP to the end
	Idle             time.Duration // the end after the last packet sent, if sooner; 0: use is nothing
	RenewedByTraffic bool          // any packet heard from the neighbour renews
	RenewProbes      int           // asked before the end, the last by broadcast; an answer renews
	RenewInterval    time.Duration // between those, and from the last to the end

	// Both.
	Retransmit      time.Duration // between requests of either kind
	MulticastProbes int           // broadcast requests before the neighbour is given up

	GratuitousRequest Reaction      // to a request whose sender and target are one address
	GratuitousReply   Reaction      // to the same as an answer
	CachedSender      Reaction      // to a request aimed at another host (RFC 826's merge flag)
	UnaskedReply      Reaction      // to an answer from another MAC than the entry's
	Locktime          time.Duration // a younger entry keeps its MAC, but for gratuitous ARP and requests to the host
}

// Neighbors are the ARP cache profiles (N3).
var Neighbors = tableOf(func(n Neighbor) string { return n.Name },
	windowsModern, windowsVista7, windowsXP, adClient, linux,
	l3CiscoIOS, l3Nexus, l3Juniper, l3Comware, l3Huawei, l3AlaxalaStrict, l3Alaxala2600S,
	l3Allied, l3TrafficRefreshed, l3Generic10min,
)
