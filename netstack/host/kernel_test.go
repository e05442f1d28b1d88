//go:build linux

package host_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
)

// kernelForms are the measures' forms, and some that only the kernel tells apart.
var kernelForms = append(forms[:len(forms):len(forms)],
	form{"gratuitous reply, no target MAC", func(m wire.MAC, ip netip.Addr) []byte {
		return arpFrame(2, m, ip, unsetMAC, ip, wire.Broadcast)
	}},
	form{"unasked answer, broadcast", func(m wire.MAC, ip netip.Addr) []byte {
		return arpFrame(2, m, ip, hostMAC, hostIP, wire.Broadcast)
	}},
	form{"answer to another", func(m wire.MAC, ip netip.Addr) []byte {
		return arpFrame(2, m, ip, unsetMAC, otherIP, wire.Broadcast)
	}},
)

// situation is what the host has for the sender when the frame comes. Locktime is 1 s.
type situation struct {
	name string
	age  time.Duration // of the entry; 0: there is none
}

var situations = []situation{
	{"no entry", 0},
	{"entry older than locktime", 1500 * time.Millisecond},
	{"entry younger than locktime", 100 * time.Millisecond},
}

// kernelCase is one frame from the new MAC in one situation, each at an address of its own.
type kernelCase struct {
	form
	situation
	ip netip.Addr
}

func kernelCases() []kernelCase {
	var all []kernelCase
	for _, s := range situations {
		for _, f := range kernelForms {
			all = append(all, kernelCase{f, s, netip.AddrFrom4([4]byte{10, 0, 0, byte(100 + len(all))})})
		}
	}
	return all
}

// entryFrame makes the host learn the old MAC: a request aimed at it.
func (c kernelCase) entryFrame() []byte {
	return arpFrame(1, oldMAC, c.ip, unsetMAC, hostIP, wire.Broadcast)
}

// virtual is the MAC that a simulated host has for the sender afterwards.
func (c kernelCase) virtual(p arp.Policy) string {
	st := bareStation(p, 1)
	defer st.close()
	if c.age > 0 {
		st.put(c.entryFrame())
	}
	st.until(time.Millisecond + c.age)
	st.put(c.frame(newMAC, c.ip))
	st.until(c.age + 50*time.Millisecond)
	mac, _ := st.host.NIC().Neighbor(c.ip)
	return macName(fmt.Sprintf("%x", mac))
}

func macName(hex string) string {
	name, ok := map[string]string{
		fmt.Sprintf("%x", unsetMAC): "none", fmt.Sprintf("%x", oldMAC): "old", fmt.Sprintf("%x", newMAC): "new", "": "none",
	}[hex]
	if !ok {
		return hex
	}
	return name
}

// N3: the `linux` profile does with each form of ARP what a real kernel does.
func TestN3_LinuxAsTheKernelDoes(t *testing.T) {
	k := newKernel(t)
	cases := kernelCases()
	k.run(cases)
	real := k.neighbors()
	t.Logf("kernel %s", k.release())
	t.Logf("%-28s %-32s %-7s %s", "situation", "frame", "kernel", "simulated")
	for _, c := range cases {
		got, want := c.virtual(linuxPolicy(t)), macName(real[c.ip])
		t.Logf("%-28s %-32s %-7s %s", c.situation.name, c.form.name, want, got)
	}
	for _, c := range cases {
		require.Equal(t, macName(real[c.ip]), c.virtual(linuxPolicy(t)), "%s, %s", c.situation.name, c.form.name)
	}
}

// run sends every case's frame at its time: those that need an old entry first.
func (k *kernel) run(cases []kernelCase) {
	oldest := situations[1].age
	for _, c := range cases {
		if c.age == oldest {
			k.send(c.entryFrame())
		}
	}
	time.Sleep(oldest)
	for _, c := range cases {
		if c.age > 0 && c.age < oldest {
			k.send(c.entryFrame())
			time.Sleep(c.age)
		}
		k.send(c.frame(newMAC, c.ip))
	}
	time.Sleep(200 * time.Millisecond)
}

// A profile with one wrong setting differs from a kernel, by the cases alone.
func TestN3_LinuxKernelCasesCatch(t *testing.T) {
	for name, change := range map[string]func(*arp.Policy){
		"locktime":           func(p *arp.Policy) { p.Locktime = 0 },
		"gratuitous request": func(p *arp.Policy) { p.GratuitousRequest = arp.Ignore },
		"gratuitous reply":   func(p *arp.Policy) { p.GratuitousReply = arp.Ignore },
		"arp_accept":         func(p *arp.Policy) { p.GratuitousRequest = arp.Create },
		"cached sender":      func(p *arp.Policy) { p.CachedSender = arp.Ignore },
		"unasked answer":     func(p *arp.Policy) { p.UnaskedReply = arp.Ignore },
	} {
		p := linuxPolicy(t)
		change(&p)
		differ := 0
		for _, c := range kernelCases() {
			if c.virtual(p) != c.virtual(linuxPolicy(t)) {
				differ++
			}
		}
		require.Positive(t, differ, name)
	}
}
