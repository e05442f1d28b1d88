package world

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/console"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// Console is the command prompt of a node or a client (H19). There is one a machine.
func (w *World) Console(machine string) (*console.Console, error) {
	if c := w.consoles[machine]; c != nil {
		return c, nil
	}
	m, err := w.Machine(machine)
	if err != nil {
		return nil, err
	}
	env := console.Env{
		Machine: m, Computer: machine, Language: w.env.Language,
		Interface: w.env.Language.In("Ethernet", "イーサネット"),
		Wall:      m.Wall,
		Record:    func(line trace.Console) { w.env.Record(machine, line) },
		Resolve:   w.computer,
		Registry:  func() []console.Key { return nil },
		Mail:      func() []console.MailService { return nil },
		Files:     func() []windows.File { return nil },
		Fault:     func(trace.Fault, func() bool) error { return diag.Errorf("%s has no watcher", machine) },
	}
	if n := w.bp.Node(machine); n != nil {
		w.addNode(&env, n)
	}
	for _, c := range w.bp.Clients {
		if c.Name == machine {
			env.Gateway = c.Gateway
		}
	}
	w.consoles[machine] = console.New(env)
	return w.consoles[machine], nil
}

// addNode is what the console of a node knows besides.
func (w *World) addNode(env *console.Env, n *cluster.Node) {
	node, _ := w.Node(n.Role) // it is one
	env.Node, env.Computer, env.Interface, env.Gateway = node, n.Name, n.Interface, n.Gateway
	env.Files = node.ProductFiles
	env.Registry = func() []console.Key { return w.registry(node) }
	env.Mail = func() []console.MailService { return w.mailServices(node) }
	env.ReadValue = ReadValue
	env.SetValue = func(name, data string) error { return w.SetValue(n.Role, name, data) }
	env.Fault = func(f trace.Fault, act func() bool) error {
		if node.Power() != trace.On {
			return diag.Errorf("%s is %s", n.Role, node.Status())
		}
		_, err := w.Do(f, func(trace.Fault) error {
			if !act() {
				return diag.Errorf("%s cannot do that now", n.Role)
			}
			return nil
		})
		return err
	}
}

// know puts the VIPs that a watcher has read into the trace's header: the others' tables have what was known before.
func (w *World) know(read []netip.Addr) {
	h := &w.trace.Header
	var known []netip.Addr
	for _, v := range h.VIPs {
		known = append(known, v.Address)
	}
	for _, vip := range read {
		if slices.Contains(known, vip) {
			continue
		}
		h.VIPs = append(slices.Clip(h.VIPs), trace.VIP{Address: vip})
		for i := range h.Nodes {
			if h.Nodes[i].VIPs == nil {
				h.Nodes[i].VIPs = known
			}
		}
	}
}

// mailServices are what the console of a node can start and stop.
func (w *World) mailServices(n *windows.Node) (all []console.MailService) {
	mail := w.mailOf(n)
	if mail == nil {
		return nil
	}
	for _, name := range settings.Services {
		if _, installed := mail.settings.Service(name); !installed {
			continue
		}
		all = append(all, console.MailService{
			Name: name, Runs: func() bool { return mail.running[name] != nil },
			Start: func() bool { return w.Services(n.Name(), name, MailStart) == nil },
			Stop:  func() bool { return w.Services(n.Name(), name, MailStop) == nil },
		})
	}
	return all
}

// computer finds the real address of a computer by its name, as NetBIOS does.
func (w *World) computer(name string) (netip.Addr, bool) {
	if ip, ok := w.env.Resolve(`\\` + name); ok {
		return ip, true
	}
	for _, c := range w.bp.Clients {
		if strings.EqualFold(c.Name, name) {
			return c.Address.Addr(), true
		}
	}
	if w.mail != nil {
		for _, m := range w.mail.machines {
			if strings.EqualFold(m.Name(), name) {
				return m.Address().Addr(), true
			}
		}
	}
	return netip.Addr{}, false
}
