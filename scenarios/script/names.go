package script

import (
	"slices"

	"ipwsim/core/diag"
	"ipwsim/netstack/wire"
	"ipwsim/scenarios/check"
	"ipwsim/sim/cluster"
	"ipwsim/sim/fault"
	"ipwsim/sim/world"
)

// names are what a scenario may call the parts of a cluster.
type names struct {
	nodes, clients, servers, stations, cables []string

	ends map[string][2]string // of each cable
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
	for _, r := range bp.Routers {
		n.stations = append(n.stations, r.Name)
	}
	if bp.Mail != nil {
		for _, o := range bp.Mail.Outside {
			n.servers = append(n.servers, o.Name)
		}
		n.stations = append(append(n.stations, cluster.ShareName), n.servers...)
	}
	n.ends = map[string][2]string{}
	for _, c := range bp.Cables() {
		n.cables = append(n.cables, c.Name)
		n.ends[c.Name] = [2]string{c.A, c.B}
	}
	return n
}

func (n names) client(l *diag.List, file string, line int, name string) {
	n.known(l, file, line, "client", name, n.clients)
}

func (n names) target(l *diag.List, file string, line int, f fault.Fault) {
	v, _ := fault.Lookup(f.Kind)
	roles := []string{world.Holder, world.Other}
	switch v.Target {
	case fault.Node:
		n.known(l, file, line, "node", f.Target, slices.Concat(n.nodes, roles))
	case fault.Server:
		n.known(l, file, line, "mail server outside", f.Target, n.servers)
	case fault.Machine:
		n.known(l, file, line, "machine", f.Target, slices.Concat(n.nodes, n.clients, roles))
	case fault.Cable:
		n.known(l, file, line, "cable", f.Target, slices.Concat(n.cables, roles))
		if ends, ok := n.ends[f.Target]; ok && f.From != "" {
			n.known(l, file, line, "end of the cable "+f.Target, f.From, slices.Concat(ends[:], roles))
		}
	}
}

// rule checks the cable and the stations a rule names.
func (n names) rule(l *diag.List, file string, line int, r wire.Rule) {
	if r.Cable != "" {
		n.known(l, file, line, "cable", r.Cable, n.cables)
	}
	for _, station := range []string{r.From, r.To} {
		if station != "" {
			n.known(l, file, line, "station", station, n.stations)
		}
	}
}

// expect checks the names an expectation mentions.
func (n names) expect(l *diag.List, file string, e Expect) {
	x, _ := lookupExpectation(e.What)
	for i, arg := range x.args {
		if i >= len(e.Args) {
			return
		}
		switch arg {
		case "client":
			n.client(l, file, e.Line, e.Args[i])
		case "node":
			n.known(l, file, e.Line, "node", e.Args[i], n.nodes)
		case "check":
			n.known(l, file, e.Line, "check", e.Args[i], checkIDs())
		}
	}
}

func checkIDs() []string {
	var ids []string
	for _, c := range check.Checks() {
		ids = append(ids, c.ID)
	}
	return ids
}

func (names) known(l *diag.List, file string, line int, what, name string, all []string) {
	if !slices.Contains(all, name) {
		l.Errorf(file, line, "no %s is called %q%s, expected %s", what, name, suggest(name, all), choice(all))
	}
}
