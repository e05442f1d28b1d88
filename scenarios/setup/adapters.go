package setup

// tellAdapter tells what ipconfig shows of the adapter with the server's address and the simulator does not play.
func (d *draft) tellAdapter(n *node) {
	if dhcp := n.adapter.DHCP; dhcp.Found() {
		d.problems.Warnf(dhcp.File, dhcp.Line, "%s has its address by DHCP, and the guide's servers have static ones: when the watcher adds a VIP, Windows may refuse that, or give up the address from DHCP; "+
			"the simulator has the VIP added and the address kept; expected a static address", n.label())
	}
	if card := n.adapter.Card; n.adapter.Team() {
		d.problems.Warnf(card.File, card.Line, "the adapter %s is a team of cards (%s), and no file says which; a node has one card here with one cable, so the team's own failover is not played", n.adapter.Name, card.Text)
	}
}
