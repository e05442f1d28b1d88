package host

import (
	"encoding/binary"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// mtu is Ethernet's.
const mtu = 1500

// link is the NIC as netstack sees it: it turns packets into Ethernet frames and back.
type link struct {
	nic        *NIC
	address    tcpip.LinkAddress // the NIC's MAC; netstack asks for it with each packet
	dispatcher stack.NetworkDispatcher
}

var _ stack.LinkEndpoint = (*link)(nil)

func (l *link) MTU() uint32                      { return mtu }
func (l *link) SetMTU(uint32)                    {}
func (l *link) MaxHeaderLength() uint16          { return wire.HeaderLen }
func (l *link) LinkAddress() tcpip.LinkAddress   { return l.address }
func (l *link) SetLinkAddress(tcpip.LinkAddress) {}
func (l *link) Capabilities() stack.LinkEndpointCapabilities {
	return stack.CapabilityResolutionRequired
}
func (l *link) Attach(d stack.NetworkDispatcher)        { l.dispatcher = d }
func (l *link) IsAttached() bool                        { return l.dispatcher != nil }
func (l *link) Wait()                                   {}
func (l *link) ARPHardwareType() header.ARPHardwareType { return header.ARPHardwareEther }
func (l *link) ParseHeader(*stack.PacketBuffer) bool    { return true }
func (l *link) Close()                                  {}
func (l *link) SetOnCloseAction(func())                 {}

// AddHeader leaves the Ethernet header to WritePackets, which has the frame's buffer.
func (l *link) AddHeader(*stack.PacketBuffer) {}

// WritePackets puts the packets on the wire. Without link they are lost, as a driver loses them.
func (l *link) WritePackets(pkts stack.PacketBufferList) (int, tcpip.Error) {
	for _, pkt := range pkts.AsSlice() {
		if l.nic.ageing != nil {
			l.nic.ageing.sent(pkt)
		}
		l.nic.send(l.frame(pkt))
	}
	return pkts.Len(), nil
}

func (l *link) frame(pkt *stack.PacketBuffer) *wire.Frame {
	f := l.nic.host.net.NewFrame(wire.HeaderLen + pkt.Size())
	copy(f.B[0:6], pkt.EgressRoute.RemoteLinkAddress)
	copy(f.B[6:12], l.nic.mac[:])
	binary.BigEndian.PutUint16(f.B[12:14], uint16(pkt.NetworkProtocolNumber))
	at := wire.HeaderLen
	views, offset := pkt.AsViewList()
	for v := views.Front(); v != nil; v = v.Next() {
		b := v.AsSlice()
		if offset >= len(b) {
			offset -= len(b)
			continue
		}
		at += copy(f.B[at:], b[offset:])
		offset = 0
	}
	return f
}

// deliver hands the frame's payload to netstack.
func (l *link) deliver(f *wire.Frame) {
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(f.B[wire.HeaderLen:])})
	pkt.PktType = tcpip.PacketHost
	if f.Dst().IsGroup() {
		pkt.PktType = tcpip.PacketBroadcast
	}
	l.dispatcher.DeliverNetworkPacket(tcpip.NetworkProtocolNumber(f.Type()), pkt)
	pkt.DecRef()
}
