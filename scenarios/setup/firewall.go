package setup

import (
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
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
		d.tellProfiles(n, key, in)
	case lost:
		d.assume(key, "false", diag.Say("not known: %w", why))
	case n.Firewall.Cut && n.Firewall.Rules != nil:
		d.assume(key, "false", diag.Say("the export of the firewall's rules of %s may be cut off, and none in it lets that in", n.label()))
	default:
		d.assume(key, "false", diag.Say("no export of the firewall's rules of %s", n.label()))
	}
}

// tellProfiles tells of what gets in on one profile and not on another, where no file says which is in force.
func (d *draft) tellProfiles(n *node, key string, in collected.Inbound) {
	profiles := []string{"private", "public"}
	if of := n.System.Domain; of.Found() && !strings.EqualFold(of.Text, workgroup) {
		profiles = append(profiles, "domain")
	}
	var out, let []string
	var at collected.Place
	for _, profile := range profiles {
		f := n.Firewall
		f.Profile = profile
		if blocked, by, known := f.Blocked(in); known && blocked {
			out, at = append(out, profile), by
		} else {
			let = append(let, profile)
		}
	}
	if n.Firewall.Profile == "" && len(out) > 0 && len(let) > 0 {
		d.problems.Warnf(at.File, at.Line, "%s hangs on the profile in force, which no file says (`netsh advfirewall show currentprofile` does): on %s that is kept out, on %s it is let in; expected the right one in cluster.toml", key, strings.Join(out, ", "), strings.Join(let, ", "))
	}
}
