package audit

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/batch"
	"ipwsim/sim/cluster"
)

// proposeLines are changes of the lines of a batch. What only adds lines fits every batch.
func (p *plan) proposeLines() {
	p.proposeEnds()
	p.proposeGoesOn()
	p.rewriteEach(audited.CureEveryVIP, audited.Mend, ends, p.everyVIP)
	p.rewriteEach(audited.CureClient, audited.Mend, ends, p.everyTarget)
	p.rewriteEach(audited.CurePair, audited.Mend, ends, p.everyPair)
	p.rewriteEach(audited.CureOnce, audited.Mend, plain, p.once)
	p.rewriteEach(audited.CureOrder, audited.Choice, plain, p.inOrder)
	p.rewriteEach(audited.CureFlush, audited.Choice, plain, flushed)
	p.rewriteEach(audited.CurePings, audited.Choice, plain, fewer)
}

// ends says whether no ping of the batch goes on for ever: nobody has read what stands behind one.
func ends(n *cluster.Node) bool {
	return !slices.ContainsFunc(pings(n), func(c batch.Command) bool { return c.Ping.Count == 0 })
}

// forEver is what makes a ping go on for ever.
var forEver = regexp.MustCompile(`(?i)[ \t][-/]t\b`)

// proposeEnds has pings that go on for ever end, so that the lines behind them are done.
func (p *plan) proposeEnds() {
	d := p.draft(audited.CureEnds, audited.Mend)
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		for _, c := range pings(n) {
			if c.Ping.Count == 0 && d.editLine(n, c.Line, func(old string) string {
				return forEver.ReplaceAllString(old, fmt.Sprintf(" -n %d", curePings))
			}) {
				d.Client = also(d.Client, []string{p.nameOf(c.Ping.Target)})
			}
		}
	}
	d.done()
}

// waitsForKey is a line that waits for a key, or without end.
var waitsForKey = regexp.MustCompile(`(?i)^[ \t@]*((pause|timeout(\.exe)?[ \t].*-1)\b)`)

// proposeGoesOn makes remarks of lines that wait for a key.
func (p *plan) proposeGoesOn() {
	d := p.draft(audited.CureGoesOn, audited.Mend)
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		for _, line := range n.Batch.HaltsAt() {
			d.editLine(n, line, func(old string) string { return waitsForKey.ReplaceAllString(old, "rem $1") })
		}
	}
	d.done()
}

// editLine changes a line of the node's batch in its place, by hand; false if that leaves it as it is.
func (d *draft) editLine(n *cluster.Node, line int, change func(old string) string) bool {
	name := d.files.named(n.Role, batchName)
	lines := strings.Split(string(d.files[name]), "\n")
	old := lines[line-1]
	if lines[line-1] = change(old); lines[line-1] == old {
		return false
	}
	edit := audited.Edit{File: name, Line: line, Old: d.files.line(name, line)}
	d.write(name, []byte(strings.Join(lines, "\n")))
	edit.New = d.files.line(name, line)
	d.Edits = append(d.Edits, edit)
	d.handBatch(n)
	d.named(n)
	return true
}

// rewrite has the node's batch do all that.
func (d *draft) rewrite(n *cluster.Node, all []batch.Command) {
	name := d.plan.files.named(n.Role, batchName)
	data, edits, told := edit.Batch(name, d.files[name], n.Batch, all)
	d.Edits = append(d.Edits, edits...)
	if !told && len(n.Batch.Commands) > 0 {
		_, stays := n.Batch.By.Parse(name, d.files[name])
		d.stays = append(d.stays, stays...) // of lines that nobody is told to edit
	}
	d.write(name, data)
}

// rewriteEach rewrites the batch of each node that has one which fits, on both nodes at once where both need it.
func (p *plan) rewriteEach(kind audited.ChangeKind, class audited.Class, fits func(*cluster.Node) bool, change func(d *draft, n *cluster.Node) []batch.Command) {
	d := p.draft(kind, class)
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		if len(pings(n)) == 0 || !fits(n) {
			continue
		}
		all := change(d, n)
		if same(all, n.Batch.Commands) {
			continue
		}
		d.rewrite(n, all)
		d.handBatch(n)
		d.named(n)
	}
	d.done()
}

