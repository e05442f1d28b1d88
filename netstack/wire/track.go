package wire

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"time"

	"ipwsim/netstack/vtime"
)

// A switch that tracks devices probes each address that it has heard of behind a port: when the port gets link,
// and each TrackInterval. After trackMisses probes without an answer it waits until it hears the address or the port
// gets link again (N8).
const (
	TrackInterval = 30 * time.Second
	trackMisses   = 3
)

// snooping is what a switch does with the ARP that passes, beside passing it.
type snooping struct {
	mac      MAC // of its own, for what it says itself
	tracks   bool
	delay    time.Duration // from link up to the first probe
	answers  bool
	heard    map[netip.Addr]known
	suppress uint64
}

// known is a host that a switch has heard speak for an address.
type known struct {
	mac    MAC
	port   *Port
	misses int  // probes since it was heard
	lost   bool // its port has lost its link since
}

// Track turns device tracking on: probes from 0.0.0.0, unicast and from the MAC, the first so long after link up. It
// must be set before the ports get their cables.
func (sw *Switch) Track(mac MAC, delay time.Duration) {
	s := sw.snoop(mac)
	s.tracks, s.delay = true, delay
}

// Suppress turns ARP suppression on: the switch answers requests, probes among them, for what it has heard behind
// another port, and does not pass them on. What was behind a port that lost its link it does not know any more.
//
// Inferred: it answers probes too; one that passed them on would find a moved address free.
func (sw *Switch) Suppress(mac MAC) { sw.snoop(mac).answers = true }

// Suppressed is how many requests the switch has answered itself.
func (sw *Switch) Suppressed() uint64 {
	if sw.snooping == nil {
		return 0
	}
	return sw.snooping.suppress
}

func (sw *Switch) snoop(mac MAC) *snooping {
	if sw.snooping == nil {
		sw.snooping = &snooping{heard: map[netip.Addr]known{}}
	}
	sw.snooping.mac = mac
	return sw.snooping
}

// takes looks at a frame that came in and says whether it ends here: it was for the switch, or is answered by it.
func (s *snooping) takes(in *Port, f *Frame) bool {
	if f.Type() == TypeARP {
		if a, ok := parseARP(f.B[HeaderLen:]); ok {
			if !a.sender.IsUnspecified() {
				s.heard[a.sender] = known{mac: a.senderMAC, port: in}
			}
			if s.answer(in, a) {
				return true
			}
		}
	}
	return f.Dst() == s.mac
}

// answer answers a request in the place of who is known to have the address.
func (s *snooping) answer(in *Port, a arp) bool {
	k, known := s.heard[a.target]
	if !s.answers || a.op != 1 || a.sender == a.target || !known || k.lost || k.port == in || k.mac == a.senderMAC {
		return false
	}
	s.suppress++
	in.Send(s.frame(in, a.senderMAC, arp{op: 2, senderMAC: k.mac, sender: a.target, target: a.sender}))
	return true
}

// linkChanged starts a port's probes, which go to whom it had heard before. Suppression does not answer for those.
func (s *snooping) linkChanged(p *Port, up bool) {
	switch {
	case !up:
		for ip, k := range s.heard { // order: each by itself
			if k.port == p {
				k.lost = true
				s.heard[ip] = k
			}
		}
	case up && s.tracks && !p.Trusted:
		at := p.upAt + s.delay
		if p.held {
			at += 2 * ForwardDelay
		}
		s.track(p, p.upAt, at, true)
	}
}

// track probes at that time, and again, as long as the port keeps its link.
func (s *snooping) track(p *Port, up, at time.Duration, first bool) {
	p.cable.net.s.At(at, vtime.Func(func() {
		if !p.Up() || p.upAt != up {
			return
		}
		for _, ip := range slices.SortedFunc(maps.Keys(s.heard), netip.Addr.Compare) {
			k := s.heard[ip]
			if k.port != p || !first && k.misses == trackMisses {
				continue
			}
			k.misses = min(k.misses+1, trackMisses)
			s.heard[ip] = k
			p.Send(s.frame(p, k.mac, arp{op: 1, senderMAC: s.mac, sender: netip.IPv4Unspecified(), target: ip}))
		}
		s.track(p, up, at+TrackInterval, false)
	}))
}

// frame is an ARP message of the switch's own.
func (s *snooping) frame(p *Port, to MAC, a arp) *Frame {
	f := p.cable.net.NewFrame(HeaderLen + 28)
	clear(f.B)
	copy(f.B[0:6], to[:])
	copy(f.B[6:12], s.mac[:])
	binary.BigEndian.PutUint16(f.B[12:], TypeARP)
	b := f.B[HeaderLen:]
	copy(b, arpHeader)
	binary.BigEndian.PutUint16(b[6:], a.op)
	copy(b[8:14], a.senderMAC[:])
	copy(b[14:18], a.sender.AsSlice())
	if a.op == 2 {
		copy(b[18:24], to[:])
	}
	copy(b[24:28], a.target.AsSlice())
	return f
}
