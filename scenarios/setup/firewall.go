package setup

import (
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// smb is the port of the pipe between the watchers (W15).
const smb = 445

// writeFirewall says what gets in: the peer's polls of a VIP, its requests over the pipe, and mail.
func (d *draft) writeFirewall(n *node) {
	for _, n := range d.nodes { // what the peer's lets in counts, too
		d.settleProfile(n)
	}
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
	out, let := d.byProfile(n, in)
	divided := len(out) > 0 && len(let) > 0
	why, lost := n.Lost[collected.OfFirewall]
	switch {
	case known && divided && n.Firewall.Profile != "":
		d.assume(key, "true", d.strictest(n, out, let, by))
	case known:
		d.fact(key, strconv.FormatBool(blocked), by)
		if divided {
			d.problems.Warnf(by.File, by.Line, "%s hangs on the profile in force, which no file says (`netsh advfirewall show currentprofile` does): on %s that is kept out, on %s it is let in; expected the right one in cluster.toml", key, strings.Join(out, ", "), strings.Join(let, ", "))
		}
	case lost:
		d.assume(key, "false", diag.Say("not known: %w", why))
	case n.Firewall.Cut && n.Firewall.Rules != nil:
		d.assume(key, "false", diag.Say("the export of the firewall's rules of %s may be cut off, and none in it lets that in", n.label()))
	default:
		d.assume(key, "false", diag.Say("no export of the firewall's rules of %s", n.label()))
	}
}

// strictest says why it is kept out where the profiles in force differ.
func (d *draft) strictest(n *node, out, let []string, by collected.Place) diag.Text {
	return diag.Say("of the profiles in force on %s it is kept out on %s and let in on %s, and no file says on which one's network the adapter %s is (`Get-NetConnectionProfile` does): the strictest counts (%s)",
		n.label(), strings.Join(out, ", "), strings.Join(let, ", "), n.adapter.Name, by)
}

// byProfile are the profiles on which it is kept out, and on which it is let in: of those in force or, where no file says which
// are, of those that may be.
func (d *draft) byProfile(n *node, in collected.Inbound) (out, let []string) {
	profiles := n.Firewall.InForce()
	if profiles == nil {
		profiles = []string{"private", "public"}
		if of := n.System.Domain; of.Found() && !strings.EqualFold(of.Text, workgroup) {
			profiles = append(profiles, "domain")
		}
	}
	for _, profile := range profiles {
		if blocked, _, known := n.Firewall.On(profile).Blocked(in); known && blocked {
			out = append(out, profile)
		} else {
			let = append(let, profile)
		}
	}
	return out, let
}

// settleProfile takes the profile of the network that the adapter is on, where a file says that.
func (d *draft) settleProfile(n *node) {
	of, found := n.Network(n.adapter.Name)
	if !found {
		return
	}
	if shown := n.Firewall.InForce(); shown != nil && !slices.Contains(shown, of.Category.Text) {
		d.problems.Warnf(of.Category.File, of.Category.Line, "%s is on a network of the profile %s, and the export of the firewall shows %s as in force; the first is taken", n.adapter.Name, of.Category.Text, strings.Join(shown, ", "))
	}
	n.Firewall = n.Firewall.On(of.Category.Text)
}
