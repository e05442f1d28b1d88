package script

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/sim/cluster"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// names are what a scenario may call the parts of a cluster.
type names struct {
	nodes, clients, servers, strangers, stations, switches, cables, vips []string

	ends  map[string][2]string // of each cable
	moved map[string]bool      // machines' cables that a step above takes to another switch
}

func newNames(bp *cluster.Blueprint) names {
	var n names
	for _, x := range bp.Nodes {
		n.nodes = append(n.nodes, x.Role)
	}
	for _, c := range bp.Clients {
		n.clients = append(n.clients, c.Name)
	}
	n.stations = slices.Concat(n.nodes, n.clients)
	for _, s := range bp.Strangers {
		n.strangers = append(n.strangers, s.Name)
	}
	n.stations = append(n.stations, n.strangers...)
	for _, r := range bp.Routers {
		n.stations = append(n.stations, r.Name)
	}
	if bp.Mail != nil {
		for _, o := range bp.Mail.Outside {
			n.servers = append(n.servers, o.Name)
		}
		n.stations = append(append(n.stations, cluster.ShareName), n.servers...)
	}
	for _, s := range bp.Switches {
		n.switches = append(n.switches, s.Name)
	}
	for _, vip := range bp.VIPs {
		n.vips = append(n.vips, vip.String())
	}
	n.ends, n.moved = map[string][2]string{}, map[string]bool{}
	for _, c := range bp.Cables() {
		n.cables = append(n.cables, c.Name)
		n.ends[c.Name] = [2]string{c.A, c.B}
	}
	return n
}

// call checks the names in a step.
func (n names) call(l *diag.List, file string, line int, c verb.Call) {
	roles := []string{world.Holder, world.Other}
	for _, name := range c.Names() {
		switch name.Kind {
		case verb.Client:
			n.known(l, file, line, diag.Say("client"), name.Word, n.clients)
		case verb.Node:
			n.known(l, file, line, diag.Say("node"), name.Word, slices.Concat(n.nodes, roles))
		case verb.Powered:
			n.known(l, file, line, diag.Say("node or switch"), name.Word, slices.Concat(n.nodes, n.switches, roles))
		case verb.Server:
			n.known(l, file, line, diag.Say("mail server outside"), name.Word, n.servers)
		case verb.OfStranger:
			n.known(l, file, line, diag.Say("stranger"), name.Word, n.strangers)
		case verb.Machine:
			n.known(l, file, line, diag.Say("machine"), name.Word, slices.Concat(n.nodes, n.clients, roles))
		case verb.Cable:
			all := n.cables
			if c.Verb.Target == verb.Cable {
				all = slices.Concat(all, roles)
			}
			n.known(l, file, line, diag.Say("cable"), name.Word, all)
		case verb.End:
			if ends, ok := n.ends[name.Of]; ok && !(n.moved[name.Of] && slices.Contains(n.switches, name.Word)) {
				n.known(l, file, line, diag.Say("end of the cable %s", name.Of), name.Word, slices.Concat(ends[:], roles))
			}
		case verb.Switch:
			n.known(l, file, line, diag.Say("switch"), name.Word, n.switches)
			for _, machine := range slices.Concat(n.nodes, n.clients) {
				n.moved[machine] = n.moved[machine] || c.Target == machine || slices.Contains(roles, c.Target)
			}
		case verb.Station:
			n.known(l, file, line, diag.Say("station"), name.Word, n.stations)
		}
	}
}

// expect checks the names an expectation mentions.
func (n names) expect(l *diag.List, file string, e *Expect) {
	x, _ := lookupExpectation(e.What)
	for i, arg := range x.args {
		if i >= len(e.Args) {
			break
		}
		switch arg {
		case "client":
			n.known(l, file, e.Line, diag.Say("client"), e.Args[i], n.clients)
		case "node":
			n.known(l, file, e.Line, diag.Say("node"), e.Args[i], n.nodes)
		case "machine":
			n.known(l, file, e.Line, diag.Say("machine"), e.Args[i], slices.Concat(n.nodes, n.clients))
		case "check":
			n.known(l, file, e.Line, diag.Say("check"), e.Args[i], check.IDs())
		}
	}
	if e.Client != "" {
		n.known(l, file, e.Line, diag.Say("client"), e.Client, n.clients)
	}
	if e.VIP.IsValid() {
		n.known(l, file, e.Line, diag.Say("VIP"), e.VIP.String(), n.vips)
	}
}

// roleOf is what a scenario calls the node that people call so; another word is as it is.
func roleOf(word string) string {
	switch strings.ToLower(word) {
	case "master", "primary":
		return cluster.Active
	case "slave", "secondary", "backup", "passive":
		return cluster.Standby
	}
	return word
}

func (names) known(l *diag.List, file string, line int, what diag.Text, name string, all []string) {
	switch {
	case len(all) == 0:
		l.Errorf(file, line, "no %s is called %q: the cluster has none", what, name)
	case !slices.Contains(all, name):
		l.Errorf(file, line, "no %s is called %q%s, expected %s", what, name, diag.Suggest(roleOf(name), all), diag.OneOf(all))
	}
}
