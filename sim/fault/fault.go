// Package fault is what a scenario can do to a world, as plain values: a schedule of faults is a
// list from which one can be taken out without changing the rest.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Kind is a verb of the scenario language.
type Kind string

// The faults, and what mends them.
const (
	Unplug       Kind = "unplug"
	Plug         Kind = "plug"
	Flap         Kind = "flap"
	Cut          Kind = "cut"
	Mend         Kind = "mend"
	Impair       Kind = "impair"
	Shutdown     Kind = "shutdown"
	PowerOff     Kind = "power-off"
	PowerOn      Kind = "power-on"
	Freeze       Kind = "freeze"
	Resume       Kind = "resume"
	StopService  Kind = "stop-service"
	StartService Kind = "start-service"
	BlockEcho    Kind = "block-echo"
	AllowEcho    Kind = "allow-echo"
	BlockPipe    Kind = "block-pipe"
	AllowPipe    Kind = "allow-pipe"
	DenyPipe     Kind = "deny-pipe"
	GrantPipe    Kind = "grant-pipe"
	Netsh        Kind = "netsh"
	KillMail     Kind = "kill-mail"
	StartMail    Kind = "start-mail"
	Disk         Kind = "disk"
	Outside      Kind = "outside"
)

// Target says what a fault can be aimed at.
type Target string

// The kinds of target.
const (
	Cable   Target = "cable"   // a machine's own cable by the machine's name, a trunk's or a router's by its own
	Machine Target = "machine" // a node or a client
	Node    Target = "node"    // active, standby, holder or other
	Server  Target = "server"  // a mail server outside, by its name
	Mode    Target = "ok|full|read-only"
)

// Verb describes a Kind.
type Verb struct {
	Kind   Kind
	Target Target
	Arg    string // what follows the target, or nothing
	Doc    string
}

// Verbs are all faults, in the order of the manual.
var Verbs = []Verb{
	{Unplug, Cable, "", "pull the cable; addresses become unusable, the configuration stays (H5)"},
	{Plug, Cable, "", "plug the cable in again; duplicate address detection runs (H5)"},
	{Flap, Cable, "duration", "pull the cable and plug it in after the duration (W19)"},
	{Cut, Cable, "end", "what this end of the cable sends vanishes from now on; the link stays up (N1). An end is a machine, switch or router"},
	{Mend, Cable, "", "end what was cut on the cable"},
	{Impair, Cable, "none|setting value...", "disturb the frames on the cable from now on (N1): loss 5%, latency 10ms, jitter 2ms, duplicate 1%, reorder 1% hold 3ms; then `from` and an end, for what that end sends only. P1 to P4 and P7 leave unjudged what a disturbance may have changed"},
	{Shutdown, Node, "", "shut Windows down in order: services, stack, link (H6)"},
	{PowerOff, Node, "", "take the power away: all stops at once (H6)"},
	{PowerOn, Node, "", "switch a machine on: boot, link, address detection, services (H6)"},
	{Freeze, Node, "", "stop the machine as a snapshot does: nothing runs, the link stays (H7)"},
	{Resume, Node, "", "let a frozen machine go on with what it believed (H7)"},
	{StopService, Node, "", "stop the IPWCS service; it releases the VIP (W6)"},
	{StartService, Node, "", "start the IPWCS service (W5)"},
	{BlockEcho, Machine, "", "close the firewall for ICMP echo requests (H8)"},
	{AllowEcho, Machine, "", "open it again (H8)"},
	{BlockPipe, Node, "", "close the firewall for TCP 445: requests time out after 21 s (W15)"},
	{AllowPipe, Node, "", "open it again"},
	{DenyPipe, Node, "", "refuse the peer's account at the pipe: error 5 at once (W15)"},
	{GrantPipe, Node, "", "accept it again"},
	{Netsh, Node, "ok|fail|lie", "what netsh does from now on: its work, an error, or nothing while it reports success (H2)"},
	{KillMail, Node, "", "the mail services die; the machine and IPWCS go on (C2)"},
	{StartMail, Node, "", "start the mail services again"},
	{Disk, Mode, "", "what the share's disk does from now on: its work, nothing for want of space, or nothing that writes (C3)"},
	{Outside, Server, "takes|refuses|defers|silent", "what the mail server outside does with mail from now on"},
}

