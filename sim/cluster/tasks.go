package cluster

import (
	"io/fs"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/netstack/arp"
	"ipwsim/sim/batch"
)

// Names of a node's files, of which the batch is the guide's (G A); Windows does not tell case apart.
const (
	tableName = "ipwatch.dat"
	batchName = "arpclear.bat"
)

// curePings is how often the guide's batch pings each client (G A).
const curePings = 10

// SetCure gives each node that has no arpclear.bat the guide's (G A), which pings every client from every VIP, and
// the tasks that start it; off takes the batch away.
func (b *Blueprint) SetCure(on bool) {
	lines := []batch.Command{{}}
	for _, vip := range b.VIPs {
		for _, c := range b.Clients {
			lines = append(lines, batch.Command{Ping: &batch.Ping{Count: curePings, Target: c.Address.Addr(), Source: vip}})
		}
	}
	for i := range lines {
		lines[i].Line = i + 1
	}
	for i := range b.Nodes {
		switch n := &b.Nodes[i]; {
		case !on:
			n.Batch, n.Tasks = batch.Batch{}, nil
		case len(n.Batch.Commands) == 0:
			n.Batch, n.Tasks = batch.Batch{Commands: lines}, guideTasks[n.Role]
		}
	}
}

func (d *draft) readBatch(fsys fs.FS, name string, n *nodeDraft) {
	n.batchFile = name
	if !n.tasksGiven {
		n.tasks.v = guideTasks[n.role]
	}
	if data, ok := d.readFile(fsys, name); ok {
		b, problems := batch.Start{Path: n.taskFile.v, Args: batch.Arguments(n.arguments.v)}.Parse(name, data)
		n.batch = b
		d.problems = append(d.problems, problems...)
	}
}

// checkBatches holds each node's arpclear.bat against the cluster. What it pings is an operator's
// choice, so only a task without a file is an error.
func (d *draft) checkBatches() {
	for _, n := range d.nodes {
		if n.batchFile == "" && n.folder != "" && len(n.tasks.v) > 0 && !d.asked.file(batchName, n.folder) {
			d.errorf(n.tasks.line, "%s.tasks: there is no %s in %s; expected the file that the task runs", n.key, batchName, n.folder)
		}
		for _, c := range n.batch.Commands {
			if c.Ping != nil {
				d.checkSource(n, c)
				d.checkTarget(n, c)
			}
		}
	}
	for i, n := range d.nodes {
		if !d.fails(n.batchFile) && !d.asked.file(batchName, n.folder) { // else nobody knows what it pings
			d.checkCure(n, d.nodes[1-i])
		}
	}
}

// fails says whether the file has an error that may be what something else seems to lack. A line that waits for an answer is
// none: what it asks for is known to be unknown.
func (d *draft) fails(file string) bool {
	return slices.ContainsFunc(d.problems, func(p diag.Problem) bool {
		return file != "" && p.File == file && p.Severity == diag.Error && p.Said.Format != notAnswered
	})
}

// pings are the batch's, by line.
func (n *nodeDraft) pings() (all []batch.Command) {
	for _, c := range n.batch.Commands {
		if c.Ping != nil {
			all = append(all, c)
		}
	}
	return all
}

