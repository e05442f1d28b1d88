package windows

import (
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
}

func newCommands(m *Machine, min, max time.Duration) *commands {
	return &commands{
		machine: m, min: min, max: max, mode: NetshWorks,
		random: vtime.Stream(m.env.Seed, m.name+"/netsh"),
	}
}

// Add is part of driver.Addresses: `netsh interface ip add address`; the address gets the interface's own mask.
func (c *commands) Add(iface string, ip netip.Addr, done func(exit int, output string)) {
	prefix := netip.PrefixFrom(ip, c.machine.Address().Bits())
	line := core.AddAddress{VIP: ip, Interface: iface}.String()
	c.netsh(trace.Command{Does: trace.AddAddress, IP: ip, Line: line}, done, func() (int, netshText) {
		if !c.machine.host.NIC().Add(prefix) {
			return exitFailed, textExists
		}
		c.machine.store(prefix)
		return exitOK, textDone
	})
}

// Delete is part of driver.Addresses: `netsh interface ip delete address`.
func (c *commands) Delete(iface string, ip netip.Addr, done func(exit int, output string)) {
	line := core.DeleteAddress{VIP: ip, Interface: iface}.String()
	c.netsh(trace.Command{Does: trace.DeleteAddress, IP: ip, Line: line}, done, func() (int, netshText) {
		if !c.machine.host.NIC().Remove(ip) {
			return exitFailed, textNotFound
		}
		c.machine.unstore(ip)
		return exitOK, textDone
	})
}

// FlushARP is part of driver.Addresses: `arp -d`.
func (c *commands) FlushARP(done func(exit int, output string)) {
	c.run(trace.Command{Does: trace.FlushARP, Line: core.FlushARP{}.String()}, arpTime, done, func() (int, string) {
		c.machine.host.NIC().FlushNeighbors()
		return exitOK, ""
	})
}

func (c *commands) netsh(what trace.Command, done func(int, string), effect func() (int, netshText)) {
	took := c.min
	if c.max > c.min {
		took += time.Duration(c.random.Int64N(int64(c.max - c.min + 1)))
	}
	switch c.mode {
	case NetshFails:
		effect = func() (int, netshText) { return exitFailed, textFailed }
	case NetshLies:
		effect = func() (int, netshText) { return exitOK, textDone }
	}
	c.run(what, took, done, func() (int, string) {
		exit, said := effect()
		return exit, said.in(c.machine.env.Language)
	})
}

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
