package host

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/ports"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// Reply is an echo reply.
type Reply struct {
	Seq  uint16
	From netip.Addr
	TTL  int
}

// PingHandler hears what becomes of a Pinger's echo requests. It is called on the world's
// goroutine, never from within Send.
type PingHandler struct {
	Reply func(Reply)
	// Unreachable tells that the request is lost (H9): ARP found nobody, or (from) a router says so.
	// Of the requests that waited for ARP it names the last.
	Unreachable func(seq uint16, from netip.Addr)
}

// Pinger sends echo requests to one target and hears of the answers. It sits in netstack's
// transport table like a ping socket, without a socket's queues.
type Pinger struct {
	host    *Host
	target  netip.Addr
	source  netip.Addr
	ttl     uint8
	payload []byte
	ident   uint16
	handler PingHandler

	route   *stack.Route
	lastSeq uint16
	lastAt  time.Duration
	closed  bool
}

var _ stack.TransportEndpoint = (*Pinger)(nil)

var icmpOver4 = []tcpip.NetworkProtocolNumber{header.IPv4ProtocolNumber}

// NewPinger prepares pings from source (the zero Addr: the host's own choice) with size bytes of
// payload in Windows' pattern a-w. Where so many are open that no identifier is left, it can send nothing.
func (h *Host) NewPinger(target, source netip.Addr, ttl uint8, size int, handler PingHandler) *Pinger {
	p := &Pinger{host: h, target: target, source: source, ttl: ttl, handler: handler}
	p.payload = make([]byte, size)
	for i := range p.payload {
		p.payload[i] = 'a' + byte(i%23)
	}
	if p.ident, p.closed = h.freeIdent(); p.closed {
		return p
	}
	h.idents[p.ident] = p
	for _, id := range p.ids() {
		must(h.stack.RegisterTransportEndpoint(icmpOver4, header.ICMPv4ProtocolNumber, id, p, ports.Flags{}, 0))
	}
	h.pingers = append(h.pingers, p)
	return p
}

// freeIdent is the next echo identifier that no open pinger has; they are given out again when all have been.
func (h *Host) freeIdent() (ident uint16, none bool) {
	if len(h.idents) == math.MaxUint16 {
		return 0, true
	}
	for h.ident++; h.ident == 0 || h.idents[h.ident] != nil; {
		h.ident++
	}
	return h.ident, false
}

// ids are what netstack finds the pinger by: the identifier of an answer, and, in a router's error
// message, that of the request.
func (p *Pinger) ids() [2]stack.TransportEndpointID {
	return [2]stack.TransportEndpointID{
		{LocalPort: p.ident},
		{RemotePort: p.ident, RemoteAddress: addr4(p.target)},
	}
}

// Send sends one echo request. It says false when the host cannot send at all: no link, or no
// usable source address. A target in 127.0.0.0/8 is the host itself, and answers without the network.
func (p *Pinger) Send(seq uint16) bool {
	if p.closed || p.host.domain.Dead() {
		return false
	}
	if p.target.IsLoopback() {
		p.host.domain.After(0, func() {
			if !p.closed {
				p.handler.Reply(Reply{seq, p.target, int(p.host.cfg.TTL)})
			}
		})
		return true
	}
	if !p.findRoute() {
		return false
	}
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{
		ReserveHeaderBytes: int(p.route.MaxHeaderLength()) + header.ICMPv4MinimumSize,
		Payload:            buffer.MakeWithData(p.payload),
	})
	defer pkt.DecRef()
	h := header.ICMPv4(pkt.TransportHeader().Push(header.ICMPv4MinimumSize))
	clear(h)
	h.SetType(header.ICMPv4Echo)
	h.SetIdent(p.ident)
	h.SetSequence(seq)
	h.SetChecksum(^checksum.Checksum(h, checksum.Checksum(p.payload, 0)))
	pkt.TransportProtocolNumber = header.ICMPv4ProtocolNumber
	p.lastSeq, p.lastAt = seq, p.host.domain.Now()
	err := p.route.WritePacket(stack.NetworkHeaderParams{Protocol: header.ICMPv4ProtocolNumber, TTL: p.ttl}, pkt)
	return err == nil
}

