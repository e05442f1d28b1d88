package host_test

import (
	"fmt"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
)

// measures look at a host from outside: its frames, nothing else.
var measures = []struct {
	name string
	run  func(arp.Policy) string
}{
	{"reactions, entry 10 s old", func(p arp.Policy) string { return reactions(p, 10*time.Second) }},
	{"reactions, entry 0.5 s old", func(p arp.Policy) string { return reactions(p, 500*time.Millisecond) }},
	{"reactions, no entry", reactionsOfNone},
	{"requests for nobody", unknown},
	{"probes of a stale entry", stale},
	{"requests in silence", silent},
	{"age, nothing sent", unused},
	{"age, sending", oneWay},
	{"age, sending and answered", twoWay},
	{"renewed by", renewedBy},
	{"reachable", reachable},
}

// form is a way in which ARP shows a MAC and an IP address together.
type form struct {
	name  string
	frame func(wire.MAC, netip.Addr) []byte
}

var forms = []form{
	{"gratuitous request", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(1, m, ip, unsetMAC, ip, wire.Broadcast) }},
	{"gratuitous reply", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(2, m, ip, m, ip, wire.Broadcast) }},
	{"request to host", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(1, m, ip, unsetMAC, hostIP, wire.Broadcast) }},
	{"request to another", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(1, m, ip, unsetMAC, otherIP, wire.Broadcast) }},
	{"unasked answer", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(2, m, ip, hostMAC, hostIP, hostMAC) }},
	{"probe", func(m wire.MAC, ip netip.Addr) []byte { return arpFrame(1, m, anyIP, unsetMAC, ip, wire.Broadcast) }},
}

// step is how closely ages are measured; packets are sent in the middle of a step.
const step = 5 * time.Second

const never = 18000 * time.Second

// reactions is where the host's next packet goes after each form comes from the new MAC.
func reactions(p arp.Policy, age time.Duration) string {
	var all []string
	for _, form := range forms {
		st := newStation(p, 1)
		st.until(age)
		st.put(form.frame(newMAC, peerIP))
		st.until(age + 100*time.Millisecond)
		all = append(all, st.outcome())
		st.close()
	}
	return strings.Join(all, " ")
}

func reactionsOfNone(p arp.Policy) string {
	var all []string
	for _, form := range forms {
		st := bareStation(p, 1)
		st.put(form.frame(newMAC, peerIP))
		st.until(100 * time.Millisecond)
		all = append(all, st.outcome())
		st.close()
	}
	return strings.Join(all, " ")
}

// unknown is what one packet to nobody makes the host ask.
func unknown(p arp.Policy) string {
	st := bareStation(p, 1)
	defer st.close()
	st.send()
	st.until(time.Minute)
	return list(st.asked)
}

// stale is what the host asks while it sends each second to a peer it has not heard of for 100 s.
func stale(p arp.Policy) string {
	st := newStation(p, 1)
	defer st.close()
	for i := range 11 {
		st.until(100*time.Second + time.Duration(i)*time.Second)
		st.send()
	}
	st.until(st.s.Now() + time.Millisecond)
	return list(st.asked)
}

// silent is what the host asks for by itself.
func silent(p arp.Policy) string {
	st := newStation(p, 1)
	defer st.close()
	st.until(never)
	return list(st.asked)
}

func list(asked []request) string {
	var all []string
	for _, r := range asked {
		all = append(all, r.String())
	}
	return strings.Join(all, ", ")
}

// unused is the silence after which the host has to ask for a peer it once learnt.
func unused(p arp.Policy) string {
	return age(sort.Search(int(never/step), func(i int) bool {
		st := newStation(p, 1)
		defer st.close()
		st.until(time.Duration(i)*step + step/2)
		return st.outcome() == "asks"
	}))
}

// oneWay is when a host that sends all the time first broadcasts a request for the dead peer.
func oneWay(p arp.Policy) string {
	st := newStation(p, 1)
	defer st.close()
	return st.sendUntil(func() bool {
		return slices.ContainsFunc(st.asked, func(r request) bool { return r.to == wire.Broadcast })
	})
}

// twoWay is when a host that sends all the time first asks for the peer that always answers.
func twoWay(p arp.Policy) string {
	st := newStation(p, 1)
	defer st.close()
	st.alive = true
	return st.sendUntil(func() bool { return len(st.asked) > 0 })
}

func (st *station) sendUntil(done func() bool) string {
	steps := 0
	for ; steps < int(never/step); steps++ {
		st.until(time.Duration(steps)*step + step/2)
		st.send()
		st.until(st.s.Now() + time.Millisecond)
		if done() {
			break
		}
	}
	return age(steps)
}

// age prints a number of steps; below a minute RFC 4861 rolls dice.
func age(steps int) string {
	switch d := time.Duration(steps) * step; {
	case d >= never:
		return "never"
	case d < time.Minute:
		return "under a minute"
	default:
		return fmt.Sprint(d.Seconds())
	}
}

// renewedBy are the events that, 100 s after the host learnt of the peer, put off the end.
func renewedBy(p arp.Policy) string {
	events := []struct {
		name string
		do   func(*station)
	}{
		{"packet sent", (*station).send},
		{"packet heard", func(st *station) { st.put(unaskedPacket(oldMAC)) }},
		{"packet of another MAC", func(st *station) { st.put(unaskedPacket(newMAC)) }},
	}
	for _, f := range forms {
		events = append(events, struct {
			name string
			do   func(*station)
		}{f.name, func(st *station) { st.put(f.frame(oldMAC, peerIP)) }})
	}
	end := unused(p)
	if end == "never" {
		return ""
	}
	var seconds float64
	fmt.Sscan(end, &seconds)
	var all []string
	for _, e := range events {
		st := newStation(p, 1)
		st.until(100 * time.Second)
		e.do(st)
		st.until(time.Duration(seconds)*time.Second + 5*step)
		if st.outcome() == "old" {
			all = append(all, e.name)
		}
		st.close()
	}
	return strings.Join(all, ", ")
}

// reachable is the range, over many hosts, of the age at which use first leads to a probe.
func reachable(p arp.Policy) string {
	shortest, longest := 1000, 0
	for seed := range uint64(30) {
		n := sort.Search(100, func(s int) bool {
			st := newStation(p, seed)
			defer st.close()
			st.until(time.Duration(s) * time.Second)
			st.send()
			st.until(st.s.Now() + 12*time.Second)
			return len(st.asked) > 0
		})
		shortest, longest = min(shortest, n), max(longest, n)
	}
	if shortest == 100 {
		return "for good"
	}
	return fmt.Sprintf("%d-%d s", shortest/5*5, (longest+4)/5*5)
}
