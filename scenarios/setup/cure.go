package setup

import (
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// cure is the batch file that heals clients after a switch (H11), whatever its name.
type cure struct {
	collected.Played
	asPeer   bool     // its arguments are the other server's
	commands []string // the tasks' own, that it is started with or made of
}

// findCure finds the batch file that heals: what event 100 starts, the guide's, and else what event 100 is to start.
func (d *draft) findCure(n *node) {
	guide, has := n.Batch(collected.GuideBatch)
	runs := func(t collected.Task) bool { return n.on100(t) && !t.Attended() }
	switch {
	case d.takePlayed(n, runs, guide) || d.takePlayed(n, n.on100, guide):
	case has:
		n.cure.Batch = guide
		if command, starts := n.startOf(collected.GuideBatch); starts {
			n.cure.Batch = guide.Started(command)
		}
	case d.takePlayed(n, n.meant100, guide) || n.HasTasks:
	default:
		d.onlyCure(n)
	}
}

// takePlayed takes what all such tasks start, one after the other, and says whether that heals.
func (d *draft) takePlayed(n *node, on func(collected.Task) bool, guide collected.Batch) bool {
	var of []collected.Task
	var commands, meant []string
	for _, t := range n.Tasks {
		if on(t) && !slices.ContainsFunc(t.Meant(), func(c string) bool { return slices.Contains(meant, c) }) { // exported twice
			of, commands, meant = append(of, t), append(commands, t.Commands...), append(meant, t.Meant()...)
		}
	}
	return len(of) > 0 && (d.takeAll(n, of, commands, guide) || d.takeAll(n, of, meant, guide))
}

// takeAll takes what the commands of the tasks do, if that heals.
func (d *draft) takeAll(n *node, of []collected.Task, commands []string, guide collected.Batch) bool {
	played, problems := n.Play(of[0].File, commands)
	if !played.Heals {
		return false
	}
	n.cure = cure{Played: played, commands: commands}
	d.problems = append(d.problems, problems...)
	d.tellTaken(n, of[0])
	if len(of) > 1 && played.Written {
		d.problems.Warnf(of[1].File, of[1].Line, "event 100 of IPWCS starts this task beside another one (%s), and the simulator has what it does behind what that does, so later than it is (H10)", of[0].Place)
	}
	if guide.File != "" && guide.File != played.File && !slices.Contains(played.Files, guide.File) {
		d.problems.Warnf(guide.File, 0, "no task starts this batch file, and one starts %s (%s), which is taken for the cure; this one is left out", played.File, of[0].Place)
	}
	return true
}

// tellTaken tells what is taken for the cure, where that is not the guide's file, and started by the task.
func (d *draft) tellTaken(n *node, by collected.Task) {
	switch c := n.cure; {
	case c.Written && len(c.Files) == 0:
		d.problems.Warnf(by.File, by.Line, "event 100 of IPWCS starts `%.120s` by this task itself, and no batch file; that is taken for the cure (H10, H11), and is %s/%s in the cluster", c.commands[0], n.role, collected.GuideBatch)
	case c.Written:
		d.problems.Warnf(c.File, 0, "event 100 of IPWCS starts this batch file (%s, H10), and what it and all others do that are started or called then is taken for the cure (H11): %s. It is written out in its order, and is %s/%s in the cluster", by.Place, strings.Join(c.Files, ", "), n.role, collected.GuideBatch)
	case c.At.File != "":
		d.problems.Warnf(c.At.File, c.At.Line, "a task is to start this batch file on event 100 of IPWCS (%s, H10), and it calls %s, which is taken for the cure (H11), as if the task started it: nothing else of this file matters here", by.Place, c.File)
	case c.Name != collected.GuideBatch:
		d.problems.Warnf(c.File, 0, "a task is to start this batch file on event 100 of IPWCS (%s, H10); it is taken for the cure (H11), and is %s/%s in the cluster", by.Place, n.role, collected.GuideBatch)
	}
}

// startAlike takes the arguments of the other server's task for a batch file of the same name that no task starts here, and
// that does something else without them.
func (d *draft) startAlike() {
	for i, n := range d.nodes {
		peer := d.nodes[1-i]
		if n.startedAt().File != "" || n.cure.File == "" || peer.cure.Name != n.cure.Name {
			continue
		}
		with := n.cure.Batch
		with.By.Args = peer.cure.By.Args
		if n.cure.asPeer = !with.Alike(n.cure.Batch); n.cure.asPeer {
			n.cure.Batch = with
		}
	}
}

// readCure reads what the batch file does.
func (d *draft) readCure(n *node) {
	if n.cure.File == "" || n.cure.Written {
		return
	}
	read, problems := n.cure.Read()
	n.cure.Batch, d.problems = read, append(d.problems, problems...)
}

// startOf is the command with which a task starts the file of that name, or is to: one of event 100 before others.
func (n *node) startOf(file string) (command string, starts bool) {
	for _, on := range []func(collected.Task) bool{n.on100, n.meant100, func(collected.Task) bool { return true }} {
		for _, t := range n.Tasks {
			for _, command := range t.Meant() {
				if _, is := collected.Starts(command, file); is && on(t) {
					return command, true
				}
			}
		}
	}
	return "", false
}

// onlyCure takes the only batch file that heals, where no file says what a task starts.
func (d *draft) onlyCure(n *node) {
	var all []collected.Batch
	for _, b := range n.Batches {
		if b.Heals() {
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
	return starts || slices.Contains(c.commands, command)
}

// writeCure says which file arpclear.bat is, where that has another name or is elsewhere, and its arguments.
func (d *draft) writeCure(n *node) {
	at := n.startedAt()
	if n.cure.At.File != "" { // another batch file calls it
		at = n.cure.At
	}
	file := n.cure.By.Path
	other := n.cure.Name != collected.GuideBatch
	if other && file == "" && n.cure.File != "" {
		file, at = path.Base(n.cure.File), collected.Place{File: n.cure.File}
	}
	if file != "" && (other || strings.Contains(file, `\`) && !n.cure.IsGuides()) {
		d.fact("task_file", quoted(file), at)
	}
	arguments := n.cure.Arguments()
	switch {
	case arguments == "":
	case n.cure.asPeer && !n.HasTasks:
		d.assume("task_arguments", quoted(arguments), diag.Say("no export of the tasks of %s, and on the other server one starts %s, with these", n.label(), n.cure.Name))
	case n.cure.asPeer:
		d.assume("task_arguments", quoted(arguments), diag.Say("no task of %s starts %s, and on the other server one does, with these", n.label(), n.cure.File))
	default:
		d.fact("task_arguments", quoted(arguments), at)
	}
}

// startedAt is where a command starts it.
func (n *node) startedAt() (at collected.Place) {
	for _, t := range n.Tasks {
		if at.File == "" && slices.ContainsFunc(t.Meant(), n.cure.isStarted) {
			at = t.Place
		}
	}
	return at
}
