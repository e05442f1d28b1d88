package setup

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// compare tells where the files of the two, or of one, contradict each other.
func (d *draft) compare() {
	for i, n := range d.nodes {
		other := d.nodes[1-i]
		for _, x := range other.Neighbors {
			if n.real.IsValid() && x.Address == n.real.Addr() {
				d.contradict(diag.Say("the MAC of %s", x.Address), n.adapter.MAC, collected.Value{Text: x.MAC, Place: x.Place})
			}
		}
		for _, r := range n.Routes {
			if r.To.Bits() == 0 && len(n.adapter.Gateways) > 0 {
				d.contradict(diag.Say("the default gateway"), text(n.adapter.Gateways[0]), collected.Value{Text: r.Gateway.String(), Place: r.Place})
			}
		}
		d.comparePeers(n, other)
		d.compareHolders(n)
		d.compareNames(n, other)
		d.compareExports(n)
		d.tellDefaults(n)
		d.tellAdapter(n)
		for _, service := range append([]string{registry.WatcherService}, settings.Services...) {
			d.compareService(n, service)
			d.tellDrive(n, service)
		}
	}
	d.compareMasks()
	d.compareStates()
}

// tellDefaults tells settings that the watcher's key does not have.
func (d *draft) tellDefaults(n *node) {
	file, key, _ := n.Export(registry.SettingsKey)
	var names, taken []string
	for _, one := range file.Defaults() {
		names = append(names, one.Name)
		taken = append(taken, fmt.Sprintf("%s %d", one.Name, one.Number))
	}
	if len(names) > 0 {
		d.problems.Warnf(file.Name, key.Line, "the key has no %s; the defaults are taken, as the guide gives them: %s (W3)", strings.Join(names, ", "), strings.Join(taken, ", "))
	}
}

// compareStates tells addresses that were in no use at the time of the export, or on the wrong server. The simulator begins
// with each on the one that it is for.
func (d *draft) compareStates() {
	for _, n := range d.nodes {
		for _, a := range n.adapter.Addresses {
			if a.Duplicate {
				d.problems.Warnf(a.File, a.Line, "%s is marked as a duplicate, so another machine has it and %s cannot use it; the simulator begins without that machine, and with the address in use", a.Addr(), n.label())
			}
		}
		if at := d.holders(n.real.Addr()); n.real.IsValid() && at[0].IsValid() && at[1].IsValid() {
			d.tellBoth(at)
		}
	}
	known := !slices.ContainsFunc(d.nodes[:], func(n *node) bool { return len(n.adapter.Addresses) == 0 }) // else its ipconfig is missing
	for _, vip := range d.vips() {
		switch at := d.holders(vip); {
		case at[0].IsValid() && at[1].IsValid():
			d.tellBoth(at)
		case at[0].IsValid() || !known:
		case at[1].IsValid():
			active, standby := d.nodes[0], d.nodes[1]
			d.problems.Warnf(at[1].File, at[1].Line, "%s has the VIP %s at the time of the export, and %s is the active node (%w): either that has not got it back yet, or the two Balances are the wrong way round; the simulator begins with it on %s",
				standby.label(), vip, active.label(), active.why, active.label())
		default:
			d.tellNobody(vip)
		}
	}
}

func (d *draft) tellBoth(at [2]collected.Address) {
	d.problems.Warnf(at[1].File, at[1].Line, "both servers have %s at the time of the export: here, and in %s", at[1].Addr(), at[0].Place)
}

// tellNobody tells of a VIP that neither server uses, at its line in the first one's table.
func (d *draft) tellNobody(vip netip.Addr) {
	n := d.nodes[0]
	marked := slices.ContainsFunc(d.nodes[:], func(n *node) bool {
		return slices.ContainsFunc(n.adapter.Addresses, func(a collected.Address) bool { return a.Addr() == vip })
	})
	if row := slices.IndexFunc(n.Table.Rows(), func(r tableRow) bool { return r.VIP == vip }); row >= 0 && !marked { // else it is told as a duplicate
		d.problems.Warnf(n.TableFile, n.Table.Rows()[row].Line, "no server has the VIP %s at the time of the export: neither %s (%s) nor %s (%s); the simulator begins with it on one of them", vip,
			n.label(), n.adapter.Place, d.nodes[1].label(), d.nodes[1].adapter.Place)
	}
}

// compareHolders tells a VIP that the server's arp -a shows at a MAC of neither server.
func (d *draft) compareHolders(n *node) {
	a, b := d.nodes[0].adapter.MAC, d.nodes[1].adapter.MAC
	if !a.Found() || !b.Found() {
		return
	}
	for _, x := range n.Neighbors {
		if slices.Contains(d.vips(), x.Address) && x.MAC != a.Text && x.MAC != b.Text {
			d.problems.Warnf(x.File, x.Line, "the VIP %s is at the MAC %s here, which is of neither server: %s (%s), %s (%s); it is taken for a VIP that one of them holds, and no other machine has it", x.Address, x.MAC, a.Text, a.Place, b.Text, b.Place)
		}
	}
}

