package world

import (
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

var triggers = map[cluster.Task]windows.Trigger{
	cluster.OnEvent100: windows.OnAddAddress,
	cluster.AtStartup:  windows.AtStartup,
}

// tasks is the one task that runs the node's arpclear.bat, if anything starts it (H10).
func tasks(n cluster.Node) []windows.Task {
	if len(n.Tasks) == 0 {
		return nil
	}
	task := windows.Task{Name: "arpclear.bat", Batch: n.Batch}
	for _, t := range n.Tasks {
		task.Triggers = append(task.Triggers, triggers[t])
	}
	return []windows.Task{task}
}
