package wire

import (
	"encoding/binary"
	"net/netip"
)

// Interest is which ARP broadcasts can mean anything to a station: those that speak of an address of its own, and answers
// and announcements of those that its cache has something for, or all that they send. All others would make it do nothing at all, and among thousands of stations
// they are most of the work. It may say yes for nothing, but never no. The zero Interest is in everything.
type Interest struct {
	choosy     bool
	overhears  bool // requests to others too
	own, known mask
}

// Choosy is an interest in nothing yet, of a station to which requests to others mean something or not.
func Choosy(overhears bool) Interest { return Interest{choosy: true, overhears: overhears} }

// Own adds an address of the station.
func (i *Interest) Own(ip netip.Addr) { i.own.add(ip) }

// Known adds an address that the station's cache has something for.
func (i *Interest) Known(ip netip.Addr) { i.known.add(ip) }

// none says whether the message means nothing to the station.
func (i *Interest) none(a *arp) bool {
	if !i.choosy || i.own.has(a.sender) || i.own.has(a.target) {
		return false
	}
	toOthers := a.op == 1 && a.sender != a.target
	return toOthers && !i.overhears || !i.known.has(a.sender)
}

// mask is a set of addresses that has some others too.
type mask uint64

func (m *mask) add(ip netip.Addr) { *m |= bit(ip) }

func (m mask) has(ip netip.Addr) bool { return m&bit(ip) != 0 }

// bit spreads addresses of a subnet over a mask.
func bit(ip netip.Addr) mask {
	a := ip.As4()
	return 1 << (binary.BigEndian.Uint32(a[:]) * 0x9e3779b1 >> 26)
}

// SetInterest is how a station spares itself broadcasts.
func (p *Port) SetInterest(i Interest) { p.interest = i }
