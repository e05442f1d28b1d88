package ninep

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// codec writes a message's fields to b or reads them from b, so that one description of a message
// serves both ways.
type codec struct {
	b       []byte
	reading bool
	err     error // the first thing that went wrong
}

// num is an integer, least byte first.
func num[T ~uint8 | ~uint16 | ~uint32 | ~uint64](c *codec, p *T) {
	n := bits.Len64(uint64(^T(0))) / 8
	if !c.reading {
		c.b = append(c.b, binary.LittleEndian.AppendUint64(nil, uint64(*p))[:n]...)
		return
	}
	var whole [8]byte
	copy(whole[:], c.take(n))
	*p = T(binary.LittleEndian.Uint64(whole[:]))
}

// take cuts the next n bytes off; nil when there are not so many.
func (c *codec) take(n int) []byte {
	if len(c.b) < n {
		if c.err == nil {
			c.err = fmt.Errorf("it ends %d bytes too early", n-len(c.b))
		}
		c.b = nil
		return nil
	}
	head := c.b[:n]
	c.b = c.b[n:]
	return head
}

func (c *codec) u32s(all ...*uint32) {
	for _, p := range all {
		num(c, p)
	}
}

func (c *codec) u64s(all ...*uint64) {
	for _, p := range all {
		num(c, p)
	}
}

// str is a string with its length before it, at most 65535 bytes.
func (c *codec) str(p *string) {
	n := uint16(min(len(*p), math.MaxUint16))
	if !c.reading && len(*p) > math.MaxUint16 && c.err == nil {
		c.err = fmt.Errorf("a string of %d bytes, at most %d expected", len(*p), math.MaxUint16)
	}
	num(c, &n)
	if c.reading {
		*p = string(c.take(int(n)))
		return
	}
	c.b = append(c.b, (*p)[:n]...)
}

// data is bytes with their number before them.
func (c *codec) data(p *[]byte) {
	n := uint32(len(*p))
	num(c, &n)
	if c.reading {
		*p = c.take(int(min(uint64(n), math.MaxInt32)))
		return
	}
	c.b = append(c.b, *p...)
}

// list is up to MaxWalk elements with their number before them.
func list[T any](c *codec, p *[]T, one func(*T)) {
	n := uint16(min(len(*p), math.MaxUint16))
	num(c, &n)
	if n > MaxWalk {
		if c.err == nil {
			c.err = fmt.Errorf("a walk of %d names, at most %d expected", n, MaxWalk)
		}
		return
	}
	if c.reading {
		*p = make([]T, n)
	}
	for i := range *p {
		one(&(*p)[i])
	}
}

// header is size[4] type[1] tag[2].
const header = 7

// Append adds the message to b as it goes over the wire. It fails when a string has more than 65535
// bytes or a walk more than MaxWalk names.
func Append(b []byte, tag uint16, m Message) ([]byte, error) {
	start, t := len(b), m.Type()
	c := codec{b: append(b, 0, 0, 0, 0)}
	num(&c, &t)
	num(&c, &tag)
	m.fields(&c)
	if c.err != nil {
		return b, fmt.Errorf("9P %v: %w", t, c.err)
	}
	binary.LittleEndian.PutUint32(c.b[start:], uint32(len(c.b)-start))
	return c.b, nil
}

// ErrUnknown is a message of a type that this package does not know.
var ErrUnknown = errors.New("9P: unknown message type")

// Read reads one message of at most limit bytes. With ErrUnknown the message was read and its tag is
// right; any other error leaves the stream useless.
func Read(r io.Reader, limit uint32) (tag uint16, m Message, err error) {
	var head [header]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size, t := binary.LittleEndian.Uint32(head[:]), Type(head[4])
	tag = binary.LittleEndian.Uint16(head[5:])
	if size < header || size > limit {
		return tag, nil, fmt.Errorf("9P %v: a message of %d bytes, %d to %d expected", t, size, header, limit)
	}
	body := make([]byte, size-header)
	if _, err := io.ReadFull(r, body); err != nil {
		return tag, nil, err
	}
	if m = newMessage(t); m == nil {
		return tag, nil, fmt.Errorf("%w %v", ErrUnknown, t)
	}
	c := codec{b: body, reading: true}
	m.fields(&c)
	if c.err == nil && len(c.b) > 0 {
		c.err = fmt.Errorf("%d bytes too many", len(c.b))
	}
	if c.err != nil {
		return tag, nil, fmt.Errorf("9P %v: %w", t, c.err)
	}
	return tag, m, nil
}
