package trace

import (
	"slices"
	"time"
)

// Fault is something that was done to the world.
type Fault struct {
	ID      int           `json:"id"`                // counts from 1
	Verb    string        `json:"verb"`              // its name in the language of scenarios
	Target  string        `json:"target,omitempty"`  // a machine, cable or server by name; "" where the rest says it
	Setting string        `json:"setting,omitempty"` // what else its line in a scenario says
	For     time.Duration `json:"for,omitempty"`     // it ends by itself after so long
	Breaks  bool          `json:"breaks,omitempty"`  // what it touches does not work from now on; else it works again
	Touches []Touch       `json:"touches,omitempty"`
	Ends    []int         `json:"ends,omitempty"` // faults that are over with it
}

// Over is the end of a fault that ends by itself.
type Over struct {
	Fault int `json:"fault"`
}

// Touch is a part of the world that a fault touches.
type Touch struct {
	Part Part   `json:"part"`
	Of   string `json:"of,omitempty"`  // the cable, machine or server
	End  string `json:"end,omitempty"` // of a cable: the end that sends; of a pipe: "firewall" or "account"; of mail: a service, "" for all; of a stranger: the address
}

// Part is what of a cable, machine or server a fault can touch.
type Part string

// The parts.
const (
	LinkPart    Part = "link"    // of a cable: its link
	CutPart     Part = "cut"     // of a cable: that what an end sends arrives
	QualityPart Part = "quality" // of a cable: that it arrives whole, once and in time
	PortPart    Part = "port"    // of a machine's cable: which port of which switch it is in
	FramesPart  Part = "frames"  // that frames which a rule names arrive
	PowerPart   Part = "power"   // of a machine or a switch
	RunPart     Part = "run"     // of a machine: that it is not frozen
	WatcherPart Part = "watcher" // of a node: IPWCS
	NetshPart   Part = "netsh"   // of a node
	EchoPart    Part = "echo"    // of a machine: that echo requests get in
	PublicPart  Part = "profile" // of a node: that its network is not taken for a public one
	PipePart    Part = "pipe"    // of a node: that the peer's requests get in
	MailPart    Part = "mail"    // of a node: the mail services
	LogonPart   Part = "logon"   // of a node: that the account of its services may log on
	AddressPart Part = "address" // of a node: that the VIP that is its end is as the watcher left it
	CardPart    Part = "card"    // of a node: which card of its team works
	ClockPart   Part = "clock"   // of a node: what its clock shows
	PacePart    Part = "pace"    // of a node: that its clock runs right
	NamePart    Part = "name"    // of a node: the name of its interface
	ValuePart   Part = "value"   // of a node: the value of its registry that is its end
	DiskPart    Part = "disk"    // the share's
	OutsidePart Part = "outside" // of a mail server outside: that it takes mail

	StrangerPart Part = "stranger" // of a stranger: what it says of an address
)

// Line is the fault as a scenario says it.
func (f Fault) Line() string {
	line := f.Verb
	for _, word := range []string{f.Target, f.Setting} {
		if word != "" {
			line += " " + word
		}
	}
	return line
}

// Lasts says whether the fault goes on until something ends it, or for a time.
func (f Fault) Lasts() bool { return f.Breaks || f.For > 0 }

// Mends says whether all that the fault touches is touched by the later one, so that the fault is over with it.
func (f Fault) Mends(later Fault) bool { return f.Within(later.Touches) }

// Within says whether all that the fault touches is among the parts. A part without an end is the whole of it.
func (f Fault) Within(parts []Touch) bool {
	for _, t := range f.Touches {
		if !slices.Contains(parts, t) && !slices.Contains(parts, Touch{Part: t.Part, Of: t.Of}) {
			return false
		}
	}
	return len(f.Touches) > 0
}

func (Fault) Kind() string { return "fault" }
func (Over) Kind() string  { return "over" }
