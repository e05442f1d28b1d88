package world

import (
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// newSwitch builds a switch (N2).
func (w *World) newSwitch(s cluster.Switch) *wire.Switch {
	sw := wire.NewSwitch(w.net, s.Name)
	sw.Age = s.MACAge
	w.held[sw] = !s.PortFast
	sw.OnPortState = func(p *wire.Port, state wire.PortState) {
		w.env.Record("", trace.PortState{Switch: s.Name, Cable: p.Cable().Name(), State: trace.PortPhase(state)})
	}
	if s.Bindings != nil {
		var allowed []wire.Binding
		for _, b := range s.Bindings {
			allowed = append(allowed, wire.Binding{IP: b.IP, MAC: wire.MAC(b.MAC)})
		}
		sw.Inspect(allowed)
	}
	return sw
}

// port is a new port for a machine's or a router's cable.
//
// Inferred: a switch without port-fast has none on any port, trunks included.
func (w *World) port(sw *wire.Switch, cable string) *wire.Port {
	p := sw.AddPort(cable)
	p.PortFast = !w.held[sw]
	return p
}

// trunkPort is a new port for a trunk: ARP inspection trusts it.
func (w *World) trunkPort(sw *wire.Switch, t cluster.Trunk) *wire.Port {
	p := w.port(sw, t.Name())
	p.Trusted = true
	return p
}
