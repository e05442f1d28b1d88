package wire

import "net/netip"

// Binding allows a station's MAC address to speak for an IPv4 address.
type Binding struct {
	IP  netip.Addr
	MAC MAC
}

// inspection is dynamic ARP inspection: a switch drops ARP that speaks for an address without a
// binding (FIELD-FACTS, `l2-dai`).
type inspection struct {
	allowed map[Binding]bool
	dropped uint64
}

// Inspect turns ARP inspection on with these bindings, or changes them; the count goes on. ARP of an
// untrusted port is dropped unless its sender's IP and MAC address are bound to each other, which an
// address can be to several. Probes pass: their sender is 0.0.0.0. Malformed ARP is dropped.
func (sw *Switch) Inspect(bindings []Binding) {
	i := &inspection{allowed: map[Binding]bool{}}
	if sw.inspect != nil {
		i.dropped = sw.inspect.dropped
	}
	for _, b := range bindings {
		i.allowed[Binding{b.IP.Unmap(), b.MAC}] = true
	}
	sw.inspect = i
}

// StopInspecting turns ARP inspection off and forgets its count.
func (sw *Switch) StopInspecting() { sw.inspect = nil }

// InspectionDropped is how many frames ARP inspection has dropped since it was turned on.
func (sw *Switch) InspectionDropped() uint64 {
	if sw.inspect == nil {
		return 0
	}
	return sw.inspect.dropped
}

func (i *inspection) allows(in *Port, f *Frame) bool {
	if in.Trusted || f.Type() != TypeARP {
		return true
	}
	p, ok := parseARP(f.B[HeaderLen:])
	return ok && (p.sender.IsUnspecified() || i.allowed[Binding{p.sender, p.senderMAC}])
}