// checkCure holds the batch against who needs it: those that hear no announcement of a VIP which has moved (N3, N5).
func (d *draft) checkCure(n, peer *nodeDraft) {
	pings, deaf := n.pings(), d.deaf(n)
	if d.fails(d.toml) { // it may be of whom the batch is for
		deaf = nil
	}
	if len(pings) == 0 {
		never := n.batch.Never
		switch {
		case d.watcher.v == VRRP:
		case len(deaf) == 0 && len(peer.pings()) > 0 && len(never) > 0:
			d.batchWarnf(n, never[0], "no ping is ever done, this one neither, though %s has one that is, so nobody is healed when this node takes the VIP (H11); expected it where the batch comes to it", peer.batchFile)
		case len(deaf) > 0 && len(never) > 0:
			d.batchWarnf(n, never[0], "no ping is ever done, this one neither, and %s hears of no VIP that moves (N3, N5); expected it where the batch comes to it (H11)", deaf[0].name)
		case n.batchFile != "" && len(deaf) == 0 && len(peer.pings()) > 0:
			d.problems.Warnf(n.batchFile, 0, "no ping of it is played, though %s has one that is, so nobody is healed when this node takes the VIP (H11); expected one, as `ping -n 10 <client> -S <VIP>`", peer.batchFile)
		case n.batchFile != "" && len(deaf) > 0:
			d.problems.Warnf(n.batchFile, 0, "no ping of it is played, and %s hears of no VIP that moves (N3, N5); expected one, as `ping -n 10 <client> -S <VIP>` (H11)", deaf[0].name)
		case len(deaf) == 0 && len(peer.pings()) > 0:
			d.problems.Warnf(n.folder, 0, "there is no %s with a ping, though %s has one, so nobody is healed when this node takes the VIP (H11); expected it, with its task, on both nodes (H10)",
				batchName, peer.batchFile)
		case len(deaf) > 0:
			d.problems.Warnf(n.folder, 0, "there is no %s with a ping, and %s hears of no VIP that moves (N3, N5); expected the guide's cure, with its task on both nodes (H10, H11)",
				batchName, deaf[0].name)
		}
		return
	}
	d.checkStart(n)
	d.checkWaits(n)
	if d.fails(n.tableFile) { // it may be of the VIPs that the batch is for
		return
	}
	d.checkServed(n, pings)
	for _, who := range deaf {
		d.checkAsked(n, pings, who)
	}
}

// checkStart wants the batch started as soon as the node has taken a VIP.
func (d *draft) checkStart(n *nodeDraft) {
	if d.watcher.v == VRRP || n.tasksGiven && !n.tasks.ok {
		return
	}
	if takes, _ := n.batch.Shortest(); n.taskLimit.v > 0 && takes > n.taskLimit.v {
		d.problems.Warnf(d.toml, n.taskLimit.line, "%s.task_limit: what %s does takes %v or more, and its task is ended after %v, so what comes last is never done (H10, H11); expected more time, or none: 0s", n.key, n.batchFile, takes, n.taskLimit.v)
	}
	if flush, found := n.batch.Flush(); n.unelevated.v && found {
		d.problems.Warnf(d.toml, n.unelevated.line, "%s.task_unelevated: `%s` in %s (line %d) takes an administrator's rights, which its task has not, so it fails, and who is in the ARP cache is not asked for and not healed (H10, H11); expected the task with highest privileges, as Administrator or SYSTEM", n.key, flush, n.batchFile, flush.Line)
	}
	i := slices.IndexFunc(n.tasks.v, func(t Task) bool { return t.On == OnEvent100 })
	switch {
	case i < 0:
		d.problems.Warnf(d.toml, n.tasks.line, "%s.tasks: nothing starts %s when this node has taken a VIP, so it heals nobody then (H10); expected %q among them", n.key, n.batchFile, OnEvent100)
	case n.tasks.v[i].After > 0:
		d.problems.Warnf(d.toml, n.tasks.line, "%s.tasks: %s starts %v after this node has taken a VIP, so it heals everybody that much later (H10); expected %q without a delay", n.key, n.batchFile, n.tasks.v[i].After, OnEvent100)
	}
}

// checkWaits wants pings not much later than they can be sent: a new address is tentative for a while. What a test may leave
// out does not count.
func (d *draft) checkWaits(n *nodeDraft) {
	var last batch.Command // that waits
	waited, skip := time.Duration(0), 0
	for _, c := range n.batch.Commands {
		switch {
		case skip > 0:
			skip--
		case c.Test != nil:
			skip = c.Test.Skip
		case c.Wait > 0:
			last, waited = c, waited+c.Wait
		case c.Ping != nil && n.server.ok && waited >= longWait:
			d.batchWarnf(n, last, "the batch waits %v in all before `%s` (line %d), so from there on it heals everybody that much later (H11), and a new address can be used after %v (H3); expected no longer wait", waited, c, c.Line, n.server.v.Tentative())
			return
		}
	}
}

