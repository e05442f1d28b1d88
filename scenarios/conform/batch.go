package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// tasks are those of a node, and how far the batch that one of them runs is: once all of its pings have ended, and what it
// waits behind them, the task ends (H10, H11).
type tasks struct {
	running []string
	pings   int           // of the batch that have ended
	over    time.Duration // by the machine's clock: when the batch must have ended; 0: pings are left
}

// lastCommands is more than the commands behind the last ping take besides waiting.
const lastCommands = 30 * time.Second

// task takes a task's state in.
func (m *machine) task(at time.Duration, b trace.Task) {
	runs := slices.Contains(m.tasks.running, b.Name)
	if runs != (b.State != trace.TaskStarted) {
		m.breach(taskAstray, netip.Addr{}, at)
	}
	switch b.State {
	case trace.TaskSkipped:
		m.fired(at, b)
	case trace.TaskStarted:
		m.fired(at, b)
		m.tasks = tasks{running: append(m.tasks.running, b.Name)}
	default:
		m.tasks = tasks{running: slices.DeleteFunc(m.tasks.running, func(name string) bool { return name == b.Name })}
	}
}

// pinged takes in that a ping of the batch has ended.
func (m *machine) pinged(at time.Duration) {
	if m.tasks.pings++; m.tasks.pings == len(m.of.Cure) && len(m.tasks.running) > 0 {
		m.tasks.over = later(m.clock.own(at), m.of.CureRest+lastCommands)
	}
}

// runsOn looks for a task that goes on though its batch is over.
func (m *machine) runsOn(now, at time.Duration) {
	if over := max(m.tasks.over, later(m.awake, lastCommands)); m.tasks.over > 0 && now > over {
		m.breach(taskKept, netip.Addr{}, at-(now-over))
		m.tasks.over = 0
	}
}
