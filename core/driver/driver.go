// Package driver runs a watcher's machine on a host: it feeds the machine what happens and does
// what it wants through ports, in order, on one thread of control. The host may be simulated or real.
package driver

import (
	"net/netip"
	"time"

	"ipwsim/core"
)

// Machine is a watcher as a step function: core.Machine, vrrp.Machine, or one of your own. A driver keeps its contract
// with the machine as core.Machine has it: Start first, then events as they come, in order of time.
type Machine interface {
	// Step tells what happened at the time now, and returns what to do about it, in order; valid until the next Step.
	Step(now time.Duration, ev core.Event) []core.Action

	// Deadline is when the machine wants a Tick if nothing happens before; false when it waits for events alone.
	Deadline() (at time.Duration, waits bool)
}

// Driver is a machine at work. All its methods, and the callbacks it hands to the ports, must be
// called on one thread of control; a call that comes while another is at work waits until that is
// done.
type Driver struct {
	machine Machine
	ports   Ports

	inbox   []core.Event
	working bool

	wakeAt  time.Duration
	armed   bool
	answers map[int]func(core.Answer) // to the peer's requests
	asked   int                       // ID of the last request
	stopped bool
	done    []func()
}

// Inputs is what a host tells its driver unasked. A Driver is one.
type Inputs interface {
	// Wake says that the time asked for by Clock.Wake has come.
	Wake()

	// AddressChanged says that the interface's word on a VIP changed, whoever caused it (H1). An
	// address that is there when the service starts is told of right before or after Start.
	// Addresses that are no VIPs may be left out.
	AddressChanged(vip netip.Addr, s core.AddressState)

	// NetworkUp says that the link of an interface, or the machine's own address on it, came back
	// and is usable (W16): echo requests can be sent again.
	NetworkUp(iface string)

	// NetworkDown says that the link of an interface, or the machine's own address on it, is gone; at the service's
	// start too, where there is none.
	NetworkDown(iface string)
}

var _ Inputs = (*Driver)(nil)

// New returns a driver of a machine that has not been started.
func New(m Machine, p Ports) *Driver {
	return &Driver{machine: m, ports: p, answers: make(map[int]func(core.Answer))}
}

// Start starts the service (W5).
func (d *Driver) Start() { d.input(core.Start{}) }

// Stop stops the service (W6) and calls done when it has stopped, which may be before Stop returns.
// It may be called again, and before Start.
func (d *Driver) Stop(done func()) {
	if d.stopped {
		done()
		return
	}
	d.done = append(d.done, done)
	d.input(core.Stop{})
}

// Wake is part of Inputs.
func (d *Driver) Wake() {
	d.armed = false
	d.input(core.Tick{})
}

// AddressChanged is part of Inputs.
func (d *Driver) AddressChanged(vip netip.Addr, s core.AddressState) {
	d.input(core.AddressChanged{VIP: vip, State: s})
}

// NetworkUp is part of Inputs.
func (d *Driver) NetworkUp(iface string) { d.input(core.NetworkUp{Interface: iface}) }

// NetworkDown is part of Inputs.
func (d *Driver) NetworkDown(iface string) { d.input(core.NetworkDown{Interface: iface}) }

// input feeds the machine. An event that comes while the actions of another are at work is fed after
// them.
func (d *Driver) input(ev core.Event) {
	d.inbox = append(d.inbox, ev)
	if d.working {
		return
	}
	d.working = true
	for len(d.inbox) > 0 {
		d.empty()
		d.arm()
	}
	d.working = false
}

func (d *Driver) empty() {
	for i := 0; i < len(d.inbox); i++ {
		for _, a := range d.machine.Step(d.ports.Clock.Now(), d.inbox[i]) {
			d.perform(a)
		}
	}
	d.inbox = d.inbox[:0]
}

// arm sets the timer. One that is not needed any more is left to fire: a tick too many does nothing.
func (d *Driver) arm() {
	at, waits := d.machine.Deadline()
	if !waits || d.armed && at == d.wakeAt {
		return
	}
	d.armed, d.wakeAt = true, at
	d.ports.Clock.Wake(at)
}

func (d *Driver) perform(a core.Action) {
	switch a := a.(type) {
	case core.SendEcho:
		d.ports.Prober.Echo(a.VIP, a.Timeout, func() { d.input(core.Echo{VIP: a.VIP, Seq: a.Seq}) })
	case core.Run:
		d.run(a)
	case core.OpenPipe:
		d.ports.Peer.Open(d.peerAsked)
	case core.ClosePipe:
		d.ports.Peer.Close()
	case core.AskPeer:
		d.ports.Peer.Ask(a.Peer, a.VIP, a.As, func(answer core.Answer) {
			d.input(core.PeerAnswered{VIP: a.VIP, Answer: answer})
		})
	case core.AnswerPeer:
		answer := d.answers[a.ID]
		delete(d.answers, a.ID)
		answer(a.Answer)
	case core.WriteEvent:
		d.ports.EventLog.Write(a.ID, a.Text)
	case core.Announce:
		if d.ports.Announcer != nil {
			d.ports.Announcer.Announce(a.VIP)
		}
	case core.JoinAdverts, core.LeaveAdverts, core.Advertise:
		if d.ports.Adverts != nil {
			d.advertise(a)
		}
	case core.Log:
		if d.ports.Log != nil {
			d.ports.Log.Line(a)
		}
	case core.StateChanged:
		if d.ports.Observer != nil {
			d.ports.Observer.State(a.VIP, a.State, a.Why)
		}
	case core.Stopped:
		d.stop()
	}
}

func (d *Driver) run(r core.Run) {
	done := func(exit int, output string) {
		d.input(core.CommandDone{ID: r.ID, Exit: exit, Output: output})
	}
	switch c := r.Command.(type) {
	case core.AddAddress:
		d.ports.Addresses.Add(c.Interface, c.VIP, done)
	case core.DeleteAddress:
		d.ports.Addresses.Delete(c.Interface, c.VIP, done)
	case core.FlushARP:
		d.ports.Addresses.FlushARP(done)
	}
}

func (d *Driver) advertise(a core.Action) {
	switch a := a.(type) {
	case core.JoinAdverts:
		d.ports.Adverts.Join(func(from netip.Addr, packet []byte) {
			d.input(core.Advertised{From: from, Packet: packet})
		})
	case core.LeaveAdverts:
		d.ports.Adverts.Leave()
	case core.Advertise:
		d.ports.Adverts.Advertise(a.Packet)
	}
}

func (d *Driver) peerAsked(vip netip.Addr, from core.Balance, answer func(core.Answer)) {
	d.asked++
	d.answers[d.asked] = answer
	d.input(core.PeerAsked{ID: d.asked, VIP: vip, From: from})
}

func (d *Driver) stop() {
	d.stopped = true
	for _, done := range d.done {
		done()
	}
	d.done = nil
}
