package trace

import (
	"net/netip"
	"time"
)

// PortState is a switch's port changing state, where spanning tree holds it after link up (N2). A
// port without such records forwards as long as it has link.
type PortState struct {
	Switch string    `json:"switch"`
	Cable  string    `json:"cable"`
	State  PortPhase `json:"state"`
}

// PortPhase is a state of 802.1D.
type PortPhase string

// The states of a port.
const (
	Listening  PortPhase = "listening"
	Learning   PortPhase = "learning"
	Forwarding PortPhase = "forwarding"
)

// Moved is the far end of a machine's cable being in another port from now on, of that switch (N10).
type Moved struct {
	Cable  string `json:"cable"`
	Switch string `json:"switch"`
}

// Astray is a switch sending what is for a MAC of the cable's machine where that was before it moved, or no more (N10).
type Astray struct {
	Switch string `json:"switch"`
	Cable  string `json:"cable"`
	MAC    MAC    `json:"mac"`
	Over   bool   `json:"over,omitempty"`
}

// Unknown is a switch dropping what is for a machine's MAC, which it does not know, or having heard that again (N8). Of a machine
// that would not have got it there is none.
type Unknown struct {
	Switch string `json:"switch"`
	MAC    MAC    `json:"mac"`
	Over   bool   `json:"over,omitempty"`
}

// Interface is a node's interface having another name from now on (H18).
type Interface struct {
	Name string `json:"name"`
}

// Clock is a machine's wall clock being set forward, or with a negative step back. Its timers count on as they did: they
// go by the time since the boot (H18).
type Clock struct {
	Step time.Duration `json:"step"`
}

// Drift is a machine's clock running fast from now on by so many millionths, or slow where that is negative; 0: right. All
// that the machine times goes by it (H18).
type Drift struct {
	PPM int64 `json:"ppm"`
}

// WallClock is how far a machine's wall clock is ahead of the world's, by the records of it. The zero value is right.
type WallClock struct {
	ahead, since time.Duration
	ppm          int64
}

// Take takes in a record of the machine.
func (c *WallClock) Take(at time.Duration, b Body) {
	switch b := b.(type) {
	case Clock:
		c.ahead += b.Step
	case Drift:
		c.ahead, c.since, c.ppm = c.Ahead(at), at, b.PPM
	}
}

// Ahead is how far it is ahead at a time after the last record.
func (c *WallClock) Ahead(at time.Duration) time.Duration {
	return c.ahead + (at-c.since)/1_000_000*time.Duration(c.ppm)
}

// Card is another card of a node's team at work from now on: its frames have that MAC (H18).
type Card struct {
	MAC MAC `json:"mac"`
}

// Impairment is what a cable does from now on to what one of its ends sends (N1). The zero values
// mean that it does nothing any more.
type Impairment struct {
	Cable     string        `json:"cable"`
	From      string        `json:"from"`                // the end that sends
	Cut       bool          `json:"cut,omitempty"`       // nothing passes; the link stays up
	Loss      float64       `json:"loss,omitempty"`      // probability, 0 to 1
	Duplicate float64       `json:"duplicate,omitempty"` // probability, 0 to 1
	Delay     time.Duration `json:"delay,omitempty"`     // the most it adds
}

// Rule is a rule on frames that is in force from now on. A field that is empty asks for nothing.
type Rule struct {
	Text     string        `json:"text"` // as in the scenario file
	Verdict  RuleVerdict   `json:"verdict"`
	Delay    time.Duration `json:"delay,omitempty"`
	Some     bool          `json:"some,omitempty"` // of the frames that match it picks some
	Cable    string        `json:"cable,omitempty"`
	From     string        `json:"from,omitempty"` // the station that puts the frame on its cable
	To       string        `json:"to,omitempty"`   // the station at the cable's far end
	Type     uint16        `json:"type,omitempty"` // Ethernet's
	Protocol string        `json:"protocol,omitempty"`
	Form     string        `json:"form,omitempty"`
	Port     uint16        `json:"port,omitempty"` // of TCP or UDP: the destination's, or either one
	Src      netip.Addr    `json:"src,omitzero"`
	Dst      netip.Addr    `json:"dst,omitzero"`
}

// RuleOver is the end of all rules of that text.
type RuleOver struct {
	Text string `json:"text"`
}

// RuleVerdict is what a rule does with a frame.
type RuleVerdict string

// The verdicts of rules.
const (
	Drop           RuleVerdict = "drop"
	DelayFrame     RuleVerdict = "delay"
	DuplicateFrame RuleVerdict = "duplicate"
)

func (PortState) Kind() string  { return "port-state" }
func (Moved) Kind() string      { return "moved" }
func (Astray) Kind() string     { return "astray" }
func (Unknown) Kind() string    { return "unknown" }
func (Clock) Kind() string      { return "clock" }
func (Drift) Kind() string      { return "drift" }
func (Card) Kind() string       { return "card" }
func (Interface) Kind() string  { return "interface" }
func (Impairment) Kind() string { return "impairment" }
func (Rule) Kind() string       { return "rule" }
func (RuleOver) Kind() string   { return "rule-over" }

// Inspection is dynamic ARP inspection on a switch: ARP from a machine or router on one of its cables
// is dropped when it speaks for an address without a binding to the sender's MAC. Trunks are trusted.
type Inspection struct {
	Switch   string    `json:"switch"`
	Bindings []Binding `json:"bindings"`
}

// Snoop is a switch that says something itself about the ARP it hears (N8). It speaks from its own MAC.
type Snoop struct {
	Switch     string        `json:"switch"`
	MAC        MAC           `json:"mac"`
	Tracks     bool          `json:"tracks,omitempty"`     // it probes who is behind its ports
	Delay      time.Duration `json:"delay,omitempty"`      // from a port's link up to the first probe
	Suppresses bool          `json:"suppresses,omitempty"` // it answers in the place of others
	Blocks     bool          `json:"blocks,omitempty"`     // it drops frames to stations it does not know
}

// Binding allows a MAC to speak for an address.
type Binding struct {
	IP  netip.Addr `json:"ip"`
	MAC MAC        `json:"mac"`
}
