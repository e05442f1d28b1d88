package audit

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ipwsim/netstack/arp"
	"ipwsim/sim/audited"
	"ipwsim/sim/batch"
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

// curePings is how often the guide's batch pings each client (G A), fewPings how often it is enough: the first ARP request
// heals (H11), once the address is no more tentative.
const (
	curePings = 10
	fewPings  = 5
)

// batchName is the guide's name of the file.
const batchName = "arpclear.bat"

// targets are whom a batch has to ping: each router that clients are behind, then the clients of the nodes' own subnet,
// those first that hear no announcement.
func (p *plan) targets() (all []netip.Addr) {
	subnet := p.bp.Subnet
	for _, r := range p.bp.Routers {
		for _, i := range r.Interfaces {
			if subnet.Contains(i.Address.Addr()) && p.hasBehind(i.Address.Addr()) {
				all = append(all, i.Address.Addr())
			}
		}
	}
	var own []cluster.Client
	for _, c := range p.bp.Clients {
		if subnet.Contains(c.Address.Addr()) {
			own = append(own, c)
		}
	}
	slices.SortStableFunc(own, func(a, b cluster.Client) int { return cmp.Compare(need(a), need(b)) })
	for _, c := range own {
		all = append(all, c.Address.Addr())
	}
	return all
}

// need puts clients first that hear no announcement.
func need(c cluster.Client) int {
	if c.Profile.GratuitousRequest == arp.Ignore {
		return 0
	}
	return 1
}

// hasBehind says whether a client's way leads over the router with that address of the nodes' subnet: as the nodes have
// it, their gateway, or the only one.
func (p *plan) hasBehind(router netip.Addr) bool {
	subnet := p.bp.Subnet
	far := slices.ContainsFunc(p.bp.Clients, func(c cluster.Client) bool { return !subnet.Contains(c.Address.Addr()) })
	return far && (p.bp.Nodes[0].Gateway == router || !p.bp.Nodes[0].Gateway.IsValid())
}

// behind is the address that a batch has to ask for a target: the router's for one behind it, else its own.
func (p *plan) behind(target netip.Addr) netip.Addr {
	if n := &p.bp.Nodes[0]; !p.bp.Subnet.Contains(target) && n.Gateway.IsValid() {
		return n.Gateway
	}
	return target
}

// pings are the batch's, by line.
func pings(n *cluster.Node) (all []batch.Command) {
	for _, c := range n.Batch.Commands {
		if c.Ping != nil {
			all = append(all, c)
		}
	}
	return all
}

// plain says whether a batch does nothing but empty the cache and ping, so that its pings can be put into another order.
func plain(n *cluster.Node) bool {
	return ends(n) && !slices.ContainsFunc(n.Batch.Commands, func(c batch.Command) bool { return c.Test != nil || c.Wait > 0 || c.End })
}

// proposeCures are changes of arpclear.bat and its task.
func (p *plan) proposeCures() {
	if len(p.targets()) == 0 {
		return
	}
	p.proposeInstall()
	p.proposeTasks()
	p.proposeLines()
}

// proposeInstall gives each node whose batch pings nobody, or that has none, the guide's: of it and its task what is missing.
func (p *plan) proposeInstall() {
	d := p.draft(audited.InstallCure, audited.Mend)
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		if len(pings(n)) > 0 {
			continue
		}
		var all []batch.Command
		for _, vip := range p.bp.VIPs {
			for _, t := range p.targets() {
				all = append(all, batch.Command{}, ping(t, vip, curePings))
			}
		}
		d.rewrite(n, all)
		if len(n.Starts(cluster.OnEvent100)) == 0 {
			d.task(n)
		}
		if _, has := p.files[p.files.named(n.Role, batchName)]; has {
			d.handBatch(n)
		} else {
			d.hand(n.Name, audited.CopyBatch)
		}
		d.named(n)
	}
	d.done()
}

func ping(target, vip netip.Addr, count int) batch.Command {
	return batch.Command{Ping: &batch.Ping{Count: count, Target: target, Source: vip}}
}

// named says which node the change is of; "" for both.
func (d *draft) named(n *cluster.Node) {
	if d.Node = n.Role; len(d.changedNodes()) > 1 {
		d.Node = ""
	}
}

