package cluster

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// switchDraft is a [[switch]].
type switchDraft struct {
	name     field[string]
	portFast field[bool]
	macAge   field[time.Duration]
	inspects field[bool]
	bindings []bindingDraft

	tracks, suppresses, learnsARP, blocks field[bool]
	trackDelay                            field[time.Duration]
}

// bindingDraft is a [[switch.binding]].
type bindingDraft struct {
	address field[netip.Addr]
	mac     field[trace.MAC]
}

func (d *draft) readSwitches(top *section) {
	switches, all := top.tables("switch")
	for _, s := range switches {
		one := switchDraft{
			name:     get(&s, "name", toLabel),
			portFast: getOr(&s, "port_fast", true, as[bool]),
			macAge:   getOr(&s, "mac_age", defaultMACAge, toMACAge),
			inspects: getOr(&s, "arp_inspection", false, as[bool]),
		}
		one.tracks = getOr(&s, "device_tracking", false, as[bool])
		delay, delayed := optional(&s, "device_tracking_delay", toTrackDelay)
		if one.trackDelay = delay; delayed && one.tracks.ok && !one.tracks.v {
			d.errorf(delay.line, "switch.device_tracking_delay: the switch tracks no devices; expected device_tracking = true with it")
		}
		one.suppresses = getOr(&s, "arp_suppression", false, as[bool])
		one.learnsARP = getOr(&s, "learn_from_arp", true, as[bool])
		one.blocks = getOr(&s, "block_unknown", false, as[bool])
		bindings, _ := s.tables("binding")
		for _, b := range bindings {
			one.bindings = append(one.bindings, bindingDraft{get(&b, "address", toHost), get(&b, "mac", toMAC)})
			if one.inspects.ok && !one.inspects.v {
				d.errorf(b.line(), "switch.binding: the switch inspects no ARP; expected arp_inspection = true with bindings")
			}
			b.close()
		}
		s.close()
		all = all && one.name.ok
		d.switches = append(d.switches, one)
	}
	d.switchesKnown = all
}

// switchMAC is the MAC that the switch of that place speaks from, if it says anything itself (N8).
func switchMAC(place int) trace.MAC {
	return trace.MAC{2, 0, 0, 5, byte((place + 1) >> 8), byte(place + 1)}
}

// theSwitch is the switch with what its inspection allows: every machine and router its own address,
// the active node the VIPs, and what the file adds.
//
// Inferred: so an administrator who does not think of failover would set it up.
func (d *draft) theSwitch(s switchDraft) Switch {
	one := Switch{
		Name: s.name.v, PortFast: s.portFast.v, MACAge: s.macAge.v,
		Tracks: s.tracks.v, TrackDelay: s.trackDelay.v, Suppresses: s.suppresses.v, DataOnly: !s.learnsARP.v, BlockUnknown: s.blocks.v,
	}
	if !s.inspects.v {
		return one
	}
	for _, m := range d.stations() {
		one.Bindings = append(one.Bindings, trace.Binding{IP: m.address.v.Addr(), MAC: m.mac.v})
	}
	for _, e := range d.nodes[0].table.Entries() {
		one.Bindings = append(one.Bindings, trace.Binding{IP: e.VIP, MAC: d.nodes[0].mac.v})
	}
	for _, b := range s.bindings {
		one.Bindings = append(one.Bindings, trace.Binding{IP: b.address.v, MAC: b.mac.v})
	}
	return one
}
