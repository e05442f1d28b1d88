package windows

import (
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// Task is a task of Windows' Task Scheduler: a batch file and what starts it (H10).
type Task struct {
	Name     string // in the trace
	Triggers []Trigger
	Batch    batch.Batch
	Limit    time.Duration // after which it is ended; 0: never
	// Limited: it runs without an administrator's rights, which emptying the ARP cache takes, and a ping does not
	// (Microsoft's FlushIpNetTable).
	Limited bool
}

// Trigger starts a task: an entry of the event log or, without a Source, the start of Windows (H10).
type Trigger struct {
	Source string // of the entry
	ID     int    // of the entry

	Delay    time.Duration // from the entry, or from the start of Windows
	Interval time.Duration // between repetitions; 0: none
	Duration time.Duration // from the first start to the last repetition; 0: without end
}

// String is the trigger as the trace names it.
func (t Trigger) String() string {
	if t.Source == "" {
		return trace.TriggerStartup
	}
	return trace.TriggerEvent(t.Source, t.ID)
}

// OnAddAddress is the trigger that the guide gives arpclear.bat's task on both nodes (G A): IPWatcher has taken the VIP
// (W8).
var OnAddAddress = Trigger{Source: trace.Watcher, ID: core.EventAdded}

// taskScheduler is Task Scheduler between the start of Windows and its end.
type taskScheduler struct {
	node    *Node
	domain  *vtime.Domain
	running []*batchRun // of each task; nil: it does not run
	stopped bool
}

// startTasks starts Task Scheduler.
//
// Inferred: delays at startup count from the link coming up.
func (n *Node) startTasks() {
	s := &taskScheduler{node: n, domain: n.host.Domain(), running: make([]*batchRun, len(n.cfg.Tasks))}
	n.tasks = s
	for i, task := range n.cfg.Tasks {
		for _, t := range task.Triggers {
			if t.Source == "" {
				s.domain.After(t.Delay, func() { s.repeat(i, t, 0) })
			}
		}
	}
}

// repeat starts the task now and each Interval until Duration has passed, its end included: from
// Vista on, 5 min for 15 min are four starts (Microsoft's "Repeating a task").
func (s *taskScheduler) repeat(i int, t Trigger, passed time.Duration) {
	s.start(i, t)
	if passed += t.Interval; t.Interval > 0 && (t.Duration == 0 || passed <= t.Duration) {
		s.domain.After(t.Interval, func() { s.repeat(i, t, passed) })
	}
}

// logged hears of an entry of the event log. A watcher may run on a machine without Task Scheduler.
//
// Inferred: a task without a delay starts at once; no published figure.
func (s *taskScheduler) logged(source string, id int) {
	if s == nil {
		return
	}
	for i, task := range s.node.cfg.Tasks {
		hears := func(t Trigger) bool { return t.Source == source && t.ID == id }
		if at := slices.IndexFunc(task.Triggers, hears); at >= 0 {
			s.domain.After(task.Triggers[at].Delay, func() { s.repeat(i, task.Triggers[at], 0) })
		}
	}
}

// start starts the task unless it runs: by default Task Scheduler starts no second instance, nor
// keeps the trigger for later.
func (s *taskScheduler) start(i int, t Trigger) {
	switch {
	case s.stopped:
		return
	case s.running[i] != nil:
		s.record(i, trace.TaskSkipped, t.String())
		return
	}
	s.record(i, trace.TaskStarted, t.String())
	task := s.node.cfg.Tasks[i]
	s.running[i] = &batchRun{node: s.node, left: task.Batch.Commands, halts: task.Batch.Halts, limited: task.Limited, done: func() {
		s.running[i] = nil
		s.record(i, trace.TaskFinished, "")
	}}
	r := s.running[i]
	if task.Limit > 0 {
		s.domain.After(task.Limit, func() {
			if s.running[i] == r {
				s.end(i)
			}
		})
	}
	r.next()
}

// end ends a task that runs, with all that its batch has begun.
func (s *taskScheduler) end(i int) {
	s.running[i].kill()
	s.running[i] = nil
	s.record(i, trace.TaskTerminated, "")
}

// stop is the end of Task Scheduler in an orderly shutdown: running tasks are terminated. Power loss
// needs no stop.
func (s *taskScheduler) stop() {
	s.stopped = true
	for i, r := range s.running {
		if r != nil {
			s.end(i)
		}
	}
}

func (s *taskScheduler) record(i int, state trace.TaskState, trigger string) {
	s.node.env.Record(s.node.name, trace.Task{Name: s.node.cfg.Tasks[i].Name, State: state, Trigger: trigger})
}
