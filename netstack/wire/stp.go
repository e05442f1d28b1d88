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
	return Forwarding
}

// hold starts a port's wait after link up, unless it has port-fast.
func (sw *Switch) hold(p *Port) {
	since := sw.s.Now()
	p.held, p.upAt = !p.PortFast, since
	if !p.held || sw.OnPortState == nil {
		return
	}
	sw.OnPortState(p, Listening)
	for _, next := range []PortState{Learning, Forwarding} {
		since += ForwardDelay
		at := p.upAt
		sw.s.At(since, vtime.Func(func() {
			if p.Up() && p.upAt == at {
				sw.OnPortState(p, next)
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
