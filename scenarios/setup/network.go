package setup

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/sim/collected"
)

type tableRow = table.Row

// client is a machine that uses the cluster, or its share.
type client struct {
	address netip.Addr
	at      collected.Place
	far     int             // index of its gateway, from 1; 0: on the servers' segment
	subnet  int             // index of the subnet behind it
	aside   collected.Value // the adapter that leads to it, where that is not the one that is simulated
	why     diag.Text       // it is assumed; the zero Text: a file names it
}

// gateway is a router, with the subnets behind it that matter.
type gateway struct {
	address netip.Addr
	behind  []netip.Prefix
	at      []collected.Place // the routes to them
}

// near is the servers' subnet; the zero Prefix: no file has a mask.
func (d *draft) near() netip.Prefix { return d.segment.subnet }

// neighbor finds the MAC of an address in what the servers know; where they differ, it is told.
func (d *draft) neighbor(ip netip.Addr) (mac collected.Value) {
	for _, n := range d.nodes {
		for _, x := range n.Neighbors {
			if x.Address != ip {
				continue
			}
			found := collected.Value{Text: x.MAC, Place: x.Place}
			d.contradict(diag.Say("the MAC of %s", ip), mac, found)
			if !mac.Found() {
				mac = found
			}
		}
	}
	return mac
}

