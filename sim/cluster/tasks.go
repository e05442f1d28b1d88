package cluster

import (
	"io/fs"
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/sim/batch"
)

// batchName is the guide's name of the batch file (G A); Windows does not tell case apart.
const batchName = "arpclear.bat"

// guideTasks are what starts the batch where cluster.toml does not say: the guide gives both nodes
// the event, and the active one the start of Windows too.
var guideTasks = map[string][]Task{
	Active:  {OnEvent100, AtStartup},
	Standby: {OnEvent100},
}

var taskNames = []string{string(OnEvent100), string(AtStartup)}

// toTasks is a list of different tasks; it may be empty.
func toTasks(v any) ([]Task, error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	var tasks []Task
	for _, raw := range list {
		name, err := as[string](raw)
		switch {
		case err != nil:
			return nil, err
		case !slices.Contains(taskNames, name):
			return nil, diag.Errorf("unknown task %.60q; expected some of %s%s", name,
				strings.Join(taskNames, ", "), didYouMean(name, taskNames))
		case slices.Contains(tasks, Task(name)):
			return nil, diag.Errorf("%q is there twice; expected every task once", name)
		}
		tasks = append(tasks, Task(name))
	}
	return tasks, nil
}

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
		b, problems := batch.Parse(name, data)
		n.batch = b
		d.problems = append(d.problems, problems...)
	}
}

// checkBatches holds each node's arpclear.bat against the cluster. What it pings is an operator's
// choice, so only a task without a file is an error.
func (d *draft) checkBatches() {
	for _, n := range d.nodes {
		if n.batchFile == "" && n.folder != "" && len(n.tasks.v) > 0 {
			d.errorf(n.tasks.line, "%s.tasks: there is no %s in %s; expected the file that the task runs", n.key, batchName, n.folder)
		}
		for _, c := range n.batch.Commands {
			if c.Ping != nil {
				d.checkSource(n, c)
				d.checkTarget(n, c)
			}
		}
	}
}

func (d *draft) batchWarnf(n *nodeDraft, c batch.Command, format string, args ...any) {
	d.problems.Warnf(n.batchFile, c.Line, format, args...)
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
	case d.clientsKnown && d.routersKnown && !d.caches(target):
		d.batchWarnf(n, c, "%s is no client of this cluster"+expected, target)
	}
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
