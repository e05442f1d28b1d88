package world

import (
	"slices"

	"ipwsim/core/diag"
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
	sw.DataOnly, sw.BlockUnknown = s.DataOnly, s.BlockUnknown
	sw.OnUnknown = func(mac wire.MAC) (heard func()) {
		if !w.hears(mac) {
			return nil
		}
		tell := func(over bool) { w.env.Record("", trace.Unknown{Switch: s.Name, MAC: trace.MAC(mac), Over: over}) }
		tell(false)
		return func() { tell(true) }
	}
	if s.Tracks {
		sw.Track(wire.MAC(s.MAC), s.TrackDelay)
	}
	if s.Suppresses {
		sw.Suppress(wire.MAC(s.MAC))
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

// IsSwitch says whether a switch has the name.
func (w *World) IsSwitch(name string) bool { return w.switches[name] != nil }

// hears says whether what is for the MAC would be heard: not by a machine that is off or stands still, nor by the card that its team
// has left.
func (w *World) hears(mac wire.MAC) bool {
	for i, n := range w.nodes {
		if n.MAC() == mac {
			return n.Port().Up() && n.Runs()
		}
		if team := w.bp.Nodes[i].Team; team != nil && slices.Contains(team[:], trace.MAC(mac)) {
			return false
		}
	}
	for _, c := range w.clients {
		if c.MAC() == mac {
			return c.Port().Up() && c.Runs()
		}
	}
	return true
}

// PowerSwitch takes the switch's power or gives it back: with it all its cables have their link, and it has
// forgotten who is where (N2). What changes nothing is an error.
//
// Inferred: it gives link as soon as it has power. One that needs a minute to boot is told by a later power-on.
func (w *World) PowerSwitch(name string, on bool) error {
	sw := w.switches[name]
	if sw == nil {
		return diag.Errorf("no switch is named %q", name)
	}
	if sw.Powered() == on {
		if on {
			return diag.Errorf("%s is on already", name)
		}
		return diag.Errorf("%s is off already", name)
	}
	sw.SetPower(on)
	return nil
}

// MovePort takes the machine's cable to another port, of that switch, where the link is up all the time that the switch
// has power, and the way is whole; with notice the switches are told (N10).
func (w *World) MovePort(machine, to string, notice bool) error {
	m, err := w.Machine(machine)
	if err != nil {
		return err
	}
	sw := w.switches[to]
	if sw == nil {
		return diag.Errorf("no switch is named %q", to)
	}
	_ = w.Disturb(machine, "", func(i *wire.Impairment) { *i = wire.Impairment{} }) // it may be whole already
	w.env.Record("", trace.Moved{Cable: machine, Switch: to})
	w.cables[machine].Move(w.port(sw, machine), m.MAC(), func(sw *wire.Switch, astray bool) {
		w.env.Record("", trace.Astray{Switch: sw.Name(), Cable: machine, MAC: trace.MAC(m.MAC()), Over: !astray})
	})
	if notice {
		m.Port().Send(w.net.Notice(m.MAC()))
	}
	return nil
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
