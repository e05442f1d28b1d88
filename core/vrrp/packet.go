package vrrp

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// advert is an advertisement of VRRP version 3 for IPv4 (RFC 5798, 5.2).
type advert struct {
	router   byte
	priority byte
	interval time.Duration // between two of them; hundredths of a second
	vips     []netip.Addr
}

const (
	versionAndType = 3<<4 | 1
	headerLen      = 8
	hundredth      = 10 * time.Millisecond
)

// group is where advertisements go, as their checksum covers it.
var group = netip.AddrFrom4([4]byte{224, 0, 0, 18})

// protocol is VRRP's number over IP, as the checksum covers it.
const protocol = 112

// packet is the advertisement as it is sent from an address.
func (a advert) packet(from netip.Addr) []byte {
	b := make([]byte, headerLen, headerLen+4*len(a.vips))
	b[0], b[1], b[2], b[3] = versionAndType, a.router, a.priority, byte(len(a.vips))
	binary.BigEndian.PutUint16(b[4:], uint16(a.interval/hundredth))
	for _, vip := range a.vips {
		b = append(b, vip.AsSlice()...)
	}
	binary.BigEndian.PutUint16(b[6:], checksum(from, b))
	return b
}

// parse reads an advertisement; false for what is none, or is damaged.
func parse(from netip.Addr, b []byte) (a advert, ok bool) {
	if len(b) < headerLen || b[0] != versionAndType || len(b) != headerLen+4*int(b[3]) || checksum(from, b) != 0 {
		return a, false
	}
	a = advert{router: b[1], priority: b[2], interval: time.Duration(binary.BigEndian.Uint16(b[4:])&0xfff) * hundredth}
	for b = b[headerLen:]; len(b) > 0; b = b[4:] {
		a.vips = append(a.vips, netip.AddrFrom4([4]byte(b)))
	}
	return a, a.interval > 0
}

// checksum is the Internet's over the message and its pseudo-header (RFC 5798, 5.2.8); 0 for a message that has its own
// in it.
func checksum(from netip.Addr, b []byte) uint16 {
	sum := uint32(protocol) + uint32(len(b))
	for _, part := range [][]byte{from.AsSlice(), group.AsSlice(), b} {
		for ; len(part) > 1; part = part[2:] {
			sum += uint32(binary.BigEndian.Uint16(part))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
