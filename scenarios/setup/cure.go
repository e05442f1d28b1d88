package setup

import (
	"path"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// cure is the batch file that heals clients after a switch (H11), whatever its name.
type cure struct {
	collected.Batch
	arguments string   // behind it, in its task
	asPeer    bool     // those are of the other server's
	path      string   // with which the task starts it; "": not known
	caller    string   // the batch file that the task starts, and that calls this one; "": none does
	commands  []string // the task's own, of which it is made; nil: it is a file
}

// findCure finds the batch file that heals: the guide's, if event 100 starts that; else one that event 100 starts, and that
// pings or empties the ARP cache; else the guide's, and else one that event 100 is to start.
func (d *draft) findCure(n *node) {
	guide, has := n.Batch(collected.GuideBatch)
	n.cure.Batch = guide
	every := func(collected.Task) bool { return true }
	for _, on := range []func(collected.Task) bool{n.on100, n.meant100, every} {
		if arguments, started := n.startOf(collected.GuideBatch, on); started {
			n.cure.arguments = arguments
			break
		}
	}
	_, started := n.startOf(collected.GuideBatch, n.on100)
	switch {
	case started, d.otherCure(n, n.on100), n.cure.File != "":
	default:
		d.otherCure(n, n.meant100)
	}
	if !has && n.cure.File == "" && !n.HasTasks {
		d.onlyCure(n)
	}
}

// startAlike takes the arguments of the other server's task for a batch file of the same name that no task starts here.
func (d *draft) startAlike() {
	for i, n := range d.nodes {
		_, started := n.startOf(n.cure.name(), func(collected.Task) bool { return true })
		if peer := d.nodes[1-i]; !started && n.cure.File != "" && peer.cure.Name == n.cure.Name && peer.cure.arguments != "" {
			n.cure.arguments, n.cure.asPeer = peer.cure.arguments, true
		}
	}
}

// readCure reads what the batch file does.
func (d *draft) readCure(n *node) {
	if n.cure.File == "" {
		return
	}
	d.tellFurther(n)
	with, problems := n.cure.With(n.cure.arguments)
	n.cure.Batch, d.problems = with, append(d.problems, problems...)
}

// startOf are the arguments with which such a task starts the file of that name, or is to.
func (n *node) startOf(file string, on func(collected.Task) bool) (arguments string, starts bool) {
	for _, t := range n.Tasks {
		for _, command := range t.Meant() {
			if arguments, starts = collected.Starts(command, file); starts && on(t) {
				return arguments, true
			}
		}
	}
	return "", false
}

// otherCure takes what else such a task starts and heals: another batch file than the guide's, one that it calls, or the
// task's own commands.
func (d *draft) otherCure(n *node, on func(collected.Task) bool) bool {
	for _, t := range n.Tasks {
		if !on(t) {
			continue
		}
		for _, b := range n.Batches {
			for _, command := range t.Meant() {
				if arguments, starts := collected.Starts(command, b.Name); starts && d.startedBy(n, t, b, command, arguments) {
					return true
				}
			}
		}
		if b := collected.OfCommands(t, collected.GuideBatch); b.Heals("") {
			d.problems.Warnf(t.File, t.Line, "event 100 of IPWCS starts `%.120s` by this task itself, and no batch file; that is taken for the cure (H10, H11), and is %s/%s in the cluster", t.Commands[0], n.role, collected.GuideBatch)
			n.cure = cure{Batch: b, commands: t.Commands}
			return true
		}
	}
	return false
}

// tellFurther tells of further batch files that event 100 starts and that heal: one is played.
func (d *draft) tellFurther(n *node) {
	for _, t := range n.Tasks {
		for _, b := range n.Batches {
			starts := func(command string) bool {
				arguments, is := collected.Starts(command, b.Name)
				return is && b.Heals(arguments)
			}
			if n.on100(t) && b.File != n.cure.File && b.Name != n.cure.caller && slices.ContainsFunc(t.Commands, starts) {
				d.problems.Warnf(b.File, 0, "event 100 of IPWCS starts this batch file, too (%s, H10), besides %s; the simulator starts one, so this is left out, and whom it alone heals shows as healed by nobody (H11); expected the lines of both in one", t.Place, n.cure.File)
			}
		}
	}
}

// startedBy takes the batch file that the command of the task starts, if it heals, or one that it calls.
func (d *draft) startedBy(n *node, t collected.Task, b collected.Batch, command, arguments string) bool {
	if b.Heals(arguments) {
		d.take(n, cure{Batch: b, arguments: arguments, path: collected.PathIn(command, b.Name)}, t)
		return true
	}
	for _, called := range n.Batches {
		if arguments, line := b.Calls(called.Name); line > 0 && called.Name != b.Name && called.Heals(arguments) {
			d.problems.Warnf(b.File, line, "a task is to start this batch file on event 100 of IPWCS (%s, H10), and it calls %s, which is taken for the cure (H11), as if the task started it: of this file that call alone is played", t.Place, called.File)
			n.cure = cure{Batch: called, arguments: arguments, caller: b.Name}
			return true
		}
	}
	return false
}

// take has the other batch file, which the task starts, for the cure.
func (d *draft) take(n *node, c cure, by collected.Task) {
	d.problems.Warnf(c.File, 0, "a task is to start this batch file on event 100 of IPWCS (%s, H10); it is taken for the cure (H11), and is %s/%s in the cluster", by.Place, n.role, collected.GuideBatch)
	if left := n.cure.File; left != "" {
		d.problems.Warnf(left, 0, "no task starts this batch file, and one starts %s (%s), which is taken for the cure; this one is left out", c.File, by.Place)
	}
	n.cure = c
}

// onlyCure takes the only batch file that heals, where no file says what a task starts.
func (d *draft) onlyCure(n *node) {
	var all []collected.Batch
	for _, b := range n.Batches {
		if b.Heals("") {
			all = append(all, b)
		}
	}
	if len(all) == 1 {
		n.cure.Batch = all[0]
		d.problems.Warnf(all[0].File, 0, "there is no %s, and no export of the tasks; this batch file pings or empties the ARP cache, so it is taken for the cure (H11), and is %[2]s/%[1]s in the cluster", collected.GuideBatch, n.role)
	}
}

// on100 says whether event 100 starts the task.
func (n *node) on100(t collected.Task) bool {
	return t.Enabled && slices.ContainsFunc(n.startsOf(t, t.Triggers), func(s start) bool { return s.on == "event-100" })
}

// meant100 says whether event 100 is to start the task, if somebody had not disabled it.
func (n *node) meant100(t collected.Task) bool {
	all := append(n.startsOf(t, t.Triggers), n.startsOf(t, t.Off)...)
	return slices.ContainsFunc(all, func(s start) bool { return s.on == "event-100" })
}

// name is what a command has to name to start it.
func (c cure) name() string {
	if c.File == "" {
		return collected.GuideBatch
	}
	return c.Name
}

// isStarted says whether the command starts it.
func (c cure) isStarted(command string) bool {
	_, starts := collected.Starts(command, c.name())
	_, calls := collected.Starts(command, c.caller)
	return starts || calls || slices.Contains(c.commands, command)
}

// writeCure says which file arpclear.bat is, where that has another name, and its arguments.
func (d *draft) writeCure(n *node) {
	at := n.startedAt()
	if n.cure.File != "" && n.cure.Name != collected.GuideBatch {
		if n.cure.path == "" {
			n.cure.path, at = path.Base(n.cure.File), collected.Place{File: n.cure.File}
		}
		d.fact("task_file", quoted(n.cure.path), at)
	}
	switch {
	case n.cure.arguments == "":
	case n.cure.asPeer:
		d.assume("task_arguments", quoted(n.cure.arguments), diag.Say("no task of %s starts %s, and on the other server one does, with these", n.label(), n.cure.File))
	default:
		d.fact("task_arguments", quoted(n.cure.arguments), at)
	}
}

// startedAt is where a command starts it.
func (n *node) startedAt() (at collected.Place) {
	for _, t := range n.Tasks {
		if at.File == "" && slices.ContainsFunc(t.Commands, n.cure.isStarted) {
			at = t.Place
		}
	}
	return at
}
