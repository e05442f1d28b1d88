package profile

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
)

// nowAndThen is how often a client's programs use the VIP.
//
// Inferred: mail programs, keep-alives of open sessions and the like, together; a source for a figure there is
// not. A client that uses it seldom forgets it, and has no stale entry then.
const nowAndThen = 10 * time.Second

// pingPause is ping.exe's rest after "Destination host unreachable".
//
// Inferred: from the guide's transcript (step 15), where 4 time-outs, 4 of these and an answer after 2712 ms make up
// a failover. Without a rest they are 31 s, which no failover is (W14: 33 s at least); with a second they are 35 s. An
// error has no round trip, so that the whole second to the next request is still to come.
const pingPause = time.Second

var pingInferred = Source{diag.Say("ping.exe's rest after an unreachable"), diag.Say("inferred from the guide's transcript, step 15"), "L"}

// Systems of clients: FIELD-FACTS "address add", "announcement after DAD", "source address", as of the
// servers of their time.
var (
	modernSystem = policy.System{DAD: policy.DAD{Probes: 3, Interval: time.Second, Announcements: 1, Answers: true}, Source: policy.Nearest, TCP: windowsTCP}
	vistaSystem  = policy.System{DAD: policy.DAD{Probes: 3, Interval: time.Second, Answers: true}, Source: policy.Nearest, TCP: windowsTCP}
	xpSystem     = policy.System{DAD: policy.DAD{Announcements: 1, AnswerIsConflict: true, Answers: true, Defend: policy.Announce, DefendInterval: defendInterval}, Source: policy.First, TCP: windowsTCP}
)

// linuxSystem: FIELD-FACTS "Linux", measured on kernel 6.18: the port's coming up to the first answer where the
// kernel must ask again is 0.81-0.85 s. It probes for nothing and, without arp_notify, announces nothing.
var linuxSystem = policy.System{DAD: policy.DAD{Delay: 820 * time.Millisecond}, Source: policy.First, SteadyPing: true}

// FIELD-FACTS "gratuitous ARP received, 8/2012 and later", inferred from the hotfix: M.
var windowsModern = windows("windows-modern", modernSystem, arp.Update,
	Source{diag.Say("gratuitous ARP"), diag.Say("8/2012 and later: inferred from the hotfix KB2582281"), "M"})

// FIELD-FACTS "gratuitous ARP received, Vista/7/2008/2008R2", KB2582281: H.
var windowsVista7 = windows("windows-vista7", vistaSystem, arp.Ignore,
	Source{diag.Say("gratuitous ARP"), diag.Say("Vista/7/2008/2008R2: vendor blog; KB2582281"), "H"})

// windows is Vista and later; the versions differ in what gratuitous ARP does. That requests to
// others change nothing is on record for Vista to 2008R2 only ("only by a request aimed at the
// receiver"); for later versions it is assumed: L. So is what a second answer does.
func windows(name string, sys policy.System, gratuitous arp.Reaction, s Source) Neighbor {
	return Neighbor{
		Name: name,
		Policy: arp.Policy{
			// FIELD-FACTS "neighbour REACHABLE time", KB949589: H.
			BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
			// FIELD-FACTS "retransmit interval", KB949589: H.
			Retransmit: time.Second,
			// FIELD-FACTS "DELAY, probes", RFC 4861 section 10: M.
			DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, MulticastProbes: 3,
			GratuitousRequest: gratuitous, GratuitousReply: gratuitous,
		},
		System: sys,
		Uses:   nowAndThen, PingPause: pingPause,
		Sources: []Source{
			{diag.Say("reachable time, retransmit interval"), verbatim("KB949589"), "H"},
			{diag.Say("delay, probes"), diag.Say("RFC 4861 section 10"), "M"},
			s,
			{diag.Say("requests to others, second answers"), diag.Say("assumed"), "L"},
			pingInferred,
			{diag.Say("address at link up, source address, TCP"), diag.Say("as the Windows Server of its time"), "M"},
		},
	}
}

