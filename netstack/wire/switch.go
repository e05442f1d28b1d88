package wire

import (
	"time"

	"ipwsim/netstack/vtime"
)

// MACAge is how long a switch remembers a station that it does not hear (N2).
const MACAge = 300 * time.Second

// Switch is a learning Ethernet switch without spanning tree.
type Switch struct {
	name  string
	s     *vtime.Scheduler
	ports []*Port
	table map[MAC]station
}

// station is where an address was last heard.
type station struct {
	port  *Port
	heard time.Duration
}

// NewSwitch returns a switch without ports.
func NewSwitch(n *Network, name string) *Switch {
	return &Switch{name: name, s: n.s, table: map[MAC]station{}}
}

// Name is the switch's name.
func (sw *Switch) Name() string { return sw.name }

// AddPort adds a port.
func (sw *Switch) AddPort(name string) *Port {
	p := NewPort(name, sw)
	sw.ports = append(sw.ports, p)
	return p
}

// Receive learns the sender's port and forwards the frame: to the port of its destination, or to
// all others when that is unknown, aged or a group.
func (sw *Switch) Receive(in *Port, f *Frame) {
	now := sw.s.Now()
	if src := f.Src(); !src.IsGroup() {
		sw.table[src] = station{in, now}
	}
	if dst := f.Dst(); !dst.IsGroup() {
		if st, ok := sw.table[dst]; ok && now-st.heard < MACAge {
			if st.port == in {
				f.Free()
			} else {
				st.port.Send(f)
			}
			return
		}
	}
	sw.flood(in, f)
}

func (sw *Switch) flood(in *Port, f *Frame) {
	var last *Port
	for _, p := range sw.ports {
		if p == in || !p.Up() {
			continue
		}
		if last != nil {
			last.Send(f.Clone())
		}
		last = p
	}
	if last == nil {
		f.Free()
		return
	}
	last.Send(f)
}

// LinkChanged forgets the stations behind a port that lost its link.
func (sw *Switch) LinkChanged(p *Port, up bool) {
	if up {
		return
	}
	for mac, st := range sw.table { // order: deletion only
		if st.port == p {
			delete(sw.table, mac)
		}
	}
}