// findRoute makes sure of a valid route: the one in hand ends with its source address, or when a
// nearer one was added.
func (p *Pinger) findRoute() bool {
	source := addr4(p.source)
	if !p.source.IsValid() {
		source = addr4(p.host.Source(p.target))
	}
	if p.route != nil {
		local, nic := p.route.LocalAddress(), p.route.NICID()
		if local == source && p.host.stack.CheckLocalAddress(nic, header.IPv4ProtocolNumber, local) == nic {
			return true
		}
		p.release()
	}
	route, err := p.host.stack.FindRoute(0, source, addr4(p.target), header.IPv4ProtocolNumber, false)
	if err != nil {
		return false
	}
	p.route = route
	return true
}

func (p *Pinger) release() {
	if p.route != nil {
		p.route.Release()
		p.route = nil
	}
}

// Source is the address the last request was sent from; the zero Addr before any.
func (p *Pinger) Source() netip.Addr {
	if p.route == nil {
		return p.source
	}
	return netipAddr(p.route.LocalAddress())
}

// Close ends the pinger; nothing is heard from it any more.
func (p *Pinger) Close() {
	if p.closed {
		return
	}
	p.closed = true
	delete(p.host.idents, p.ident)
	for _, id := range p.ids() {
		p.host.stack.UnregisterTransportEndpoint(icmpOver4, header.ICMPv4ProtocolNumber, id, p, ports.Flags{}, 0)
	}
	p.release()
	for i, q := range p.host.pingers {
		if q == p {
			p.host.pingers = append(p.host.pingers[:i], p.host.pingers[i+1:]...)
			break
		}
	}
}

// HandlePacket is part of stack.TransportEndpoint: an ICMP packet with our identifier.
func (p *Pinger) HandlePacket(_ stack.TransportEndpointID, pkt *stack.PacketBuffer) {
	h := header.ICMPv4(pkt.TransportHeader().Slice())
	if len(h) < header.ICMPv4MinimumSize || h.Type() != header.ICMPv4EchoReply || p.handler.Reply == nil {
		return
	}
	ip := header.IPv4(pkt.NetworkHeader().Slice())
	p.handler.Reply(Reply{
		Seq:  binary.BigEndian.Uint16(h[6:8]),
		From: netipAddr(ip.SourceAddress()),
		TTL:  int(ip.TTL()),
	})
}

// HandleError is part of stack.TransportEndpoint: a router's error message about a request of ours.
// Netstack's own, of a neighbour that ARP did not find, comes without a header: resolutionFailed
// tells of it.
//
// Inferred: a router without a way says "host unreachable", as Cisco's do, where netstack says
// "network unreachable".
func (p *Pinger) HandleError(err stack.TransportError, pkt *stack.PacketBuffer) {
	request, ok := pkt.Data().PullUp(header.ICMPv4MinimumSize)
	ip := header.IPv4(pkt.NetworkHeader().Slice())
	if !ok || len(ip) == 0 || p.handler.Unreachable == nil {
		return
	}
	switch err.Kind() {
	case stack.DestinationHostUnreachableTransportError, stack.DestinationNetworkUnreachableTransportError:
		p.handler.Unreachable(header.ICMPv4(request).Sequence(), netipAddr(ip.SourceAddress()))
	}
}

// Abort is part of stack.TransportEndpoint.
func (p *Pinger) Abort() {}

// Wait is part of stack.TransportEndpoint.
func (p *Pinger) Wait() {}

// hop is where the last request went: the target itself, or a router.
func (p *Pinger) hop() netip.Addr {
	if p.route != nil && p.route.NextHop().Len() > 0 {
		return netipAddr(p.route.NextHop())
	}
	return p.target
}

// resolutionFailed tells the pingers whose requests waited for ip's MAC since that time. Netstack
// itself never tells a ping socket.
func (h *Host) resolutionFailed(ip netip.Addr, since time.Duration) {
	for _, p := range h.pingers {
		if p.hop() != ip || p.lastAt < since || p.handler.Unreachable == nil {
			continue
		}
		seq := p.lastSeq
		h.domain.After(0, func() {
			if !p.closed {
				p.handler.Unreachable(seq, netip.Addr{})
			}
		})
	}
}