// changedNodes are the nodes with an edit in their own folder.
func (d *draft) changedNodes() (all []string) {
	for _, e := range d.Edits {
		if folder, _, is := strings.Cut(e.File, "/"); is && !slices.Contains(all, folder) {
			all = append(all, folder)
		}
	}
	return all
}

// proposeTasks has Task Scheduler start the batch of each node where the guide wants it.
func (p *plan) proposeTasks() {
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		onEvent, atStartup := n.Starts(cluster.OnEvent100), n.Starts(cluster.AtStartup)
		switch {
		case len(pings(n)) == 0:
		case len(onEvent) == 0:
			d := p.draft(audited.AddTask, audited.Mend)
			d.Node = n.Role
			d.task(n)
			d.done()
		case onEvent[0].After > 0:
			d := p.draft(audited.TaskAtOnce, audited.Mend)
			d.Node, d.From = n.Role, onEvent[0].After.String()
			onEvent[0].After = 0
			d.tasks(n, append(onEvent, atStartup...))
			d.hand(n.Name, audited.EditTask)
			d.done()
		case cut(n):
			d := p.draft(audited.TaskLimit, audited.Mend)
			d.Node, d.From = n.Role, inUnits(n.TaskLimit)
			d.toml(table{"node." + n.Role, 0}, "task_limit", `"0s"`)
			d.hand(n.Name, audited.LiftLimit)
			d.done()
		case n.TaskUnelevated && flushes(n):
			d := p.draft(audited.TaskElevated, audited.Mend)
			d.Node = n.Role
			d.toml(table{"node." + n.Role, 0}, "task_unelevated", "false")
			d.hand(n.Name, audited.Elevate)
			d.done()
		case n.Role == cluster.Active && len(atStartup) == 0:
			d := p.draft(audited.AddStartup, audited.Mend)
			d.Node, d.To = n.Role, string(cluster.AtStartup)
			d.tasks(n, append(onEvent, cluster.GuideStartup))
			d.startup(n)
			d.hand(n.Name, audited.BatchPlace)
			d.done()
		}
	}
}

// flushes says whether the node's batch empties the ARP cache.
func flushes(n *cluster.Node) bool {
	_, found := n.Batch.Flush()
	return found
}

// cut says whether the node's batch is ended before it has done all.
func cut(n *cluster.Node) bool {
	takes, _ := n.Batch.Shortest()
	return n.TaskLimit > 0 && takes > n.TaskLimit
}

// tasks has those start the node's batch.
func (d *draft) tasks(n *cluster.Node, all []cluster.Task) {
	var list []string
	for _, t := range all {
		list = append(list, fmt.Sprintf("%q", t))
	}
	d.toml(table{"node." + n.Role, 0}, "tasks", "["+strings.Join(list, ", ")+"]")
}

// quotedBatch is the batch file with its arguments, as a command has it within quotes.
func quotedBatch(n *cluster.Node) string {
	file := `\"` + cmp.Or(n.TaskFile, windows.ProductFolder+`\`+batchName) + `\"`
	return strings.Join(append([]string{file}, n.Batch.By.Args...), " ")
}

// task has the node start the batch.
func (d *draft) task(n *cluster.Node) {
	startup := n.Starts(cluster.AtStartup)
	lacks := len(startup) == 0 && n.Role == cluster.Active
	if lacks {
		startup = append(startup, cluster.GuideStartup)
	}
	d.To = string(cluster.OnEvent100)
	d.tasks(n, append([]cluster.Task{{On: cluster.OnEvent100}}, startup...))
	if n.TaskUnelevated { // the new one has the rights
		d.toml(table{"node." + n.Role, 0}, "task_unelevated", "false")
	}
	d.type_(n.Name, `schtasks /create /tn "IPW arpclear" /tr "`+quotedBatch(n)+`" /sc ONEVENT /ec Application /mo "*[System[Provider[@Name='IPWCS'] and EventID=100]]" /ru SYSTEM /rl HIGHEST`)
	if lacks {
		d.startup(n)
	}
	d.hand(n.Name, audited.BatchPlace)
}

// startup has Windows start the batch as cluster.GuideStartup does: schtasks knows no repetition after ONSTART.
func (d *draft) startup(n *cluster.Node) {
	d.type_(n.Name, `schtasks /create /tn "IPW arpclear at startup" /tr "`+quotedBatch(n)+`" /sc ONSTART /delay 0000:30 /ru SYSTEM /rl HIGHEST`)
	d.hand(n.Name, audited.RepeatTask)
}
