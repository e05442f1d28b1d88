package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// Teller puts the notes of one run into words.
type Teller struct {
	Lang
	Facts *finding.Facts // may be nil where no note names a fault
}

// Note is what the note says.
func (t Teller) Note(n finding.Note) string { return t.note(string(n.Kind), n) }

// note is the text of the key, or of one of its forms: about one VIP of several, of what is still open, what has a
// reason or a fault behind it.
func (t Teller) note(key string, n finding.Note) string {
	for _, form := range []struct {
		when bool
		name string
	}{{n.VIP.IsValid(), ".vip"}, {n.Open, ".open"}, {n.Because != nil, ".because"}, {n.Fault != 0, ".fault"}} {
		if form.when && Has(key+form.name) {
			key += form.name
		}
	}
	said := fill(t.Say(key), func(name string) string { return t.value(name, n) })
	return strings.ReplaceAll(strings.TrimSpace(said), "  ", " ")
}

// value is a field of the note in words.
func (t Teller) value(name string, n finding.Note) string {
	switch name {
	case "client":
		return n.Client
	case "node":
		return n.Node
	case "peer":
		return n.Peer
	case "vip":
		return Address(n.VIP)
	case "text":
		if n.Problems != nil {
			return t.Text(n.Problems.InLine())
		}
		return n.Text
	case "state":
		if key := "state." + n.Text; Has(key) {
			return t.Say(key)
		}
		return n.Text
	case "n":
		return strconv.Itoa(n.N)
	case "at":
		return t.Seconds(n.At)
	case "until":
		return t.Seconds(n.Until)
	case "time":
		return t.Seconds(n.Time)
	case "silent":
		return t.Seconds(n.Silent)
	case "want":
		return t.Band(n.Want)
	case "most":
		return t.Seconds(n.Want.Most)
	case "rules":
		return rules(n.Rules)
	case "loss":
		return t.Loss(n.Loss)
	case "what":
		return t.Obstacle(n.What)
	case "verdict":
		return t.Verdict(finding.Verdict(strings.Join(n.Rules, "")))
	case "fault":
		return t.Fault(n.Fault)
	case "cause":
		return t.Cause(n.Cause)
	case "because":
		if n.Because == nil {
			return ""
		}
		return t.Note(*n.Because)
	case "parts":
		return t.Notes(n.Parts)
	}
	return "{" + name + "}"
}

// Notes are several notes in a row.
func (t Teller) Notes(all []finding.Note) string {
	var texts []string
	for _, n := range all {
		texts = append(texts, t.Note(n))
	}
	return strings.Join(texts, t.Say("comma"))
}

// rules are numbers of rules: "(W11, W12)".
func rules(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// Cause is what began an outage; "" for none.
func (t Teller) Cause(c *finding.Cause) string {
	if c == nil {
		return ""
	}
	n := finding.Note{Node: c.Node, At: c.At, Fault: c.Fault}
	if c.Rule != "" {
		n.Rules = []string{c.Rule}
	}
	if c.Kind == finding.ByGiveBack && c.Rule == "V3" { // nobody asks for it
		return t.note("cause.outranked", n)
	}
	return t.note("cause."+string(c.Kind), n)
}

// Clash is how an address became Duplicate, and by whom.
func (t Teller) Clash(c *finding.Clash) string {
	return t.note("clash."+string(c.By), finding.Note{Node: c.Host, VIP: c.IP, Peer: c.Whose, At: c.At, Fault: c.Fault})
}

// Fault is what the fault of the number did, and when; "" for none.
func (t Teller) Fault(id int) string {
	if t.Facts == nil {
		return ""
	}
	f := t.Facts.Fault(id)
	if f == nil {
		return ""
	}
	return fmt.Sprintf("%s (%s)", t.Did(f), t.Seconds(f.At))
}

// Did is what the fault did, without its time.
func (t Teller) Did(f *finding.Fault) string {
	said := f.Said.En
	if t.Lang == Japanese {
		said = f.Said.Ja
	}
	if said == "" {
		return f.Line()
	}
	return fill(said, func(name string) string {
		if name == "target" {
			return f.Target
		}
		if d, err := time.ParseDuration(f.Setting); err == nil && !strings.ContainsAny(f.Setting, "+-") {
			return t.Seconds(d)
		}
		return f.Setting
	})
}

// Phrase is a text that is there in both languages, or in English alone.
func (l Lang) Phrase(p finding.Phrase) string {
	if l == Japanese && p.Ja != "" {
		return p.Ja
	}
	return p.En
}

// Loss is how a node was lost.
func (l Lang) Loss(x finding.Loss) string {
	if x == finding.NotLost {
		return ""
	}
	return l.Say("loss." + dashed(string(x)))
}

// Obstacle is what stood in the way, in a few words; Explained says why.
func (l Lang) Obstacle(o finding.Obstacle) string { return l.Say("part." + dashed(string(o))) }

// Part is what stood there, and for how long of it ping alone was kept out.
func (l Lang) Part(p finding.Part) string {
	switch text := l.Obstacle(p.What); {
	case p.Pings < leastPings:
		return text
	case p.Pings == p.Time:
		return l.Say("part-pings", text)
	default:
		return l.Say("part-pings-some", text, l.Seconds(p.Pings))
	}
}

// PingOnly says that mail went on in the outage, for all or some of it; "" where it did not.
func (l Lang) PingOnly(o *finding.Outage) string {
	switch pings := o.PingOnly(); {
	case pings < leastPings:
		return ""
	case o.Mailless() < leastPings:
		return l.Say("pings-all")
	default:
		return l.Say("pings-some", l.Seconds(pings), l.Seconds(o.Mailless()))
	}
}

// leastPings is a stretch to ping alone that is worth a word.
const leastPings = 100 * time.Millisecond

// Explained says why the obstacle was there.
func (l Lang) Explained(o finding.Obstacle) string { return l.Say("explain." + dashed(string(o))) }

// Advice is what can be done about the outage; "" where nobody knows anything.
func (l Lang) Advice(o *finding.Outage) string {
	if a := o.Advice(); a != finding.NoAdvice {
		return l.Say("advice." + string(a))
	}
	return ""
}

func dashed(s string) string { return strings.ReplaceAll(s, " ", "-") }

// Verdict is what a check says, in a word.
func (l Lang) Verdict(v finding.Verdict) string {
	switch v {
	case finding.Pass:
		return l.Say("verdict-pass")
	case finding.Fail:
		return l.Say("verdict-fail")
	case finding.NotApplicable:
		return l.Say("verdict-not-applied")
	}
	return l.Say("verdict-inconclusive")
}
