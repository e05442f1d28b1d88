package windows

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// adverts are advertisements of one sender and content, at an even pace, of which the trace has nothing yet. All others
// wait until they are written, so that the trace tells in which order they came.
type adverts struct {
	from        netip.Addr // zero: the watcher's own
	packet      []byte
	n           int
	pace, at    time.Duration // by the machine's own clock; at: of the last
	first, last time.Duration
}

// Join is part of driver.Adverts.
func (o *overheard) Join(heard func(from netip.Addr, packet []byte)) {
	o.record(trace.Port{Call: trace.AdvertsJoined})
	o.s.Join(func(from netip.Addr, packet []byte) {
		o.advert(from, packet)
		heard(from, packet)
	})
}

// Leave is part of driver.Adverts.
func (o *overheard) Leave() {
	o.record(trace.Port{Call: trace.AdvertsLeft})
	o.s.Leave()
}

// Advertise is part of driver.Adverts.
func (o *overheard) Advertise(packet []byte) {
	o.advert(netip.Addr{}, packet)
	o.s.Advertise(packet)
}

// Announce is part of driver.Announcer.
func (o *overheard) Announce(vip netip.Addr) {
	o.record(trace.Port{Call: trace.Announced, VIP: vip})
	o.s.Announce(vip)
}

// advert is one that is sent or heard.
func (o *overheard) advert(from netip.Addr, packet []byte) {
	a := &o.adverts
	now := o.s.Now()
	pace := now - a.at
	if a.n > 0 && (from != a.from || !bytes.Equal(packet, a.packet) || a.n > 1 && (pace-a.pace).Abs() > evenly) {
		a.flush(o.s)
	}
	if a.n == 0 {
		a.from, a.packet, a.first = from, slices.Clone(packet), o.s.node.env.Net.Scheduler().Now()
	}
	if a.n == 1 {
		a.pace = pace
	}
	a.n++
	a.at, a.last = now, o.s.node.env.Net.Scheduler().Now()
}

func (a *adverts) flush(s *service) {
	if a.n == 0 {
		return
	}
	sender := a.from
	if !sender.IsValid() {
		sender = s.node.Address().Addr()
	}
	b := readAdvert(sender, a.packet)
	b.From, b.N, b.First, b.Last = a.from, a.n, a.first, a.last
	a.n = 0
	s.node.env.Record(s.node.name, b)
}

// readAdvert is what the packet says (RFC 5798, 5.2). It is the trace's own reading, not the watcher's.
func readAdvert(from netip.Addr, p []byte) (b trace.Adverts) {
	const header = 8
	if b.Damaged = len(p) < header || p[0] != 3<<4|1 || len(p) != header+4*int(p[3]) || !sums(from, p); b.Damaged {
		return b
	}
	b.Router, b.Priority = int(p[1]), int(p[2])
	b.Advert = time.Duration(p[4]&0xf)<<8*10*time.Millisecond + time.Duration(p[5])*10*time.Millisecond
	for vips := range slices.Chunk(p[header:], 4) {
		b.VIPs = append(b.VIPs, netip.AddrFrom4([4]byte(vips)))
	}
	return b
}

// sums says whether the Internet checksum over the packet and its pseudo-header is right (RFC 5798, 5.2.8).
func sums(from netip.Addr, p []byte) bool {
	from4, to4 := from.As4(), advertGroup.As4()
	whole := slices.Concat(from4[:], to4[:], []byte{0, advertProtocol, byte(len(p) >> 8), byte(len(p))}, p)
	sum := 0
	for ; len(whole) > 1; whole = whole[2:] {
		sum += int(binary.BigEndian.Uint16(whole))
	}
	return sum%0xffff == 0
}
