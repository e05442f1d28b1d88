// Package nas is the protocol between the share's server and its clients: a call for each operation of
// a share. A client sends a request and waits for its answer before it sends the next one.
//
// A message is these fields, numbers with their highest byte first:
//
//	length[4]          of all that follows
//	op[1]
//	code[1]            Ask, or how it went
//	length[2] name     of what it is about; of a session, the account
//	length[2] to       of Rename, the new name
//	data               of a file, of a list, or the text of Failed
//
// An answer has its request's op and name, so that a reader of captures needs no other frame.
package nas

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Port is where the server listens: one of the two that RFC 4727 leaves to experiments, as this
// protocol is nobody else's. SMB's 445 is the watchers' pipe; and a port below 1024 is never one that
// a client's end of another connection has.
const Port = 1021

// Limit bounds what follows a message's length, in bytes: a mail of 10 MiB fits, and a list of a
// hundred thousand names.
const Limit = 16 << 20

// fixed is op, code and the lengths of both names, in bytes.
const fixed = 6

// Op is what a message is about.
type Op uint8

// The operations: Session begins a connection, the others are those of a share.
const (
	Session Op = iota + 1
	Create
	Read
	Rename
	Remove
	List
	Mkdir
	Stat
	ops
)

func (o Op) String() string {
	return [...]string{"no operation", "session", "create", "read", "rename", "remove", "list", "mkdir", "stat"}[o%ops]
}

// Code is Ask in a request, another in its answer.
type Code uint8

// The codes.
const (
	Ask Code = iota
	Done
	NotExist
	Exist
	Permission
	Invalid
	Full
	ReadOnly
	Failed // for a reason that is in the data
	InUse
	codes
)

func (c Code) String() string {
	return [...]string{"asked", "done", "not there", "there already", "denied", "invalid", "disk full", "write protected", "failed", "in use"}[c%codes]
}

// Message is a request or an answer.
type Message struct {
	Op       Op
	Code     Code
	Name, To string // up to 65535 bytes each
	Data     []byte
}

// Append adds the message to b as it goes over the wire. It fails when a name or all of it is too long.
func Append(b []byte, m Message) ([]byte, error) {
	size := fixed + len(m.Name) + len(m.To) + len(m.Data)
	if n := max(len(m.Name), len(m.To)); n > math.MaxUint16 {
		return b, fmt.Errorf("%v: a name of %d bytes, at most %d expected", m.Op, n, math.MaxUint16)
	}
	if size > Limit {
		return b, tooLong(m.Op, size)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	b = append(b, byte(m.Op), byte(m.Code))
	for _, name := range []string{m.Name, m.To} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(name)))
		b = append(b, name...)
	}
	return append(b, m.Data...), nil
}

func tooLong(what any, size int) error {
	return fmt.Errorf("%v: a message of %d bytes, %d to %d expected", what, size, fixed, Limit)
}

// Receive reads one message. After an error other than io.EOF the stream is of no use.
func Receive(r io.Reader) (Message, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Message{}, err
	}
	size, err := sizeOf(head[:])
	if err != nil {
		return Message{}, err
	}
	var body bytes.Buffer
	body.Grow(min(size, 64<<10) + bytes.MinRead) // a length that lies costs no more than this
	if _, err := io.CopyN(&body, r, int64(size)); err != nil {
		return Message{}, io.ErrUnexpectedEOF
	}
	return parse(body.Bytes())
}

func sizeOf(head []byte) (int, error) {
	size := int64(binary.BigEndian.Uint32(head))
	if size < fixed || size > Limit {
		return 0, tooLong("no call", int(size))
	}
	return int(size), nil
}

// Begin reads the beginning of a message from the segment that it begins, and how many bytes of data
// all of it has. What cannot be the beginning of one message, and of nothing else, is an error.
func Begin(segment []byte) (m Message, data int, err error) {
	if len(segment) < 4 {
		return m, 0, io.ErrUnexpectedEOF
	}
	size, err := sizeOf(segment)
	if err != nil {
		return m, 0, err
	}
	if m, err = parse(segment[4:]); err != nil {
		return m, 0, err
	}
	data = size - fixed - len(m.Name) - len(m.To)
	if len(m.Data) > data {
		return m, 0, errors.New("more than one message")
	}
	return m, data, nil
}

// parse reads what follows a message's length.
func parse(b []byte) (m Message, err error) {
	if len(b) < fixed {
		return m, io.ErrUnexpectedEOF
	}
	m.Op, m.Code = Op(b[0]), Code(b[1])
	if m.Op == 0 || m.Op >= ops || m.Code >= codes {
		return m, fmt.Errorf("operation %d, code %d: operations 1 to %d, codes 0 to %d expected", m.Op, m.Code, ops-1, codes-1)
	}
	b = b[2:]
	for _, name := range []*string{&m.Name, &m.To} {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return m, fmt.Errorf("%v: a name that goes beyond the end", m.Op)
		}
		n := 2 + int(binary.BigEndian.Uint16(b))
		*name, b = string(b[2:n]), b[n:]
	}
	m.Data = b
	return m, nil
}
