package wire

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func rule(t require.TestingT, line string) Rule {
	r, err := ParseRule(strings.Fields(line))
	require.NoError(t, err, line)
	return r
}

func addRule(t require.TestingT, n *Network, line string) *ActiveRule {
	a, err := n.AddRule(rule(t, line))
	require.NoError(t, err, line)
	return a
}

// ipFrame is an IPv4 packet; rest is what follows its header.
func ipFrame(n *Network, proto byte, src, dst netip.Addr, rest ...byte) *Frame {
	f := n.NewFrame(60)
	clear(f.B)
	copy(f.B[0:6], Broadcast[:])
	f.B[6] = 2
	binary.BigEndian.PutUint16(f.B[12:], TypeIPv4)
	b := f.B[HeaderLen:]
	b[0], b[9] = 0x45, proto
	copy(b[12:16], src.AsSlice())
	copy(b[16:20], dst.AsSlice())
	copy(b[20:], rest)
	return f
}

// Each frame against each rule: the rules named match, the others do not.
func TestRuleMatches(t *testing.T) {
	_, net, _ := bench(1)
	m := MAC{2, 0, 0, 0, 0, 1}
	rules := []string{
		"drop", "drop type 0x0800", "drop type 0x86dd",
		"drop arp", "drop arp probe", "drop arp announcement", "drop arp request", "drop arp reply",
		"drop arp sender 192.168.10.202", "drop arp target 192.168.10.202",
		"drop ip", "drop ip src 192.168.10.202", "drop icmp", "drop icmp echo", "drop icmp reply dst 192.168.10.1",
		"drop tcp", "drop tcp sport 25", "drop tcp dport 25", "drop tcp port 25", "drop udp port 53",
	}
	ipv6 := ipFrame(net, 6, vip, other, 0, 25, 0, 99)
	binary.BigEndian.PutUint16(ipv6.B[12:], 0x86dd)
	fragment := ipFrame(net, 6, vip, other, 0, 25, 0, 25)
	fragment.B[HeaderLen+7] = 1
	short := net.NewFrame(HeaderLen - 1)
	clear(short.B)
	for _, c := range []struct {
		name  string
		frame *Frame
		want  []string
	}{
		{"probe", arpFrame(net, 1, m, none, vip), []string{"drop arp", "drop arp probe", "drop arp target 192.168.10.202"}},
		{"announcement, request", arpFrame(net, 1, m, vip, vip), []string{"drop arp", "drop arp announcement", "drop arp sender 192.168.10.202", "drop arp target 192.168.10.202"}},
		{"announcement, reply", arpFrame(net, 2, m, vip, vip), []string{"drop arp", "drop arp announcement", "drop arp sender 192.168.10.202", "drop arp target 192.168.10.202"}},
		{"request", arpFrame(net, 1, m, other, vip), []string{"drop arp", "drop arp request", "drop arp target 192.168.10.202"}},
		{"reply", arpFrame(net, 2, m, vip, other), []string{"drop arp", "drop arp reply", "drop arp sender 192.168.10.202"}},
		{"another ARP", arpFrame(net, 3, m, other, other), []string{"drop arp"}},
		{"echo", ipFrame(net, 1, other, vip, 8), []string{"drop type 0x0800", "drop ip", "drop icmp", "drop icmp echo"}},
		{"echo reply", ipFrame(net, 1, vip, other, 0), []string{"drop type 0x0800", "drop ip", "drop ip src 192.168.10.202", "drop icmp", "drop icmp reply dst 192.168.10.1"}},
		{"unreachable", ipFrame(net, 1, other, vip, 3), []string{"drop type 0x0800", "drop ip", "drop icmp"}},
		{"to a port", ipFrame(net, 6, other, vip, 200, 0, 0, 25), []string{"drop type 0x0800", "drop ip", "drop tcp", "drop tcp dport 25", "drop tcp port 25"}},
		{"from a port", ipFrame(net, 6, other, vip, 0, 25, 200, 0), []string{"drop type 0x0800", "drop ip", "drop tcp", "drop tcp sport 25", "drop tcp port 25"}},
		{"UDP", ipFrame(net, 17, other, vip, 200, 0, 0, 53), []string{"drop type 0x0800", "drop ip", "drop udp port 53"}},
		{"later fragment", fragment, []string{"drop type 0x0800", "drop ip", "drop ip src 192.168.10.202", "drop tcp"}},
		{"IPv6", ipv6, []string{"drop type 0x86dd"}},
		{"cut short", short, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			p := dissect(c.frame.B)
			for _, line := range rules[1:] {
				if r := rule(t, line); r.matches(&p) {
					got = append(got, line)
				}
			}
			require.Equal(t, c.want, got)
			all := rule(t, rules[0])
			require.True(t, all.matches(&p), "a rule that asks for nothing matches everything")
		})
	}
}

