package wire

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseRule(t *testing.T) {
	drop := Verdict{Action: Drop}
	for line, want := range map[string]Rule{ // order: each on its own
		"drop":             {Verdict: drop},
		"drop type 0x86dd": {Verdict: drop, EtherType: 0x86dd},
		"drop arp announcement sender 192.168.10.202 from standby first 2": {
			Verdict: drop, Protocol: ARP, Form: Announcement, Src: vip, From: "standby", First: 2},
		"delay 200ms icmp reply on active": {
			Verdict: Verdict{Action: Delay, Delay: 200 * time.Millisecond}, Protocol: ICMP, Form: Reply, Cable: "active"},
		"duplicate 2 tcp src 192.168.10.1 dport 110 to 客 every 3": {
			Verdict: Verdict{Action: Duplicate, Copies: 2}, Protocol: TCP, Src: other, DstPort: 110, To: "客", Every: 3},
		"drop arp probe sender 0.0.0.0 on probe": {Verdict: drop, Protocol: ARP, Form: Probe, Src: none, Cable: "probe"},
	} {
		r, err := ParseRule(strings.Fields(line))
		require.NoError(t, err, line)
		require.Equal(t, want, r, line)
		require.Equal(t, line, r.String())
	}
	r := rule(t, "drop every 3 to client on active")
	require.Equal(t, "drop on active to client every 3", r.String(), "clauses come in any order, and print in one")
}

func TestParseRuleSaysWhatItExpected(t *testing.T) {
	const anyClause = "on, from, to, first, nth, every"
	for line, want := range map[string]string{ // order: each on its own
		"":                             `found the end, expected drop, delay or duplicate`,
		"dorp arp":                     `found "dorp", expected drop, delay or duplicate`,
		"delay":                        `found the end, expected a delay of more than 0, up to 24h0m0s`,
		"delay 5":                      `found "5", expected a delay of more than 0, up to 24h0m0s`,
		"duplicate 0":                  `found "0", expected a number of copies, 1 to 100`,
		"drop type 0x5ff":              `found "0x5ff", expected an Ethernet type, 0x0600 to 0xffff`,
		"drop arpp":                    `found "arpp", expected type, arp, ip, icmp, tcp, udp, ` + anyClause,
		"drop arp echo":                `found "echo", expected probe, announcement, request, reply, sender, target, ` + anyClause,
		"drop arp probe port 25":       `found "port", expected sender, target, ` + anyClause,
		"drop icmp port 25":            `found "port", expected echo, reply, src, dst, ` + anyClause,
		"drop src 10.0.0.1":            `found "src", expected type, arp, ip, icmp, tcp, udp, ` + anyClause,
		"drop ip src fe80::1":          `found "fe80::1", expected an IPv4 address after src`,
		"drop ip src":                  `found the end, expected an IPv4 address after src`,
		"drop tcp port 0":              `found "0", expected a port, 1 to 65535 after port`,
		"drop on a udp":                `found "udp", expected ` + anyClause,
		"drop on a on b":               `found "on", expected it once only`,
		"drop first 1 nth 2":           `found "nth", expected one of first, nth and every only`,
		"drop every 0":                 `found "0", expected a number, 1 to 1000000000 after every`,
		"drop arp sender 1.2.3.4 oops": `found "oops", expected sender, target, ` + anyClause,
	} {
		_, err := ParseRule(strings.Fields(line))
		require.EqualError(t, err, want, line)
	}
	_, err := ParseRule([]string{"drop", "on", "two words"})
	require.EqualError(t, err, `found "two words", expected a cable's name, one word after on`)
}

