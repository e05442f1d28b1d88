// Package vrrp is another watcher than IPWatcher: plain VRRP, version 3 for IPv4 (RFC 5798), as the rules V1 to V8 have
// it (core/rules). It is a step function like core.Machine, of the same events and actions, so that one driver runs both.
package vrrp

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
)

// Settings are those of one virtual router, which has all VIPs of the table.
type Settings struct {
	LogEnabled bool
	Own        netip.Addr    // the machine's own address, from which it advertises; IPv4
	Router     byte          // the virtual router's number, 1 to 255, the same on all nodes
	Priority   byte          // 1 to 254; the highest is master
	Advert     time.Duration // from one advertisement to the next; hundredths of a second, MinAdvert to MaxAdvert
	Preempt    bool          // a backup takes the VIPs from a master of a lower priority
}

// What an advertisement can say: the bounds of Settings.Advert, and of the table.
const (
	MinAdvert = hundredth
	MaxAdvert = 4095 * hundredth

	// MaxVIPs is how many addresses it can name.
	MaxVIPs = 255
)

// DefaultSettings are the usual ones: those of RFC 5798.
func DefaultSettings() Settings {
	return Settings{Router: 51, Priority: 100, Advert: time.Second, Preempt: true}
}

// Skew is how much later than three advertisements a backup takes over: the lower its priority, the later.
func (s Settings) Skew() time.Duration { return skew(s.Priority, s.Advert) }

// Down is how long a backup of these settings hears nothing until it takes over, of a master with the same Advert (V2).
func (s Settings) Down() time.Duration { return 3*s.Advert + s.Skew() }

func skew(priority byte, advert time.Duration) time.Duration {
	return time.Duration(256-int(priority)) * advert / 256
}

// announceAgain is from a master's gratuitous ARP to its second one (V2).
const announceAgain = 5 * time.Second

// Machine is one node's watcher. It is not safe for use by several goroutines at once.
type Machine struct {
	settings Settings
	vips     []entry // in the table's order
	role     role
	why      core.Reason // of the role
	now      time.Duration
	actions  []core.Action

	cutOff   bool          // the network under the interface is gone
	faulty   bool          // the last add failed (V6)
	heard    time.Duration // the interval that the master's advertisements name
	resigned bool          // the master has said that it stops
	dueAt    time.Duration // of a master's next advertisement, of a backup's becoming one

	last    int          // ID of the last Run
	running core.Command // nil: none
	current int          // the VIP that it is for
	joined  bool         // advertisements are heard
}

// role is what the machine is in the virtual router.
type role int

const (
	idle role = iota
	starting
	backup
	master
	apart // neither: there is no network
	stopping
	stopped
)

// New returns a watcher of the entries, at most MaxVIPs, which must have different VIPs (core/table sees to that). The
// settings must be in their bounds (sim/cluster sees to both).
func New(s Settings, entries []core.Entry) *Machine {
	m := &Machine{settings: s, vips: make([]entry, len(entries)), now: -never, dueAt: never, heard: s.Advert}
	for i, e := range entries {
		m.vips[i] = entry{Entry: e, againAt: never, retryAt: -never}
	}
	return m
}

// Step is as core.Machine's.
func (m *Machine) Step(now time.Duration, ev core.Event) []core.Action {
	m.now = min(max(m.now, now), never-1)
	m.actions = m.actions[:0]
	if m.role == stopped {
		return nil
	}
	m.handle(ev)
	m.due()
	m.settleAll()
	m.work()
	m.settleAll() // a start may be over
	return m.actions
}

func (m *Machine) handle(ev core.Event) {
	switch ev := ev.(type) {
	case core.Start:
		m.start()
	case core.Stop:
		m.stop()
	case core.AddressChanged:
		m.addressChanged(ev)
	case core.CommandDone:
		m.commandDone(ev)
	case core.NetworkDown:
		m.networkDown(ev)
	case core.NetworkUp:
		m.networkUp(ev)
	case core.Advertised:
		if a, ok := parse(ev.From, ev.Packet); ok && a.router == m.settings.Router {
			m.advertised(ev.From, a)
		}
	}
}

func (m *Machine) settleAll() {
	for i := range m.vips {
		m.settle(i)
	}
}

// Deadline is as core.Machine's.
func (m *Machine) Deadline() (time.Duration, bool) {
	first := m.dueAt
	for i := range m.vips {
		first = min(first, m.vips[i].againAt, m.vips[i].deadline(m))
	}
	return first, first != never
}

// start is W5: what an earlier run has left on the interface goes first.
func (m *Machine) start() {
	if m.role != idle {
		return
	}
	m.turn(starting, core.WhyAtStart)
	for i := range m.vips {
		m.vips[i].unswept = true
	}
}

// started is the end of the start's release.
func (m *Machine) started() {
	m.joined = true
	m.do(core.JoinAdverts{})
	m.listen(core.WhyFirstCheck)
}

// stop is W6: the VIPs go, and the last advertisement tells the backup (V4).
func (m *Machine) stop() {
	switch m.role {
	case idle:
		m.ended()
	case starting, backup, master, apart:
		due := m.dueAt
		advertises := m.role == master
		m.turn(stopping, core.WhyAtStop)
		if advertises {
			m.dueAt = due // until they are gone: a backup that takes them now would find them in use
		}
	}
}

