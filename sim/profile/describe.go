package profile

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipwsim/netstack/policy"
)

// Source says where numbers of a profile come from.
type Source struct {
	About      string // the settings meant
	From       string // document, capture or reasoning
	Confidence string // H documented by the maker, M one capture or secondary, L a guess, - synthetic, or Set
}

// Set is the confidence of what an own profile sets. It goes before what the sources of the base,
// which follow it, say of the same.
const Set = "set"

// Setting is one setting of a profile, for reading.
type Setting struct{ Name, Value string }

// Described is a profile that can print itself.
type Described interface {
	Title() string
	Settings() []Setting
	Origins() []Source
}

var _, _ Described = Neighbor{}, Server{}

// Describe prints a profile: its name, its settings, and where they come from.
func Describe(p Described) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Title())
	for _, s := range p.Settings() {
		fmt.Fprintf(&b, "  %-38s %s\n", s.Name, s.Value)
	}
	for _, s := range p.Origins() {
		fmt.Fprintf(&b, "  [%s] %s: %s\n", s.Confidence, s.About, s.From)
	}
	return b.String()
}

// Title is the profile's name.
func (n Neighbor) Title() string { return n.Name }

// Origins are the sources of the numbers.
func (n Neighbor) Origins() []Source { return n.Sources }

// Settings are the cache's settings that apply: of RFC 4861 or of a fixed lifetime.
func (n Neighbor) Settings() []Setting {
	kept := n.reachability()
	if n.Age > 0 {
		kept = n.lifetime()
	}
	return append(append(basedOn(n.Base), kept...),
		Setting{"requests before giving up", fmt.Sprintf("%d, %s apart", n.MulticastProbes, seconds(n.Retransmit))},
		Setting{"gratuitous request", n.GratuitousRequest.String()},
		Setting{"gratuitous reply", n.GratuitousReply.String()},
		Setting{"request to another, sender cached", n.CachedSender.String()},
		Setting{"unasked answer from another MAC", n.UnaskedReply.String()},
		Setting{"locktime", orNone(n.Locktime)},
		Setting{"a client's address is usable after", n.usable()},
		Setting{"a client announces its address", yesNo(n.DAD.Announcements > 0)},
		Setting{"a client's source address", n.Source.String()},
		Setting{"a client's TCP connect", connect(n.TCP)},
		Setting{"a client's TCP data", data(n.TCP)},
		Setting{"a client's ping", n.ping()},
		Setting{"a client's programs use the VIP every", seconds(n.Uses)},
		Setting{"ping.exe rests after an unreachable", orNone(n.PingPause)},
	)
}

// usable is how long after link up a client has its address.
func (n Neighbor) usable() string {
	if d := n.DAD.Delay + n.DAD.Duration(); d > 0 {
		return seconds(d) + fmt.Sprintf(", %d probes", n.DAD.Probes)
	}
	return "nothing: at once"
}

func (n Neighbor) ping() string {
	if n.SteadyPing {
		return "a request each second"
	}
	return "a request when the last is done with"
}

func (n Neighbor) reachability() []Setting {
	shortest := time.Duration(float64(n.BaseReachable) * n.MinRandomFactor)
	longest := time.Duration(float64(n.BaseReachable) * n.MaxRandomFactor)
	return []Setting{
		{"reachable", seconds(shortest) + " to " + seconds(longest)},
		{"reachable time drawn anew each", seconds(n.redraw())},
		{"delay before the first probe", seconds(n.DelayFirstProbe)},
		{"unicast probes", fmt.Sprintf("%d, %s apart", n.UnicastProbes, seconds(n.Retransmit))},
	}
}

// redraw is netstack's two hours where the policy says nothing.
func (n Neighbor) redraw() time.Duration {
	if n.Redraw > 0 {
		return n.Redraw
	}
	return 2 * time.Hour
}

func (n Neighbor) lifetime() []Setting {
	renewal := "none"
	if n.RenewProbes > 0 {
		renewal = fmt.Sprintf("%d, %s apart, the last broadcast", n.RenewProbes, seconds(n.RenewInterval))
	}
	return []Setting{
		{"age", seconds(n.Age)},
		{"idle", orNone(n.Idle)},
		{"renewed by traffic heard", yesNo(n.RenewedByTraffic)},
		{"requests before the end", renewal},
	}
}

// Title is the profile's name.
func (s Server) Title() string { return s.Name }

// Origins are the sources of the numbers.
func (s Server) Origins() []Source { return s.Sources }

// Settings are the server's settings.
func (s Server) Settings() []Setting {
	return append(basedOn(s.Base),
		Setting{"probes before an address is usable", strconv.Itoa(s.Probes)},
		Setting{"tentative", orNone(s.Tentative())},
		Setting{"announcements", strconv.Itoa(s.Announcements)},
		Setting{"its announcement answered", conflict(s.AnswerIsConflict)},
		Setting{"a request for a tentative address", conflict(s.RequestIsConflict)},
		Setting{"owner that hears its address claimed", s.defence()},
		Setting{"source address", s.Source.String()},
		Setting{"TCP connect", connect(s.TCP)},
		Setting{"TCP data", data(s.TCP)},
		Setting{"connections of a removed address", s.TCP.Removal.String()},
		Setting{"ARP cache", s.ARP},
	)
}

func conflict(is bool) string {
	if is {
		return "a conflict"
	}
	return "no conflict"
}

func (s Server) defence() string {
	if s.Defend == policy.Announce {
		return "announces, once in " + seconds(s.DefendInterval)
	}
	return "does nothing"
}

func connect(p policy.TCP) string {
	if p.SYNs == 0 {
		return fmt.Sprintf("SYN at 0, 1, 3, 7 s ..., %s in all", seconds(p.Connect()))
	}
	var at []string
	for n := range p.SYNs {
		at = append(at, fmt.Sprint(p.SYN(n).Seconds()))
	}
	return fmt.Sprintf("SYN at %s s, %s in all", strings.Join(at, ", "), seconds(p.Connect()))
}

func data(p policy.TCP) string {
	if p.SYNs == 0 {
		return "15 repeats, RTO from 0.2 s"
	}
	return fmt.Sprintf("%d repeats, RTO from %s", p.Retransmissions, seconds(p.MinRTO))
}

// basedOn is where an own profile has the settings from that it does not set.
func basedOn(base string) []Setting {
	if base == "" {
		return nil
	}
	return []Setting{{"based on", base}}
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

func orNone(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return seconds(d)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