// drawRule is any rule that is right.
func drawRule(t *rapid.T) Rule {
	r := Rule{Verdict: rapid.SampledFrom([]Verdict{
		{Action: Drop},
		{Action: Delay, Delay: time.Duration(rapid.Int64Range(1, int64(MaxDelay)).Draw(t, "delay"))},
		{Action: Duplicate, Copies: rapid.IntRange(1, 100).Draw(t, "copies")},
	}).Draw(t, "verdict")}
	name := rapid.SampledFrom([]string{"", "active", "on", "スイッチ", "#1"})
	r.Cable, r.From, r.To = name.Draw(t, "cable"), name.Draw(t, "from"), name.Draw(t, "to")
	r.Protocol = rapid.SampledFrom([]Protocol{"", ARP, IP, ICMP, TCP, UDP}).Draw(t, "protocol")
	r.Form = rapid.SampledFrom(append(forms(r.Protocol), "")).Draw(t, "form")
	port := rapid.SampledFrom([]uint16{0, 1, 25, 65535})
	if r.Protocol == TCP || r.Protocol == UDP {
		r.SrcPort, r.DstPort, r.Port = port.Draw(t, "sport"), port.Draw(t, "dport"), port.Draw(t, "port")
	}
	ip := rapid.SampledFrom([]netip.Addr{{}, none, vip, other})
	if r.Protocol != "" {
		r.Src, r.Dst = ip.Draw(t, "src"), ip.Draw(t, "dst")
	} else if rapid.Bool().Draw(t, "typed") {
		r.EtherType = rapid.Uint16Range(0x0600, 0xffff).Draw(t, "type")
	}
	n := rapid.IntRange(1, MaxPick).Draw(t, "n")
	*rapid.SampledFrom([]*int{&r.First, &r.Nth, &r.Every, new(int)}).Draw(t, "pick") = n
	return r
}

func TestRuleRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		require.NoError(t, r.Check())
		require.Equal(t, r, rule(t, r.String()))
	})
}

// The twin of the round trip: a rule that its line cannot say is refused.
func TestRuleCheckRefuses(t *testing.T) {
	drop := Verdict{Action: Drop}
	for _, r := range []Rule{
		{},
		{Verdict: Verdict{Action: Drop, Delay: time.Second}},
		{Verdict: Verdict{Action: Drop, Copies: 1}},
		{Verdict: Verdict{Action: Delay}},
		{Verdict: Verdict{Action: Delay, Delay: MaxDelay + 1}},
		{Verdict: Verdict{Action: Duplicate, Copies: -1}},
		{Verdict: drop, Protocol: "sctp"},
		{Verdict: drop, Form: Probe},
		{Verdict: drop, Protocol: ICMP, Form: Probe},
		{Verdict: drop, Protocol: ARP, EtherType: TypeARP},
		{Verdict: drop, Src: vip},
		{Verdict: drop, Protocol: IP, Src: netip.MustParseAddr("fe80::1")},
		{Verdict: drop, Protocol: ICMP, Port: 25},
		{Verdict: drop, EtherType: 1},
		{Verdict: drop, Cable: "a b"},
		{Verdict: drop, Cable: "a\nb"},
		{Verdict: drop, First: 1, Nth: 1},
		{Verdict: drop, Every: -1},
	} {
		require.Error(t, r.Check(), "%+v", r)
	}
}

func FuzzParseRule(f *testing.F) {
	for _, line := range []string{
		"drop", "delay 1h2m3.5s icmp echo src 10.0.0.1 on active every 2", "duplicate 3 udp port 53 first 1",
		"drop arp probe target 192.168.10.202 from standby", "drop type 0x86dd to client nth 4",
	} {
		f.Add(strings.ReplaceAll(line, " ", "\x00"))
	}
	f.Fuzz(func(t *testing.T, joined string) {
		words := strings.Split(joined, "\x00") // so that words may hold blanks
		r, err := ParseRule(words)
		if err != nil {
			if r != (Rule{}) {
				t.Fatalf("an error comes with a rule: %+v", r)
			}
			return
		}
		if err := r.Check(); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		if strings.ContainsAny(r.String(), "\n\r") {
			t.Fatalf("%q prints in several lines", r)
		}
	})
}