// Lookup returns a verb's description.
func Lookup(k Kind) (Verb, bool) {
	for _, v := range Verbs {
		if v.Kind == k {
			return v, true
		}
	}
	return Verb{}, false
}

// Fault is one thing done to a world.
type Fault struct {
	Kind   Kind
	Target string
	For    time.Duration // Flap: how long the cable is out
	Mode   string        // Netsh: ok, fail or lie; Outside: takes, refuses, defers or silent
	From   string        // Cut: the end that is not heard; Impair: the end that sends, "": both

	Impairment Impairment // Impair
}

// Parse reads the words of a fault: verb, target, argument.
func Parse(words []string) (Fault, error) {
	if len(words) == 0 {
		return Fault{}, errors.New("found nothing, expected a fault")
	}
	v, ok := Lookup(Kind(words[0]))
	if !ok {
		return Fault{}, fmt.Errorf("unknown fault %q", words[0])
	}
	if n := len(words); n < v.words() || n > v.words() && v.Kind != Impair {
		return Fault{}, fmt.Errorf("found %q, expected `%s`", strings.Join(words, " "), v.Usage())
	}
	f := Fault{Kind: v.Kind, Target: words[1]}
	if modes := strings.Split(string(v.Target), "|"); len(modes) > 1 && !slices.Contains(modes, f.Target) {
		return Fault{}, fmt.Errorf("%s: found %q, expected one of %s", v.Kind, f.Target, strings.Join(modes, ", "))
	}
	if err := f.parseArg(words[2:]); err != nil {
		return Fault{}, fmt.Errorf("%s: %w", v.Kind, err)
	}
	return f, nil
}

// words are how many words the verb needs.
func (v Verb) words() int {
	if v.Arg == "" {
		return 2
	}
	return 3
}

// parseArg reads what follows the target.
func (f *Fault) parseArg(words []string) error {
	switch f.Kind {
	case Flap:
		d, err := time.ParseDuration(words[0])
		if err != nil || d <= 0 {
			return fmt.Errorf("%q is not a duration above 0, as 1s or 500ms", words[0])
		}
		f.For = d
	case Netsh, Outside:
		v, _ := Lookup(f.Kind)
		modes := strings.Split(v.Arg, "|")
		if !slices.Contains(modes, words[0]) {
			last := len(modes) - 1
			return fmt.Errorf("found %q, expected %s or %s", words[0], strings.Join(modes[:last], ", "), modes[last])
		}
		f.Mode = words[0]
	case Cut:
		f.From = words[0]
	case Impair:
		return f.parseImpair(words)
	}
	return nil
}

// Usage is the verb's form.
func (v Verb) Usage() string {
	s := fmt.Sprintf("%s <%s>", v.Kind, v.Target)
	if v.Arg != "" {
		s += " <" + v.Arg + ">"
	}
	return s
}

// Args are the words after the verb.
func (f Fault) Args() []string {
	switch {
	case f.Kind == Flap:
		return []string{f.Target, f.For.String()}
	case f.Kind == Netsh, f.Kind == Outside:
		return []string{f.Target, f.Mode}
	case f.Kind == Cut:
		return []string{f.Target, f.From}
	case f.Kind == Impair:
		args := append([]string{f.Target}, f.Impairment.words()...)
		if f.From != "" {
			args = append(args, "from", f.From)
		}
		return args
	}
	return []string{f.Target}
}

// String is the form Parse reads.
func (f Fault) String() string { return string(f.Kind) + " " + strings.Join(f.Args(), " ") }
