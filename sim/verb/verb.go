// Package verb is the vocabulary of scenarios: what can be done to a world and what people in it can do. Each
// verb is one value that holds all there is to say of it: its form, its manual, what it does, which part of
// the world it touches, and its words in reports.
package verb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// Target says what a verb is aimed at.
type Target string

// The kinds of target.
const (
	Nobody  Target = ""
	Cable   Target = "cable"   // a machine's own cable by the machine's name, a trunk's or a router's by its own
	Machine Target = "machine" // a node or a client
	Node    Target = "node"    // active, standby, holder or other
	Powered Target = "node|switch"
	Client  Target = "client"
	Server  Target = "server"  // a mail server outside
	End     Target = "end"     // of a cable: a machine, switch or router
	Station Target = "station" // what has an address
	Switch  Target = "switch"

	OfStranger Target = "stranger" // a station that has no part in the cluster
)

// Verb is one word of the vocabulary.
type Verb struct {
	Name   string
	Target Target
	Rest   string // what follows the target, as the manual writes it; "" for nothing
	Doc    string
	Fault  *Fault // nil: it is what people do

	bare    bool                              // it can stand without what follows the target
	implied Arg                               // which then stands for this; nil: nothing does
	parse   func(words []string) (Arg, error) // of what follows the target; nil for nothing
	act     func(*doing) error
}

// Fault is what makes a verb a fault, or the end of one.
type Fault struct {
	Said    finding.Phrase  // {target}, {setting}
	Bare    finding.Phrase  // where nothing follows the target, of a verb for which something can
	Mends   func(Call) bool // it gives back what it touches, or is over at once; nil: it takes it away
	Touches func(*doing) []trace.Touch

	ja     func(setting string) string // the setting in Japanese; nil: as it stands
	undone func(*doing) bool           // as Mends, of what only the world can tell; nil: Mends says it
}

// Arg is what follows the target of a verb, read. Its String is what its parser reads.
type Arg fmt.Stringer

// named is an Arg that names parts of the cluster.
type named interface {
	names(c Call) []Name
}

// Name is a word that must be the name of something.
type Name struct {
	Kind Target
	Word string
	Of   string // of an End: the cable
}

// Call is a verb with whom it is done to.
type Call struct {
	*Verb
	Target string
	Arg    Arg // nil where the verb takes none
}

// Done is what came of a call.
type Done struct {
	Fault *trace.Fault     // what it did to whom; nil for what people do
	Rule  *wire.ActiveRule // in force from now on
}

// All are the verbs, in the order of the manual.
var All = slices.Concat(ofPeople, ofFrames, ofCables, ofPower, ofMachines, ofServices, ofFirewalls, ofMail, ofShare, ofStrangers)

// Lookup finds a verb by its name.
func Lookup(name string) (*Verb, bool) {
	i := slices.IndexFunc(All, func(v *Verb) bool { return v.Name == name })
	if i < 0 {
		return nil, false
	}
	return All[i], true
}

// Usage is the verb's form.
func (v *Verb) Usage() string {
	s := v.Name
	if v.Target != Nobody {
		s += " <" + string(v.Target) + ">"
	}
	if v.Rest != "" {
		s += " " + v.Rest
	}
	return s
}

// Parse reads a call: verb, target, and what follows.
func Parse(words []string) (Call, error) {
	if len(words) == 0 {
		return Call{}, diag.Errorf("found nothing, expected a fault")
	}
	v, ok := Lookup(words[0])
	if !ok {
		return Call{}, diag.Errorf("unknown fault %q", words[0])
	}
	c, rest := Call{Verb: v}, words[1:]
	if v.Target != Nobody && len(rest) > 0 {
		c.Target, rest = rest[0], rest[1:]
	}
	if v.Target != Nobody && c.Target == "" || (v.parse == nil) != (len(rest) == 0) && !(v.bare && len(rest) == 0) {
		return Call{}, diag.Errorf("found %q, expected `%s`", strings.Join(words, " "), v.Usage())
	}
	if len(rest) == 0 {
		c.Arg = v.implied
		return c, nil
	}
	arg, err := v.parse(rest)
	if errors.Is(err, errForm) {
		return Call{}, diag.Errorf("found %q, expected `%s`", strings.Join(words, " "), v.Usage())
	}
	if err != nil {
		return Call{}, diag.Errorf("%s: %w", v.Name, err)
	}
	c.Arg = arg
	return c, nil
}

// errForm says that the words have not the verb's form.
var errForm = errors.New("not the form")

// Names are the words that must be names of the cluster's parts.
func (c Call) Names() []Name {
	var all []Name
	if c.Verb.Target != Nobody {
		all = append(all, Name{Kind: c.Verb.Target, Word: c.Target})
	}
	if n, ok := c.Arg.(named); ok {
		all = append(all, n.names(c)...)
	}
	return all
}

// String is the form that Parse reads.
func (c Call) String() string {
	words := []string{c.Name}
	if c.Target != "" {
		words = append(words, c.Target)
	}
	if c.Arg != nil && c.Arg.String() != "" {
		words = append(words, c.Arg.String())
	}
	return strings.Join(words, " ")
}

// Do does it now. A dynamic role is whoever has it at this moment.
func (c Call) Do(w *world.World) (Done, error) {
	d := &doing{World: w, Call: c}
	if err := d.resolve(); err != nil {
		return Done{}, diag.Errorf("%s: %w", c, err)
	}
	if c.Verb.Fault == nil {
		return Done{}, c.act(d)
	}
	done, err := w.Do(d.asFault(), func(f trace.Fault) error {
		d.fault = f
		return c.act(d)
	})
	return Done{&done, d.rule}, err
}

// doing is a call being done.
type doing struct {
	*world.World
	Call
	fault trace.Fault
	rule  *wire.ActiveRule
}

// resolve puts the machines of the moment in the place of dynamic roles.
func (d *doing) resolve() (err error) {
	if d.Target, err = d.Who(d.Target); err == nil {
		if r, ok := d.Arg.(interface {
			resolved(*world.World) (Arg, error)
		}); ok {
			d.Arg, err = r.resolved(d.World)
		}
	}
	return err
}

// word is what follows the target; "" for nothing.
func (d *doing) word() string {
	if d.Arg == nil {
		return ""
	}
	return d.Arg.String()
}

// asFault is what the call does, as the trace has it.
func (d *doing) asFault() trace.Fault {
	f := trace.Fault{Verb: d.Name, Target: d.Target, Setting: d.word(), Touches: d.Verb.Fault.Touches(d), Breaks: true}
	if d.Verb.Fault.Mends != nil {
		f.Breaks = !d.Verb.Fault.Mends(d.Call)
	}
	if undone := d.Verb.Fault.undone; undone != nil {
		f.Breaks = !undone(d)
	}
	if t, ok := d.Arg.(interface{ lasts() time.Duration }); ok && t.lasts() > 0 {
		f.For, f.Breaks = t.lasts(), false
	}
	return f
}

// Said are the words for a fault in reports; none for what is no fault of this vocabulary.
func Said(f trace.Fault) finding.Phrase {
	v, ok := Lookup(f.Verb)
	switch {
	case !ok || v.Fault == nil:
		return finding.Phrase{}
	case v.bare && f.Setting == "" && v.implied == nil:
		return v.Fault.Bare
	}
	said := v.Fault.Said
	if v.Fault.ja != nil {
		if setting := v.Fault.ja(f.Setting); setting != f.Setting {
			said.Ja = strings.ReplaceAll(said.Ja, "{setting}", setting)
		}
	}
	return said
}
