package cluster

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

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
			return nil, fmt.Errorf("unknown task %.60q; expected some of %s%s", name,
				strings.Join(taskNames, ", "), didYouMean(name, taskNames))
		case slices.Contains(tasks, Task(name)):
			return nil, fmt.Errorf("%q is there twice; expected every task once", name)
		}
		tasks = append(tasks, Task(name))
	}
	return tasks, nil
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
