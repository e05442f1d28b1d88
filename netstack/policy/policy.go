// Package policy is how hosts differ beyond their ARP caches, as plain data: one type for the host that behaves
// so, the profile that describes it and the file that changes it.
package policy

import "time"

// System is what a kind of host does beyond its ARP cache.
type System struct {
	DAD    DAD
	Source Source
	TCP    TCP
	// SteadyPing: its ping sends a request each second, whatever became of the last; else it waits for
	// the last one's answer, or gives it up (H9).
	SteadyPing bool
}

// DAD is how a host brings an address into use (H3, H4).
type DAD struct {
	Delay         time.Duration // from link up to the first probe
	Probes        int           // ARP probes before use; 0: usable at once
	Interval      time.Duration // from one probe to the next, and from the last to use
	Announcements int           // gratuitous ARPs once usable, sent at once

	// What ARP from others does to an address (H15).
	AnswerIsConflict  bool          // a reply to the announcement makes a new address Duplicate
	RequestIsConflict bool          // an ordinary request for a tentative address does
	Answers           bool          // an owner answers an announcement, as it does any request (N6)
	Defend            Defence       // what else an owner does that hears its address claimed ...
	DefendInterval    time.Duration // ... at most once in this time
}

// Defence is what an owner does that hears its address claimed (H15).
type Defence int

// The ways: nothing, or one gratuitous ARP.
const (
	Silent Defence = iota
	Announce
)

// Defences are all of them.
var Defences = []Defence{Silent, Announce}

func (d Defence) String() string { return [...]string{"none", "announce"}[d] }

// Duration is how long a new address stays tentative.
func (p DAD) Duration() time.Duration { return time.Duration(p.Probes) * p.Interval }

// Source is how a host chooses the source address of what names none (H13).
type Source int

// The ways: the interface's first usable address, as XP and 2003; or the one with the most high bits in common
// with the next hop, then with the destination, as Vista and later. Of equals that is the first.
const (
	First Source = iota
	Nearest
)

// Sources are all of them.
var Sources = []Source{First, Nearest}

func (s Source) String() string { return [...]string{"first", "nearest"}[s] }

// TCP is the times of a host's connections (H14). The zero value is netstack's, and about Linux's: SYNs after
// 1, 3, 7, 15 s and so on, RTO from 200 ms, 15 retransmissions, a connect that ends when ARP finds nobody.
type TCP struct {
	// SYNRetry is from the first SYN to the second; each further wait is twice the last, and after SYNs of them
	// and the last wait the connect fails. That ARP finds nobody ends none.
	SYNRetry time.Duration
	SYNs     int

	MinRTO          time.Duration // of data
	Retransmissions int           // of one segment, each after twice the time; another one such wait ends the connection

	Removal Removal // what removing an address does to its connections
}

// Connect is how long a connect without an answer lasts.
func (p TCP) Connect() time.Duration {
	if p.SYNs == 0 {
		return 127 * time.Second
	}
	return p.SYN(p.SYNs)
}

// SYN is when SYN n goes out, from 0 on.
func (p TCP) SYN(n int) time.Duration { return p.SYNRetry * time.Duration(1<<n-1) }

// Removal is what removing an address does to its connections (H14).
type Removal int

// The ways: they hang, and go on if the address comes back in time; or they end, without a word to the
// other side.
const (
	Hang Removal = iota
	End
)

// Removals are all of them.
var Removals = []Removal{Hang, End}

func (r Removal) String() string { return [...]string{"hang", "end"}[r] }
