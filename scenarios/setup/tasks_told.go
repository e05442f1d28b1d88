package setup

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// tellUnplayed tells what a task is set to and the simulator does not play.
func (d *draft) tellUnplayed(n *node, t collected.Task) {
	warn := func(format string, args ...any) { d.problems.Warnf(t.File, t.Line, format, args...) }
	if !t.Enabled {
		if len(n.startsOf(t, t.Triggers)) > 0 {
			warn("the task is disabled, so it is left out (H10); expected it enabled")
		}
		return
	}
	for _, s := range n.startsOf(t, t.Off) {
		warn("the %s of the task is disabled, so it is left out (H10); expected it enabled", s.Kind)
	}
	for _, one := range t.Triggers {
		d.tellTrigger(n, t, one)
	}
	if t.Listed {
		warn("the list of tasks does not say which event starts this one, nor with which rights; it is played as event 100 of IPWCS, with all rights (H10); expected the output of `schtasks /query /xml ONE`")
	}
	d.tellCommands(n, t)
	d.tellPrincipal(n, t)
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

// tellOtherTask tells of a task that event 100 starts, and that is not the cure. If nothing else is, a batch file that was
// not collected most likely is: it is asked for.
func (d *draft) tellOtherTask(n *node, t collected.Task) {
	if !n.on100(t) || len(t.Commands) == 0 {
		return
	}
	played, problems := n.Play(t.File, t.Commands)
	switch {
	case played.Heals: // it is left out for what it runs as
		d.tellPrincipal(n, t)
	case len(played.Missing) > 0 && (played.Missing[0].By != t.File || !slices.ContainsFunc(n.Tasks, func(t collected.Task) bool { return n.ofCure(t) && n.on100(t) })):
		d.askMissing(n, t, played)
	case len(played.Missing) == 0 && len(played.Files) > 0:
		d.problems = append(d.problems, problems...)
		d.problems.Warnf(t.File, t.Line, "event 100 of IPWCS starts %.120q by this task, and what is played of that neither pings nor empties the ARP cache; it is left out (H10, H11)", t.Commands[0])
	default:
		d.problems.Warnf(t.File, t.Line, "event 100 of IPWCS starts %.120q by this task, which is no batch file that was collected, and is left out; if it is the cure (H10, H11), copy it into %s and make the cluster anew", t.Commands[0], n.Folder)
	}
}

// askMissing asks for the batch files that the task starts, or those that one calls, and that were not collected.
func (d *draft) askMissing(n *node, t collected.Task, played collected.Played) {
	for _, m := range played.Missing {
		if at := (collected.Place{File: m.By, Line: m.Line}); m.By != t.File {
			d.open(diag.Say("event 100 of IPWCS starts %s (%s), which calls %s (%s); that is not among the files of %s, and may be the cure (H11), %s/arpclear.bat: copy it into %[5]s and make the cluster anew; if it heals nobody, delete this line", m.By, t.Place, m.Path, at, n.Folder, n.role))
		} else {
			d.open(diag.Say("event 100 of IPWCS starts %.120q (%s), which is not among the files of %s, and may be the cure (H11), %s/arpclear.bat: copy it into %[3]s and make the cluster anew; if it heals nobody, delete this line", t.Commands[m.Line-1], t.Place, n.Folder, n.role))
		}
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
	if begins(t, one) {
		warn("a trigger of the task begins at %s, by its StartBoundary, and that is after the export, so it starts nothing yet and is left out (H10); expected an earlier StartBoundary", one.Start)
	}
	if n.ended(one) {
		warn("a trigger of the task ended at %s, by its EndBoundary, and Windows has started after that, at %s (%s), so it starts nothing any more and is left out (H10); expected no EndBoundary, or a later one", one.End, n.System.Boot.Text, n.System.Boot.Place)
	} else if one.End != "" {
		warn("a trigger of the task ends at %s, by its EndBoundary; the simulator has it without end (H10)", one.End)
	}
}

// tellCommands tells of a command that starts nothing, or may not.
func (d *draft) tellCommands(n *node, t collected.Task) {
	warn := func(format string, args ...any) { d.problems.Warnf(t.File, t.Line, format, args...) }
	for _, c := range t.Cut {
		if n.cure.isStarted(c.Whole()) {
			program, rest, whole := c.Shown()
			warn("the command of the task is cut at a space: it starts %s with the argument %s, and there is no such program, so it fails and is left out (H10); expected the whole path in quotes, as %s", program, rest, whole)
		}
	}
	for _, c := range t.Bare {
		if n.cure.isStarted(c) {
			warn("the command of the task, %.120q, names no folder, and a task begins in System32, where the file is not, so it fails and is left out (H10); expected the whole path, or a WorkingDirectory", c)
		}
	}
	for _, c := range t.Commands {
		if letter := collected.FarDrive(c); n.cure.isStarted(c) && letter != "" {
			warn("the command of the task is on the drive %s:. If somebody has mapped that to a folder of another computer, only that one's own session has it: no task has, so this one fails. The simulator starts it (H10); expected a path on a disk of the server's own", letter)
		}
	}
}

// tellPrincipal tells what the task cannot do as what it runs as.
func (d *draft) tellPrincipal(n *node, t collected.Task) {
	warn := func(format string, args ...any) { d.problems.Warnf(t.File, t.Line, format, args...) }
	flush, flushes := n.cure.Does.Flush()
	at := collected.Place{File: n.cure.File, Line: flush.Line}
	switch {
	case t.Group != "":
		warn("the task runs only while one of the group %s is logged on, by its GroupId, and at a server nobody is; so it is left out (H10); expected a UserId, as for `Run whether user is logged on or not`", t.Group)
	case t.Attended():
		warn("the task runs only while its user is logged on, by its LogonType %s, and at a server nobody is; so it is left out (H10); expected Password, as for `Run whether user is logged on or not`", t.LogonType)
	case !flushes || !slices.ContainsFunc(t.Commands, n.cure.isStarted):
	case t.Rights() == collected.NoRights:
		warn("the task runs as %s, which is no administrator, so `%s` (%s) fails; it is played so (H10, H11); expected SYSTEM or Administrator, with the RunLevel HighestAvailable", t.User, flush, at)
	case t.Rights() == collected.CutRights:
		warn("the task runs with the least rights, for its RunLevel is not HighestAvailable, and User Account Control takes an administrator's from %s, so `%s` (%s) fails; it is played so (H10, H11); expected HighestAvailable", t.User, flush, at)
	}
}
