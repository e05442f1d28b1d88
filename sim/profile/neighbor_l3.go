package profile

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/arp"
)

// asksAssumed is the part of each cache with a fixed lifetime that no source tells.
var asksAssumed = Source{diag.Say("requests before the neighbour is given up"), diag.Say("assumed"), "L"}

// l3 is an L3 switch: FIELD-FACTS "L3 switches: ARP age, gratuitous ARP". Gratuitous ARP is for RFC
// 826 a packet like another, so requests to others are taken as its request form is (N6).
func l3(name string, age time.Duration, gratuitous arp.Reaction, sources ...Source) Neighbor {
	return Neighbor{
		Name: name,
		Policy: arp.Policy{
			Age:        age,
			Retransmit: time.Second, MulticastProbes: 3,
			GratuitousRequest: gratuitous, GratuitousReply: gratuitous,
			CachedSender: gratuitous, UnaskedReply: arp.Update,
		},
		System: modernSystem, // where it is a client's
		Uses:   nowAndThen, PingPause: pingPause,
		Sources: append(sources, asksAssumed, pingInferred),
	}
}

// with returns the row with a change.
func with(n Neighbor, change func(*Neighbor)) Neighbor {
	change(&n)
	return n
}

var (
	// Row l3-cisco-ios: age H, gratuitous M.
	l3CiscoIOS = l3("l3-cisco-ios", 14400*time.Second, arp.Update,
		Source{diag.Say("age"), manual("Cisco IOS"), "H"},
		Source{diag.Say("gratuitous ARP"), diag.Say("%s: updates existing", "Cisco IOS"), "M"})

	// Row l3-nexus: H.
	l3Nexus = l3("l3-nexus", 1500*time.Second, arp.Update,
		Source{diag.Say("age, gratuitous ARP"), manual("Cisco Nexus"), "H"})

	// Row l3-juniper: age H, gratuitous M.
	l3Juniper = with(l3("l3-juniper", 1200*time.Second, arp.Update,
		Source{diag.Say("age"), manual("Juniper"), "H"},
		Source{diag.Say("gratuitous ARP"), diag.Say("Juniper: reply form ignored, request form updates"), "M"}),
		func(n *Neighbor) { n.GratuitousReply = arp.Ignore })

	// Row l3-comware: H.
	l3Comware = l3("l3-comware", 1200*time.Second, arp.Update,
		Source{diag.Say("age, gratuitous ARP"), manual("HPE Comware"), "H"})

	// Row l3-huawei: H.
	l3Huawei = with(l3("l3-huawei", 1200*time.Second, arp.Update,
		Source{diag.Say("age, gratuitous ARP, renewal"), manual("Huawei"), "H"}),
		func(n *Neighbor) { n.RenewProbes, n.RenewInterval = 3, 5*time.Second })

	// Row l3-alaxala-strict: H. Any ARP whose target is not the switch is dropped.
	l3AlaxalaStrict = l3("l3-alaxala-strict", 14400*time.Second, arp.Ignore,
		Source{diag.Say("age (settable), target check"), manual("ALAXALA"), "H"})

	// Row l3-alaxala-2600s: H.
	l3Alaxala2600S = l3("l3-alaxala-2600s", 14400*time.Second, arp.Update,
		Source{diag.Say("age (settable), gratuitous ARP, probes"), manual("ALAXALA AX2600S"), "H"})

	// Row l3-allied: age H, gratuitous L.
	l3Allied = l3("l3-allied", 300*time.Second, arp.Update,
		Source{diag.Say("age"), manual("Allied Telesis"), "H"},
		Source{diag.Say("gratuitous ARP"), diag.Say("%s: updates existing", "Allied Telesis"), "L"})

	// Row l3-traffic-refreshed: H.
	l3TrafficRefreshed = with(l3("l3-traffic-refreshed", 1200*time.Second, arp.Update,
		Source{diag.Say("age, renewed by traffic, gratuitous ARP"), manual("Hirschmann"), "H"}),
		func(n *Neighbor) { n.RenewedByTraffic = true })

	// Row l3-generic-10min: synthetic.
	l3Generic10min = l3("l3-generic-10min", 600*time.Second, arp.Ignore,
		Source{diag.Say("age, gratuitous ARP"), diag.Say("synthetic"), "-"})
)
