package host

import (
	"time"

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
