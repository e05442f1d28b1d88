package core

import "slices"

// queued is a command with the VIP it is for.
type queued struct {
	command Command
	vip     *vip
}

// run runs the command after those before it.
//
// Inferred: one at a time for all VIPs, as the log of the original has each command's end before the
// next.
func (m *Machine) run(v *vip, c Command) {
	m.queue = append(m.queue, queued{c, v})
	m.runNext()
}

// runNext runs the first command that waits, if none runs. With none left a start or a stop goes on.
func (m *Machine) runNext() {
	switch {
	case m.busy:
	case len(m.queue) > 0:
		m.current = m.queue[0]
		m.queue = slices.Delete(m.queue, 0, 1)
		m.busy = true
		m.lastCommand++
		m.logCommand(m.current)
		m.do(Run{ID: m.lastCommand, Command: m.current.command})
	case m.phase == starting || m.phase == stopping:
		m.sweep()
	}
}

func (m *Machine) commandDone(ev CommandDone) {
	if !m.busy || ev.ID != m.lastCommand {
		return
	}
	m.busy = false
	m.logEnd(ev)
	v := m.current.vip
	switch m.current.command.(type) {
	case AddAddress:
		if v.state == Taking {
			m.addDone(v, ev.Exit)
		}
	case DeleteAddress:
		if v.state == Releasing {
			m.deleteDone(v, ev.Exit)
		}
	}
	m.runNext()
}

// withdraw drops the VIP's commands that have not begun.
func (m *Machine) withdraw(v *vip) {
	m.queue = slices.DeleteFunc(m.queue, func(q queued) bool { return q.vip == v })
}