// ended is the end of all.
func (m *Machine) ended() {
	if m.dueAt != never {
		m.advertise(0)
	}
	if m.joined {
		m.do(core.LeaveAdverts{})
	}
	m.turn(stopped, m.why)
	m.do(core.Stopped{})
}

// listen makes a backup of the machine, or leaves it without a part while there is no network.
func (m *Machine) listen(why core.Reason) {
	if m.cutOff {
		m.turn(apart, core.WhyLinkLost)
		return
	}
	m.turn(backup, why)
	m.await()
}

// await begins the wait for the master's next advertisement anew.
func (m *Machine) await() {
	m.resigned = false
	m.dueAt = m.now + 3*m.heard + skew(m.priority(), m.heard)
}

// turn takes a role, without a deadline. What the start's delete has left there is tried again in its time (V8).
func (m *Machine) turn(r role, why core.Reason) {
	swept := m.role == starting
	m.role, m.why, m.dueAt = r, why, never
	for i := range m.vips {
		v := &m.vips[i]
		v.againAt, v.doubted, v.given = never, false, false
		if !swept {
			v.retryAt = -never
		}
	}
}

// networkDown is V5.
func (m *Machine) networkDown(ev core.NetworkDown) {
	if !m.uses(ev.Interface) || m.cutOff {
		return
	}
	m.cutOff = true
	if m.role == backup || m.role == master {
		m.log("Link lost.")
		m.turn(apart, core.WhyLinkLost)
	}
}

// networkUp is V5: with the network back the machine begins as a backup.
func (m *Machine) networkUp(ev core.NetworkUp) {
	if !m.uses(ev.Interface) {
		return
	}
	m.cutOff, m.faulty = false, false
	if m.role == apart {
		m.listen(core.WhyLinkLost)
	}
}

// uses says whether some VIP is on the interface. All are on one, as the nodes of the guide have one.
func (m *Machine) uses(iface string) bool { return len(m.vips) > 0 && m.vips[0].Interface == iface }

// due does what the time has come for.
func (m *Machine) due() {
	for i := range m.vips {
		if v := &m.vips[i]; m.now >= v.againAt {
			v.againAt = never
			if v.address == core.Preferred { // else somebody deleted or took it meanwhile
				m.do(core.Announce{VIP: v.VIP})
			}
		}
	}
	if i := slices.IndexFunc(m.vips, func(v entry) bool { return v.doubted && m.now >= v.retryAt }); i >= 0 && m.running == nil {
		m.giveWay(core.WhyNotAdded)
	}
	switch {
	case m.now < m.dueAt:
	case m.role == backup:
		m.masterIsDown()
	case m.role == master, m.role == stopping:
		m.advertise(m.priority())
	}
}

// masterIsDown is V2.
//
// Inferred: a machine that wakes long after its time was frozen (H7), and has heard nobody because of that; it waits
// anew.
func (m *Machine) masterIsDown() {
	if m.now >= m.dueAt+m.heard {
		m.await()
		return
	}
	why := core.WhyMasterDown
	if m.resigned {
		why = core.WhyResigned
	}
	m.log("Become master: ", string(why), ".")
	m.turn(master, why)
	m.advertise(m.priority())
}

// advertised is what another node says (RFC 5798, 6.4).
func (m *Machine) advertised(from netip.Addr, a advert) {
	outranked := a.priority > m.priority() || a.priority == m.priority() && from.Compare(m.settings.Own) > 0
	switch {
	case m.role == master && a.priority == 0:
		m.advertise(m.priority())
	case m.role == master && outranked:
		m.log("Become backup: ", from.String(), " has a higher priority.")
		m.heard = a.interval
		m.listen(core.WhyOutranked)
	case m.role == master: // V3
		m.advertise(m.priority())
		for i := range m.vips {
			m.announce(&m.vips[i])
		}
	case m.role != backup:
	case a.priority == 0: // V4
		m.resigned = true
		m.dueAt = min(m.dueAt, m.now+skew(m.priority(), m.heard))
	case !m.settings.Preempt || a.priority >= m.priority():
		m.heard = a.interval
		m.await()
	}
}

// giveWay leaves the VIPs to another node, which need not be one of a higher priority (V6).
func (m *Machine) giveWay(why core.Reason) {
	m.log("Become backup: ", string(why), ".")
	m.faulty = true
	m.advertise(0)
	m.listen(why)
}

// priority is what the machine advertises: the lowest while it cannot add (V6).
func (m *Machine) priority() byte {
	if m.faulty {
		return 1
	}
	return m.settings.Priority
}

// advertise sends an advertisement; the next is due an interval later.
func (m *Machine) advertise(priority byte) {
	a := advert{router: m.settings.Router, priority: priority, interval: m.settings.Advert}
	for i := range m.vips {
		a.vips = append(a.vips, m.vips[i].VIP)
	}
	m.do(core.Advertise{Packet: a.packet(m.settings.Own)})
	m.dueAt = m.now + m.settings.Advert
}

func (m *Machine) do(a core.Action) { m.actions = append(m.actions, a) }

// never is later than every deadline.
const never = time.Duration(1<<63 - 1)
