package profile

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/policy"
)

// Server is what a Windows version does when an address is added or its link comes back (H3, H4).
type Server struct {
	Name          string
	Base          string        // the shipped profile that an own one changes; "" for a shipped one
	Probes        int           // ARP probes before the address is usable; 0 is usable at once
	ProbeInterval time.Duration // from one probe to the next, and from the last to usable
	Announcements int           // gratuitous ARPs once the address is usable; 0 or 1

	// What ARP from others does to an address (H15).
	AnswerIsConflict  bool           // a reply to its announcement makes a new address Duplicate
	RequestIsConflict bool           // an ordinary request for a tentative address does
	Defend            policy.Defence // of an owner that hears its address claimed, ...
	DefendInterval    time.Duration  // ... at most once in this time

	Source  policy.Source // of what it sends, where that names none (H13)
	TCP     policy.TCP    // H14
	ARP     string        // the Neighbor profile of the server's own ARP cache
	Sources []Source
}

// Tentative is how long a new address cannot be used (H3).
func (s Server) Tentative() time.Duration {
	return time.Duration(s.Probes) * s.ProbeInterval
}

// Servers are the server profiles (H4).
var Servers = tableOf(func(s Server) string { return s.Name },
	Server{
		Name: "srv-2003",
		// FIELD-FACTS, XP/2003 "address add", KB199773: M.
		Probes: 0, Announcements: 1,
		// FIELD-FACTS, XP/2003 "address add", KB199773: answered, the newcomer goes and the owner announces: M.
		AnswerIsConflict: true, Defend: policy.Announce, DefendInterval: defendInterval,
		// FIELD-FACTS "source address", KB969029: H.
		Source: policy.First,
		TCP:    windowsTCP,
		ARP:    "windows-xp",
		Sources: []Source{
			{diag.Say("address add, announcement, conflict, defence"), verbatim("KB199773"), "M"},
			intervalAssumed,
			sourceOnRecord, tcpOnRecord, removalAssumed,
		},
	},
	Server{
		Name: "srv-2008",
		// FIELD-FACTS "address add: probes", DadTransmits=3: H.
		Probes: 3, ProbeInterval: time.Second,
		// FIELD-FACTS "announcement after DAD", captures of 2008/7: M.
		Announcements: 0,
		Defend:        policy.Silent, DefendInterval: defendInterval,
		Source: policy.Nearest,
		TCP:    windowsTCP,
		ARP:    "windows-vista7",
		Sources: []Source{
			probesOnRecord,
			sourceOnRecord, tcpOnRecord, removalAssumed,
			{diag.Say("announcement"), diag.Say("captures of 2008 and 7"), "M"},
			{diag.Say("request is no conflict"), diag.Say("KB948363: early versions may take it for one"), "M"},
			defenceUnknown, intervalAssumed,
		},
	},
	Server{
		Name: "srv-2012plus",
		// FIELD-FACTS "address add: probes", DadTransmits=3: H.
		Probes: 3, ProbeInterval: time.Second,
		// FIELD-FACTS "announcement after DAD": reports of 2012-2022 differ between 0 and 1: M.
		Announcements: 1,
		Defend:        policy.Silent, DefendInterval: defendInterval,
		Source: policy.Nearest,
		TCP:    windowsTCP,
		ARP:    "windows-modern",
		Sources: []Source{
			probesOnRecord,
			sourceOnRecord, tcpOnRecord, removalAssumed,
			{diag.Say("announcement"), diag.Say("captures of Windows 10; reports of 2012-2022 differ"), "M"},
			defenceUnknown, intervalAssumed,
		},
	},
)

// defendInterval is RFC 5227's (2.4), for want of a figure of Windows'.
const defendInterval = 10 * time.Second

// windowsTCP: FIELD-FACTS "TCP connect to a dead host", netsh RTO 3000, SYN retries 2: H; "TCP data retransmits",
// KB170359: M. What becomes of the connections of an address that is removed is not on record: L.
var windowsTCP = policy.TCP{
	SYNRetry: 3 * time.Second, SYNs: 3,
	MinRTO: 300 * time.Millisecond, Retransmissions: 5,
	Removal: policy.Hang,
}

var (
	tcpOnRecord     = Source{verbatim("TCP"), diag.Say("netsh: RTO 3000, SYN retries 2; KB170359"), "M"}
	removalAssumed  = Source{diag.Say("connections of a removed address"), diag.Say("not on record: they hang, assumed"), "L"}
	defenceUnknown  = Source{diag.Say("defence"), diag.Say("not on record: none assumed"), "L"}
	intervalAssumed = Source{diag.Say("interval of defence"), diag.Say("RFC 5227, 2.4: assumed"), "L"}
	probesOnRecord  = Source{diag.Say("probes"), verbatim("CreateUnicastIpAddressEntry, DadTransmits=3"), "H"}
	sourceOnRecord  = Source{diag.Say("source address"), verbatim("KB969029"), "H"}
)