// Ten frames through one cable: which arrive, and when.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		line string
		want []int
		hits uint64
	}{
		{"drop", nil, 10},
		{"drop first 3", []int{3, 4, 5, 6, 7, 8, 9}, 3},
		{"drop nth 3", []int{0, 1, 3, 4, 5, 6, 7, 8, 9}, 1},
		{"drop every 3", []int{0, 1, 3, 4, 6, 7, 9}, 3},
		{"duplicate 2 nth 2", []int{0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 1},
		{"delay 2500µs first 1", []int{1, 2, 0, 3, 4, 5, 6, 7, 8, 9}, 1},
		{"drop on c1", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"drop from a0", nil, 10},
		{"drop to b0", nil, 10},
		{"drop from b0", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"drop arp", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
	} {
		t.Run(c.line, func(t *testing.T) {
			_, net, l := lines(1, 2)
			a := addRule(t, net, c.line)
			require.Equal(t, c.want, order(l[0].send(AToB, 10, time.Millisecond)))
			require.Equal(t, c.hits, a.Hits())
			a.Remove()
			a.Remove()
			require.Len(t, l[0].send(AToB, 10, time.Millisecond), 10, "a rule removed is out of force")
			require.Equal(t, c.hits, a.Hits())
		})
	}
}

// The first rule that matches decides; one that passes a frame over leaves it to the next.
func TestFirstMatchWins(t *testing.T) {
	_, net, l := lines(1, 1)
	first := addRule(t, net, "drop first 2")
	second := addRule(t, net, "duplicate 1 nth 1")
	third := addRule(t, net, "drop")
	require.Equal(t, []int{2, 2}, order(l[0].send(AToB, 10, time.Millisecond)))
	require.Equal(t, []uint64{2, 1, 7}, []uint64{first.Hits(), second.Hits(), third.Hits()})
	require.Equal(t, []uint64{10, 8, 7}, []uint64{first.Matched(), second.Matched(), third.Matched()})
	require.Equal(t, Counters{Sent: 10, Lost: 9, Duplicated: 1}, l[0].cable.Counters(AToB))
}

// A rule is about what its station puts on its cable, though the switch's port has the same name and
// the frame goes on over other cables.
func TestRuleOfAStation(t *testing.T) {
	s, net, st := bench(3)
	to, from, all := addRule(t, net, "delay 1ms to st1"), addRule(t, net, "delay 1ms from st1"), addRule(t, net, "delay 1ms")
	st[0].send(Broadcast)
	s.RunUntil(time.Second)
	require.Equal(t, []uint64{1, 0, 2}, []uint64{from.Hits(), to.Hits(), all.Hits()})
	st[1].send(st[0].mac)
	s.RunUntil(2 * time.Second)
	require.Equal(t, []uint64{1, 1, 3}, []uint64{from.Hits(), to.Hits(), all.Hits()})
}

// A rule's loss is reported with the rule; it needs no seed, and a cut cable still counts its hit.
func TestRuleDropIsReported(t *testing.T) {
	s, net, st := bench(2)
	var got []string
	net.AddDropTap(func(d Dropped, _ []byte) { got = append(got, fmt.Sprint(d.Reason, ": ", d.Rule.Rule())) })
	mustImpair(t, net.Cables()[0], AToB, Impairment{Cut: true})
	a := addRule(t, net, "drop on st1")
	st[0].send(Broadcast)
	s.RunUntil(time.Second)
	require.Equal(t, []string{"rule: drop on st1"}, got)
	require.Equal(t, uint64(1), a.Hits())
}

func TestRuleOfUnknownNames(t *testing.T) {
	_, net, _ := lines(1, 2)
	for line, want := range map[string]string{ // order: each on its own
		"drop on c7":   `wire: rule "drop on c7": found cable "c7", expected one of c0, c1`,
		"drop from c0": `wire: rule "drop from c0": found station "c0", expected one of a0, b0, a1, b1`,
		"drop to x":    `wire: rule "drop to x": found station "x", expected one of a0, b0, a1, b1`,
	} {
		_, err := net.AddRule(rule(t, line))
		require.EqualError(t, err, want)
	}
	require.Empty(t, net.rules)
}
