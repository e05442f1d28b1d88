package host

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"ipwsim/netstack/policy"
	"ipwsim/netstack/vtime"
)

// setTCP sets the times that netstack has options for (H14). Its SYNs have none: see pace.
func (h *Host) setTCP(p policy.TCP) {
	if p.SYNs == 0 {
		return
	}
	rto, retries, probes := tcpip.TCPMinRTOOption(p.MinRTO), tcpip.TCPMaxRetriesOption(p.Retransmissions), tcpip.TCPRecovery(0)
	must(h.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &rto))
	must(h.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &retries))
	must(h.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &probes)) // of the tail, which would be one more
}

// Connect connects from the address (the zero Addr: the host's own choice) as the host's system does (H14), giving
// up after timeout of virtual time if that is sooner. stop, which may be nil, is asked before a further try.
//
// Inferred: what ends netstack's try, such as ARP that finds nobody, ends none of Windows': the SYN is lost, and
// the next goes out at its time.
func (h *Host) Connect(from netip.Addr, to netip.AddrPort, timeout time.Duration, stop func() bool) (*Conn, error) {
	start, policy := h.domain.Now(), h.cfg.TCP
	deadline := start + min(timeout, policy.Connect())
	if policy.SYNs == 0 {
		return h.dial(from, to, deadline, nil)
	}
	for p := (&pace{host: h, start: start}); ; {
		before := p.sent
		conn, err := h.dial(from, to, deadline, p)
		if err == nil || !passes(err) {
			return conn, err
		}
		p.sent = max(p.sent, before+1) // a SYN that could not even be made counts
		until := min(deadline, p.skip())
		h.domain.Current().Sleep(until - h.domain.Now())
		switch {
		case h.domain.Dead() || stop != nil && stop():
			return nil, net.ErrClosed
		case until == deadline:
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: syscall.ETIMEDOUT}
		}
	}
}

// passes says whether what ended netstack's try may pass: nobody answers ARP, no route, no usable address.
func passes(err error) bool {
	return errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL)
}

// pace has the times of a connect's SYNs in place of netstack's, which are fixed: of those it lets the first pass,
// and sends that one again at the host's own times. A nil pace leaves netstack alone.
type pace struct {
	host  *Host
	start time.Duration // of the connect
	sent  int           // SYNs, or their times that have passed
	port  uint16        // local; 0: not known yet

	ep     ipv4Endpoint
	route  *stack.Route
	params stack.NetworkHeaderParams
	syn    []byte // TCP header of this try's; nil: none yet
	timer  vtime.Timer
}

// knownPort is the local port of the tries before; 0: none.
func (p *pace) knownPort() uint16 {
	if p == nil {
		return 0
	}
	return p.port
}

// begin awaits the SYN of a try, which netstack sends from within its connect.
func (p *pace) begin() {
	if p != nil {
		p.host.pacing = p
	}
}

// end is the end of a try.
func (p *pace) end() {
	if p == nil {
		return
	}
	p.host.pacing = nil
	if p.syn == nil {
		return
	}
	p.timer.Stop()
	p.route.Release()
	delete(p.host.paces, p.port)
	p.syn = nil
}

// skip passes the times that have gone by and gives the next one: of a SYN, or of the end.
func (p *pace) skip() time.Duration {
	for p.sent < p.host.cfg.TCP.SYNs && p.next() < p.host.domain.Now() {
		p.sent++
	}
	return p.next()
}

func (p *pace) next() time.Duration { return p.start + p.host.cfg.TCP.SYN(p.sent) }

// admit says whether netstack's SYN goes out.
func (p *pace) admit(e ipv4Endpoint, r *stack.Route, params stack.NetworkHeaderParams, syn header.TCP) bool {
	if p.syn != nil {
		return false
	}
	p.ep, p.route, p.params, p.syn, p.port = e, r, params, append([]byte(nil), syn...), syn.SourcePort()
	r.Acquire()
	p.host.pacing = nil
	p.host.paces[p.port] = p
	p.sent++
	p.arm()
	return true
}

// arm waits for the next SYN's time. What else falls due then comes first: a SYN that joined an ARP resolution
// just giving up would never reach the wire.
func (p *pace) arm() {
	if p.sent < p.host.cfg.TCP.SYNs {
		p.timer = p.host.domain.After(p.next()-p.host.domain.Now(), func() {
			p.timer = p.host.domain.After(0, p.again)
		})
	}
}

// again sends the SYN again.
func (p *pace) again() {
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{ReserveHeaderBytes: int(p.ep.MaxHeaderLength()) + len(p.syn)})
	defer pkt.DecRef()
	copy(pkt.TransportHeader().Push(len(p.syn)), p.syn)
	pkt.TransportProtocolNumber = tcp.ProtocolNumber
	p.sent++
	_ = p.ep.ipv4Stack.WritePacket(p.route, p.params, pkt) // an error is a lost SYN
	p.arm()
}

// ipv4Factory makes netstack's IPv4 with a look at what TCP sends.
func (h *Host) ipv4Factory(s *stack.Stack) stack.NetworkProtocol {
	return &ipv4Protocol{NetworkProtocol: sharedIPv4(s), host: h}
}

type ipv4Protocol struct {
	stack.NetworkProtocol
	host *Host
}

func (p *ipv4Protocol) NewEndpoint(ni stack.NetworkInterface, d stack.TransportDispatcher) stack.NetworkEndpoint {
	return ipv4Endpoint{p.NetworkProtocol.NewEndpoint(ni, d).(ipv4Stack), p.host}
}

// ipv4Stack is netstack's IPv4 endpoint.
type ipv4Stack interface {
	stack.NetworkEndpoint
	stack.AddressableEndpoint
	stack.GroupAddressableEndpoint
	stack.MulticastForwardingNetworkEndpoint
	stack.LinkResolvableNetworkEndpoint
}

// ipv4Endpoint sees each packet before ARP does.
type ipv4Endpoint struct {
	ipv4Stack
	host *Host
}

// WritePacket is part of stack.NetworkEndpoint.
func (e ipv4Endpoint) WritePacket(r *stack.Route, params stack.NetworkHeaderParams, pkt *stack.PacketBuffer) tcpip.Error {
	if params.Protocol == tcp.ProtocolNumber && (e.host.pacing != nil || len(e.host.paces) > 0) {
		if h := header.TCP(pkt.TransportHeader().Slice()); h.Flags() == header.TCPFlagSyn {
			p := e.host.paces[h.SourcePort()]
			if p == nil {
				p = e.host.pacing
			}
			if p != nil && !p.admit(e, r, params, h) {
				return nil
			}
		}
	}
	return e.ipv4Stack.WritePacket(r, params, pkt)
}
