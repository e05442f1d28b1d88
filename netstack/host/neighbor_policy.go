package host

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/arp"
)

// forGood is longer than any run: netstack's own states never end an entry with a fixed lifetime.
const forGood = 365 * 24 * time.Hour

// nud is the policy in netstack's terms.
func nud(p arp.Policy) stack.NUDConfigurations {
	c := stack.NUDConfigurations{
		BaseReachableTime:   p.BaseReachable,
		MinRandomFactor:     float32(p.MinRandomFactor),
		MaxRandomFactor:     float32(p.MaxRandomFactor),
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

// redraw makes netstack draw a new reachable time for the next entry that becomes reachable, and again
// each Redraw: it draws when its base has changed, if only by some nanoseconds.
func (n *NIC) redraw() {
	p := n.host.cfg.Neighbor
	if p.Redraw == 0 || p.Age > 0 {
		return
	}
	n.host.domain.After(p.Redraw, func() {
		n.redrawn++
		c := nud(p)
		c.BaseReachableTime += time.Duration(n.redrawn)
		must(n.host.stack.SetNUDConfigurations(n.id, header.IPv4ProtocolNumber, c))
		n.redraw()
	})
}
