package world

import (
	"fmt"
	"net/netip"
	"strings"

	"ipwsim/netstack/wire"
	"ipwsim/sim/fault"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// The dynamic roles: whoever has a VIP at that moment, and whoever has not.
const (
	Holder = "holder"
	Other  = "other"
)

// Do does the fault now. A fault that cannot touch anything (the cable is out already, no such
// machine, nobody holds the VIP) is an error: a scenario that contains it tests less than it says.
func (w *World) Do(f fault.Fault) error {
	resolved := f
	for _, name := range []*string{&resolved.Target, &resolved.From} {
		if *name != Holder && *name != Other {
			continue
		}
		role, err := w.who(*name)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		*name = role
	}
	v, ok := fault.Lookup(f.Kind)
	if !ok {
		return fmt.Errorf("unknown fault %q", f.Kind)
	}
	w.env.Record("", trace.Fault{Verb: string(f.Kind), Args: resolved.Args()})
	var err error
	switch v.Target {
	case fault.Cable:
		err = w.doCable(resolved)
	case fault.Machine:
		err = w.doMachine(resolved)
	case fault.Node:
		err = w.doNode(resolved)
	case fault.Server, fault.Mode:
		err = w.doMail(resolved)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	return nil
}

// who finds the node behind a dynamic role, by the first VIP.
func (w *World) who(role string) (string, error) {
	for i, n := range w.nodes {
		if holds(n, w.vips[0]) {
			if role == Holder {
				return n.Name(), nil
			}
			return w.nodes[1-i].Name(), nil
		}
	}
	return "", fmt.Errorf("no node holds %v", w.vips[0])
}

// Holds says whether the node holds the VIP now. False for a name that is no node's.
func (w *World) Holds(role string, vip netip.Addr) bool {
	n := w.node(role)
	return n != nil && holds(n, vip)
}

func holds(n *windows.Node, vip netip.Addr) bool {
	return n.AddressState(vip) == trace.Preferred
}

func (w *World) doCable(f fault.Fault) error {
	if f.Kind == fault.Cut || f.Kind == fault.Mend || f.Kind == fault.Impair {
		return w.disturb(f)
	}
	c, ok := w.cables[f.Target]
	if !ok {
		return fmt.Errorf("no cable is named %q", f.Target)
	}
	in, name := f.Kind == fault.Plug, c.Name()
	if c.Plugged() == in {
		return fmt.Errorf("the cable is %s already", map[bool]string{true: "plugged in", false: "unplugged"}[in])
	}
	c.SetPlugged(in)
	w.moves[name]++
	if f.Kind == fault.Flap {
		move := w.moves[name]
		w.s.After(f.For, func() {
			if w.moves[name] == move { // nobody else had the cable in his hands meanwhile
				w.replug(c)
			}
		})
	}
	return nil
}

func (w *World) replug(c *wire.Cable) {
	w.env.Record("", trace.Fault{Verb: string(fault.Plug), Args: []string{c.Name()}})
	c.SetPlugged(true)
}

func (w *World) doMachine(f fault.Fault) error {
	m := w.machine(f.Target)
	if m == nil {
		return fmt.Errorf("no machine is named %q", f.Target)
	}
	if !m.BlockEcho(f.Kind == fault.BlockEcho) {
		return fmt.Errorf("%s is set so already", f.Target)
	}
	return nil
}

func (w *World) machine(name string) *windows.Machine {
	for _, c := range w.clients {
		if c.Name() == name {
			return c.Machine
		}
	}
	if n := w.node(name); n != nil {
		return n.Machine
	}
	return nil
}

func (w *World) node(role string) *windows.Node {
	for _, n := range w.nodes {
		if n.Name() == role {
			return n
		}
	}
	return nil
}

func (w *World) doNode(f fault.Fault) error {
	n := w.node(f.Target)
	if n == nil {
		return fmt.Errorf("no node is named %q", f.Target)
	}
	if f.Kind == fault.KillMail || f.Kind == fault.StartMail {
		return w.doServices(n, f.Kind == fault.StartMail)
	}
	life := map[fault.Kind]func() bool{
		fault.Shutdown:     n.Shutdown,
		fault.PowerOff:     n.PowerOff,
		fault.PowerOn:      n.PowerOn,
		fault.Freeze:       n.Freeze,
		fault.Resume:       n.Resume,
		fault.StopService:  n.StopService,
		fault.StartService: n.StartService,
	}
	if act, ok := life[f.Kind]; ok {
		if !act() {
			return fmt.Errorf("%s is %s; the fault changes nothing", f.Target, n.Status())
		}
		return nil
	}
	if !set(n, f) {
		return fmt.Errorf("%s is set so already", f.Target)
	}
	return nil
}

// set changes a setting of the node, which may be off; false when it is so already.
func set(n *windows.Node, f fault.Fault) bool {
	switch f.Kind {
	case fault.BlockPipe, fault.AllowPipe:
		return n.BlockPipe(f.Kind == fault.BlockPipe)
	case fault.DenyPipe, fault.GrantPipe:
		return n.DenyPipe(f.Kind == fault.DenyPipe)
	case fault.Netsh:
		return n.SetNetsh(windows.NetshMode(f.Mode))
	}
	panic("world: nothing is done about the fault " + string(f.Kind))
}

// AddRule puts a rule on frames in force from now on.
func (w *World) AddRule(r wire.Rule) (*wire.ActiveRule, error) {
	active, err := w.net.AddRule(r)
	if err != nil {
		return nil, err
	}
	w.env.Record("", trace.Fault{Verb: "rule", Args: strings.Fields(r.String())})
	w.env.Record("", trace.Rule{
		Text: r.String(), Verdict: string(r.Verdict.Action), Delay: r.Verdict.Delay,
		Some:  r.First > 0 || r.Nth > 0 || r.Every > 0,
		Cable: r.Cable, From: r.From, To: r.To,
		Type: r.EtherType, Protocol: string(r.Protocol), Form: string(r.Form), Src: r.Src, Dst: r.Dst,
	})
	return active, nil
}
