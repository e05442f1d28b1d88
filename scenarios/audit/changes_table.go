package audit

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core"
	monitoring "ipwsim/core/table"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// tableName is the name of a monitoring table (W1).
const tableName = "ipwatch.dat"

// proposeTables have each node's monitoring table name the other node, the node's own interface, and all VIPs of the other
// table. A VIP that is in one table alone, where the other table has one too many as well, is one that was mistyped: the
// active node's is taken.
func (p *plan) proposeTables() {
	for i := range p.bp.Nodes {
		n, peer := &p.bp.Nodes[i], &p.bp.Nodes[1-i]
		name := p.files.named(n.Role, tableName)
		has, _ := monitoring.Parse(name, p.files[name])
		if n.Watcher.Kind != cluster.IPWCS || len(has.Rows()) == 0 {
			continue
		}
		d := p.draft(audited.Table, audited.Mend)
		d.mail, d.Node = true, n.Role
		missing := beyond(vipsOf(peer), vipsOf(n))
		var rows []string
		for _, row := range has.Rows() {
			right := rightRow(row.Entry, n, peer)
			if alone := !slices.Contains(vipsOf(peer), row.VIP); alone && len(missing) > 0 {
				if n.Role == cluster.Standby {
					right.VIP = missing[0]
				}
				missing = missing[1:]
			}
			d.rowed(name, row.Line, row.Entry.String(), right.String())
			rows = append(rows, right.String())
		}
		for _, vip := range missing {
			row := has.Rows()[0].Entry
			row.VIP = vip
			rows = append(rows, rightRow(row, n, peer).String())
			d.rowed(name, 0, "", rows[len(rows)-1])
		}
		d.write(name, []byte(strings.Join(rows, "\r\n")+"\r\n"))
		d.hand(n.Name, audited.EditTable)
		d.hand(n.Name, audited.RestartIPWCS)
		d.done()
	}
}

// rowed notes a row that changes.
func (d *draft) rowed(file string, line int, old, new string) {
	if old != new {
		d.Edits = append(d.Edits, audited.Edit{File: file, Line: line, Old: old, New: new})
	}
}

// rightRow is the entry with the other node for its peer and the node's own interface.
func rightRow(e core.Entry, n, peer *cluster.Node) core.Entry {
	if !peer.IsCalled(e.Peer) {
		e.Peer = `\\` + peer.Name
	}
	if !strings.EqualFold(e.Interface, n.Interface) {
		e.Interface = n.Interface
	}
	return e
}

// vipsOf are those of the node's table.
func vipsOf(n *cluster.Node) (all []netip.Addr) {
	for _, e := range n.Entries {
		all = append(all, e.VIP)
	}
	return all
}

// beyond are the addresses that are none of the others.
func beyond(all, others []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(all, func(a netip.Addr) bool { return slices.Contains(others, a) })
}