// checkServed wants every VIP served, and nobody asked twice for one.
func (d *draft) checkServed(n *nodeDraft, pings []batch.Command) {
	first := map[[2]netip.Addr]int{}
	served := map[netip.Addr]bool{}
	for _, c := range pings {
		key := [2]netip.Addr{c.Ping.Target, c.Ping.Source}
		if line := first[key]; line > 0 && c.Ping.Source.IsValid() && !n.tests() {
			d.batchWarnf(n, c, "%s is pinged from %s already, in line %d, so those behind it wait for nothing (H11); expected each once for each VIP", c.Ping.Target, c.Ping.Source, line)
		} else if line == 0 {
			first[key] = c.Line
		}
		served[c.Ping.Source] = true
	}
	some := slices.ContainsFunc(n.table.Rows(), func(r table.Row) bool { return served[r.VIP] })
	for _, row := range n.table.Rows() {
		if some && !served[row.VIP] {
			d.batchWarnf(n, pings[len(pings)-1], "no ping comes from %s, so nobody is told when that VIP moves (H11); expected the same pings with -S %s, and an emptied ARP cache before each", row.VIP, row.VIP)
		}
	}
}

// tests says whether the batch tests something, so that a line may be a second try.
func (n *nodeDraft) tests() bool {
	return slices.ContainsFunc(n.batch.Commands, func(c batch.Command) bool { return c.Test != nil })
}

// deafOne is a client, or a router with clients behind it, that hears no announcement.
type deafOne struct {
	name  string
	cures func(target netip.Addr) bool // whether asking for the target's MAC heals it
}

// deaf are those that the node's batch is for, as far as their addresses are known: clients of its own subnet, then
// routers there.
func (d *draft) deaf(n *nodeDraft) (all []deafOne) {
	if !n.address.ok {
		return nil
	}
	subnet := n.subnet()
	far := false
	for _, c := range d.clients {
		switch own := c.address.ok && subnet.Contains(c.address.v.Addr()); {
		case !c.address.ok || !c.profile.ok || c.idle.v:
		case !own:
			far = true
		case c.profile.v.GratuitousRequest == arp.Ignore:
			all = append(all, deafOne{c.name.v, func(a netip.Addr) bool { return a == c.address.v.Addr() }})
		}
	}
	for _, r := range d.routers {
		if !far || !r.profile.ok || r.profile.v.GratuitousRequest != arp.Ignore {
			continue
		}
		for _, i := range r.interfaces {
			if own := i.address.ok && subnet.Contains(i.address.v.Addr()); own && (!n.gateway.ok || !n.gatewayGiven || n.gateway.v == i.address.v.Addr()) {
				all = append(all, deafOne{r.name.v, func(a netip.Addr) bool { return a == i.address.v.Addr() || !subnet.Contains(a) }})
			}
		}
	}
	return all
}

// longWait is from when on it is worth a word that somebody is asked late.
const longWait = 9 * time.Second

// checkAsked wants one that hears no announcement asked from each VIP, and before those that do.
func (d *draft) checkAsked(n *nodeDraft, pings []batch.Command, who deafOne) {
	if !d.askedInTime(n, pings, who) {
		d.batchWarnf(n, pings[len(pings)-1], "no ping asks for %s, which hears of no VIP that moves (N3, N5); expected one from each VIP (H11)", who.name)
		return
	}
	from := map[netip.Addr]bool{} // VIPs; true: of a ping that asks for who it is
	for _, c := range pings {
		from[c.Ping.Source] = from[c.Ping.Source] || who.cures(c.Ping.Target)
	}
	for source, asks := range from { // order: any
		if asks && !watches(n.table, source) {
			return // checkSource tells of that ping
		}
	}
	for _, row := range n.table.Rows() {
		if asks, served := from[row.VIP]; served && !asks {
			d.batchWarnf(n, pings[len(pings)-1], "no ping from %s asks for %s, which hears of no VIP that moves (N3, N5); expected one from each VIP (H11)", row.VIP, who.name)
		}
	}
}

