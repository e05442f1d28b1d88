package vrrp

import (
	"slices"
	"strings"
	"time"

	"ipwsim/core"
)

// entry is one line of the table. A master wants it on the interface, any other role wants it off; commands run until the
// interface says so.
type entry struct {
	core.Entry
	state   core.State
	address core.AddressState // what the interface said last
	unswept bool              // the start's release has yet to delete it, or the stop's, whatever the interface says
	given   bool              // a stop has tried to delete it
	doubted bool              // netsh says that it added it, and the interface does not
	retryAt time.Duration     // no command for it before
	againAt time.Duration     // when to announce it once more
}

// command is what brings the address to where it belongs; nil: it is there, or on its way.
func (v *entry) command(m *Machine) core.Command {
	wanted := m.role == master
	switch {
	case wanted && v.address == core.Absent:
		return core.AddAddress{VIP: v.VIP, Interface: v.Interface}
	case wanted && v.address == core.Duplicate,
		!wanted && v.address != core.Absent && !v.given,
		v.unswept && (m.role == starting || m.role == stopping):
		return core.DeleteAddress{VIP: v.VIP, Interface: v.Interface}
	}
	return nil
}

// deadline is when a command that has to wait can run, or an add is doubted no longer.
func (v *entry) deadline(m *Machine) time.Duration {
	if m.running != nil || v.retryAt <= m.now || v.command(m) == nil {
		return never
	}
	return v.retryAt
}

// settle takes the state that follows from the role and the interface's word.
func (m *Machine) settle(i int) {
	v := &m.vips[i]
	_, adds := m.running.(core.AddAddress)
	there := v.address != core.Absent || adds && m.current == i
	switch {
	case m.role == idle, m.role == stopped:
	case m.role == starting, m.role == stopping:
		m.setState(v, core.Releasing, m.why)
	case m.role == master:
		m.settleMaster(v)
	case there && v.state == core.Polling:
		m.setState(v, core.Releasing, core.WhyFound)
	case there:
		m.setState(v, core.Releasing, m.why)
	case v.state == core.Releasing && m.why != core.WhyFirstCheck:
		m.setState(v, core.Polling, core.WhyGiven)
	default:
		m.setState(v, core.Polling, m.why)
	}
}

func (m *Machine) settleMaster(v *entry) {
	switch {
	case v.address == core.Preferred:
		m.setState(v, core.Held, core.WhyAdded)
	case v.state != core.Held:
		m.setState(v, core.Taking, m.why)
	case v.address == core.Absent:
		m.setState(v, core.Taking, core.WhyGone)
	case v.address == core.Duplicate:
		m.setState(v, core.Taking, core.WhyTakenOver)
	}
}

func (m *Machine) setState(v *entry, s core.State, why core.Reason) {
	if v.state == s {
		return
	}
	v.state = s
	m.do(core.StateChanged{VIP: v.VIP, State: s, Why: why})
	if s == core.Held {
		m.faulty = false
		m.announce(v)
	}
}

// announce tells the segment whose the VIP is, if it is ours, now and once more.
func (m *Machine) announce(v *entry) {
	if v.state == core.Held && v.address == core.Preferred {
		m.do(core.Announce{VIP: v.VIP})
		v.againAt = m.now + announceAgain
	}
}

// addressChanged notes what the interface says. A duplicate is tried again an advertisement later (V6): the node that
// was outranked may have the address still.
func (m *Machine) addressChanged(ev core.AddressChanged) {
	i := slices.IndexFunc(m.vips, func(v entry) bool { return v.VIP == ev.VIP })
	if i < 0 {
		return
	}
	v := &m.vips[i]
	v.address, v.doubted, v.retryAt = ev.State, false, -never
	if v.address == core.Duplicate {
		m.log(v.VIP.String(), " is used by another host.")
		v.retryAt = m.now + m.settings.Advert
	}
}

// work runs the next command, one at a time (W8). With none left a start or a stop goes on.
func (m *Machine) work() {
	for i := range m.vips {
		v := &m.vips[i]
		if c := v.command(m); c != nil && m.running == nil && (m.now >= v.retryAt || m.role == stopping) { // a stop waits for nothing
			m.running, m.current = c, i
			m.last++
			m.log(c.String())
			m.do(core.Run{ID: m.last, Command: c})
		}
	}
	switch {
	case m.running != nil:
	case m.role == starting:
		m.started()
	case m.role == stopping:
		m.ended()
	}
}

func (m *Machine) commandDone(ev core.CommandDone) {
	if m.running == nil || ev.ID != m.last {
		return
	}
	v := &m.vips[m.current]
	_, adds := m.running.(core.AddAddress)
	m.running = nil
	if adds {
		m.addDone(v, ev.Exit)
		return
	}
	v.unswept, v.given = false, m.role == stopping
	if v.address != core.Absent { // netsh failed or lies, or the interface has not said so yet
		v.retryAt = m.now + m.settings.Advert
	}
}

// addDone is the end of the add command. The interface may have spoken before, or is believed an advertisement later
// (H2).
func (m *Machine) addDone(v *entry, exit int) {
	if exit == 0 {
		m.do(core.WriteEvent{ID: core.EventAdded, Text: "LogicalIP Add address " + v.VIP.String()})
	}
	v.unswept = m.role == stopping && exit == 0 // the interface may say so only later
	switch {
	case m.role != master || v.address != core.Absent:
	case exit != 0:
		m.giveWay(core.WhyAddFailed)
	default:
		v.doubted, v.retryAt = true, m.now+m.settings.Advert
	}
}

func (m *Machine) log(parts ...string) {
	if m.settings.LogEnabled {
		m.do(core.Log{Text: strings.Join(parts, "")})
	}
}
