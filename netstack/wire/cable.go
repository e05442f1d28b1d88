// Package wire is the virtual network below IP: frames, cables, ports and learning switches.
package wire

import (
	"fmt"
	"sync"
	"time"

	"ipwsim/netstack/vtime"
)

// MinLatency is the least latency of a cable. Below it, TCP's loss recovery takes every segment
// for reordered and sends storms of retransmissions.
const MinLatency = 20 * time.Microsecond

// Device is what a cable's end plugs into.
type Device interface {
	// Receive takes a frame that arrived at port, and owns it.
	Receive(port *Port, f *Frame)
	// LinkChanged tells that the port's link came up or went down.
	LinkChanged(port *Port, up bool)
}

// Tap sees each frame as it is put on a cable. It must not keep or change b.
type Tap func(at time.Duration, c *Cable, b []byte)

// Network holds the cables of a world.
type Network struct {
	s        *vtime.Scheduler
	cables   []*Cable
	taps     []Tap
	dropTaps []DropTap
	rules    []*ActiveRule
	seed     uint64
	seeded   bool
	load     load

	mu   sync.Mutex // netstack's TCP processors send from their own goroutines
	free []*Frame

	floods []*flood // not in use
}

// NewNetwork returns a network without cables.
func NewNetwork(s *vtime.Scheduler) *Network { return &Network{s: s, load: load{most: mostFrames}} }

// Scheduler is the world's time.
func (n *Network) Scheduler() *vtime.Scheduler { return n.s }

// AddTap lets t see every frame from now on.
func (n *Network) AddTap(t Tap) { n.taps = append(n.taps, t) }

// Cables are all cables, in the order they were laid.
func (n *Network) Cables() []*Cable { return n.cables }

// NewFrame returns a frame of size bytes with old contents: the caller writes all of them.
func (n *Network) NewFrame(size int) *Frame {
	n.mu.Lock()
	var f *Frame
	if last := len(n.free) - 1; last >= 0 {
		f, n.free = n.free[last], n.free[:last]
	}
	n.mu.Unlock()
	if f == nil {
		f = &Frame{net: n}
	}
	if cap(f.B) < size {
		f.B = make([]byte, size, max(size, 128))
	}
	f.B = f.B[:size]
	return f
}

// Cable joins two ports.
type Cable struct {
	net     *Network
	name    string
	ends    [2]*Port
	latency time.Duration
	plugged bool
	up      bool
	epoch   uint32 // counts link losses: frames of an earlier epoch are gone
	onLink  func(up bool)
	ways    [2]*way // by the sending end; nil: never impaired
	flying  [2]int  // of what the end has sent, by weight
}

// Connect lays a cable, plugged in at both ends. Its name should be its own: captures, rules and
// random streams go by it. onLink, which may be nil, hears of link changes
// before the devices do; it is called at once when the cable comes up by being connected.
func (n *Network) Connect(name string, a, b *Port, latency time.Duration, onLink func(up bool)) *Cable {
	if latency < MinLatency {
		panic(fmt.Sprintf("wire: cable %s: latency %v is below %v", name, latency, MinLatency))
	}
	c := &Cable{net: n, name: name, ends: [2]*Port{a, b}, latency: latency, plugged: true, onLink: onLink}
	for end, p := range c.ends {
		p.cable, p.end = c, end
		if p.lane == 0 {
			p.lane = n.s.NewLane()
		}
	}
	n.cables = append(n.cables, c)
	c.update()
	return c
}

// Name is the cable's name.
func (c *Cable) Name() string { return c.name }

// Up says whether the cable has link.
func (c *Cable) Up() bool { return c.up }

// Plugged says whether both ends are plugged in.
func (c *Cable) Plugged() bool { return c.plugged }

// SetPlugged plugs the cable in, or pulls it out: frames on their way are lost.
func (c *Cable) SetPlugged(in bool) {
	c.plugged = in
	c.update()
}

func (c *Cable) update() {
	up := c.plugged && c.ends[0].powered && c.ends[1].powered
	if up == c.up {
		return
	}
	c.up = up
	if !up {
		c.epoch++
		for _, w := range c.ways {
			if w != nil {
				w.last = never // nothing is on its way any more
			}
		}
	}
	if c.onLink != nil {
		c.onLink(up)
	}
	for _, p := range c.ends {
		if p.device != nil {
			p.device.LinkChanged(p, up)
		}
	}
}