// askedInTime says whether a ping asks for one that hears no announcement, and tells of one that comes late.
func (d *draft) askedInTime(n *nodeDraft, pings []batch.Command, who deafOne) bool {
	wait := time.Duration(0)
	for _, c := range pings {
		if !who.cures(c.Ping.Target) {
			if !c.Ping.Apart && !slices.ContainsFunc(d.deaf(n), func(o deafOne) bool { return o.cures(c.Ping.Target) }) {
				wait += time.Duration(max(1, c.Ping.Count)-1) * time.Second
			}
			continue
		}
		if wait >= longWait {
			d.batchWarnf(n, c, "%s hears of no VIP that moves (N3, N5), and is asked %v late, behind those that do: pings come one after the other (H11); expected it first", who.name, wait)
		}
		return true
	}
	return false
}

func (d *draft) batchWarnf(n *nodeDraft, c batch.Command, format string, args ...any) {
	d.problems.Warnf(n.batchFile, c.Line, format, args...)
	d.problems.Once()
}

// checkSource wants the ARP request to come from the VIP: that is what heals the client (H11).
func (d *draft) checkSource(n *nodeDraft, c batch.Command) {
	const expected = ", so its ARP request says nothing about the VIP (H11); expected -S with the VIP"
	switch source := c.Ping.Source; {
	case !source.IsValid():
		d.batchWarnf(n, c, "the ping has no -S and comes from the real address"+expected)
	case len(n.table.Rows()) > 0 && !watches(n.table, source):
		d.batchWarnf(n, c, "-S %s is no VIP of %s"+expected, source, n.tableFile)
	}
}

// checkTarget wants a machine whose ARP cache may hold the VIP's old owner.
func (d *draft) checkTarget(n *nodeDraft, c batch.Command) {
	target := c.Ping.Target
	const expected = "; expected the address of a client"
	switch {
	case n.address.ok && target == n.address.v.Addr():
		d.batchWarnf(n, c, "%s is this node's own address, which nobody is asked for"+expected, target)
	case d.isVIP(target):
		d.batchWarnf(n, c, "%s is a VIP, whose holder needs no cure"+expected, target)
	case d.isGateway(target): // it heals that router, and who comes over it; one that is not described is told elsewhere
	case d.clientsKnown && d.routersKnown && !d.caches(target) && d.mayBeGateway(n, target):
		d.batchWarnf(n, c, "%s is no client of this cluster, whose nodes have no gateway; expected the address of a client, or a [[router]] with it, and it as the nodes' gateway, if it is the router over which mail of other places comes", target)
	case d.clientsKnown && d.routersKnown && !d.caches(target):
		d.batchWarnf(n, c, "%s is no client of this cluster"+expected, target)
	}
}

// isGateway says whether the address is a node's default gateway, or that may be.
func (d *draft) isGateway(ip netip.Addr) bool {
	return slices.ContainsFunc(d.nodes[:], func(n *nodeDraft) bool { return n.gatewayGiven && (!n.gateway.ok || n.gateway.v == ip) })
}

// mayBeGateway says whether the address may be that of a router which nobody has described: such a ping is right (H11).
func (d *draft) mayBeGateway(n *nodeDraft, ip netip.Addr) bool {
	return len(d.routers) == 0 && n.address.ok && n.subnet().Contains(ip) && !slices.ContainsFunc(d.nodes[:], func(n *nodeDraft) bool {
		return n.gatewayGiven || n.address.ok && n.address.v.Addr() == ip
	})
}

func (d *draft) isVIP(ip netip.Addr) bool {
	for _, t := range []table.Table{d.nodes[0].table, d.nodes[1].table} {
		if watches(t, ip) {
			return true
		}
	}
	return false
}

// caches says whether the address is that of a client, or of the router that clients are behind. One
// whose address is not known gets the benefit of the doubt.
func (d *draft) caches(ip netip.Addr) bool {
	for _, m := range d.stations()[len(d.nodes):] {
		if !m.address.ok || m.address.v.Addr() == ip {
			return true
		}
	}
	return false
}
