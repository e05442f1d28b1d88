package host_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

// The host under test, a neighbour that changes its MAC, and addresses of nobody.
var (
	hostIP   = netip.MustParseAddr("10.0.0.1")
	peerIP   = netip.MustParseAddr("10.0.0.2")
	otherIP  = netip.MustParseAddr("10.0.0.9")
	hostMAC  = wire.MAC{2, 0, 0, 0, 0, 1}
	oldMAC   = wire.MAC{2, 0, 0, 0, 0, 2}
	newMAC   = wire.MAC{2, 0, 0, 0, 0, 3}
	anyIP    = netip.IPv4Unspecified()
	unsetMAC = wire.MAC{}
)

// station is the far end of the host's cable: it plays every other machine and notes what it sees.
type station struct {
	s       *vtime.Scheduler
	net     *wire.Network
	port    *wire.Port
	host    *host.Host
	pinger  *host.Pinger
	alive   bool // the peer answers ARP and echo requests
	asked   []request
	packets []wire.MAC // destinations of the host's IPv4 packets
}

// request is an ARP request of the host.
type request struct {
	at time.Duration
	to wire.MAC
}

func (r request) String() string {
	if r.to == wire.Broadcast {
		return fmt.Sprintf("%v broadcast", r.at)
	}
	return fmt.Sprintf("%v unicast", r.at)
}

// newStation returns a host that has just learnt the peer's old MAC, at time 0, from an answer to a
// packet of its own. The peer is dead since.
func newStation(p arp.Policy, seed uint64) *station {
	st := bareStation(p, seed)
	st.alive = true
	st.send()
	st.until(time.Millisecond)
	st.alive, st.asked, st.packets = false, nil, nil
	return st
}

// bareStation is a host with an empty ARP cache.
func bareStation(p arp.Policy, seed uint64) *station {
	st := &station{s: vtime.NewScheduler(0, time.Date(2025, 2, 7, 16, 19, 27, 0, time.UTC))}
	st.net = wire.NewNetwork(st.s)
	port := wire.NewPort("host", nil)
	port.SetPower(false)
	st.host = host.New(st.net, port, hostMAC, host.Config{Name: "host", Seed: seed, TTL: 128, Neighbor: p})
	st.port = wire.NewPort("station", st)
	st.net.Connect("cable", port, st.port, 20*time.Microsecond, nil)
	st.host.NIC().Add(netip.PrefixFrom(hostIP, 24))
	port.SetPower(true)
	st.pinger = st.host.NewPinger(peerIP, netip.Addr{}, 128, 32, host.PingHandler{})
	return st
}

func (st *station) close() {
	st.host.PowerOff()
	st.s.Close()
}

func (st *station) until(t time.Duration) { st.s.RunUntil(t) }

// send lets the host send a packet to the peer.
func (st *station) send() { st.pinger.Send(1) }

// outcome is what the host does with its next packet: where it goes, or that ARP comes first.
func (st *station) outcome() string {
	st.asked, st.packets = nil, nil
	st.send()
	st.until(st.s.Now() + time.Millisecond)
	switch {
	case len(st.asked) > 0:
		return "asks"
	case len(st.packets) == 0:
		return "nothing"
	case st.packets[0] == oldMAC:
		return "old"
	case st.packets[0] == newMAC:
		return "new"
	}
	return fmt.Sprint(st.packets[0])
}

// LinkChanged is part of wire.Device.
func (st *station) LinkChanged(*wire.Port, bool) {}

// Receive is part of wire.Device.
func (st *station) Receive(_ *wire.Port, f *wire.Frame) {
	defer f.Free()
	switch b := f.B[wire.HeaderLen:]; {
	case f.Type() == wire.TypeIPv4:
		st.packets = append(st.packets, f.Dst())
		if st.alive {
			st.put(echoReply(f.B))
		}
	case f.Type() == wire.TypeARP && b[7] == 1:
		st.asked = append(st.asked, request{st.s.Now().Truncate(time.Millisecond), f.Dst()})
		if st.alive && netip.AddrFrom4([4]byte(b[24:28])) == peerIP {
			st.put(arpFrame(2, oldMAC, peerIP, hostMAC, hostIP, hostMAC))
		}
	}
}

// put puts a frame on the wire to the host.
func (st *station) put(b []byte) {
	f := st.net.NewFrame(len(b))
	copy(f.B, b)
	st.port.Send(f)
}

// arpFrame is an ARP packet for IPv4 in an Ethernet frame (RFC 826).
func arpFrame(op uint16, sha wire.MAC, spa netip.Addr, tha wire.MAC, tpa netip.Addr, dst wire.MAC) []byte {
	b := append(dst[:], sha[:]...)
	b = append(b, 8, 6, 0, 1, 8, 0, 6, 4)
	b = binary.BigEndian.AppendUint16(b, op)
	b = append(append(b, sha[:]...), spa.AsSlice()...)
	return append(append(b, tha[:]...), tpa.AsSlice()...)
}

// echoReply turns an echo request's frame round. Swapped addresses leave the IP checksum as it is,
// the type's change from 8 to 0 adds as much to the ICMP checksum (RFC 1624).
func echoReply(request []byte) []byte {
	b := append([]byte(nil), request...)
	copy(b[0:6], request[6:12])
	copy(b[6:12], oldMAC[:])
	ip := b[wire.HeaderLen:]
	copy(ip[12:16], request[wire.HeaderLen+16:])
	copy(ip[16:20], request[wire.HeaderLen+12:])
	icmp := ip[20:]
	icmp[0] = 0
	sum := uint32(binary.BigEndian.Uint16(icmp[2:])) + 0x0800
	binary.BigEndian.PutUint16(icmp[2:], uint16(sum+sum>>16))
	return b
}

// unaskedPacket is an IPv4 packet from the peer that the host has no use for and does not answer.
func unaskedPacket(src wire.MAC) []byte {
	b := make([]byte, wire.HeaderLen+28)
	copy(b[0:6], hostMAC[:])
	copy(b[6:12], src[:])
	b[12] = 8
	ip := b[wire.HeaderLen:]
	copy(ip, []byte{0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0x66, 0xdd})
	copy(ip[12:16], peerIP.AsSlice())
	copy(ip[16:20], hostIP.AsSlice())
	return b
}

func TestStationAnswers(t *testing.T) {
	st := bareStation(linuxPolicy(t), 1)
	defer st.close()
	st.alive = true
	answered := 0
	p := st.host.NewPinger(peerIP, netip.Addr{}, 128, 32, host.PingHandler{Reply: func(host.Reply) { answered++ }})
	p.Send(7)
	st.until(time.Second)
	if answered != 1 {
		t.Fatalf("%d answers", answered)
	}
}
