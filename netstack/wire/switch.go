package wire

import (
	"time"

	"ipwsim/netstack/vtime"
)

// MACAge is how long a switch remembers a station that it does not hear (N2), unless it is set
// otherwise.
const MACAge = 300 * time.Second

// Switch is a learning Ethernet switch. It sends no BPDUs: that trunks form no loop is the caller's
// business. Of spanning tree it has the wait after link up (Port.PortFast).
type Switch struct {
	name    string
	s       *vtime.Scheduler
	lane    vtime.Lane
	ports   []*Port
	table   map[MAC]station
	inspect *inspection // nil: off
	off     bool        // without power

	snooping *snooping // nil: off

	strays map[MAC]astray // stations that have moved, and are looked for where they were

	// DataOnly keeps the switch from learning where a station is from ARP; BlockUnknown drops frames to stations
	// that it does not know, instead of sending them everywhere (N8).
	DataOnly, BlockUnknown bool

	// OnUnknown, which may be nil, hears of a frame that BlockUnknown drops. It returns what is told that the station was heard
	// again, until when it is not asked of that one; nil: it is asked again.
	OnUnknown func(MAC) (heard func())
	unknown   map[MAC]func()

	// OnPortState, which may be nil, hears of each change of a port that spanning tree holds.
	OnPortState func(p *Port, s PortState)

	// Age is how long the switch remembers a station that it does not hear: MACAge at first;
	// 802.1D allows 10 s to 1,000,000 s. It may be set at any time.
	Age time.Duration
}

// Powered says whether the switch has power. It has at first.
func (sw *Switch) Powered() bool { return !sw.off }

// SetPower switches all ports' transceivers; without power the switch forgets the stations behind them.
func (sw *Switch) SetPower(on bool) {
	sw.off = !on
	if sw.snooping != nil && !on {
		clear(sw.snooping.heard)
	}
	for _, p := range sw.ports {
		p.SetPower(on)
	}
	if !on { // those behind a port that has no cable any more
		clear(sw.table)
		sw.checkAll()
	}
}

// station is where an address was last heard.
type station struct {
	port  *Port
	heard time.Duration
}

// NewSwitch returns a switch without ports.
func NewSwitch(n *Network, name string) *Switch {
	return &Switch{name: name, s: n.s, lane: n.s.NewLane(), table: map[MAC]station{}, strays: map[MAC]astray{}, unknown: map[MAC]func(){}, Age: MACAge}
}

// Name is the switch's name.
func (sw *Switch) Name() string { return sw.name }

// AddPort adds a port, with power if the switch has it.
func (sw *Switch) AddPort(name string) *Port {
	p := NewPort(name, sw)
	p.sw, p.lane, p.PortFast, p.powered = sw, sw.lane, true, !sw.off
	sw.ports = append(sw.ports, p)
	return p
}

// Receive learns the sender's port and forwards the frame: to the port of its destination, or to
// all others when that is unknown, aged or a group.
func (sw *Switch) Receive(in *Port, f *Frame) {
	now := sw.s.Now()
	if (in.held || sw.inspect != nil) && !sw.admits(in, f, now) {
		return
	}
	sw.learn(in, f, now)
	if sw.snooping != nil && sw.snooping.takes(in, f) {
		f.Free()
		return
	}
	if dst := f.Dst(); !dst.IsGroup() {
		if st, ok := sw.table[dst]; ok && now-st.heard < sw.Age {
			switch {
			case st.port.cable == nil:
				in.discard(f.B, Astray)
				f.Free()
			case st.port == in || st.port.blocks(f):
				f.Free()
			default:
				st.port.Send(f)
			}
			return
		}
		if sw.BlockUnknown {
			in.discard(f.B, UnknownUnicast)
			sw.misses(dst)
			f.Free()
			return
		}
	}
	sw.flood(in, f)
}

func (sw *Switch) learn(in *Port, f *Frame, now time.Duration) {
	if src := f.Src(); !src.IsGroup() && !(sw.DataOnly && f.Type() == TypeARP) {
		sw.table[src] = station{in, now}
		if len(sw.strays) > 0 {
			sw.check(src)
		}
		if heard := sw.unknown[src]; heard != nil {
			delete(sw.unknown, src)
			heard()
		}
	}
}

// misses tells of a station that something is for and that it does not know.
func (sw *Switch) misses(dst MAC) {
	if sw.OnUnknown == nil || sw.unknown[dst] != nil {
		return
	}
	if heard := sw.OnUnknown(dst); heard != nil {
		sw.unknown[dst] = heard
	}
}

// admits says whether a frame that came in may go on; if not, it is gone. A port that may not
// forward yet learns all the same in its second half, and inspection comes after learning: it
// judges what a station says, not where it is.
func (sw *Switch) admits(in *Port, f *Frame, now time.Duration) bool {
	var why Reason
	switch in.State() {
	case Listening:
		why = SpanningTree
	case Learning:
		sw.learn(in, f, now)
		why = SpanningTree
	default:
		if sw.inspect == nil || sw.inspect.allows(in, f) {
			return true
		}
		sw.learn(in, f, now)
		sw.inspect.dropped++
		why = Inspected
	}
	in.discard(f.B, why)
	f.Free()
	return false
}

// LinkChanged holds a port that got link without port-fast, and forgets the stations behind one that
// lost it.
func (sw *Switch) LinkChanged(p *Port, up bool) {
	if up {
		sw.hold(p)
	}
	if sw.snooping != nil {
		sw.snooping.linkChanged(p, up)
	}
	if up {
		return
	}
	for mac, st := range sw.table { // order: deletion only
		if st.port == p {
			delete(sw.table, mac)
		}
	}
	sw.checkAll()
}
