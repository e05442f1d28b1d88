package host

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// Reaction is what a host's ARP cache does on an ARP packet that it need not answer.
type Reaction int

// The reactions: pay no heed, overwrite an entry that exists, or make one as well.
const (
	Ignore Reaction = iota
	Update
	Create
)

// NeighborPolicy is how a host's ARP cache behaves (N3). Its entries are kept in one of two ways:
// by the states of RFC 4861 (7.3.2), or, where Age is set, for a fixed time. A request aimed at the
// host itself always updates and creates (N6), and a probe, whose sender is 0.0.0.0, never does.
type NeighborPolicy struct {
	BaseReachable   time.Duration // RFC 4861, 6.3.2: entries are taken for good this long, times a random factor
	MinRandomFactor float32
	MaxRandomFactor float32
	Retransmit      time.Duration // from one ARP request to the next
	DelayFirstProbe time.Duration // from use of a stale entry to the first probe
	UnicastProbes   int           // to the old MAC before it is given up
	MulticastProbes int           // broadcast requests before the neighbour is unreachable

	Age              time.Duration // from an entry's last renewal by ARP to its end; 0: RFC 4861 instead
	Idle             time.Duration // with Age: the end comes this long after the last packet sent, if sooner; 0: use is nothing
	RenewedByTraffic bool          // with Age: any packet heard from the neighbour's IP and MAC renews
	RenewProbes      int           // with Age: requests before the end, the last of them broadcast; an answer renews
	RenewInterval    time.Duration // from one such request to the next, and from the last to the end

	GratuitousRequest Reaction      // sender and target are one address (RFC 5227, 3)
	GratuitousReply   Reaction      // the same as an answer
	CachedSender      Reaction      // request aimed at another host: RFC 826's merge flag is Update
	UnaskedReply      Reaction      // answer from another MAC than the entry's; Ignore is RFC 4861's without override
	Locktime          time.Duration // a younger entry keeps its MAC, but for gratuitous ARP and requests to the host
}

// forGood is longer than any run: netstack's own states never end an entry with a fixed lifetime.
const forGood = 365 * 24 * time.Hour

func (p NeighborPolicy) nud() stack.NUDConfigurations {
	c := stack.NUDConfigurations{
		BaseReachableTime:   p.BaseReachable,
		MinRandomFactor:     p.MinRandomFactor,
		MaxRandomFactor:     p.MaxRandomFactor,
		RetransmitTimer:     p.Retransmit,
		DelayFirstProbeTime: p.DelayFirstProbe,
		MaxUnicastProbes:    uint32(p.UnicastProbes),
		MaxMulticastProbes:  uint32(p.MulticastProbes),
	}
	if p.Age > 0 {
		c.BaseReachableTime, c.DelayFirstProbeTime = forGood, forGood
		c.MinRandomFactor, c.MaxRandomFactor = 1, 1
	}
	return c
}