// windowsXP is XP and 2003.
var windowsXP = Neighbor{
	Name: "windows-xp",
	Policy: arp.Policy{
		// FIELD-FACTS "ArpCacheMinReferencedLife", cc957525: H; "ArpCacheLife", cc957524: H.
		Age: 600 * time.Second, Idle: 120 * time.Second,
		// How often it asks is not on record: L.
		Retransmit: time.Second, MulticastProbes: 3,
		// FIELD-FACTS XP/2003 "gratuitous ARP, or any request from a cached sender", RFC 826, KB980424: H.
		GratuitousRequest: arp.Update, GratuitousReply: arp.Update, CachedSender: arp.Update,
		// RFC 826 merges answers as it merges requests.
		UnaskedReply: arp.Update,
	},
	System: xpSystem,
	Uses:   nowAndThen, PingPause: pingPause,
	Sources: []Source{
		{diag.Say("age"), verbatim("ArpCacheMinReferencedLife: cc957525"), "H"},
		{diag.Say("idle"), verbatim("ArpCacheLife: cc957524"), "H"},
		{diag.Say("gratuitous ARP, requests to others"), verbatim("RFC 826; KB980424"), "H"},
		{diag.Say("address at link up, source address, TCP"), verbatim("KB199773; KB969029; KB170359"), "M"},
		asksAssumed,
		pingInferred,
	},
}

// adClient is calibrated to the guide (N4): about 10 minutes or more until a client notices.
// FIELD-FACTS, below XP/2003: of the readings that give that, the age that traffic resets.
var adClient = Neighbor{
	Name: "ad-client",
	Policy: arp.Policy{
		Age: 600 * time.Second, RenewedByTraffic: true,
		Retransmit: time.Second, MulticastProbes: 3,
		UnaskedReply: arp.Update,
	},
	System:    modernSystem,
	Uses:      time.Minute, // its 10 minutes count from the last word of the neighbour
	PingPause: pingPause,
	Sources: []Source{
		{diag.Say("age, renewed by traffic, gratuitous ARP"), diag.Say("calibrated to the guide, chapter 3, A"), "L"},
		{diag.Say("address at link up, source address, TCP"), diag.Say("as a current Windows: assumed"), "L"},
		asksAssumed,
		pingInferred,
	},
}

// linux is compared with a kernel (netstack/host). FIELD-FACTS "Linux", ip-sysctl: H. Where they
// differ the kernel wins: locktime holds off neither gratuitous ARP nor requests to the host, only
// what else has the sender's address. gc_stale_time ends nothing here: tables of less than
// gc_thresh1 (128) entries are not collected (ip-sysctl).
var linux = Neighbor{
	Name: "linux",
	Policy: arp.Policy{
		BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
		Redraw:     300 * time.Second,
		Retransmit: time.Second, DelayFirstProbe: 5 * time.Second,
		UnicastProbes: 3, MulticastProbes: 3,
		GratuitousRequest: arp.Update, GratuitousReply: arp.Update, CachedSender: arp.Update, UnaskedReply: arp.Update,
		Locktime: time.Second,
	},
	System: linuxSystem,
	Uses:   nowAndThen, PingPause: pingPause,
	Sources: []Source{
		{diag.Say("reachable time drawn anew each 300 s"), diag.Say("measured on kernel 6.18"), "M"},
		{diag.Say("reachable time, delay, probes, arp_accept"), verbatim("ip-sysctl"), "H"},
		{diag.Say("reactions, locktime"), diag.Say("ip-sysctl; measured on kernel 6.18"), "H"},
		pingInferred,
		{diag.Say("address at link up, no announcement"), diag.Say("ip-sysctl; measured on kernel 6.18"), "M"},
		{verbatim("TCP"), verbatim("tcp_syn_retries 6, tcp_retries2 15: ip-sysctl"), "H"},
		{diag.Say("its ping"), verbatim("iputils"), "M"},
	},
}