// others are the neighbors that both servers know, or the only one that has arp -a, and that are nothing else yet.
func (d *draft) others() (all []collected.Neighbor) {
	taken := d.vips()
	for _, n := range d.nodes {
		if n.real.IsValid() {
			taken = append(taken, n.real.Addr())
		}
		for _, a := range append(slices.Clone(n.adapter.Gateways), n.adapter.DNS...) {
			taken = append(taken, a.Addr())
		}
		for _, r := range n.Routes { // who passes packets on is no file server, and no client
			taken = append(taken, r.Gateway)
		}
	}
	for _, c := range d.clients {
		taken = append(taken, c.address)
	}
	for i, n := range d.nodes {
		for _, x := range n.Neighbors {
			there := d.nodes[1-i].Neighbors
			both := len(there) == 0 || slices.ContainsFunc(there, func(y collected.Neighbor) bool { return y.Address == x.Address })
			if both && d.near().Contains(x.Address) && !slices.Contains(taken, x.Address) {
				taken = append(taken, x.Address)
				all = append(all, x)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b collected.Neighbor) int {
		if one, other := d.mayRoute(a.Address), d.mayRoute(b.Address); one != other {
			return map[bool]int{true: 1, false: -1}[one]
		}
		return a.Address.Compare(b.Address)
	})
	return all
}

// mayRoute says whether the address may be a router's, where no file names one: people give those the first address of a
// subnet, or the last.
//
// Inferred: so they do.
func (d *draft) mayRoute(ip netip.Addr) bool {
	near := d.near()
	for _, n := range d.nodes {
		if len(n.adapter.Gateways) > 0 || slices.ContainsFunc(n.Routes, func(r collected.Route) bool { return r.Gateway.IsValid() && near.Contains(r.Gateway) }) {
			return false
		}
	}
	return near.IsValid() && near.Bits() < 31 && near.Contains(ip) && (ip.Prev() == near.Masked().Addr() || !near.Contains(ip.Next().Next()))
}

// findClients takes those for clients that the batch files name: also where no ping comes to them, for they are there.
func (d *draft) findClients() {
	taken := d.vips()
	for _, n := range d.nodes {
		if n.real.IsValid() {
			taken = append(taken, n.real.Addr())
		}
		for _, g := range n.adapter.Gateways {
			taken = append(taken, g.Addr())
		}
	}
	for _, n := range d.nodes {
		for _, t := range n.cure.Targets() {
			d.pinged(t.Addr)
			if slices.Contains(taken, t.Addr) || !t.IsGlobalUnicast() || d.isForAll(t.Addr) {
				continue
			}
			taken = append(taken, t.Addr)
			found := d.wayTo(t.Addr, t.At)
			if found.aside.Found() {
				d.problems.Warnf(t.At.File, t.At.Line, "%s is on the adapter %s (%s), and a node has one adapter here, %s; it is left out", t.Addr, found.aside.Text, found.aside.Place, n.adapter.Name)
				continue
			}
			d.clients = append(d.clients, found)
		}
	}
}

// isForAll says whether the address is of no machine, but of all in the servers' subnet, or of the subnet itself.
func (d *draft) isForAll(ip netip.Addr) bool {
	near := d.near()
	return near.IsValid() && near.Bits() < 31 && near.Contains(ip) && (ip == near.Masked().Addr() || !near.Contains(ip.Next()))
}

// pinged has a gateway of both servers that a batch pings in the cluster: that heals it, and who comes over it (H11).
func (d *draft) pinged(ip netip.Addr) {
	at := []collected.Place(nil)
	for _, n := range d.nodes {
		for _, g := range n.adapter.Gateways {
			if g.Addr() == ip {
				at = append(at, g.Place)
			}
		}
	}
	if len(at) == len(d.nodes) && d.near().Contains(ip) && !slices.ContainsFunc(d.gateways, func(g gateway) bool { return g.address == ip }) {
		d.gateways = append(d.gateways, gateway{address: ip, at: at[:1]})
	}
}

// wayTo finds the way to a machine: by the longest route.
func (d *draft) wayTo(ip netip.Addr, named collected.Place) client {
	c := client{address: ip, at: named}
	near := d.near()
	if !near.IsValid() || near.Contains(c.address) {
		return c
	}
	if c.aside = d.aside(ip); c.aside.Found() {
		return c
	}
	via, subnet, at := netip.Addr{}, netip.PrefixFrom(c.address, 24).Masked(), collected.Place{}
	longest := -1
	for _, n := range d.nodes {
		for _, g := range n.adapter.Gateways {
			if !via.IsValid() {
				via, at = g.Addr(), g.Place
			}
		}
		for _, r := range n.Routes {
			if r.To.Contains(c.address) && r.To.Bits() > longest && near.Contains(r.Gateway) {
				longest, via, at = r.To.Bits(), r.Gateway, r.Place
				if longest > 0 {
					subnet = r.To
				}
			}
		}
	}
	i := slices.IndexFunc(d.gateways, func(g gateway) bool { return g.address == via })
	if i < 0 {
		i = len(d.gateways)
		d.gateways = append(d.gateways, gateway{address: via})
	}
	g := &d.gateways[i]
	j := slices.Index(g.behind, subnet)
	if j < 0 {
		j = len(g.behind)
		g.behind, g.at = append(g.behind, subnet), append(g.at, at)
	}
	c.far, c.subnet = i+1, j
	return c
}

// aside is the other adapter of a server that has the address in its own subnet.
func (d *draft) aside(ip netip.Addr) (v collected.Value) {
	for _, n := range d.nodes {
		for _, a := range n.IPConfig.Adapters {
			for _, x := range a.Addresses {
				if a.Name != n.adapter.Name && x.IsValid() && x.Contains(ip) && !v.Found() {
					v = collected.Value{Text: a.Name, Place: x.Place}
				}
			}
		}
	}
	return v
}

// free is the last address of the servers' subnet that nothing known has.
func (d *draft) free() netip.Prefix {
	near := d.near()
	taken := d.vips()
	for _, n := range d.nodes {
		for _, list := range [][]collected.Address{n.adapter.Addresses, n.adapter.Gateways, n.adapter.DNS} {
			for _, a := range list {
				taken = append(taken, a.Addr())
			}
		}
		for _, x := range n.Neighbors {
			taken = append(taken, x.Address)
		}
	}
	for _, c := range d.clients {
		taken = append(taken, c.address)
	}
	last := near.Addr().As4()
	for i := near.Bits(); i < 32; i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	ip := netip.AddrFrom4(last).Prev() // the last one is for all
	for slices.Contains(taken, ip) && near.Contains(ip.Prev()) {
		ip = ip.Prev()
	}
	return netip.PrefixFrom(ip, near.Bits())
}

func (d *draft) writeTop() {
	d.section = d.Name
	d.line("# %s", d.comment(diag.Say("Made by ipwsim init from %s and %s. Behind each key: the file and line that says so, or that it is assumed.", d.nodes[0].Folder, d.nodes[1].Folder)))
	d.line("name = %s", quoted(d.Name))
	if d.nodes[0].IPConfig.Japanese {
		d.fact("windows_language", `"ja"`, collected.Place{File: d.nodes[0].IPConfig.Host.File})
	}
	d.writeNames()
	d.writeAdministrators()
	d.writeEither()
}

// writeEither says that either server's mask may be the right one.
func (d *draft) writeEither() {
	if a, b := d.nodes[0], d.nodes[1]; d.segment.open {
		d.assume("either_mask", "true", diag.Say("%s has the mask %s (%s), %s %s (%s), and nothing else in the files says which is right; all others are taken to be in %s", a.label(), mask(a.real), a.real.Place, b.label(), mask(b.real), b.real.Place, d.near()))
	}
}

// workgroup is what systeminfo calls Windows' own workgroup.
const workgroup = "WORKGROUP"

// writeNames says that names are asked of DNS, where a file hints at it.
func (d *draft) writeNames() {
	if n := d.nodes[0]; n.System.Domain.Found() && !strings.EqualFold(n.System.Domain.Text, workgroup) {
		d.assume("names", `"dns"`, diag.Say("%s is in %s (%s), and members of a domain ask DNS for names", n.label(), n.System.Domain.Text, n.System.Domain.Place))
		return
	}
	for _, n := range d.nodes {
		for _, row := range n.Table.Rows() {
			_, err := netip.ParseAddr(strings.TrimPrefix(row.Peer, `\\`))
			if err != nil && strings.Contains(row.Peer, ".") {
				d.assume("names", `"dns"`, diag.Say("%s has its domain (%s), and such names are asked of DNS", row.Peer, collected.Place{File: n.TableFile, Line: row.Line}))
				return
			}
		}
	}
}

// farName is the switch of a subnet behind a gateway.
func farName(g, subnet int) string { return fmt.Sprintf("far%d-%d", g, subnet+1) }

func (d *draft) writeNetwork() {
	d.line("\n[[switch]]  # %s", d.guess(diag.Say("one switch with port-fast joins the servers' segment")))
	d.line(`name = "servers"`)
	for i, g := range d.gateways {
		for j := range g.behind {
			d.line("\n[[switch]]  # %s", d.guess(diag.Say("one switch for %s", g.behind[j])))
			d.line("name = %s", quoted(farName(i+1, j)))
		}
		d.writeRouter(i+1, g)
	}
}

// makers are OUIs of makers whose L3 switches have a profile.
var makers = map[string]string{"00-12-e2": "l3-alaxala-strict", "00-00-cd": "l3-allied", "00-e0-fc": "l3-huawei", "00-05-85": "l3-juniper", "00-00-0c": "l3-cisco-ios"}

func (d *draft) writeRouter(number int, g gateway) {
	name := fmt.Sprintf("router%d", number)
	d.section = name
	d.line("\n[[router]]\nname = %s", quoted(name))
	mac := collected.Value{}
	if g.address.IsValid() {
		mac = d.neighbor(g.address)
	}
	profile, why := "l3-cisco-ios", diag.Say("nothing says how %s keeps ARP entries; `ipwsim profiles` lists the kinds", g.address)
	if len(mac.Text) > 8 && makers[mac.Text[:8]] != "" {
		profile, why = makers[mac.Text[:8]], diag.Say("by the maker of its MAC %s (%s); `ipwsim profiles` lists the kinds", mac.Text, mac.Place)
	}
	d.settle("profile", Question{Text: diag.Say("how does the router %s keep ARP entries? A profile of `ipwsim profiles`", g.address), Assumed: profile}, why)
	d.line("\n[[router.interface]]")
	if g.address.IsValid() {
		d.fact("address", quoted(netip.PrefixFrom(g.address, d.near().Bits()).String()), g.at[0])
	} else {
		d.settle("address", Question{Text: diag.Say("the router's address on the servers' segment, as 192.168.10.1/24?")}, diag.Text{})
	}
	if mac.Found() {
		d.fact("mac", quoted(mac.Text), mac.Place)
	}
	d.line(`switch = "servers"`)
	for j, subnet := range g.behind {
		d.line("\n[[router.interface]]")
		d.settle("address", Question{Text: diag.Say("the router's address in %s?", subnet), Assumed: d.farAddress(subnet).String()},
			diag.Say("%s is routed there (%s), and no file has the router's own address in it", subnet, g.at[j]))
		d.line("switch = %s", quoted(farName(number, j)))
	}
}

// farAddress is the first address of a subnet that is no client's.
func (d *draft) farAddress(subnet netip.Prefix) netip.Prefix {
	ip := subnet.Masked().Addr().Next()
	for ip == d.share.address || slices.ContainsFunc(d.clients, func(c client) bool { return c.address == ip }) {
		ip = ip.Next()
	}
	return netip.PrefixFrom(ip, subnet.Bits())
}

func (d *draft) writeClients() {
	if len(d.clients) == 0 {
		d.section = "client"
		d.line("\n[[client]]\nname = \"client\"")
		d.settle("address", Question{Text: diag.Say("the address of a client, as 192.168.10.150/24? No arpclear.bat names one")}, diag.Text{})
		d.line(`switch = "servers"`)
	}
	names := map[string]bool{}
	for i, c := range d.clients {
		b := c.address.As4()
		name := fmt.Sprintf("pc%d", b[3])
		switch {
		case i == 0:
			name = "client" // as shipped scenarios call it
		case names[name]:
			name = fmt.Sprintf("pc%d-%d-%d-%d", b[0], b[1], b[2], b[3])
		}
		names[name] = true
		d.line("\n[[client]]\nname = %s", quoted(name))
		d.writeClient(name, c)
	}
}

// writePlace writes where a machine is: on the servers' segment, or behind a router.
func (d *draft) writePlace(c client) {
	address := func(bits int) {
		if text := quoted(netip.PrefixFrom(c.address, bits).String()); c.why.Error() != "" {
			d.assume("address", text, c.why)
		} else {
			d.fact("address", text, c.at)
		}
	}
	if c.far > 0 {
		g := d.gateways[c.far-1]
		address(g.behind[c.subnet].Bits())
		d.assume("gateway", quoted(d.farAddress(g.behind[c.subnet]).Addr().String()), diag.Say("the router that %s is behind", c.address))
		d.line("switch = %s", quoted(farName(c.far, c.subnet)))
		return
	}
	bits := d.near().Bits()
	if bits < 0 {
		bits = 24
	}
	address(bits)
	if mac := d.neighbor(c.address); mac.Found() {
		d.fact("mac", quoted(mac.Text), mac.Place)
	}
	d.line(`switch = "servers"`)
}

func (d *draft) writeClient(name string, c client) {
	d.section = name
	d.writePlace(c)
	d.settle("profile", Question{Text: diag.Say("what is %s (%s): windows-modern, windows-vista7, windows-xp, ad-client or linux?", name, c.address), Assumed: "windows-modern"},
		diag.Say("nothing says what %s is; an ad-client or a linux behaves otherwise", c.address))
}
