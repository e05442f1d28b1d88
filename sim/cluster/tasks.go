package cluster

import (
	"io/fs"
	"slices"
	"strings"

	"ipwsim/core/diag"
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
