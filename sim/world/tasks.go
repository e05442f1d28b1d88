package world

import (
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

// tasks is the one task that runs the node's arpclear.bat, if anything starts it (H10).
func tasks(n cluster.Node) []windows.Task {
	if len(n.Tasks) == 0 {
		return nil
	}
	task := windows.Task{Name: "arpclear.bat", Batch: n.Batch, Limit: n.TaskLimit, Limited: n.TaskUnelevated}
	for _, t := range n.Tasks {
		var on windows.Trigger // the start of Windows
		if t.On == cluster.OnEvent100 {
			on = windows.OnAddAddress
		}
		on.Delay, on.Interval, on.Duration = t.After, t.Every, t.For
		task.Triggers = append(task.Triggers, on)
	}
	return []windows.Task{task}
}
