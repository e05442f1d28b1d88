package world

import (
	"fmt"
	"net/netip"

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
	if f.Target == Holder || f.Target == Other {
		role, err := w.who(f.Target)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		resolved.Target = role
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

func holds(n *windows.Node, vip netip.Addr) bool {
	return n.AddressState(vip) == trace.Preferred
}

func (w *World) doCable(f fault.Fault) error {
	c, ok := w.cables[f.Target]
	if !ok {
		return fmt.Errorf("no cable is named %q", f.Target)
	}
	in := f.Kind == fault.Plug
	if c.Plugged() == in {
		return fmt.Errorf("the cable is %s already", map[bool]string{true: "plugged in", false: "unplugged"}[in])
	}
	c.SetPlugged(in)
	if f.Kind == fault.Flap {
		w.s.After(f.For, func() { w.replug(c) })
	}
	return nil
}

func (w *World) replug(c *wire.Cable) {
	if !c.Plugged() {
		w.env.Record("", trace.Fault{Verb: string(fault.Plug), Args: []string{c.Name()}})
		c.SetPlugged(true)
	}
}

func (w *World) doMachine(f fault.Fault) error {
	m := w.machine(f.Target)
	if m == nil {
		return fmt.Errorf("no machine is named %q", f.Target)
	}
	if !m.BlockEcho(f.Kind == fault.BlockEcho) {
		return fmt.Errorf("the firewall of %s is set so already", f.Target)
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
	act := map[fault.Kind]func() bool{
		fault.Shutdown:     n.Shutdown,
		fault.PowerOff:     n.PowerOff,
		fault.PowerOn:      n.PowerOn,
		fault.Freeze:       n.Freeze,
		fault.Resume:       n.Resume,
		fault.StopService:  n.StopService,
		fault.StartService: n.StartService,
		fault.BlockPipe:    func() bool { return n.BlockPipe(true) },
		fault.AllowPipe:    func() bool { return n.BlockPipe(false) },
		fault.DenyPipe:     func() bool { return n.DenyPipe(true) },
		fault.GrantPipe:    func() bool { return n.DenyPipe(false) },
		fault.Netsh:        func() bool { return n.SetNetsh(windows.NetshMode(f.Mode)) },
	}[f.Kind]
	if !act() {
		return fmt.Errorf("%s is %s; the fault changes nothing", f.Target, n.Status())
	}
	return nil
}
