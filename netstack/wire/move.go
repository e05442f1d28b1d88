package wire

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"ipwsim/netstack/vtime"
)

// TypeRARP is the Ethernet type of RFC 903, which hypervisors still send when a machine moves.
const TypeRARP = 0x8035

// astray is a station that a switch looks for where it is not any more.
type astray struct {
	right *Port // where it is
	tell  func(sw *Switch, astray bool)
}

// Move puts the far end of the station's cable, the second port of Connect, into another port of a switch; the link
// stays, if there is one and that switch has power; without, it is as a cable pulled out until that has. The switches know the station where it was until they hear from it:
// tell hears of each that is wrong, and when it is no more. The port it was in stays up without a station (N10).
func (c *Cable) Move(to *Port, mac MAC, tell func(sw *Switch, astray bool)) {
	from := c.ends[1]
	from.cable, from.held = nil, false
	to.cable, to.end = c, 1
	c.ends[1] = to
	if c.up && to.powered {
		to.upAt = c.net.s.Now()
		if to.sw.snooping != nil {
			to.sw.snooping.linkChanged(to, true)
		}
	}
	to.sw.lookFor(mac, to, tell)
	c.update()
}

// lookFor tells the switch, and all that trunks join to it, where the station is now.
func (sw *Switch) lookFor(mac MAC, right *Port, tell func(*Switch, bool)) {
	if was, known := sw.strays[mac]; known {
		was.right = right
		sw.strays[mac] = was
	} else if st, known := sw.table[mac]; known && st.port != right && sw.s.Now()-st.heard < sw.Age {
		sw.strays[mac] = astray{right, tell}
		tell(sw, true)
		sw.forget(mac, st.heard+sw.Age)
	}
	sw.check(mac)
	for _, p := range sw.ports {
		if p == right || p.cable == nil {
			continue
		}
		if far := p.cable.ends[1-p.end]; far.sw != nil {
			far.sw.lookFor(mac, far, tell)
		}
	}
}

// check ends a stray of which the table says nothing wrong any more.
func (sw *Switch) check(mac MAC) {
	stray, is := sw.strays[mac]
	if !is {
		return
	}
	if st, known := sw.table[mac]; known && st.port != stray.right && sw.s.Now()-st.heard < sw.Age {
		return
	}
	delete(sw.strays, mac)
	stray.tell(sw, false)
}

// checkAll checks those of a switch that has forgotten something.
func (sw *Switch) checkAll() {
	for _, mac := range slices.SortedFunc(maps.Keys(sw.strays), func(a, b MAC) int { return bytes.Compare(a[:], b[:]) }) {
		sw.check(mac)
	}
}

// forget checks a stray again when its entry is too old.
func (sw *Switch) forget(mac MAC, at time.Duration) {
	sw.s.At(at, vtime.Func(func() { sw.check(mac) }))
}

// Notice is what a hypervisor sends on behalf of a station that it has taken over: RARP to all, so that switches learn
// where it is. No host heeds it (N10).
func (n *Network) Notice(mac MAC) *Frame {
	f := n.NewFrame(HeaderLen + 28)
	clear(f.B)
	copy(f.B[0:6], Broadcast[:])
	copy(f.B[6:12], mac[:])
	binary.BigEndian.PutUint16(f.B[12:], TypeRARP)
	b := f.B[HeaderLen:]
	copy(b, arpHeader)
	binary.BigEndian.PutUint16(b[6:], 3) // "request reverse"
	copy(b[8:14], mac[:])
	copy(b[18:24], mac[:])
	return f
}
