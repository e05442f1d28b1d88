package windows

import "net/netip"

// VRRP's protocol over IP, its group, and the TTL of what comes from the same segment (V1).
const (
	advertProtocol = 112
	advertTTL      = 255
)

var advertGroup = netip.AddrFrom4([4]byte{224, 0, 0, 18})

// Join is part of driver.Adverts.
func (s *service) Join(heard func(from netip.Addr, packet []byte)) {
	s.Leave()
	s.group = s.node.host.NIC().JoinGroup(advertProtocol, advertGroup, func(from netip.Addr, ttl uint8, packet []byte) {
		if group := s.group; ttl == advertTTL {
			s.after(0, func() {
				if s.group == group {
					heard(from, packet)
				}
			})
		}
	})
}

// Leave is part of driver.Adverts.
func (s *service) Leave() {
	if s.group != nil {
		s.group.Leave()
		s.group = nil
	}
}

// Advertise is part of driver.Adverts.
func (s *service) Advertise(packet []byte) {
	s.node.host.NIC().SendGroup(advertProtocol, advertGroup, advertTTL, packet)
}
