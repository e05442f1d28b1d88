// Package arp is how ARP caches differ from maker to maker, as plain numbers: one type for the host that keeps
// a cache, the profile that describes it and the file that changes it.
package arp

import "time"

// Reaction is what a host's ARP cache does on an ARP packet that it need not answer.
type Reaction int

// The reactions: pay no heed, overwrite an entry that exists, or make one as well.
const (
	Ignore Reaction = iota
	Update
	Create
)

// Reactions are all of them.
var Reactions = []Reaction{Ignore, Update, Create}

func (r Reaction) String() string { return [...]string{"ignore", "update", "create"}[r] }

// Policy is how a host's ARP cache behaves (N3). Its entries are kept in one of two ways: by the states of
// RFC 4861 (7.3.2), or, where Age is set, for a fixed time. A request aimed at the host itself always updates
// and creates (N6), and a probe, whose sender is 0.0.0.0, never does.
type Policy struct {
	// RFC 4861. A host draws its own reachable time, BaseReachable times a factor uniform in
	// MinRandomFactor..MaxRandomFactor (6.3.2).
	BaseReachable   time.Duration
	MinRandomFactor float64
	MaxRandomFactor float64
	Redraw          time.Duration // a new one is drawn so often; 0: each 2 hours ("every few hours")
	DelayFirstProbe time.Duration // from the first use of a stale entry to the first probe
	UnicastProbes   int           // asked of the cached MAC before it is given up

	// Fixed lifetime.
	Age              time.Duration // from an entry's last renewal by ARP to its end; 0: RFC 4861 instead
	Idle             time.Duration // the end comes this long after the last packet sent, if sooner; 0: use is nothing
	RenewedByTraffic bool          // any packet heard from the neighbour's IP and MAC renews
	RenewProbes      int           // requests before the end, the last of them broadcast; an answer renews
	RenewInterval    time.Duration // from one such request to the next, and from the last to the end

	// Both.
	Retransmit      time.Duration // from one ARP request to the next
	MulticastProbes int           // broadcast requests before the neighbour is unreachable

	GratuitousRequest Reaction      // sender and target are one address (RFC 5227, 3)
	GratuitousReply   Reaction      // the same as an answer
	CachedSender      Reaction      // request aimed at another host: RFC 826's merge flag is Update
	UnaskedReply      Reaction      // answer from another MAC than the entry's; Ignore is RFC 4861's without override
	Locktime          time.Duration // a younger entry keeps its MAC, but for gratuitous ARP and requests to the host
}

// Holds is the longest that an entry in use leads to a neighbour that does not answer any more.
func (p Policy) Holds() time.Duration {
	if p.Age > 0 {
		return p.Age
	}
	reachable := time.Duration(float64(p.BaseReachable) * p.MaxRandomFactor)
	return reachable + p.DelayFirstProbe + time.Duration(p.UnicastProbes)*p.Retransmit
}
