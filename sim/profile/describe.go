package profile

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/policy"
)

// Source says where numbers of a profile come from.
type Source struct {
	About      diag.Text // the settings meant
	From       diag.Text // document, capture or reasoning
	Confidence string    // H documented by the maker, M one capture or secondary, L a guess, - synthetic, or Set
}

// Set is the confidence of what an own profile sets. It goes before what the sources of the base,
// which follow it, say of the same.
const Set = "set"

// Setting is one setting of a profile, for reading.
type Setting struct{ Name, Value diag.Text }

// Described is a profile for reading.
type Described interface {
	Title() string
	Settings() []Setting
	Origins() []Source
}

var _, _ Described = Neighbor{}, Server{}

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
		Setting{diag.Say("requests before giving up"), diag.Say("%d, %s apart", n.MulticastProbes, seconds(n.Retransmit))},
		Setting{diag.Say("gratuitous request"), word(n.GratuitousRequest)},
		Setting{diag.Say("gratuitous reply"), word(n.GratuitousReply)},
		Setting{diag.Say("request to another, sender cached"), word(n.CachedSender)},
		Setting{diag.Say("unasked answer from another MAC"), word(n.UnaskedReply)},
		Setting{diag.Say("locktime"), orNone(n.Locktime)},
		Setting{diag.Say("a client's address is usable after"), n.usable()},
		Setting{diag.Say("a client announces its address"), yesNo(n.DAD.Announcements > 0)},
		Setting{diag.Say("a client's source address"), word(n.Source)},
		Setting{diag.Say("a client's TCP connect"), connect(n.TCP)},
		Setting{diag.Say("a client's TCP data"), data(n.TCP)},
		Setting{diag.Say("a client's ping"), n.ping()},
		Setting{diag.Say("a client's programs use the VIP every"), seconds(n.Uses)},
		Setting{diag.Say("ping.exe rests after an unreachable"), orNone(n.PingPause)},
	)
}

// usable is how long after link up a client has its address.
func (n Neighbor) usable() diag.Text {
	if d := n.DAD.Delay + n.DAD.Duration(); d > 0 {
		return diag.Say("%s, %d probes", seconds(d), n.DAD.Probes)
	}
	return diag.Say("nothing: at once")
}

func (n Neighbor) ping() diag.Text {
	if n.SteadyPing {
		return diag.Say("a request each second")
	}
	return diag.Say("a request when the last is done with")
}

func (n Neighbor) reachability() []Setting {
	shortest := time.Duration(float64(n.BaseReachable) * n.MinRandomFactor)
	longest := time.Duration(float64(n.BaseReachable) * n.MaxRandomFactor)
	return []Setting{
		{diag.Say("reachable"), diag.Say("%s to %s", seconds(shortest), seconds(longest))},
		{diag.Say("reachable time drawn anew each"), seconds(n.redraw())},
		{diag.Say("delay before the first probe"), seconds(n.DelayFirstProbe)},
		{diag.Say("unicast probes"), diag.Say("%d, %s apart", n.UnicastProbes, seconds(n.Retransmit))},
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
	renewal := diag.Say("none")
	if n.RenewProbes > 0 {
		renewal = diag.Say("%d, %s apart, the last broadcast", n.RenewProbes, seconds(n.RenewInterval))
	}
	return []Setting{
		{diag.Say("age"), seconds(n.Age)},
		{diag.Say("idle"), orNone(n.Idle)},
		{diag.Say("renewed by traffic heard"), yesNo(n.RenewedByTraffic)},
		{diag.Say("requests before the end"), renewal},
	}
}

// Title is the profile's name.
func (s Server) Title() string { return s.Name }

// Origins are the sources of the numbers.
func (s Server) Origins() []Source { return s.Sources }

// Settings are the server's settings.
func (s Server) Settings() []Setting {
	return append(basedOn(s.Base),
		Setting{diag.Say("probes before an address is usable"), diag.Say("%d", s.Probes)},
		Setting{diag.Say("tentative"), orNone(s.Tentative())},
		Setting{diag.Say("announcements"), diag.Say("%d", s.Announcements)},
		Setting{diag.Say("its announcement answered"), conflict(s.AnswerIsConflict)},
		Setting{diag.Say("a request for a tentative address"), conflict(s.RequestIsConflict)},
		Setting{diag.Say("owner that hears its address claimed"), s.defence()},
		Setting{diag.Say("source address"), word(s.Source)},
		Setting{diag.Say("TCP connect"), connect(s.TCP)},
		Setting{diag.Say("TCP data"), data(s.TCP)},
		Setting{diag.Say("connections of a removed address"), word(s.TCP.Removal)},
		Setting{diag.Say("ARP cache"), verbatim(s.ARP)},
	)
}

func conflict(is bool) diag.Text {
	if is {
		return diag.Say("a conflict")
	}
	return diag.Say("no conflict")
}

func (s Server) defence() diag.Text {
	if s.Defend == policy.Announce {
		return diag.Say("announces, once in %s", seconds(s.DefendInterval))
	}
	return diag.Say("does nothing")
}

func connect(p policy.TCP) diag.Text {
	if p.SYNs == 0 {
		return diag.Say("SYN at 0, 1, 3, 7 s ..., %s in all", seconds(p.Connect()))
	}
	var at []string
	for n := range p.SYNs {
		at = append(at, fmt.Sprint(p.SYN(n).Seconds()))
	}
	return diag.Say("SYN at %s s, %s in all", strings.Join(at, ", "), seconds(p.Connect()))
}

func data(p policy.TCP) diag.Text {
	if p.SYNs == 0 {
		return diag.Say("%d repeats, RTO from %s", 15, seconds(200*time.Millisecond))
	}
	return diag.Say("%d repeats, RTO from %s", p.Retransmissions, seconds(p.MinRTO))
}

// basedOn is where an own profile has the settings from that it does not set.
func basedOn(base string) []Setting {
	if base == "" {
		return nil
	}
	return []Setting{{diag.Say("based on"), verbatim(base)}}
}

// verbatim is what is the same in every language: names and documents.
func verbatim(s string) diag.Text { return diag.Say("%s", s) }

// word is a value as cluster.toml has it.
func word(v fmt.Stringer) diag.Text { return diag.Say("%s", diag.Word(v.String())) }

// manual is the manual of the maker of this.
func manual(product string) diag.Text { return diag.Say("%s: maker's manual", product) }

func seconds(d time.Duration) diag.Text {
	return diag.Say("%s s", strconv.FormatFloat(d.Seconds(), 'f', -1, 64))
}

func orNone(d time.Duration) diag.Text {
	if d == 0 {
		return diag.Say("none")
	}
	return seconds(d)
}

func yesNo(b bool) diag.Text {
	if b {
		return diag.Say("yes")
	}
	return diag.Say("no")
}
