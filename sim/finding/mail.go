package finding

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Mail is what a run did to messages (P5).
type Mail struct {
	Copies  []Copy `json:"copies"`
	Audited bool   `json:"audited"` // what lies on the share at the end is known

	// Again counts acceptances of a message that had been accepted before: its sender had lost the 250.
	Again    int           `json:"again"`
	Drafts   int           `json:"drafts"`   // files in queue/tmp that nobody was told of: acceptances that broke off
	Read     int           `json:"read"`     // messages that readers got
	Unread   int           `json:"unread"`   // looks for new mail that failed
	Broken   int           `json:"broken"`   // sessions that broke
	Failures []MailFailure `json:"failures"` // tries to send that failed, for a recipient or for all, by how
	Passed   []Passed      `json:"-"`        // whose mailboxes lie past the logins that look for new mail
	Told     []Told        `json:"-"`        // what clients were told
	Bounces  []Bounce      `json:"-"`        // by time, where the trace tells for what
	Kept     []Kept        `json:"-"`        // by time: what services say they told, then what readers were told
	Unheld   []Unheld      `json:"-"`        // by time
	Routes   []MailRoute   `json:"-"`        // which clients send to which servers
	Downs    []MailDown    `json:"downs"`    // by route and time
}

// Passed is a recipient whose user looks for new mail without saying the domain, and whose messages lay there before such a
// look, which the servers took for another domain's (M5).
type Passed struct {
	To string
	N  int // messages
}

// Kept is a message that a service told a reader was deleted, and that lay there still: as the service put it down, or as
// the reader was told.
type Kept struct {
	At     time.Duration
	Node   string // whose service put it down; "" of what a reader was told
	Reader string // the client that was told; "" of what a service put down
	Box    string // or the reader's user
	ID     string // of the queue entry that it came from, or the message's own, as the reader knows it
}

// Doing is what EPSTDS does about a copy.
type Doing string

// What it may do only while its node has the address (M4).
const (
	Sent    Doing = "sent"     // another server has taken it
	Boxed   Doing = "boxed"    // it was moved into a mailbox
	GivenUp Doing = "given-up" // its report was made, or it was taken out of the queue for good
)

// Unheld is EPSTDS having done something about a copy on a node that had not the address in its LogicalIP, or had just
// stood still, and not having done it so late because something held it up (M4); or having sent one that it must have seen
// to be in the queue no more.
type Unheld struct {
	At       time.Duration
	Node     string
	To, Name string // of the copy: see Copy.Name
	Address  netip.Addr
	Did      Doing
	Last     time.Duration // when it last might
	Thawed   time.Duration // when the machine went on that had stood still; 0: it had not the address
	Gone     time.Duration // when the copy had left the queue; 0: it was there
}

// Fate is what became of a copy: each has exactly one.
type Fate string

// The fates.
const (
	Delivered Fate = "delivered" // it lies in its mailbox
	Read      Fate = "read"      // a reader got it and took it from there
	Relayed   Fate = "relayed"   // taken by another domain's server
	Queued    Fate = "queued"
	Bounced   Fate = "bounced"  // its sender has a report, or there is nobody to tell
	UnderWay  Fate = "underway" // a step was done whose rest was not: see Step
	Doubled   Fate = "doubled"
	Lost      Fate = "lost"
)

// Fates are all of them.
var Fates = []Fate{Delivered, Read, Relayed, Queued, Bounced, UnderWay, Doubled, Lost}

// Step is what is still to be done of a copy under way.
type Step string

// The steps.
const (
	Splitting Step = "split"  // the acceptance of several recipients has to be taken apart
	Removing  Step = "remove" // another server has it; it has to leave the queue
	Reporting Step = "report" // its report is made; it has to leave the queue
)

// Steps are all of them.
var Steps = []Step{Splitting, Removing, Reporting}

// Copy is an acceptance of a message for one recipient, and what became of it. Exactly one of InBox, Read, Taken,
// Bounced and Queued should be 1. All of it is what lies on the share at the end, what the share did until then, and
// what readers and servers outside have got; what the nodes say of themselves matters for Sending.Heard only.
type Copy struct {
	ID        string        `json:"id"` // of the queue entry
	MessageID string        `json:"message_id,omitempty"`
	To        string        `json:"to"`
	Node      string        `json:"node"` // that accepted it
	Accepted  time.Duration `json:"accepted"`
	Again     bool          `json:"again,omitempty"`  // its message had been accepted before: the sender had lost the 250
	Served    time.Duration `json:"served,omitempty"` // when it was in its mailbox, or taken by another server
	InBox     int           `json:"in_box"`           // times it lies in its mailbox
	Read      int           `json:"read"`             // times it was taken out of its mailbox by a reader who had got it
	Taken     int           `json:"taken"`            // by another domain's server
	Bounced   int           `json:"bounced"`
	Queued    int           `json:"queued"`
	Unsplit   bool          `json:"unsplit,omitempty"`  // it lies in the queue, and its acceptance is still to be split
	Sendings  []Sending     `json:"sendings,omitempty"` // how it left the queue's folder, or its report came there
	Why       *Note         `json:"why,omitempty"`      // of one doubled or lost: the cause, if it is known
}

