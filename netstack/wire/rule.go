package wire

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// Action is what a verdict does to a frame.
type Action string

// The actions.
const (
	Drop      Action = "drop"
	Delay     Action = "delay"
	Duplicate Action = "duplicate"
)

// Verdict is what becomes of a frame that a rule matches.
type Verdict struct {
	Action Action
	Delay  time.Duration // for Delay: more than 0, up to MaxDelay; later frames overtake
	Copies int           // for Duplicate: 1 to 100 besides the frame itself
}

// Rule matches frames as they are sent on a cable. A field's zero value asks for nothing. A rule is a
// plain value that prints in one line, as ParseRule reads it.
type Rule struct {
	Verdict Verdict

	Cable string // its name
	From  string // the station that puts the frame on its cable, by its port's name
	To    string // the station at the cable's far end, by its port's name

	EtherType uint16     // 0x0600 to 0xffff; not with Protocol
	Protocol  Protocol   // what the frame carries
	Form      Form       // with ARP and ICMP
	Src       netip.Addr // with a Protocol: IPv4 source, ARP's sender
	Dst       netip.Addr // with a Protocol: IPv4 destination, ARP's target
	SrcPort   uint16     // with TCP and UDP
	DstPort   uint16     // with TCP and UDP
	Port      uint16     // with TCP and UDP: either

	// At most one of these, 1 to MaxPick, counts what the rest matches. A frame on its way over two
	// cables is two.
	First int // the first so many
	Nth   int // just this one
	Every int // each so manieth
}

// MaxPick bounds First, Nth and Every.
const MaxPick = 1_000_000_000

// Check says what is wrong with a rule: it must survive its own line.
func (r Rule) Check() error {
	back, err := ParseRule(strings.Fields(r.String()))
	if err != nil {
		return err
	}
	if back != r {
		return diag.Errorf("found %+v, expected what its line says: %s", r, back)
	}
	return nil
}

// ActiveRule is a rule in force.
type ActiveRule struct {
	net     *Network
	rule    Rule
	matched uint64
	hits    uint64
	copies  uint64 // made by it
}

// AddRule puts a rule in force, behind those there. The first rule that matches a frame decides
// alone; one whose First, Nth or Every passes the frame over leaves it to the next. Rules come before
// the cable's impairments. The cable and the stations must be there.
func (n *Network) AddRule(r Rule) (*ActiveRule, error) {
	if err := r.Check(); err != nil {
		return nil, diag.Errorf("wire: %w", err)
	}
	if err := n.knows(r); err != nil {
		return nil, diag.Errorf("wire: rule %q: %w", r, err)
	}
	a := &ActiveRule{net: n, rule: r}
	n.rules = append(n.rules, a)
	return a, nil
}

// Rule is the rule itself.
func (a *ActiveRule) Rule() Rule { return a.rule }

// Hits is how many frames the verdict was given to. A rule without hits tested nothing.
func (a *ActiveRule) Hits() uint64 { return a.hits }

// Matched is how many frames matched, those that First, Nth or Every passed over included. Frames
// that an earlier rule decided are not among them.
func (a *ActiveRule) Matched() uint64 { return a.matched }

// InForce says whether the rule decides on frames.
func (a *ActiveRule) InForce() bool { return slices.Contains(a.net.rules, a) }

// Remove takes the rule out of force; its counts stay. Frames it has delayed still arrive.
func (a *ActiveRule) Remove() {
	a.net.rules = slices.DeleteFunc(slices.Clone(a.net.rules), func(o *ActiveRule) bool { return o == a })
}

// knows says whether the names of a rule are those of a cable and of stations.
func (n *Network) knows(r Rule) error {
	var cables, stations []string
	for _, c := range n.cables {
		cables = append(cables, c.name)
		for _, p := range c.ends {
			if p.sw == nil {
				stations = append(stations, p.name)
			}
		}
	}
	if r.Cable != "" && !slices.Contains(cables, r.Cable) {
		return diag.Errorf("found cable %q, expected one of %s", r.Cable, strings.Join(cables, ", "))
	}
	for _, name := range []string{r.From, r.To} {
		if name != "" && !slices.Contains(stations, name) {
			return diag.Errorf("found station %q, expected one of %s", name, strings.Join(stations, ", "))
		}
	}
	return nil
}

// judge finds the rule that decides on a frame that p sends, if any.
func (n *Network) judge(p *Port, b []byte) *ActiveRule {
	if len(n.rules) == 0 {
		return nil
	}
	pkt := dissect(b)
	for _, a := range n.rules {
		if a.rule.covers(p) && a.rule.matches(&pkt) && a.picks() {
			a.hits++
			return a
		}
	}
	return nil
}

// covers says whether the rule is about what p sends.
func (r *Rule) covers(p *Port) bool {
	far := p.cable.ends[1-p.end]
	return (r.Cable == "" || r.Cable == p.cable.name) &&
		(r.From == "" || p.sw == nil && r.From == p.name) &&
		(r.To == "" || far.sw == nil && r.To == far.name)
}

func (r *Rule) matches(p *packet) bool {
	return (r.EtherType == 0 || r.EtherType == p.etherType) &&
		(r.Protocol == "" || r.Protocol == p.proto || r.Protocol == IP && p.proto != "" && p.proto != ARP) &&
		(r.Form == "" || r.Form == p.form) &&
		(!r.Src.IsValid() || r.Src == p.src) &&
		(!r.Dst.IsValid() || r.Dst == p.dst) &&
		(r.SrcPort == 0 || r.SrcPort == p.sport) &&
		(r.DstPort == 0 || r.DstPort == p.dport) &&
		(r.Port == 0 || r.Port == p.sport || r.Port == p.dport)
}

// picks counts a match and says whether the verdict is for it.
func (a *ActiveRule) picks() bool {
	a.matched++
	switch r := &a.rule; {
	case r.First > 0:
		return a.matched <= uint64(r.First)
	case r.Nth > 0:
		return a.matched == uint64(r.Nth)
	case r.Every > 0:
		return a.matched%uint64(r.Every) == 0
	}
	return true
}
