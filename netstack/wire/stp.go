package wire

import (
	"time"

	"ipwsim/netstack/vtime"
)

// ForwardDelay is how long a port without port-fast listens after link up, and then learns, before
// it forwards: twice 15 s, 802.1D's default (N2).
const ForwardDelay = 15 * time.Second

// PortState is a switch port's state, in 802.1D's words.
type PortState string

// The states of a port that no loop blocks.
const (
	Disabled   PortState = "disabled"   // no link
	Listening  PortState = "listening"  // neither learns nor forwards
	Learning   PortState = "learning"   // learns but does not forward
	Forwarding PortState = "forwarding" // learns and forwards
)

// State is the state of a switch's port now. A station's port forwards while it has link.
func (p *Port) State() PortState {
	switch {
	case !p.Up():
		return Disabled
	case !p.held:
		return Forwarding
	}
	switch since := p.cable.net.s.Now() - p.upAt; {
	case since < ForwardDelay:
		return Listening
	case since < 2*ForwardDelay:
		return Learning
	}
	p.held = false
	p.tell(Forwarding) // a frame may be first in this instant
	return Forwarding
}

// tell has OnPortState hear of the state that the port goes by, once.
func (p *Port) tell(s PortState) {
	if tell := p.sw.OnPortState; tell != nil && p.told != s {
		p.told = s
		tell(p, s)
	}
}

// hold starts a port's wait after link up, unless it has port-fast.
func (sw *Switch) hold(p *Port) {
	since := sw.s.Now()
	p.held, p.upAt, p.told = !p.PortFast, since, Disabled
	if !p.held || sw.OnPortState == nil {
		return
	}
	at := p.upAt
	p.tell(p.State())
	for range 2 {
		since += ForwardDelay
		sw.s.At(since, vtime.Func(func() {
			if p.Up() && p.upAt == at {
				p.tell(p.State())
			}
		}))
	}
}

// blocks says whether the spanning tree keeps the frame from leaving by the port, and counts it.
func (p *Port) blocks(f *Frame) bool {
	if !p.held || p.State() == Forwarding {
		return false
	}
	p.discard(f.B, SpanningTree)
	return true
}
