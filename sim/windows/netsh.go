package windows

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// NetshMode is what netsh does with a command (H2).
type NetshMode string

// The modes: does its work; says it failed; says it succeeded and does nothing.
const (
	NetshWorks NetshMode = "ok"
	NetshFails NetshMode = "fail"
	NetshLies  NetshMode = "lie"
)

// arpTime is what `arp -d` takes.
//
// Inferred: no published figure.
const arpTime = 50 * time.Millisecond

// What a netsh command takes on a machine that is no node (FIELD-FACTS "netsh add/delete": L).
const (
	defaultNetshMin = 200 * time.Millisecond
	defaultNetshMax = time.Second
)

// Exit statuses of the commands.
const (
	exitOK     = 0
	exitFailed = 1
)

// commands runs the commands of one machine. Each takes its time, then has its effect.
type commands struct {
	machine  *Machine
	min, max time.Duration
	random   *rand.Rand
	mode     NetshMode

	isInterface func(name string) bool
}

func newCommands(m *Machine, min, max time.Duration) *commands {
	return &commands{
		machine: m, min: min, max: max, mode: NetshWorks,
		random:      vtime.Stream(m.env.Seed, m.name+"/netsh"),
		isInterface: func(string) bool { return true },
	}
}

// Add is `netsh interface ip add address`; the address gets the interface's own mask, or in another subnet that of its
// class, as netsh has it where none is given.
func (c *commands) Add(iface string, ip netip.Addr, done func(exit int, output string)) {
	c.add(iface, ip, true, nil, done)
}

// add calls acting, unless it is nil, just before it changes something.
func (c *commands) add(iface string, ip netip.Addr, right bool, acting func(), done func(exit int, output string)) {
	prefix := trace.Added(c.machine.Address(), ip)
	usable := IsHosts(prefix)
	what := trace.Command{Does: trace.AddAddress, IP: ip, Line: core.AddAddress{VIP: ip, Interface: iface}.String(), Missing: !c.isInterface(iface)}
	c.netsh(what, right, done, func() (int, netshText) {
		if !usable {
			return exitFailed, textParameter
		}
		if acting != nil && c.machine.AddressState(ip) == trace.Absent {
			acting()
		}
		if !c.machine.addAddress(prefix) {
			return exitFailed, textExists
		}
		c.machine.store(prefix)
		return exitOK, textDone
	})
}

// IsHosts says whether an interface can have the address: it is not of the classes and networks that no host is in, nor
// the network or broadcast address of its subnet, which those of two addresses and fewer do not have (RFC 1122, RFC 3021).
func IsHosts(p netip.Prefix) bool {
	a := p.Addr().As4()
	if a[0] == 0 || a[0] == 127 || a[0] >= 224 {
		return false
	}
	host := binary.BigEndian.Uint32(a[:]) << p.Bits()
	return p.Bits() > 30 || host != 0 && host != math.MaxUint32<<p.Bits()
}

// Delete is `netsh interface ip delete address`.
func (c *commands) Delete(iface string, ip netip.Addr, done func(exit int, output string)) {
	c.remove(iface, ip, true, nil, done)
}

// remove calls acting, unless it is nil, just before it changes something.
func (c *commands) remove(iface string, ip netip.Addr, right bool, acting func(), done func(exit int, output string)) {
	what := trace.Command{Does: trace.DeleteAddress, IP: ip, Line: core.DeleteAddress{VIP: ip, Interface: iface}.String(), Missing: !c.isInterface(iface)}
	c.netsh(what, right, done, func() (int, netshText) {
		if acting != nil && c.machine.AddressState(ip) != trace.Absent {
			acting()
		}
		if !c.machine.host.NIC().Remove(ip) {
			return exitFailed, textNotFound
		}
		c.machine.unstore(ip)
		return exitOK, textDone
	})
}

// FlushARP is `arp -d`, of an administrator.
func (c *commands) FlushARP(done func(exit int, output string)) { c.flushByARP(true, done) }

// flushByARP is `arp -d`, of somebody who has the right to it or not.
//
// Inferred: its exit status without the right.
func (c *commands) flushByARP(right bool, done func(exit int, output string)) {
	c.run(trace.Command{Does: trace.FlushARP, Line: core.FlushARP{}.String()}, arpTime, done, func() (int, string) {
		if !right {
			return exitFailed, ""
		}
		c.machine.host.NIC().FlushNeighbors()
		return exitOK, ""
	})
}

// flushByNetsh is `netsh interface ip delete arpcache`, likewise.
func (c *commands) flushByNetsh(line string, right bool, done func(exit int, output string)) {
	c.netsh(trace.Command{Does: trace.FlushARP, Line: line}, right, done, func() (int, netshText) {
		c.machine.host.NIC().FlushNeighbors()
		return exitOK, textDone
	})
}

// netsh runs a command, of somebody who has the right to it or not.
//
// Inferred: what it says of a name that no interface has.
func (c *commands) netsh(what trace.Command, right bool, done func(int, string), effect func() (int, netshText)) {
	took := c.min
	if c.max > c.min {
		took += time.Duration(c.random.Int64N(int64(c.max - c.min + 1)))
	}
	switch {
	case what.Missing:
		effect = func() (int, netshText) { return exitFailed, textNotFound }
	case !right:
		effect = func() (int, netshText) { return exitFailed, textNoRight }
	case c.mode == NetshFails:
		effect = func() (int, netshText) { return exitFailed, textFailed }
	case c.mode == NetshLies:
		effect = func() (int, netshText) { return exitOK, textDone }
	}
	c.run(what, took, done, func() (int, string) {
		exit, said := effect()
		return exit, said.in(c.machine.env.Language)
	})
}

// run starts a process of its own: it ends even if the watcher that waits for it is killed meanwhile (H17).
func (c *commands) run(what trace.Command, took time.Duration, done func(int, string), effect func() (int, string)) {
	domain := c.machine.host.Domain()
	start := domain.Now()
	domain.After(took, func() {
		exit, output := effect()
		what.Exit, what.Took = exit, domain.Now()-start
		c.machine.env.Record(c.machine.name, what)
		done(exit, output)
	})
}

// asked are the commands that a watcher asks for (driver.Addresses): with its account's right, and with nobody to tell
// how they ended once its process is gone (H17).
type asked struct{ *service }

func (a asked) Add(iface string, ip netip.Addr, done func(exit int, output string)) {
	a.node.commands.add(iface, ip, !a.node.cfg.NoRight, nil, a.ifAlive(done))
}

func (a asked) Delete(iface string, ip netip.Addr, done func(exit int, output string)) {
	a.node.commands.remove(iface, ip, !a.node.cfg.NoRight, nil, a.ifAlive(done))
}

func (a asked) FlushARP(done func(exit int, output string)) {
	a.node.commands.FlushARP(a.ifAlive(done))
}

func (a asked) ifAlive(done func(int, string)) func(int, string) {
	return func(exit int, output string) {
		if a.node.service == a.service {
			done(exit, output)
		}
	}
}