// tells says whether the ping comes from a VIP: another one heals nobody (H11).
func (p *plan) tells(c batch.Command) bool { return slices.Contains(p.bp.VIPs, c.Ping.Source) }

// untold is the node's batch without the pings that heal nobody. Of one with tests every line stays: they count lines.
func (p *plan) untold(n *cluster.Node) []batch.Command {
	all := slices.Clone(n.Batch.Commands)
	if !plain(n) {
		return all
	}
	return slices.DeleteFunc(all, func(c batch.Command) bool { return c.Ping != nil && !p.tells(c) })
}

// everyVIP has each target pinged from each VIP that no ping comes from.
func (p *plan) everyVIP(d *draft, n *cluster.Node) []batch.Command {
	served := map[netip.Addr]bool{}
	for _, c := range pings(n) {
		served[c.Ping.Source] = true
	}
	var missing []string
	var lines []batch.Command
	for _, vip := range p.bp.VIPs {
		if served[vip] {
			continue
		}
		missing = append(missing, vip.String())
		lines = append(lines, p.alike(n, vip)...)
	}
	d.VIP = also(d.VIP, missing)
	if len(missing) == 0 {
		return n.Batch.Commands
	}
	return append(p.untold(n), lines...)
}

// alike are pings of all that the batch pings, each once, from that VIP. Before each the ARP cache is emptied: a target that
// the node has in it, or whose router it has, is not asked for, and only the asking heals (H11).
func (p *plan) alike(n *cluster.Node, vip netip.Addr) (all []batch.Command) {
	var seen []netip.Addr
	for _, c := range pings(n) {
		if !slices.Contains(seen, c.Ping.Target) {
			seen = append(seen, c.Ping.Target)
			all = append(all, batch.Command{}, ping(c.Ping.Target, vip, max(1, c.Ping.Count)))
		}
	}
	return all
}

// asked are whom the batch asks for, and from which VIPs. Where no ping comes from a VIP all of them count: those are for
// everyVIP.
func (p *plan) asked(n *cluster.Node) map[netip.Addr][]netip.Addr {
	all, some := map[netip.Addr][]netip.Addr{}, slices.ContainsFunc(pings(n), p.tells)
	for _, c := range pings(n) {
		if p.tells(c) || !some {
			to := p.behind(c.Ping.Target)
			all[to] = append(all[to], c.Ping.Source)
		}
	}
	return all
}

// everyTarget has the batch ping the clients and routers that it leaves out.
func (p *plan) everyTarget(d *draft, n *cluster.Node) []batch.Command {
	asked := p.asked(n)
	var names []string
	var lines []batch.Command
	for _, t := range p.targets() {
		if asked[t] != nil {
			continue
		}
		names = append(names, p.nameOf(t))
		for _, vip := range p.bp.VIPs {
			lines = append(lines, batch.Command{}, ping(t, vip, curePings))
		}
	}
	d.Client = also(d.Client, names)
	if len(lines) == 0 {
		return n.Batch.Commands
	}
	return append(p.untold(n), lines...)
}

// everyPair has the batch ping those that it pings from some VIPs from the others, too, that it knows.
func (p *plan) everyPair(d *draft, n *cluster.Node) []batch.Command {
	asked := p.asked(n)
	var names, vips []string
	var lines []batch.Command
	for _, t := range p.targets() {
		for _, vip := range p.bp.VIPs {
			known := slices.ContainsFunc(pings(n), func(c batch.Command) bool { return c.Ping.Source == vip })
			if !known || asked[t] == nil || slices.Contains(asked[t], vip) {
				continue
			}
			names, vips = append(names, p.nameOf(t)), append(vips, vip.String())
			lines = append(lines, batch.Command{}, ping(t, vip, curePings))
		}
	}
	d.Client, d.VIP = also(d.Client, names), also(d.VIP, vips)
	if len(lines) == 0 {
		return n.Batch.Commands
	}
	return append(p.untold(n), lines...)
}

