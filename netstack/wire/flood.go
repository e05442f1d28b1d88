package wire

import (
	"time"

	"ipwsim/netstack/vtime"
)

// flood is a broadcast on its way to many stations at once: one event and one buffer for all, where thousands probe for
// their addresses in one instant, each heard by all others.
type flood struct {
	net   *Network
	frame *Frame
	to    []landing
	about arp  // the message
	isARP bool // and whether it is one
	lane  vtime.Lane
}

// landing is where the frame arrives.
type landing struct {
	port  *Port
	cable *Cable
	epoch uint32 // the cable's at sending
}

// flood sends the frame out of all ports but the one it came in by.
func (sw *Switch) flood(in *Port, f *Frame) {
	var all *flood
	for _, p := range sw.ports {
		if p == in || !p.Up() || p.blocks(f) {
			continue
		}
		if f.Dst().IsGroup() && p.plain() {
			all = p.join(all, f)
			continue
		}
		all.leave()
		all = nil
		p.Send(f.Clone())
	}
	all.leave()
	f.Free()
}

// plain says whether nothing on the cable can disturb a frame, and a station is at its far end: it reads a frame and
// lets it go.
func (p *Port) plain() bool {
	c := p.cable
	return c.ways[p.end] == nil && len(c.net.rules) == 0 && c.ends[1-p.end].sw == nil
}

// join puts the frame on the port's cable with those before it, unless that is longer or shorter than theirs.
func (p *Port) join(all *flood, f *Frame) *flood {
	c := p.cable
	if all != nil && all.latency() != c.latency {
		all.leave()
		all = nil
	}
	if all == nil {
		all = c.net.newFlood(f)
		all.lane = p.lane
	}
	for _, tap := range c.net.taps {
		tap(c.net.s.Now(), c, f.B)
	}
	p.count.Sent++
	all.to = append(all.to, landing{c.ends[1-p.end], c, c.epoch})
	return all
}

func (fl *flood) latency() time.Duration { return fl.to[0].cable.latency }

// leave sends the flood on its way.
func (fl *flood) leave() {
	if fl != nil {
		s := fl.net.s
		s.OnLane(fl.lane, s.Now()+fl.latency(), fl)
	}
}

// Run is the arrival, at one station after the other.
func (fl *flood) Run() {
	fl.frame.shared = len(fl.to)
	for _, to := range fl.to {
		switch c := to.cable; {
		case !c.up || c.epoch != to.epoch:
			c.ends[1-to.port.end].lose(fl.frame, Pulled, nil)
		case fl.isARP && to.port.interest.none(&fl.about):
			fl.frame.Free()
		default:
			to.port.device.Receive(to.port, fl.frame)
			fl.net.s.Between()
		}
	}
	fl.net.recycle(fl)
}

// newFlood is a flood of a copy of the frame.
func (n *Network) newFlood(f *Frame) *flood {
	var fl *flood
	if last := len(n.floods) - 1; last >= 0 {
		fl, n.floods = n.floods[last], n.floods[:last]
	} else {
		fl = &flood{net: n, to: make([]landing, 0, 4)}
	}
	fl.frame = f.Clone()
	fl.isARP = false
	if f.Type() == TypeARP {
		fl.about, fl.isARP = parseARP(f.B[HeaderLen:])
	}
	return fl
}

func (n *Network) recycle(fl *flood) {
	fl.frame, fl.to = nil, fl.to[:0]
	n.floods = append(n.floods, fl)
}
