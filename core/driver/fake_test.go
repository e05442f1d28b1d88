package driver_test

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/driver/porttest"
)

// fake is a host in memory: all ports, their surroundings, and a clock that Advance moves.
type fake struct {
	in     driver.Inputs
	broken driver.Ports // what Ports returns; a twin breaks one

	now    time.Duration
	agenda []task // by time, then by age
	timers int    // Wakes so far; the last counts

	link      bool
	links     int // changes of the link
	usable    bool
	addresses map[netip.Addr]core.AddressState

	peer  porttest.Peer
	asked func(vip netip.Addr, from core.Balance, answer func(core.Answer)) // nil: no pipe

	heard     func(from netip.Addr, packet []byte) // nil: nobody listens
	peerHears func(from netip.Addr, packet []byte)
	anyTTL    bool // it hears what a router has passed on, too

	events []string
	lines  []string
	states []string
}

type task struct {
	at  time.Duration
	run func()
}

const (
	latency     = time.Millisecond
	commandTime = 500 * time.Millisecond
	dadTime     = 3 * time.Second
)

var (
	own   = netip.MustParseAddr("192.168.10.200")
	other = netip.MustParseAddr("192.168.10.201")
	free  = netip.MustParseAddr("192.168.10.202")
	taken = netip.MustParseAddr("192.168.10.1")
	iface = "イーサネット 2"
)

func newFake(in driver.Inputs) *fake {
	f := &fake{in: in, link: true, usable: true, addresses: make(map[netip.Addr]core.AddressState)}
	f.broken = driver.Ports{Clock: f, Prober: f, Addresses: f, Peer: f, EventLog: f, Log: f, Observer: f, Adverts: f}
	return f
}

func (f *fake) after(d time.Duration, run func()) {
	at := f.now + max(d, 0)
	i := len(f.agenda)
	for i > 0 && f.agenda[i-1].at > at {
		i--
	}
	f.agenda = slices.Insert(f.agenda, i, task{at, run})
}

// The host, as porttest sees it.

func (f *fake) Ports() driver.Ports { return f.broken }
func (f *fake) Interface() string   { return iface }
func (f *fake) Free() netip.Addr    { return free }
func (f *fake) Taken() netip.Addr   { return taken }
func (f *fake) Peer() string        { return `\\peer` }

func (f *fake) Address() netip.Addr     { return own }
func (f *fake) PeerAddress() netip.Addr { return other }

func (f *fake) PeerHears(heard func(netip.Addr, []byte)) { f.peerHears = heard }

func (f *fake) PeerAdvertises(packet []byte, ttl uint8) {
	f.after(latency, func() {
		if f.heard != nil && f.usable && (ttl == 255 || f.anyTTL) {
			f.heard(other, packet)
		}
	})
}

func (f *fake) Advance(d time.Duration) {
	end := f.now + d
	for len(f.agenda) > 0 && f.agenda[0].at <= end {
		t := f.agenda[0]
		f.agenda = slices.Delete(f.agenda, 0, 1)
		f.now = t.at
		t.run()
	}
	f.now = end
}

func (f *fake) Unplug() {
	f.links++
	f.link, f.usable = false, false
	f.after(0, func() { f.in.NetworkDown(iface) })
	for _, ip := range f.configured() {
		f.set(ip, core.Tentative)
	}
}

func (f *fake) Plug() {
	f.links++
	f.link = true
	links := f.links
	f.after(dadTime, func() {
		if f.links == links {
			f.usable = true
			f.in.NetworkUp(iface)
		}
	})
	for _, ip := range f.configured() {
		f.detect(ip)
	}
}

func (f *fake) SetPeer(p porttest.Peer) bool { f.peer = p; return true }

func (f *fake) PeerAsks(vip netip.Addr, as core.Balance, answered func(core.Answer)) {
	f.after(latency, func() {
		if f.asked == nil {
			answered(core.NoAnswer)
			return
		}
		f.asked(vip, as, func(a core.Answer) { f.after(latency, func() { answered(a) }) })
	})
}

// The ports.

func (f *fake) Now() time.Duration { return f.now }

func (f *fake) Wake(at time.Duration) {
	f.timers++
	timer := f.timers
	f.after(at-f.now, func() {
		if timer == f.timers {
			f.in.Wake()
		}
	})
}

func (f *fake) Echo(vip netip.Addr, _ time.Duration, answered func()) {
	if f.usable && vip == taken || f.addresses[vip] == core.Preferred {
		f.after(latency, answered)
	}
}

func (f *fake) Add(_ string, vip netip.Addr, done func(int, string)) {
	f.after(commandTime, func() {
		if f.addresses[vip] != core.Absent {
			done(1, "The object already exists.")
			return
		}
		f.set(vip, core.Tentative)
		f.detect(vip)
		done(0, "")
	})
}

func (f *fake) Delete(_ string, vip netip.Addr, done func(int, string)) {
	f.after(commandTime, func() {
		if f.addresses[vip] == core.Absent {
			done(1, "Element not found.")
			return
		}
		f.set(vip, core.Absent)
		done(0, "")
	})
}

func (f *fake) FlushARP(done func(int, string)) { f.after(commandTime, func() { done(0, "") }) }

func (f *fake) Open(asked func(netip.Addr, core.Balance, func(core.Answer))) { f.asked = asked }
func (f *fake) Close()                                                       { f.asked = nil }

func (f *fake) Ask(_ string, _ netip.Addr, _ core.Balance, answer func(core.Answer)) {
	a, wait := core.NoAnswer, latency
	switch f.peer {
	case porttest.Releases:
		a, wait = core.Released, commandTime
	case porttest.HoldsNot:
		a = core.NotHeld
	case porttest.Refuses:
		a = core.Refused
	case porttest.Down:
		wait = 21 * time.Second
	case porttest.Silent:
		wait = 10 * time.Second
	}
	f.after(wait, func() { answer(a) })
}

func (f *fake) Join(heard func(netip.Addr, []byte)) { f.heard = heard }
func (f *fake) Leave()                              { f.heard = nil }

func (f *fake) Advertise(packet []byte) {
	if f.usable {
		f.after(latency, func() { f.peerHears(own, packet) })
	}
}

func (f *fake) Write(_ int, text string) { f.events = append(f.events, text) }
func (f *fake) Line(l core.Log)          { f.lines = append(f.lines, l.Text) }

func (f *fake) State(_ netip.Addr, s core.State, why core.Reason) {
	f.states = append(f.states, s.String()+" "+why.Rule())
}

// The interface.

func (f *fake) configured() []netip.Addr {
	var all []netip.Addr
	for _, ip := range []netip.Addr{free, taken} {
		if f.addresses[ip] != core.Absent {
			all = append(all, ip)
		}
	}
	return all
}

func (f *fake) set(ip netip.Addr, s core.AddressState) {
	if f.addresses[ip] != s {
		f.addresses[ip] = s
		f.in.AddressChanged(ip, s)
	}
}

func (f *fake) detect(ip netip.Addr) {
	if !f.link {
		return
	}
	if ip == taken {
		f.after(latency, func() { f.set(ip, core.Duplicate) })
		return
	}
	links := f.links
	f.after(dadTime, func() {
		if f.links == links && f.addresses[ip] == core.Tentative {
			f.set(ip, core.Preferred)
		}
	})
}
