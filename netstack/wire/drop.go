package wire

import "time"

// Counters tell what became of the frames that a port sent; Discarded is a switch port's own.
type Counters struct {
	Sent       uint64 // put on the cable; what a capture there shows
	Lost       uint64 // of those: lost on the cable, whatever the reason
	Duplicated uint64 // copies that arose on the cable besides
	Held       uint64 // held back so that later frames overtake them
	Discarded  uint64 // taken in or not let out by spanning tree or ARP inspection; not in Sent
}

// Reason is why a frame did not arrive.
type Reason string

// The reasons. The first four lose a frame on a cable: it was sent, and the Tap saw it. The others
// are a switch's, before it sends.
const (
	Loss         Reason = "loss"           // Impairment.Loss
	OneWayCut    Reason = "one-way cut"    // Impairment.Cut
	ByRule       Reason = "rule"           // a rule's verdict
	Pulled       Reason = "pulled"         // the cable lost its link while the frame was on its way
	SpanningTree Reason = "spanning tree"  // the port does not forward yet
	Inspected    Reason = "ARP inspection" // the sender's binding is not allowed

	UnknownUnicast Reason = "unknown unicast" // the switch does not know the station, and floods nothing
	Astray         Reason = "astray"          // the switch knows the station at a port that it has left
)

// Dropped is a frame that did not arrive.
type Dropped struct {
	At     time.Duration
	Cable  *Cable
	Port   *Port // which sent it; for a switch's reasons the switch's port
	Reason Reason
	Rule   *ActiveRule // for ByRule
}

// DropTap sees each frame that is dropped. It must not keep or change b.
type DropTap func(d Dropped, b []byte)

// AddDropTap lets t see every frame that is dropped from now on. A frame sent without link never was
// on a cable and is not among them.
func (n *Network) AddDropTap(t DropTap) { n.dropTaps = append(n.dropTaps, t) }

// lose ends a frame that the port has sent.
func (p *Port) lose(f *Frame, why Reason, rule *ActiveRule) {
	p.count.Lost++
	p.report(f.B, why, rule)
	f.Free()
}

// discard counts a frame at a switch's port; the frame stays the caller's.
func (p *Port) discard(b []byte, why Reason) {
	p.count.Discarded++
	p.report(b, why, nil)
}

func (p *Port) report(b []byte, why Reason, rule *ActiveRule) {
	n := p.cable.net
	for _, tap := range n.dropTaps {
		tap(Dropped{At: n.s.Now(), Cable: p.cable, Port: p, Reason: why, Rule: rule}, b)
	}
}
