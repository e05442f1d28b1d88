package core

import (
	"encoding/binary"
	"slices"
	"time"
)

// Clone returns a machine in the same state, which goes on by itself.
func (m *Machine) Clone() *Machine {
	c := *m
	c.vips = slices.Clone(m.vips)
	for i := range c.vips {
		c.vips[i].requests = slices.Clone(m.vips[i].requests)
	}
	c.actions = nil // they are the last Step's
	c.queue = slices.Clone(m.queue)
	for i := range c.queue {
		c.queue[i].vip = &c.vips[m.index(m.queue[i].vip)]
	}
	if m.busy {
		c.current.vip = &c.vips[m.index(m.current.vip)]
	}
	return &c
}

// index is where the VIP stands in the table.
func (m *Machine) index(v *vip) int {
	return slices.IndexFunc(m.vips, func(o vip) bool { return o.VIP == v.VIP })
}

// AppendState appends what the machine will do from now on depends on. Two machines of the same settings and entries that
// append the same do the same when the same happens to them so long after, each at its own now, which is not before its
// last Step. What counts up (of polls, commands and requests) is left out: polls and commands are the last of their
// kind or of no effect any more, and requests are answered in the order in which they came.
func (m *Machine) AppendState(b []byte, now time.Duration) []byte {
	b = append(b, byte(m.phase), byte(m.swept), bits(m.busy, m.pipeOpen), byte(len(m.queue)))
	if m.busy {
		b = m.appendCommand(b, m.current)
	}
	for _, q := range m.queue {
		b = m.appendCommand(b, q)
	}
	for i := range m.vips {
		b = m.vips[i].appendState(b, m, now)
	}
	return b
}

func (m *Machine) appendCommand(b []byte, q queued) []byte {
	kind := byte(0)
	switch q.command.(type) {
	case DeleteAddress:
		kind = 1
	case FlushARP:
		kind = 2
	}
	return append(b, kind, byte(m.index(q.vip)))
}

// appendState leaves out what is set anew before it is used.
func (v *vip) appendState(b []byte, m *Machine, now time.Duration) []byte {
	b = append(b, byte(v.state), byte(v.address), bits(v.asking, v.seen), byte(len(v.requests)))
	switch v.state {
	case Polling:
		b = append(b, bits(v.echo != 0))
		b = appendTime(b, v.nextPoll, now-m.settings.PingTimeout) // a machine that overslept by more overslept
		b = appendTime(b, v.freeAt, now)
	case Taking:
		b = append(b, bits(v.added))
		b = appendTime(b, v.waitUntil, now)
	case Releasing:
		b = append(b, bits(v.deleteFailed))
		b = appendTime(b, v.waitUntil, now)
	case Held:
		b = appendTime(b, v.dueAt, now)
	}
	return b
}

// appendTime appends a time as it is from now; what is past is past.
func appendTime(b []byte, t, now time.Duration) []byte {
	if t != never {
		t = max(t-now, 0)
	}
	return binary.LittleEndian.AppendUint64(b, uint64(t))
}

func bits(all ...bool) (b byte) {
	for i, on := range all {
		if on {
			b |= 1 << i
		}
	}
	return b
}
