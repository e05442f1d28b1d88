package wire

import (
	"encoding/binary"

	"ipwsim/netstack/vtime"
)

// MAC is an Ethernet address.
type MAC [6]byte

// Broadcast is the address of every station.
var Broadcast = MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// IsGroup says whether the address is broadcast or multicast.
func (m MAC) IsGroup() bool { return m[0]&1 != 0 }

// Ethernet types used here.
const (
	TypeIPv4 = 0x0800
	TypeARP  = 0x0806
)

// HeaderLen is the length of an Ethernet header without tag.
const HeaderLen = 14

// Frame is an Ethernet frame in a buffer that the world uses again. It has one owner at a time:
// Port.Send takes it, Device.Receive gets it, and the last owner calls Free. Stations share a broadcast,
// and only read it.
type Frame struct {
	B []byte // destination, source, type, payload; no checksum, as captures have it

	net    *Network
	shared int    // stations that have yet to free a flooded one; 0: it is nobody else's
	cable  *Cable // while on its way
	to     int    // the end it travels to
	epoch  uint32 // the cable's at sending
}

// Dst is the destination address.
func (f *Frame) Dst() MAC { return MAC(f.B[0:6]) }

// Src is the source address.
func (f *Frame) Src() MAC { return MAC(f.B[6:12]) }

// Type is the Ethernet type.
func (f *Frame) Type() uint16 { return binary.BigEndian.Uint16(f.B[12:14]) }

// maxFree is how many buffers a world keeps: more than are on their way in common traffic, and fewer
// than when a thousand hosts probe for their addresses at one instant, each heard by all others.
const maxFree = 1024

// Free gives the buffer back.
func (f *Frame) Free() {
	n := f.net
	if f.shared > 1 {
		f.shared--
		return
	}
	f.shared = 0
	n.mu.Lock()
	if len(n.free) < maxFree {
		n.free = append(n.free, f)
	}
	n.mu.Unlock()
}

// Clone returns a copy, for a frame that goes several ways.
func (f *Frame) Clone() *Frame {
	c := f.net.NewFrame(len(f.B))
	copy(c.B, f.B)
	return c
}

// Run is the frame's arrival at the far end. A frame on a cable that was pulled meanwhile is lost.
func (f *Frame) Run() {
	c := f.cable
	c.net.arrive(f)
	if !c.up || c.epoch != f.epoch {
		c.ends[1-f.to].lose(f, Pulled, nil)
		return
	}
	to := c.ends[f.to]
	to.device.Receive(to, f)
}

var _ vtime.Task = (*Frame)(nil)
