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

// Exit statuses and texts of the commands.
const (
	exitOK     = 0
	exitFailed = 1

	textExists   = "The object already exists."
	textNotFound = "Element not found."
	textFailed   = "The requested operation failed."
)

// commands runs the commands of one machine. Each takes its time, then has its effect.
type commands struct {
	node     *Node
	min, max time.Duration
	random   *rand.Rand
	mode     NetshMode
}

func newCommands(n *Node, min, max time.Duration) *commands {
	return &commands{
		node: n, min: min, max: max, mode: NetshWorks,
		random: vtime.Stream(n.env.Seed, n.name+"/netsh"),
	}
}

// Add is part of driver.Addresses: `netsh interface ip add address`; the address gets the interface's own mask, or in
// another subnet that of its class, as netsh has it where none is given.
func (c *commands) Add(iface string, ip netip.Addr, done func(exit int, output string)) {
	prefix := netip.PrefixFrom(ip, c.node.Address().Bits())
	if !c.node.Address().Contains(ip) {
		prefix = netip.PrefixFrom(ip, classBits(ip))
	}
	line := core.AddAddress{VIP: ip, Interface: iface}.String()
	c.netsh(iface, trace.Command{Does: trace.AddAddress, IP: ip, Line: line}, done, func() (int, string) {
		if !c.node.host.NIC().Add(prefix) {
			return exitFailed, textExists
		}
		c.node.store(prefix)
		return exitOK, ""
	})
}

// classBits is the length of the prefix of an address's class (RFC 791).
func classBits(ip netip.Addr) int {
	switch first := ip.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// Delete is part of driver.Addresses: `netsh interface ip delete address`.
func (c *commands) Delete(iface string, ip netip.Addr, done func(exit int, output string)) {
	line := core.DeleteAddress{VIP: ip, Interface: iface}.String()
	c.netsh(iface, trace.Command{Does: trace.DeleteAddress, IP: ip, Line: line}, done, func() (int, string) {
		if !c.node.host.NIC().Remove(ip) {
			return exitFailed, textNotFound
		}
		c.node.unstore(ip)
		return exitOK, ""
	})
}

// FlushARP is part of driver.Addresses: `arp -d`.
func (c *commands) FlushARP(done func(exit int, output string)) {
	c.run(trace.Command{Does: trace.FlushARP, Line: core.FlushARP{}.String()}, arpTime, done, func() (int, string) {
		c.node.host.NIC().FlushNeighbors()
		return exitOK, ""
	})
}

// flushByNetsh is `netsh interface ip delete arpcache`.
func (c *commands) flushByNetsh(line string, done func(exit int, output string)) {
	c.netsh(c.node.cfg.Interface, trace.Command{Does: trace.FlushARP, Line: line}, done, func() (int, string) {
		c.node.host.NIC().FlushNeighbors()
		return exitOK, ""
	})
}

// netsh runs a command that is about an interface.
//
// Inferred: what it says of a name that no interface has.
func (c *commands) netsh(iface string, what trace.Command, done func(int, string), effect func() (int, string)) {
	took := c.min
	if c.max > c.min {
		took += time.Duration(c.random.Int64N(int64(c.max - c.min + 1)))
	}
	what.Missing = !c.node.isInterface(iface)
	switch {
	case what.Missing:
		effect = func() (int, string) { return exitFailed, textNotFound }
	case c.mode == NetshFails:
		effect = func() (int, string) { return exitFailed, textFailed }
	case c.mode == NetshLies:
		effect = func() (int, string) { return exitOK, "" }
	}
	c.run(what, took, done, effect)
}

func (c *commands) run(what trace.Command, took time.Duration, done func(int, string), effect func() (int, string)) {
	domain := c.node.host.Domain()
	start := domain.Now()
	domain.After(took, func() {
		exit, output := effect()
		what.Exit, what.Took = exit, domain.Now()-start
		c.node.env.Record(c.node.name, what)
		done(exit, output)
	})
}
