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
	at := slices.DeleteFunc(slices.Clone(n.Tasks), func(t collected.Task) bool { return !n.ofCure(t) })
	for _, t := range n.Tasks {
		if !n.ofCure(t) {
			d.tellOtherTask(n, t)
		}
	}
	for _, t := range at {
		d.tellUnplayed(n, t)
		if played, _ := n.Play(t.File, t.Commands); n.on100(t) {
			d.askMissing(n, t, played)
		}
		if t.Enabled && !t.Attended() && slices.ContainsFunc(t.Commands, n.cure.isStarted) {
			starts = append(starts, n.startsOf(t, t.Triggers)...)
			if t.Limit > 0 && (limited.Limit == 0 || t.Limit < limited.Limit) {
				limited = t
			}
		}
	}
	starts = played(starts)
	switch list := listOf(starts); {
	case len(starts) > 0 && n.cure.File == "":
		d.open(diag.Say("%s has no arpclear.bat, which a task starts (%s): copy it into %s/", n.Folder, at[0].Place, n.role))
	case len(at) > 0:
		d.fact("tasks", list, at[0].Place)
		d.writeCure(n)
		if takes, ends := n.cure.Does.Shortest(); limited.Limit > 0 && (!ends || limited.Limit < max(4*takes, time.Hour)) { // 4: who does not answer takes so much longer
			d.fact("task_limit", quoted(limited.Limit.String()), limited.Place)
		}
		if len(starts) > 0 && starts[0].by.Rights() != collected.FullRights {
			d.fact("task_unelevated", "true", starts[0].by.Place)
		}
	case len(n.Tasks) > 0:
		d.writeCure(n)
		d.line("tasks = []  # %s", d.comment(diag.Say("%s: no task starts arpclear.bat", n.Tasks[0].File)))
	default:
		d.line("tasks = []")
	}
}

// ofCure says whether the task is to start the batch file.
func (n *node) ofCure(t collected.Task) bool { return slices.ContainsFunc(t.Meant(), n.cure.isStarted) }

// start is a trigger of a task as far as it is played, and what for.
type start struct {
	on string
	by collected.Task
	collected.Trigger
}

// startsOf are those of the task's triggers that start it, as far as they are played.
func (n *node) startsOf(t collected.Task, triggers []collected.Trigger) (all []start) {
	for _, one := range triggers {
		if n.ended(one) || begins(t, one) {
			continue
		}
		switch m := one.Log100(n.name.Text); {
		case one.Boot():
			all = append(all, start{"startup", t, one})
		case m.Is && m.Log == collected.WatcherLog:
			all = append(all, start{"event-100", t, one})
		}
	}
	return all
}

// begins says whether the trigger of the task starts nothing yet: it begins after the export.
func begins(t collected.Task, one collected.Trigger) bool {
	return !t.Exported.IsZero() && one.Begins(t.Exported)
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

// played are those that are: of those that start on one thing the first; what an event starts goes before.
func played(all []start) []start {
	all = slices.SortedStableFunc(slices.Values(all), func(a, b start) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.Delay, b.Delay)) })
	return slices.CompactFunc(all, func(a, b start) bool { return a.on == b.on })
}

// listOf writes them as cluster.toml has them.
func listOf(all []start) string {
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
	case n.cure.File == "":
		d.assume("tasks", "[]", diag.Say("%s has no arpclear.bat", n.Folder))
	case lost:
		d.writeCure(n)
		d.assume("tasks", assumed, diag.Say("not known: %w; these are the guide's", why))
	default:
		d.writeCure(n)
		d.assume("tasks", assumed, diag.Say("no export of the tasks of %s; these are the guide's", n.label()))
	}
}
