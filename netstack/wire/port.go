package wire

import (
	"time"

	"ipwsim/netstack/vtime"
)

// Port is a socket for a cable.
type Port struct {
	name    string
	device  Device
	powered bool
	cable   *Cable
	end     int
	lane    vtime.Lane // of what it sends: a switch's ports have one, for a broadcast leaves by many of them at once
	count   Counters

	interest Interest

	// PortFast lets a switch's port forward as soon as it has link (N2). It is true at first, and
	// read when the link comes up.
	PortFast bool
	// Trusted exempts a switch's port from ARP inspection, as trunks are.
	Trusted bool

	sw   *Switch       // whose port it is; nil: a station's
	held bool          // the spanning tree may still hold it
	upAt time.Duration // when it got link
	told PortState     // what OnPortState has heard since then; Disabled: nothing
}

// NewPort returns a powered port of a device, which may be nil as long as the port has no cable or
// no power.
func NewPort(name string, d Device) *Port { return &Port{name: name, device: d, powered: true} }

// Attach gives the port to another device: a machine that boots puts a new system behind its old
// socket. The port must be without power.
func (p *Port) Attach(d Device) {
	if p.powered {
		panic("wire: port " + p.name + " changes hands under power")
	}
	p.device, p.interest = d, Interest{}
}

// Name is the port's name.
func (p *Port) Name() string { return p.name }

// Cable is the cable plugged in; nil: none.
func (p *Port) Cable() *Cable { return p.cable }

// Up says whether the port has link.
func (p *Port) Up() bool { return p.cable != nil && p.cable.up }

// Counters are what the port has sent, and what became of it, since it was made.
func (p *Port) Counters() Counters { return p.count }

// owner is the switch's name, or the station's, which is its port's.
func (p *Port) owner() string {
	if p.sw != nil {
		return p.sw.name
	}
	return p.name
}

// SetPower switches the port's transceiver: the cable has link only while both ends are powered.
func (p *Port) SetPower(on bool) {
	p.powered = on
	if p.cable != nil {
		p.cable.update()
	}
}

// Send puts the frame on the cable. Without link the frame is lost.
func (p *Port) Send(f *Frame) {
	c := p.cable
	if c == nil || !c.up {
		f.Free()
		return
	}
	n := c.net
	now := n.s.Now()
	if n.heavy(now, 1) {
		f.Free()
		return
	}
	for _, tap := range n.taps {
		tap(now, c, f.B)
	}
	p.count.Sent++
	if c.ways[p.end] != nil || len(n.rules) > 0 {
		p.carry(f, now)
		return
	}
	p.deliver(f, now+c.latency)
}

// deliver lets the frame arrive at the far end at time at.
func (p *Port) deliver(f *Frame, at time.Duration) {
	f.cable, f.to, f.epoch = p.cable, 1-p.end, p.cable.epoch
	p.cable.net.leave(f)
	p.cable.net.s.OnLane(p.lane, at, f)
}

// carry takes a frame over a cable that rules or impairments may disturb. Rules act at the sending
// end, so that a rule counts a hit whatever becomes of the frame on its way.
func (p *Port) carry(f *Frame, now time.Duration) {
	rule := p.cable.net.judge(p, f.B)
	var v Verdict
	if rule != nil {
		v = rule.rule.Verdict
	}
	if v.Action == Drop {
		p.lose(f, ByRule, rule)
		return
	}
	t := transit{at: now + p.cable.latency}
	if w := p.cable.ways[p.end]; w != nil {
		if why := w.pass(&t); why != "" {
			p.lose(f, why, nil)
			return
		}
	}
	if t.held {
		p.count.Held++
	}
	at, copies := t.at+v.Delay, t.copies+v.Copies
	p.count.Duplicated += uint64(copies)
	if rule != nil {
		rule.copies += uint64(v.Copies)
	}
	if copies > 0 && p.cable.net.heavy(now, copies) {
		f.Free()
		return
	}
	for range copies {
		p.deliver(f.Clone(), at)
	}
	p.deliver(f, at)
}
