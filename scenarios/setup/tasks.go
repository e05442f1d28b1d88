package setup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// writeTasks says what starts the batch file, as far as the exported tasks do.
func (d *draft) writeTasks(n *node) {
	if !n.HasTasks {
		d.assumeTasks(n)
		return
	}
	var starts []start
	var limited collected.Task // the one that is ended first
	at := slices.DeleteFunc(slices.Clone(n.Tasks), func(t collected.Task) bool {
		return !slices.ContainsFunc(t.Commands, isCure) && !slices.ContainsFunc(t.Cut, func(c collected.Cut) bool { return isCure(c.Whole()) })
	})
	for _, t := range at {
		d.tellUnplayed(n, t)
		if t.Enabled && t.LogonType != interactive && slices.ContainsFunc(t.Commands, isCure) {
			starts = append(starts, n.startsOf(t.Triggers)...)
			if t.Limit > 0 && (limited.Limit == 0 || t.Limit < limited.Limit) {
				limited = t
			}
		}
	}
	switch list := listOf(starts); {
	case len(starts) > 0 && n.BatchFile == "":
		d.open(diag.Say("%s has no arpclear.bat, which a task starts (%s): copy it into %s/", n.Folder, at[0].Place, n.role))
	case len(at) > 0:
		d.fact("tasks", list, at[0].Place)
		if takes, ends := n.Batch.Shortest(); limited.Limit > 0 && (!ends || limited.Limit < max(4*takes, time.Hour)) { // 4: who does not answer takes so much longer
			d.fact("task_limit", quoted(limited.Limit.String()), limited.Place)
		}
	case len(n.Tasks) > 0:
		d.line("tasks = []  # %s", d.comment(diag.Say("%s: no task starts arpclear.bat", n.Tasks[0].File)))
	default:
		d.line("tasks = []")
	}
}

// isCure says whether the command starts the batch file.
func isCure(command string) bool { return strings.Contains(strings.ToLower(command), "arpclear.bat") }

// start is a trigger of a task as far as it is played, and what for.
type start struct {
	on string
	collected.Trigger
}

// startsOf are those of a task's triggers that start it, as far as they are played.
func (n *node) startsOf(triggers []collected.Trigger) (all []start) {
	for _, one := range triggers {
		if n.ended(one) {
			continue
		}
		switch m := one.Log100(n.name.Text); {
		case one.Boot():
			all = append(all, start{"startup", one})
		case m.Is && m.Log == collected.WatcherLog:
			all = append(all, start{"event-100", one})
		}
	}
	return all
}

// ended says whether the trigger starts nothing any more: Windows has started after its end, so that is past.
func (n *node) ended(one collected.Trigger) bool {
	booted, known := n.System.Booted()
	return known && one.Ended(booted)
}

// String is the start as cluster.toml has it, which has the guide's at the start of Windows without times (H10).
func (s start) String() string {
	boot := s.Boot()
	if boot && s.Delay == 30*time.Second && s.Every == 5*time.Minute && s.For == 15*time.Minute {
		return s.on
	}
	text := s.on
	if boot || s.Delay > 0 {
		text += " after " + s.Delay.String()
	}
	if s.Every > 0 {
		text += " every " + s.Every.String()
	}
	if s.Every > 0 && s.For > 0 {
		text += " for " + s.For.String()
	}
	return text
}