// compareNames holds what the server finds under the other's name against that one's address. A name leads to a VIP that
// the other has registered, too.
func (d *draft) compareNames(n, other *node) {
	for _, x := range n.Named {
		if other.name.Found() && other.real.IsValid() && settings.SameComputer(x.Name, other.name.Text) && !slices.Contains(d.vips(), x.Address) {
			d.contradict(diag.Say("the address of %s", other.name.Text), text(other.real), collected.Value{Text: x.Address.String(), Place: x.Place})
		}
	}
}

// compareService holds sc qc against the export of the service.
func (d *draft) compareService(n *node, service string) {
	f, _, found := n.Export(registry.ServicesKey + `\` + service)
	if !found {
		return
	}
	if account, line, found := f.Account(service); found && !n.sameAccount(account, n.Services[service].Account.Text) {
		d.contradict(diag.Say("the account of %s", service), collected.Value{Text: account, Place: collected.Place{File: f.Name, Line: line}}, n.Services[service].Account)
	}
	if start, line := f.StartWord(service); start != "" {
		d.contradict(diag.Say("the start type of %s", service), collected.Value{Text: start, Place: collected.Place{File: f.Name, Line: line}}, n.Services[service].Start)
	}
}

// tellDrive tells of a service on a drive that Windows may not have when it starts it.
func (d *draft) tellDrive(n *node, service string) {
	program := n.Services[service].Program
	f, _, _ := n.Export(registry.ServicesKey + `\` + service)
	if line, at, found := f.Program(service); found {
		program = collected.Value{Text: line, Place: collected.Place{File: f.Name, Line: at}}
	}
	if letter := collected.FarDrive(program.Text); letter != "" {
		d.problems.Warnf(program.File, program.Line, "%s is on the drive %s:. If somebody has mapped that to a folder of another computer, only that one's own session has it: Windows, which starts services, has not, so this one does not start. The simulator starts it (H17); expected it on a disk of the server's own", service, letter)
	}
}

// sameAccount says whether two accounts are one: a dot is the server's own name.
func (n *node) sameAccount(a, b string) bool {
	own := func(account string) string {
		if computer, user, found := strings.Cut(account, `\`); found && n.name.Found() && settings.SameComputer(computer, n.name.Text) {
			return `.\` + user
		}
		return account
	}
	return strings.EqualFold(own(a), own(b))
}

// compareExports tells values that two exports of one server do not agree on.
func (d *draft) compareExports(n *node) {
	for i, later := range n.Exports {
		for _, key := range later.Keys {
			if !isRead(key.Name) {
				continue
			}
			for _, first := range n.Exports[:i] {
				if taken, found := first.Key(key.Name); found {
					d.compareKeys(first.Name, taken, later.Name, key)
					break
				}
			}
		}
	}
}

func (d *draft) compareKeys(file string, taken registry.Key, other string, key registry.Key) {
	for _, v := range key.Values {
		if first, found := taken.Value(v.Name); found {
			d.contradict(diag.Say("%s", v.Name), collected.Value{Text: shown(first), Place: collected.Place{File: file, Line: first.Line}},
				collected.Value{Text: shown(v), Place: collected.Place{File: other, Line: v.Line}})
		}
	}
}

// isRead says whether anything is taken from the key: the watcher's, the mail product's, or that of one of their services.
func isRead(key string) bool {
	is := func(name string) bool { return strings.EqualFold(key, name) }
	below := len(key) > len(settings.ProductKey) && strings.EqualFold(key[:len(settings.ProductKey)+1], settings.ProductKey+`\`)
	return is(registry.SettingsKey) || is(settings.ProductKey) || below || slices.ContainsFunc(append([]string{registry.WatcherService}, settings.Services...), func(s string) bool {
		return is(registry.ServicesKey + `\` + s)
	})
}

// shown is a value as people write it.
func shown(v registry.Value) string {
	if n, is := v.Number(); is {
		return strconv.FormatUint(uint64(n), 10)
	}
	if s, is := v.Text(); is {
		return s
	}
	return fmt.Sprintf("%x", v.Data)
}

// comparePeers holds the entries of the table against the other server: its name, and the domain behind that.
func (d *draft) comparePeers(n, other *node) {
	for _, row := range n.Table.Rows() {
		peer := strings.TrimPrefix(row.Peer, `\\`)
		if !other.name.Found() || !other.real.IsValid() || peer == other.real.Addr().String() {
			continue
		}
		domains := other.domainsOf()
		_, domain, full := strings.Cut(peer, ".")
		switch {
		case !settings.SameComputer(peer, other.name.Text):
			d.problems.Warnf(n.TableFile, row.Line, "-c= names %s, and the other server is %s (%s), %s (%s)", peer, other.name.Text, other.name.Place, other.real.Addr(), other.real.Place)
		case full && len(domains) > 0 && !slices.ContainsFunc(domains, func(v collected.Value) bool { return strings.EqualFold(v.Text, domain) }):
			d.problems.Warnf(n.TableFile, row.Line, "-c= names %s, and the domain of %s is %s (%s); the simulator takes any domain for the right one", peer, other.name.Text, domains[0].Text, domains[0].Place)
		}
	}
}

// domainsOf are the domains that the server's name may have in DNS, as far as files say.
func (n *node) domainsOf() []collected.Value {
	all := slices.Clone(n.IPConfig.Suffixes)
	if v := n.System.Domain; v.Found() && !strings.EqualFold(v.Text, workgroup) {
		all = append(all, v)
	}
	return all
}