// also is a list of names with those that it lacks: what is said of one node is said of the other, too.
func also(list string, names []string) string {
	var all []string
	if list != "" {
		all = strings.Split(list, ", ")
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

// once drops pings of what has been pinged from that VIP before: who stands behind them waits for nothing.
func (p *plan) once(d *draft, n *cluster.Node) (all []batch.Command) {
	seen := map[[2]netip.Addr]bool{}
	var names []string
	for _, c := range n.Batch.Commands {
		if c.Ping != nil {
			key := [2]netip.Addr{c.Ping.Target, c.Ping.Source}
			if seen[key] {
				names = append(names, p.nameOf(c.Ping.Target))
				continue
			}
			seen[key] = true
		}
		all = append(all, c)
	}
	d.Client = also(d.Client, names)
	return all
}

// nameOf is the client or router that has the address.
func (p *plan) nameOf(a netip.Addr) string {
	for _, c := range p.bp.Clients {
		if c.Address.Addr() == a {
			return c.Name
		}
	}
	for _, r := range p.bp.Routers {
		for _, i := range r.Interfaces {
			if i.Address.Addr() == a {
				return r.Name
			}
		}
	}
	return a.String()
}

// flushed has the ARP cache emptied before each ping: one whose target is in it asks nobody, and heals nobody (H11).
func flushed(_ *draft, n *cluster.Node) (all []batch.Command) {
	for i, c := range n.Batch.Commands {
		if before := n.Batch.Commands[max(0, i-1)]; c.Ping != nil && (i == 0 || before.Ping != nil) {
			all = append(all, batch.Command{})
		}
		all = append(all, c)
	}
	return all
}

// fewer has each target pinged no more often than it takes.
func fewer(d *draft, n *cluster.Node) []batch.Command {
	all := slices.Clone(n.Batch.Commands)
	for i, c := range all {
		if c.Ping != nil {
			less := *c.Ping
			less.Count = min(less.Count, fewPings)
			all[i].Ping = &less
		}
	}
	d.To = fmt.Sprint(fewPings)
	return all
}

// turn is a ping and what empties the cache for it, or what belongs to no ping.
type turn []batch.Command

// ping is the turn's; nil: it has none.
func (t turn) ping() *batch.Ping { return t[len(t)-1].Ping }

// turns parts a batch. Where the cache is emptied right before each ping that goes where its ping goes; else once is for all
// the pings up to the next time, and stays where it is.
func turns(all []batch.Command) (parts []turn) {
	each := true
	for i, c := range all {
		each = each && (c.Ping == nil || i > 0 && all[i-1].Ping == nil)
	}
	for _, c := range all {
		if last := len(parts) - 1; each && last >= 0 && parts[last].ping() == nil {
			parts[last] = append(parts[last], c)
		} else {
			parts = append(parts, turn{c})
		}
	}
	return parts
}

// rank is who needs a ping first: routers, then clients that hear no announcement, then the other clients, then the rest.
func (p *plan) rank(to netip.Addr) int {
	i := slices.IndexFunc(p.bp.Clients, func(c cluster.Client) bool { return c.Address.Addr() == to })
	switch {
	case i >= 0:
		return 1 + need(p.bp.Clients[i])
	case slices.Contains(p.targets(), to):
		return 0
	}
	return 3
}

// inOrder has the batch ping who needs it first, from each VIP. A ping of who has been asked already, as one more behind the
// same router, is done last: it is not dropped. Which VIP is whose turn stays as it is.
func (p *plan) inOrder(d *draft, n *cluster.Node) (lines []batch.Command) {
	type ranked struct {
		turn
		rank int
	}
	parts := turns(n.Batch.Commands)
	waiting, asked := map[netip.Addr][]ranked{}, map[[2]netip.Addr]bool{}
	for _, t := range parts {
		if g := t.ping(); g != nil {
			to := p.behind(g.Target)
			r := ranked{t, p.rank(to)}
			if key := [2]netip.Addr{to, g.Source}; asked[key] {
				r.rank = 3
			} else {
				asked[key] = true
			}
			waiting[g.Source] = append(waiting[g.Source], r)
		}
	}
	for _, all := range waiting { // order: each is sorted for itself
		slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	}
	var order []string
	for _, t := range parts {
		if g := t.ping(); g != nil {
			t, waiting[g.Source] = waiting[g.Source][0].turn, waiting[g.Source][1:]
			order = append(order, p.nameOf(t.ping().Target))
		}
		lines = append(lines, t...)
	}
	if !same(lines, n.Batch.Commands) {
		d.To = also(d.To, order)
	}
	return lines
}

// same says whether both do the same in the same order.
func same(a, b []batch.Command) bool {
	return slices.EqualFunc(a, b, func(a, b batch.Command) bool { return a.String() == b.String() })
}