// listOf writes them as cluster.toml has them: of those that start on one thing, the first.
func listOf(all []start) string {
	slices.SortStableFunc(all, func(a, b start) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.Delay, b.Delay)) })
	all = slices.CompactFunc(all, func(a, b start) bool { return a.on == b.on })
	var list []string
	for _, s := range all {
		list = append(list, fmt.Sprintf("%q", s))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// assumeTasks takes the guide's where no export says which there are.
func (d *draft) assumeTasks(n *node) {
	assumed := map[string]string{"active": `["event-100", "startup"]`, "standby": `["event-100"]`}[n.role]
	switch why, lost := n.Lost[collected.OfTasks]; {
	case n.BatchFile == "":
		d.assume("tasks", "[]", diag.Say("%s has no arpclear.bat", n.Folder))
	case lost:
		d.assume("tasks", assumed, diag.Say("not known: %w; these are the guide's", why))
	default:
		d.assume("tasks", assumed, diag.Say("no export of the tasks of %s; these are the guide's", n.label()))
	}
}

// interactive is the LogonType of a task that runs only while its user is logged on.
const interactive = "InteractiveToken"

// tellUnplayed tells what a task is set to and the simulator does not play.
func (d *draft) tellUnplayed(n *node, t collected.Task) {
	warn := func(format string, args ...any) { d.problems.Warnf(t.File, t.Line, format, args...) }
	if !t.Enabled {
		if len(n.startsOf(t.Triggers)) > 0 {
			warn("the task is disabled, so it is left out (H10); expected it enabled")
		}
		return
	}
	for _, s := range n.startsOf(t.Off) {
		warn("the %s of the task is disabled, so it is left out (H10); expected it enabled", s.Kind)
	}
	for _, one := range t.Triggers {
		d.tellTrigger(n, t, one)
	}
	for _, c := range t.Cut {
		if isCure(c.Whole()) {
			program, rest, whole := c.Shown()
			warn("the command of the task is cut at a space: it starts %s with the argument %s, and there is no such program, so it fails and is left out (H10); expected the whole path in quotes, as %s", program, rest, whole)
		}
	}
	if t.LogonType == interactive {
		warn("the task runs only while its user is logged on, by its LogonType %s, and at a server nobody is; so it is left out (H10); expected Password, as for `Run whether user is logged on or not`", t.LogonType)
	}
	if t.Instances != "" && t.Instances != "IgnoreNew" {
		warn("the MultipleInstancesPolicy of the task is %s; the simulator has IgnoreNew: while it runs it is not started again, nor later for that (H10)", t.Instances)
	}
	if t.Idle {
		warn("the task starts only if the machine is idle, by its RunOnlyIfIdle; the simulator starts it always (H10)")
	}
	if t.Network {
		warn("the task starts only if there is a network, by its RunOnlyIfNetworkAvailable; the simulator starts it always (H10)")
	}
}

// tellTrigger tells what of a trigger is not played.
func (d *draft) tellTrigger(n *node, t collected.Task, one collected.Trigger) {
	warn := func(format string, args ...any) { d.problems.Warnf(t.File, t.Line, format, args...) }
	m := one.Log100(n.name.Text)
	switch {
	case one.Boot():
	case !one.Event():
		warn("the task has a %s, which the simulator does not have; it is left out (H10)", one.Kind)
		return
	case m.Computer != "":
		warn("the task waits for events of the computer %s, and this is %s (%s), so this EventTrigger never fires and is left out (H10); expected Computer='%s'", m.Computer, n.name.Text, n.name.Place, n.name.Text)
		return
	case !m.Is && one.Near100() != "":
		warn("the task waits for %.120q, and the watcher writes event 100 of source IPWCS, so this EventTrigger does not fire when a VIP is taken; expected %s", one.Near100(), `*[System[Provider[@Name='IPWCS'] and EventID=100]]`)
		return
	case !m.Is:
		warn("the task has an EventTrigger for other events than 100 of IPWCS, which the simulator does not have; it is left out (H10)")
		return
	case m.Log != collected.WatcherLog:
		warn("the task waits for event 100 in the log %s, and the watcher writes to %s, so this EventTrigger never fires and is left out (H10); expected Path=%q", m.Log, collected.WatcherLog, collected.WatcherLog)
		return
	}
	if len(m.Unknown) > 0 {
		warn("the task waits for %.120q, and whether event 100 of IPWCS is such by its %s is not known; it is played as firing (H10)", m.Query, strings.Join(m.Unknown, ", "))
	}
	if n.ended(one) {
		warn("a trigger of the task ended at %s, by its EndBoundary, and Windows has started after that, at %s (%s), so it starts nothing any more and is left out (H10); expected no EndBoundary, or a later one", one.End, n.System.Boot.Text, n.System.Boot.Place)
	} else if one.End != "" {
		warn("a trigger of the task ends at %s, by its EndBoundary; the simulator has it without end (H10)", one.End)
	}
}
