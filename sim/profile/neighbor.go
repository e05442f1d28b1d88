package profile

import (
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
)

// Neighbor is a kind of host: the policy of its ARP cache (N3), and how often its programs use a server.
type Neighbor struct {
	Name    string
	Base    string // the shipped profile that an own one changes; "" for a shipped one
	Sources []Source

	arp.Policy
	policy.System // of a client

	// Uses is how often a client's programs use each VIP, without anybody's doing.
	Uses time.Duration

	// PingPause is how long its ping.exe rests after "Destination host unreachable" (H9).
	PingPause time.Duration
}

// Neighbors are the ARP cache profiles (N3).
var Neighbors = tableOf(func(n Neighbor) string { return n.Name },
	windowsModern, windowsVista7, windowsXP, adClient, linux,
	l3CiscoIOS, l3Nexus, l3Juniper, l3Comware, l3Huawei, l3AlaxalaStrict, l3Alaxala2600S,
	l3Allied, l3TrafficRefreshed, l3Generic10min,
)
