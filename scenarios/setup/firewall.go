package setup

import (
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// smb is the port of the pipe between the watchers (W15).
const smb = 445

// writeFirewall says what gets in: the peer's polls of a VIP, its requests over the pipe, and mail.
func (d *draft) writeFirewall(n *node) {
	peer := d.nodes[0]
	if peer == n {
		peer = d.nodes[1]
	}
	echo := collected.Inbound{From: peer.real.Addr()}
	if vips := d.vips(); len(vips) > 0 {
		echo.To = vips[0]
	}
	d.writeBlocked(n, "echo_blocked", echo)
	d.writeBlocked(n, "pipe_blocked", collected.Inbound{Port: smb, From: peer.real.Addr(), To: n.real.Addr()})
	d.writeMailBlocked(n, peer)
}

func (d *draft) writeBlocked(n *node, key string, in collected.Inbound) {
	blocked, by, known := n.Firewall.Blocked(in)
	why, lost := n.Lost[collected.OfFirewall]
	switch {
	case known:
		d.fact(key, strconv.FormatBool(blocked), by)
	case lost:
		d.assume(key, "false", diag.Say("not known: %w", why))
	case n.Firewall.Cut && n.Firewall.Rules != nil:
		d.assume(key, "false", diag.Say("the export of the firewall's rules of %s may be cut off, and none in it lets that in", n.label()))
	default:
		d.assume(key, "false", diag.Say("no export of the firewall's rules of %s", n.label()))
	}
}

// bindLists are the lists of what the mail services answer on.
var bindLists = []string{"smtpip.dat", "popip.dat", "imapip.dat"}

// mailPorts are those in the lists of both servers, in ascending order.
func (d *draft) mailPorts() (all []uint16) {
	for _, n := range d.nodes {
		for _, list := range bindLists {
			rows, _ := settings.ParseBinds(list, n.Files[list]) // check tells what is wrong in it
			for _, row := range rows {
				all = append(all, row.Port)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// writeMailBlocked says at which ports of mail the node's firewall lets nobody in, where the peer's does: with no rule on
// either server, or no export of one, more is wrong with the exports than with the firewall.
func (d *draft) writeMailBlocked(n, peer *node) {
	var ports []string
	var by collected.Place
	for _, port := range d.mailPorts() {
		in := collected.Inbound{Port: port}
		if vips := d.vips(); len(vips) > 0 {
			in.To = vips[0]
		}
		blocked, here, known := n.Firewall.Blocked(in)
		open, _, knownThere := peer.Firewall.Blocked(in)
		if !blocked || open || !known || !knownThere {
			continue
		}
		if ports = append(ports, strconv.Itoa(int(port))); len(ports) == 1 {
			by = here
		}
	}
	if len(ports) > 0 {
		d.fact("mail_blocked", "["+strings.Join(ports, ", ")+"]", by)
	}
}
