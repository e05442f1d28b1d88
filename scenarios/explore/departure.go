package explore

import (
	"time"

	"ipwsim/core"
)

// Departure is something that happens against the plain course.
type Departure struct {
	At   time.Duration
	What Deed
	Node int
	VIP  int
}

// Deed is what happens.
type Deed string

// The deeds. Those of the first group last until their opposite, those of the second are over at once.
const (
	Unplug       Deed = "unplug"
	Plug         Deed = "plug"
	Split        Deed = "split"
	Join         Deed = "join"
	Freeze       Deed = "freeze"
	Resume       Deed = "resume"
	PowerOff     Deed = "power-off"
	PowerOn      Deed = "power-on"
	StopService  Deed = "stop-service"
	StartService Deed = "start-service"
	BlockEcho    Deed = "block-echo"
	AllowEcho    Deed = "allow-echo"
	BlockPipe    Deed = "block-pipe"
	AllowPipe    Deed = "allow-pipe"

	Fails     Deed = "fails"      // a command, with no effect
	Lies      Deed = "lies"       // it says that it has succeeded
	Hangs     Deed = "hangs"      // it is ended without effect, after hangLimit
	LosesEcho Deed = "loses echo" // an answered poll
	LateEcho  Deed = "late echo"  // it is answered just when the time for it is over
	Claimed   Deed = "claimed"    // a stranger probes for a tentative address
	Reordered Deed = "reordered"  // no departure: of what is due at one moment something else comes first
)

// lasting are the deeds that can be done at any moment. One that starts no clock has the same effect at any moment
// between two events.
var lasting = []struct {
	what   Deed
	clocks bool // it starts one
	can    func(w *world, n *node) bool
	do     func(w *world, i int)
}{
	{Unplug, false, func(_ *world, n *node) bool { return n.power == on && !n.unplugged }, func(w *world, i int) {
		w.nodes[i].unplugged = true
		w.linkDown(i)
	}},
	{Plug, true, func(_ *world, n *node) bool { return n.unplugged }, func(w *world, i int) {
		w.nodes[i].unplugged = false
		w.linkUp(i)
	}},
	{Split, false, func(w *world, n *node) bool { return n == &w.nodes[0] && !w.split }, func(w *world, _ int) { w.split = true }},
	{Join, false, func(w *world, n *node) bool { return n == &w.nodes[0] && w.split }, func(w *world, _ int) { w.split = false }},
	{Freeze, false, func(_ *world, n *node) bool { return n.power == on && !n.frozen }, func(w *world, i int) { w.nodes[i].frozen = true }},
	{Resume, true, func(_ *world, n *node) bool { return n.frozen }, func(w *world, i int) { w.nodes[i].frozen = false }},
	{PowerOff, false, func(_ *world, n *node) bool { return n.power != off }, (*world).powerOff},
	{PowerOn, true, func(_ *world, n *node) bool { return n.power == off }, (*world).powerOn},
	{StopService, true, func(_ *world, n *node) bool { return n.watcher != nil && !n.stopping && !n.frozen }, (*world).stopService},
	{StartService, true, func(_ *world, n *node) bool { return n.power == on && n.usable && n.watcher == nil && !n.frozen }, (*world).startService},
	{BlockEcho, false, func(_ *world, n *node) bool { return !n.noEcho }, func(w *world, i int) { w.nodes[i].noEcho = true }},
	{AllowEcho, false, func(_ *world, n *node) bool { return n.noEcho }, func(w *world, i int) { w.nodes[i].noEcho = false }},
	{BlockPipe, false, func(_ *world, n *node) bool { return !n.noPipe }, func(w *world, i int) { w.nodes[i].noPipe = true }},
	{AllowPipe, false, func(_ *world, n *node) bool { return n.noPipe }, func(w *world, i int) { w.nodes[i].noPipe = false }},
}

// passing are the ways in which an event can go wrong.
func passing(e event) []Deed {
	_, flush := e.command.(core.FlushARP)
	switch {
	case e.kind == commandEnds && !flush && !e.late:
		return []Deed{Fails, Lies, Hangs}
	case e.kind == probing && e.n > 0:
		return []Deed{Claimed}
	case e.kind == echo && !e.late:
		return []Deed{LosesEcho, LateEcho}
	}
	return nil
}

// spoil has the event go wrong.
func (w *world) spoil(e event, what Deed) {
	w.depart(Departure{w.now, what, int(e.node), int(e.vip)})
	i, v := int(e.node), int(e.vip)
	n := &w.nodes[i]
	for k := range w.events {
		if w.events[k] == e {
			e.late = true
			switch what {
			case Fails:
				e.exit = 1
			case Hangs:
				e.exit, e.at = 1, w.now+hangLimit-w.c.Netsh[i]
			case LateEcho:
				e.at = w.now + w.c.Nodes[i].PingTimeout
			}
			w.events[k] = e
			break
		}
	}
	switch what {
	case LosesEcho:
		w.drop(i, v, echo)
	case Fails, Lies, Hangs:
		n.spoilt, n.hung = true, what == Hangs
		w.excuse(i, v)
	case Claimed:
		w.drop(i, v, probing)
		w.setAddress(i, v, core.Duplicate)
		w.excuse(i, v)
	}
	w.judge()
}

// depart notes a departure.
func (w *world) depart(d Departure) {
	w.left--
	w.trail = &choice{d, w.happened, w.trail}
	w.clocks.disturbed(w)
}

// choice is one on the way, after so many events.
type choice struct {
	Departure
	after  int
	before *choice
}