// Sending is another server having taken a copy, or its report having been put into the queue.
type Sending struct {
	Node   string        `json:"node"`
	At     time.Duration `json:"at"`
	Heard  time.Duration `json:"heard,omitempty"` // when the node knew; 0: never
	Report bool          `json:"report,omitempty"`
}

// Fate is what became of the copy. One that went out once and still lies in the queue is not there twice: its removal
// has failed, or is to come.
func (c *Copy) Fate() Fate {
	switch all := c.InBox + c.Read + c.Taken + c.Bounced + c.Queued; {
	case all == 0:
		return Lost
	case all == 1 && c.Unsplit, all == 2 && c.Queued == 1 && c.Taken+c.Bounced == 1:
		return UnderWay
	case all > 1:
		return Doubled
	case c.InBox == 1:
		return Delivered
	case c.Read == 1:
		return Read
	case c.Taken == 1:
		return Relayed
	case c.Bounced == 1:
		return Bounced
	}
	return Queued
}

// Step is what is still to be done of a copy under way; "" for others.
func (c *Copy) Step() Step {
	switch {
	case c.Fate() != UnderWay:
		return ""
	case c.Unsplit:
		return Splitting
	case c.Bounced > 0:
		return Reporting
	}
	return Removing
}

// Causes are those of a copy that is there more than once, or nowhere. "" stands for none that is known.
var Causes = []Kind{"why.lost-250", "why.not-removed", "why.both", "why.m4", "why.split", "why.resumed", "why.share", ""}

// Excused says whether a copy may be there twice for that cause: no mail server can do better, or P3 did not hold.
// A share that lies, and nodes that have no LogicalIP, can be mended.
func (c *Copy) Excused() bool {
	if c.Why == nil || c.Fate() != Doubled {
		return false
	}
	switch c.Why.Kind {
	case "why.lost-250", "why.not-removed", "why.both", "why.split", "why.resumed":
		return true
	}
	return false
}

// Told is a client having been told that its message was accepted, and for whom.
type Told struct {
	Client    string
	MessageID string
	To        []string
	At        time.Duration
}

// Bounce is EPSTDS having given a copy up.
type Bounce struct {
	At       time.Duration
	Node     string
	To, Name string // of the copy: see Copy.Name
	Ground   trace.BounceGround
	Code     int           // the other server's last answer; 0: none
	Age      time.Duration // of its file by the node's clock, at the most: that may have been set since it decided
	Most     time.Duration // RetryPeriod
}

// Founded says whether it may be given up: the other server has said no for good (RFC 5321, 4.2.1), the copy has been
// tried for RetryPeriod, or it can never arrive (M6).
func (b *Bounce) Founded() bool {
	switch b.Ground {
	case trace.GroundUser, trace.GroundLoop:
		return true
	}
	return b.Code >= 500 || b.Age >= b.Most
}

// MailFailure is tries to send that failed alike.
type MailFailure struct {
	Stage trace.MailStage `json:"stage"`
	Code  int             `json:"code,omitempty"` // the server's answer; 0: none
	Count int             `json:"count"`
}

// MailRoute is a client and a server that it sends to.
type MailRoute struct {
	Client string         `json:"client"`
	Server netip.AddrPort `json:"server"`
}

// MailDown is a stretch in which a client tried to send to a server and nothing of it was accepted.
type MailDown struct {
	MailRoute
	From     time.Duration `json:"from"` // the start of the first such try
	To       time.Duration `json:"to"`   // the next acceptance
	Open     bool          `json:"open,omitempty"`
	Failures []MailFailure `json:"failures,omitempty"`
	Fault    int           `json:"fault,omitempty"` // the number of the fault behind it; 0: none on record
	Also     []int         `json:"also,omitempty"`  // numbers of other faults in force at its start
}

// Length is how long it lasted, so far if it is not over.
func (d *MailDown) Length() time.Duration { return d.To - d.From }

// Delays are, for each copy that was served, the time from its acceptance to its mailbox or to the other
// server, in order of acceptance.
func (m *Mail) Delays() []time.Duration {
	var all []time.Duration
	for _, c := range m.Copies {
		if c.Served > 0 {
			all = append(all, c.Served-c.Accepted)
		}
	}
	return all
}

// Count is how many copies have the fate.
func (m *Mail) Count(f Fate) int {
	n := 0
	for i := range m.Copies {
		if m.Copies[i].Fate() == f {
			n++
		}
	}
	return n
}

// Steps are how many copies are under way, by what is still to be done.
func (m *Mail) Steps() map[Step]int {
	all := map[Step]int{}
	for i := range m.Copies {
		if s := m.Copies[i].Step(); s != "" {
			all[s]++
		}
	}
	return all
}

// Causes are how many copies have the fate, Doubled or Lost, by cause.
func (m *Mail) Causes(f Fate) map[Kind]int {
	all := map[Kind]int{}
	for i := range m.Copies {
		c := &m.Copies[i]
		switch {
		case c.Fate() != f:
		case c.Why == nil:
			all[""]++
		default:
			all[c.Why.Kind]++
		}
	}
	return all
}

// Name is the message's own name, or its queue entry's.
func (c *Copy) Name() string {
	if c.MessageID == "" {
		return c.ID
	}
	return c.MessageID
}
