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
	Read     int           `json:"read"`     // messages that readers got
	Unread   int           `json:"unread"`   // looks for new mail that failed
	Broken   int           `json:"broken"`   // sessions that broke
	Failures []MailFailure `json:"failures"` // tries to send, by how they failed
	Told     []Told        `json:"-"`        // what clients were told
	Routes   []MailRoute   `json:"-"`        // which clients send to which servers
	Downs    []MailDown    `json:"downs"`    // by route and time
}

// Fate is what became of a copy.
type Fate string

// The fates.
const (
	Delivered Fate = "delivered" // in its mailbox, or read from there
	Relayed   Fate = "relayed"   // taken by another domain's server
	Queued    Fate = "queued"
	Bounced   Fate = "bounced"
	Removing  Fate = "removing" // delivered or relayed, and still to be taken out of the queue
	Doubled   Fate = "doubled"
	Lost      Fate = "lost"
)

// Fates are all of them.
var Fates = []Fate{Delivered, Relayed, Queued, Bounced, Removing, Doubled, Lost}

// Copy is an acceptance of a message for one recipient, and what became of it. Exactly one of InBox, Taken,
// Bounced and Queued should be 1.
type Copy struct {
	ID        string        `json:"id"` // of the queue entry
	MessageID string        `json:"message_id,omitempty"`
	To        string        `json:"to"`
	Node      string        `json:"node"` // that accepted it
	Accepted  time.Duration `json:"accepted"`
	Again     bool          `json:"again,omitempty"`  // its message had been accepted before: the sender had lost the 250
	Served    time.Duration `json:"served,omitempty"` // when it was in its mailbox, or taken by another server
	InBox     int           `json:"in_box"`           // times in a mailbox, those deleted by a reader included
	Taken     int           `json:"taken"`            // by another domain's server
	Bounced   int           `json:"bounced"`
	Queued    int           `json:"queued"`
	Relays    []Relay       `json:"relays,omitempty"` // EPSTDS having been told that another server took it
}

// Relay is EPSTDS having been told that another server took a copy.
type Relay struct {
	Node string        `json:"node"`
	At   time.Duration `json:"at"`
}

// Fate is what became of the copy. One that went out as often as EPSTDS was told so, and still lies in the
// queue, is not there twice: its removal has failed, or is to come.
func (c *Copy) Fate() Fate {
	out := c.InBox + c.Taken
	switch {
	case out+c.Bounced+c.Queued == 0:
		return Lost
	case out == 1 && c.Bounced == 0 && c.Queued == 1 && c.Served > 0 && (c.InBox == 1 || len(c.Relays) == 1):
		return Removing
	case out+c.Bounced+c.Queued > 1:
		return Doubled
	case c.InBox == 1:
		return Delivered
	case c.Taken == 1:
		return Relayed
	case c.Bounced == 1:
		return Bounced
	}
	return Queued
}

// Told is a client having been told that its message was accepted.
type Told struct {
	Client    string
	MessageID string
	At        time.Duration
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

// Name is the message's own name, or its queue entry's.
func (c *Copy) Name() string {
	if c.MessageID == "" {
		return c.ID
	}
	return c.MessageID
}
