package setup

import (
	"cmp"
	"net/netip"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// node is a server with what identifies it.
type node struct {
	*collected.Server
	role    string
	why     diag.Text // it has this role
	name    collected.Value
	cure    cure
	adapter collected.Adapter // the zero Adapter: not known
	real    collected.Address // likewise
	masked  diag.Text         // why it has that mask, where no file says it
}

// identify finds the server's name, its adapter and its own address: the one that is no VIP.
func (d *draft) identify(n *node) {
	n.name = n.Host()
	d.contradict(diag.Say("the computer's name"), n.IPConfig.Host, n.System.Host)
	rows := n.Table.Rows()
	for _, row := range rows {
		a, found := n.IPConfig.Adapter(row.Interface)
		at := collected.Place{File: n.TableFile, Line: row.Line}
		switch {
		case !found && len(n.IPConfig.Adapters) > 0:
			d.problems.Warnf(at.File, at.Line, "-f= names %s, and ipconfig shows no such adapter, but %s (%s)", row.Interface, n.adapterNames(), n.IPConfig.Adapters[0].Place)
		case found && n.adapter.Name == "":
			n.adapter = a
		}
	}
	vips := d.vips()
	if n.adapter.Name == "" { // the one in a VIP's subnet
		for _, a := range n.IPConfig.Adapters {
			if slices.ContainsFunc(a.Addresses, func(x collected.Address) bool {
				return slices.ContainsFunc(vips, x.Contains)
			}) {
				n.adapter = a
			}
		}
	}
	if n.adapter.Name == "" {
		n.adapter = n.IPConfig.Only()
	}
	d.own(n, func(a netip.Addr) bool { return slices.Contains(vips, a) })
	if !n.real.IsValid() {
		d.own(n, d.watchedByBoth) // a table may have a real address for a VIP
	}
}

// own takes an address of the adapter's for the server's own: of several that are no VIPs the one that arp -a has for the
// adapter's, or else one that reaches a VIP, or else the first. That is told.
func (d *draft) own(n *node, isVIP func(netip.Addr) bool) {
	var all []collected.Address
	for _, a := range n.adapter.Addresses {
		if !isVIP(a.Addr()) && !a.Addr().IsLinkLocalUnicast() {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return
	}
	rank := func(a collected.Address) int {
		switch {
		case slices.ContainsFunc(n.Neighbors, func(x collected.Neighbor) bool { return x.Interface == a.Addr() }):
			return 0
		case slices.ContainsFunc(d.vips(), a.Contains):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b collected.Address) int { return cmp.Compare(rank(a), rank(b)) })
	n.real = all[0]
	for _, a := range all[1:] {
		d.problems.Warnf(a.File, a.Line, "%s of %s is no VIP of a table; a node has one address of its own here, and %s (%s) is taken; this one is left out", a.Addr(), n.label(), n.real.Addr(), n.real.Place)
	}
}

// watchedByBoth says whether the address is a VIP to both servers.
func (d *draft) watchedByBoth(a netip.Addr) bool {
	return !slices.ContainsFunc(d.nodes[:], func(n *node) bool {
		return !slices.ContainsFunc(n.Table.Rows(), func(r tableRow) bool { return r.VIP == a })
	})
}

func (n *node) adapterNames() string {
	var names []string
	for _, a := range n.IPConfig.Adapters {
		names = append(names, a.Name)
	}
	return strings.Join(names, ", ")
}

// label is how to speak of it.
func (n *node) label() string {
	if n.name.Found() {
		return n.name.Text
	}
	return path.Base(n.Folder)
}

func text(a collected.Address) collected.Value {
	return collected.Value{Text: a.Addr().String(), Place: a.Place}
}

// settleReal takes for the server's own address what the other server's table has for it, or its own arp -a, where nothing
// has its mask: that is the other server's.
func (d *draft) settleReal(n, peer *node) {
	if n.real.IsValid() || !peer.real.IsValid() {
		return
	}
	take := func(ip netip.Addr, at collected.Place) {
		if !n.real.IsValid() && ip.IsValid() && peer.real.Contains(ip) && ip != peer.real.Addr() && !slices.Contains(d.vips(), ip) {
			n.real = collected.Address{Prefix: netip.PrefixFrom(ip, peer.real.Bits()), Place: at}
			n.masked = diag.Say("%s has %s, and the mask is that of %s (%s)", at, ip, peer.label(), peer.real.Place)
		}
	}
	for _, a := range n.adapter.Addresses {
		take(a.Addr(), a.Place)
	}
	for _, r := range n.Routes {
		if !n.real.IsValid() && !r.Gateway.IsValid() && r.Interface.IsValid() && peer.real.Contains(r.Interface) {
			n.real = collected.Address{Prefix: netip.PrefixFrom(r.Interface, r.To.Bits()), Place: r.Place}
		}
	}
	for _, x := range n.Neighbors {
		take(x.Interface, x.Place)
	}
	for _, row := range peer.Table.Rows() {
		if ip, err := netip.ParseAddr(strings.TrimLeft(row.Peer, `\`)); err == nil {
			take(ip, collected.Place{File: peer.TableFile, Line: row.Line})
		}
	}
}

// settleName takes the name that the other server's table has for it, where it says none itself.
func (d *draft) settleName(n, peer *node) {
	for _, row := range peer.Table.Rows() {
		name := strings.TrimLeft(row.Peer, `\`)
		if _, err := netip.ParseAddr(name); err != nil && !n.name.Found() && name != "" {
			first, _, _ := strings.Cut(name, ".")
			n.name = collected.Value{Text: first, Place: collected.Place{File: peer.TableFile, Line: row.Line}}
		}
	}
}

func (d *draft) writeNode(n *node) {
	d.section = n.role
	d.line("\n[node.%s]  # %s", n.role, d.comment(n.why))
	need := func(key, value string, at collected.Place, what diag.Text) {
		if value != "" {
			d.fact(key, quoted(value), at)
		} else {
			d.settle(key, Question{Text: what}, diag.Text{})
		}
	}
	need("name", n.name.Text, n.name.Place, diag.Say("the computer's name of the server in %s? `ipconfig /all` or `systeminfo` says it", n.Folder))
	real := ""
	if n.real.IsValid() {
		real = n.real.Prefix.String()
	}
	if n.masked.Format != "" {
		d.assume("address", quoted(real), n.masked)
	} else {
		need("address", real, n.real.Place, diag.Say("the own address of %s with its prefix length, as 192.168.10.200/24? `ipconfig /all` says it", n.label()))
	}
	mac := n.adapter.MAC
	if !mac.Found() && n.real.IsValid() {
		mac = d.neighbor(n.real.Addr())
	}
	if mac.Found() {
		d.fact("mac", quoted(mac.Text), mac.Place)
	}
	if len(d.gateways) > 0 && d.gateways[0].address.IsValid() {
		known := slices.IndexFunc(n.adapter.Gateways, func(a collected.Address) bool {
			return slices.ContainsFunc(d.gateways, func(g gateway) bool { return g.address == a.Addr() })
		})
		if known >= 0 {
			d.fact("gateway", quoted(n.adapter.Gateways[known].Addr().String()), n.adapter.Gateways[known].Place)
		} else {
			d.assume("gateway", quoted(d.gateways[0].address.String()), diag.Say("it leads to the clients (%s), and a node here has one gateway", d.gateways[0].at[0]))
		}
	}
	name, at := n.adapter.Name, n.adapter.Place
	if rows := n.Table.Rows(); name == "" && len(rows) > 0 {
		name, at = rows[0].Interface, collected.Place{File: n.TableFile, Line: rows[0].Line}
	}
	need("interface", name, at, diag.Say("the name of the adapter of %s, as behind -f= in ipwatch.dat?", n.label()))
	d.line(`switch = "servers"`)
	d.writeWindows(n)
	d.assume("boot", quoted(assumedBoot), diag.Say("no export says how long Windows takes to start; until it has, nobody has mail from this node"))
	d.writeTasks(n)
	d.writeFirewall(n)
}

// assumedBoot is a start of Windows, as the simulator has it where a cluster says nothing.
const assumedBoot = "2m"

// versions are the simulator's profiles by the first numbers of a version.
var versions = []struct{ version, profile string }{
	{"5.2.", "srv-2003"}, {"6.0.", "srv-2008"}, {"6.1.", "srv-2008"}, {"6.2.", "srv-2012plus"}, {"6.3.", "srv-2012plus"}, {"10.0.", "srv-2012plus"},
}

func (d *draft) writeWindows(n *node) {
	v := n.System.Version
	for _, known := range versions {
		if strings.HasPrefix(v.Text, known.version) {
			d.fact("profile", quoted(known.profile), v.Place)
			return
		}
	}
	d.settle("profile", Question{Text: diag.Say("the Windows version of %s: srv-2003, srv-2008 or srv-2012plus?", n.label()), Assumed: "srv-2012plus"},
		diag.Say("`systeminfo` is missing, or shows a version not known here"))
}

// vips are the addresses that the tables watch.
func (d *draft) vips() (all []netip.Addr) {
	for _, n := range d.nodes {
		for _, row := range n.Table.Rows() {
			if !slices.Contains(all, row.VIP) {
				all = append(all, row.VIP)
			}
		}
	}
	return all
}
