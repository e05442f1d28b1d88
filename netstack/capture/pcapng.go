package capture

import (
	"encoding/binary"
	"io"
	"strings"
	"time"
)

// pcapng writes the three kinds of block that a capture needs: section header,
// interface description, and enhanced packets with comments
// (https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcapng.html). Numbers are
// little-endian.
type pcapng struct {
	w   io.Writer
	buf []byte // the block in hand
}

// Types of block.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 6
)

// Options.
const (
	optComment     = 1 // of any block
	optApplication = 4 // of a section
	optName        = 2 // of an interface, as the two below
	optDescription = 3
	optResolution  = 9
)

const (
	byteOrderMagic = 0x1a2b3c4d
	ethernet       = 1          // LINKTYPE_ETHERNET
	nanoseconds    = 9          // resolution: units of 10^-9 s
	unknownLength  = ^uint64(0) // of a section
	maxComment     = 4096       // bytes; an option holds 65535
)

// section begins the file.
func (p *pcapng) section(application, comment string) error {
	p.begin(blockSection)
	p.u32(byteOrderMagic)
	p.u16(1) // version 1.0
	p.u16(0)
	p.u64(unknownLength)
	p.text(optComment, comment)
	p.text(optApplication, application)
	return p.end()
}

// iface describes an Ethernet interface whose packets have times in nanoseconds.
func (p *pcapng) iface(name, description string) error {
	p.begin(blockInterface)
	p.u16(ethernet)
	p.u16(0)
	p.u32(0) // packets are never cut
	p.text(optName, name)
	p.text(optDescription, description)
	p.option(optResolution, []byte{nanoseconds})
	return p.end()
}

// packet writes a frame of an interface, which is numbered from 0 in the order of their descriptions, with a comment
// unless it is empty.
func (p *pcapng) packet(iface uint32, at time.Time, frame []byte, comment string) error {
	ns := uint64(at.UnixNano())
	p.begin(blockPacket)
	p.u32(iface)
	p.u32(uint32(ns >> 32))
	p.u32(uint32(ns))
	p.u32(uint32(len(frame)))
	p.u32(uint32(len(frame)))
	p.padded(frame)
	p.text(optComment, comment)
	return p.end()
}

func (p *pcapng) u16(v uint16) { p.buf = binary.LittleEndian.AppendUint16(p.buf, v) }
func (p *pcapng) u32(v uint32) { p.buf = binary.LittleEndian.AppendUint32(p.buf, v) }
func (p *pcapng) u64(v uint64) { p.buf = binary.LittleEndian.AppendUint64(p.buf, v) }

func (p *pcapng) begin(kind uint32) {
	p.buf = p.buf[:0]
	p.u32(kind)
	p.u32(0) // the length, see end
}

// end writes the block with its length at both ends. Without options it needs no end of options, and
// with them this is one.
func (p *pcapng) end() error {
	p.u32(0) // opt_endofopt
	length := uint32(len(p.buf) + 4)
	binary.LittleEndian.PutUint32(p.buf[4:], length)
	p.u32(length)
	_, err := p.w.Write(p.buf)
	return err
}

// text adds an option, in UTF-8; an empty one is left out, a long one is cut.
func (p *pcapng) text(code uint16, s string) {
	if s == "" {
		return
	}
	if len(s) > maxComment {
		s = strings.ToValidUTF8(s[:maxComment], "")
	}
	p.option(code, []byte(strings.ToValidUTF8(s, "\ufffd")))
}

func (p *pcapng) option(code uint16, value []byte) {
	p.u16(code)
	p.u16(uint16(len(value)))
	p.padded(value)
}

// padded adds bytes, filled up to a multiple of four.
func (p *pcapng) padded(b []byte) {
	p.buf = append(p.buf, b...)
	for len(p.buf)%4 != 0 {
		p.buf = append(p.buf, 0)
	}
}
