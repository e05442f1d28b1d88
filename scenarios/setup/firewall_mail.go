package setup

import (
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// mailServices are those that clients connect to.
var mailServices = []string{settings.SMTPName, settings.POP3Name, settings.IMAPName}

// mailPorts are those that a server serves, in ascending order: by its lists, or as a service is without one.
func (d *draft) mailPorts() (all []uint16) {
	for _, n := range d.nodes {
		for _, service := range mailServices {
			list, _ := settings.ListsOf(service)
			_, _, installed := n.Export(registry.ServicesKey + `\` + service)
			data, has := n.Files[list]
			if (installed || n.Services[service].Account.Found()) && !has {
				all = append(all, settings.PortOf(service))
			}
			rows, _ := settings.ParseBinds(list, data) // check tells what is wrong in it
			for _, row := range rows {
				all = append(all, row.Port)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// entry is what becomes of mail that comes in.
type entry struct {
	blocked, known bool
	by             collected.Place
	in, out        []string // clients of either fate
}

// ruled says whether a line about that port, or of a policy that no rule can undo, decided it.
func (e entry) ruled() bool { return e.blocked && e.known && e.by.Line > 0 }

// mailAt says whether the node's firewall keeps all clients out at the port. Where none is known that is anybody.
func (d *draft) mailAt(n *node, port uint16) (e entry) {
	to := collected.Inbound{Port: port}
	if vips := d.vips(); len(vips) > 0 {
		to.To = vips[0]
	}
	if len(d.clients) == 0 {
		e.blocked, e.by, e.known = n.Firewall.Blocked(to)
		return e
	}
	e.blocked, e.known = true, true
	for _, c := range d.clients {
		to.From, to.Far = c.address, c.far > 0
		blocked, by, known := n.Firewall.Blocked(to)
		e.known = e.known && known
		if e.by.File == "" || blocked && by.Line > 0 {
			e.by = by
		}
		if blocked {
			e.out = append(e.out, c.address.String())
		} else {
			e.blocked, e.in = false, append(e.in, c.address.String())
		}
	}
	return e
}

// writeMailBlocked says at which ports of mail the node's firewall lets nobody in: by a rule, or where the peer's lets
// somebody in. With no rule about mail on either server, or no export of one, more is wrong with the exports than with the
// firewall; where the policy is to block, it is told.
func (d *draft) writeMailBlocked(n, peer *node) {
	var ports, odd, divided []string
	var by collected.Place
	var some entry
	var first collected.Inbound
	for _, port := range d.mailPorts() {
		here, there := d.mailAt(n, port), d.mailAt(peer, port)
		open, number := there.known && !there.blocked, strconv.Itoa(int(port))
		switch {
		case !here.known:
		case !here.blocked && len(here.out) > 0:
			divided, some = append(divided, number), here
		case !here.blocked:
		case here.ruled() || open || there.ruled() && n.Firewall.Policy.Found():
			if ports = append(ports, number); len(ports) == 1 {
				by, first.Port = here.by, port
			}
		case there.known && n.Firewall.Policy.Found():
			odd = append(odd, number)
		}
	}
	list := "[" + strings.Join(ports, ", ") + "]"
	switch out, let := d.byProfile(n, first); {
	case len(ports) == 0:
	case len(out) > 0 && len(let) > 0 && n.Firewall.Profile != "":
		d.assume("mail_blocked", list, d.strictest(n, out, let, by))
	default:
		d.fact("mail_blocked", list, by)
	}
	if policy := n.Firewall.Policy; len(odd) > 0 {
		d.problems.Warnf(policy.File, policy.Line, "the policy is %s, and no rule lets anybody in at the mail ports TCP %s, nor on the other server; the simulator lets mail in; "+
			"expected such a rule in the export, or mail_blocked = [%[2]s] in cluster.toml", policy.Text, strings.Join(odd, ", "))
	}
	if len(divided) > 0 { // a node lets all of them in, or none
		d.problems.Warnf(some.by.File, some.by.Line, "at TCP %s the firewall keeps out some clients, at the last of these %s, and lets in %s; the simulator lets all of them in",
			strings.Join(divided, ", "), strings.Join(some.out, ", "), strings.Join(some.in, ", "))
	}
}
