package reports

import (
	"time"

	"ipwsim/sim/trace"
)

// taskRun is a record of Task Scheduler and, where the task was skipped, the run that was in its way
// (H10).
type taskRun struct {
	host string
	at   time.Duration
	trace.Task

	since time.Duration // start of that run
	by    string        // its trigger
}

// taskRuns are the trace's records of Task Scheduler.
func taskRuns(t *trace.Trace) []taskRun {
	type key struct{ host, task string }
	running := map[key]taskRun{}
	var all []taskRun
	for _, r := range t.Records {
		b, ok := r.Body.(trace.Task)
		if !ok {
			continue
		}
		one := taskRun{host: r.Host, at: r.At, Task: b}
		k := key{r.Host, b.Name}
		switch b.State {
		case trace.TaskStarted:
			running[k] = one
		case trace.TaskSkipped:
			one.since, one.by = running[k].at, running[k].Trigger
		}
		all = append(all, one)
	}
	return all
}

// text is what happened to the task.
func (r taskRun) text(l lang) string {
	switch r.State {
	case trace.TaskStarted:
		return l.say(taskStarted, r.Name, trigger(l, r.Trigger))
	case trace.TaskFinished:
		return l.say(taskFinished, r.Name)
	case trace.TaskSkipped:
		return l.say(taskSkipped, r.Name, trigger(l, r.Trigger), trigger(l, r.by), l.stamp(r.since))
	case trace.TaskTerminated:
		return l.say(taskTerminated, r.Name)
	}
	return r.Name + ": " + string(r.State)
}

// trigger is what started a task, or should have.
func trigger(l lang, s string) string {
	if s == trace.TriggerStartup {
		return l.say(triggerStartup)
	}
	return s
}

// swallowed warns of events since virtual time 0 that started nothing. A skipped repetition after the
// start of Windows is no loss: the one under way does the same.
func (p *page) swallowed(indent string, t *trace.Trace) {
	if t == nil {
		return
	}
	for _, r := range taskRuns(t) {
		if r.at >= 0 && r.State == trace.TaskSkipped && r.Trigger != trace.TriggerStartup {
			text := p.say(taskSwallowed, r.host, r.Name, r.Trigger, p.stamp(r.at), trigger(p.lang, r.by), p.stamp(r.since))
			p.para(plain, indent, p.say(warning, text))
		}
	}
}

// TaskEntry is a record of Task Scheduler in JSON.
type TaskEntry struct {
	At      Seconds         `json:"at"`
	Host    string          `json:"host"`
	Task    string          `json:"task"`
	State   trace.TaskState `json:"state"`   // "started", "finished", "skipped", "terminated"
	Trigger string          `json:"trigger"` // of started and skipped: "startup", or "event IPWCS 100"
}

func taskEntries(t *trace.Trace) []TaskEntry {
	all := []TaskEntry{}
	if t == nil {
		return all
	}
	for _, r := range taskRuns(t) {
		all = append(all, TaskEntry{Seconds(r.at), r.host, r.Name, r.State, r.Trigger})
	}
	return all
}
