package host

import (
	"bytes"
	"net"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
)

// PacketConn is a UDP socket in virtual time. One goroutine uses it.
type PacketConn struct {
	*socket
	local netip.AddrPort
}

// ListenUDP binds a UDP socket to the address (the unspecified one: any) and port.
func (h *Host) ListenUDP(at netip.AddrPort) (*PacketConn, error) {
	s := h.newSocket(udp.ProtocolNumber)
	if s.dead {
		return nil, net.ErrClosed
	}
	full := tcpip.FullAddress{Port: at.Port()}
	if !at.Addr().IsUnspecified() {
		full.Addr = addr4(at.Addr())
	}
	if err := s.ep.Bind(full); err != nil {
		s.close()
		return nil, opError("listen", at, err)
	}
	return &PacketConn{s, at}, nil
}

// ReadFrom waits for a datagram; what does not fit into b is cut off.
func (c *PacketConn) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	c.begin()
	for !c.dead {
		w := tcpip.SliceWriter(b)
		res, err := c.ep.Read(&w, tcpip.ReadOptions{NeedRemoteAddr: true})
		switch err.(type) {
		case nil:
			return res.Count, addrPort(res.RemoteAddr), nil
		case *tcpip.ErrWouldBlock:
			if werr := c.wait(0); werr != nil {
				return 0, netip.AddrPort{}, werr
			}
		default:
			return 0, netip.AddrPort{}, opError("read", c.local, err)
		}
	}
	return 0, netip.AddrPort{}, net.ErrClosed
}

// WriteTo sends a datagram; like any datagram it may be lost without a word.
func (c *PacketConn) WriteTo(b []byte, to netip.AddrPort) error {
	c.begin()
	if c.dead {
		return net.ErrClosed
	}
	dst := tcpip.FullAddress{Addr: addr4(to.Addr()), Port: to.Port()}
	if _, err := c.ep.Write(bytes.NewReader(b), tcpip.WriteOptions{To: &dst}); err != nil {
		return opError("write", to, err)
	}
	return nil
}

// Close closes the socket.
func (c *PacketConn) Close() error {
	c.close()
	if c.proc != nil {
		c.proc.Wake()
	}
	return nil
}
