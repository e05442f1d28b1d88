package cluster

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/table"
)

// checkTables holds each node's monitoring table against the cluster and against the other's.
func (d *draft) checkTables() {
	for i, n := range d.nodes {
		peer := d.nodes[1-i]
		for _, row := range n.table.Rows() {
			d.checkPeer(n, peer, row)
			d.checkInterface(n, row)
			if d.checkVIP(n, row) {
				d.checkWatchedByBoth(n, peer, row)
			}
		}
	}
}

func (d *draft) rowErrorf(n *nodeDraft, row table.Row, format string, args ...any) {
	d.problems.Errorf(n.tableFile, row.Line, format, args...)
}

// checkPeer wants the entry to point at the other node, by name or by address (C1, W1).
func (d *draft) checkPeer(n, peer *nodeDraft, row table.Row) {
	switch known := peer.name.ok && peer.address.ok; {
	case n.isCalled(row.Peer):
		d.rowErrorf(n, row, "-c=%s is this node itself; expected the other", row.Peer)
	case known && !peer.isCalled(row.Peer):
		d.rowErrorf(n, row, `-c=%s is no node of this cluster; expected \\%s or \\%s`, row.Peer, peer.name.v, peer.address.v.Addr())
	}
}

func (n *nodeDraft) isCalled(unc string) bool {
	return n.name.ok && isComputer(unc, n.name.v, n.address.v.Addr())
}

// checkInterface wants the name as it is, but for case: netsh takes no other (W1).
func (d *draft) checkInterface(n *nodeDraft, row table.Row) {
	if n.iface.ok && !strings.EqualFold(row.Interface, n.iface.v) {
		d.problems.Kindf(NoInterface, n.tableFile, row.Line, "-f=%s is no interface of %s; expected %s", row.Interface, n.label, n.iface.v)
	}
}

// checkVIP wants an address of the node's subnet that nobody else has (W2).
func (d *draft) checkVIP(n *nodeDraft, row table.Row) (ok bool) {
	for _, m := range d.stations() {
		if m.address.ok && m.address.v.Addr() == row.VIP {
			kind := ""
			if d.outsider(m.name) {
				kind = VIPInUse
			}
			d.problems.Kindf(kind, n.tableFile, row.Line, "-i=%s is the real address of %s; expected the virtual address", row.VIP, m.label)
			return kind != "" && d.inSubnet(n, row)
		}
	}
	return d.inSubnet(n, row)
}

// outsider says whether the name is that of a client or a stranger.
func (d *draft) outsider(name field[string]) bool {
	same := func(m machine) bool { return name.ok && m.name == name }
	return slices.ContainsFunc(d.clients, func(c *clientDraft) bool { return same(c.machine) }) ||
		slices.ContainsFunc(d.strangers, func(s *strangerDraft) bool { return same(s.machine) })
}

// inSubnet wants the VIP among the hosts of the node's subnet.
func (d *draft) inSubnet(n *nodeDraft, row table.Row) bool {
	if !n.address.ok {
		return true
	}
	subnet := n.address.v.Masked()
	what, is := reserved(subnet, row.VIP)
	switch {
	case !subnet.Contains(row.VIP):
		d.problems.Kindf(VIPSubnet, n.tableFile, row.Line, "-i=%s is outside the subnet %s of %s; expected an address in it", row.VIP, subnet, n.label)
		return true
	case is:
		d.rowErrorf(n, row, "-i=%s is the %s address of %s; expected the address of one host", row.VIP, what, subnet)
	default:
		return true
	}
	return false
}

// checkWatchedByBoth finds a VIP that would have no second node. A table that was refused is
// reported already.
func (d *draft) checkWatchedByBoth(n, peer *nodeDraft, row table.Row) {
	if len(peer.table.Rows()) > 0 && !watches(peer.table, row.VIP) {
		d.rowErrorf(n, row, "-i=%s is not in %s; expected both nodes to watch it", row.VIP, peer.tableFile)
	}
}

func watches(t table.Table, vip netip.Addr) bool {
	for _, row := range t.Rows() {
		if row.VIP == vip {
			return true
		}
	}
	return false
}
