package core

import "net/netip"

// ask asks the peer for a VIP, unless a request for it is out (W16, W17).
//
// Inferred: the pipe's one request, and when it is made; the guide gives the pipe and how fast a VIP
// goes back.
func (m *Machine) ask(v *vip) {
	if v.asking {
		return
	}
	v.asking = true
	m.logAsk(v)
	m.do(AskPeer{Peer: v.Peer, VIP: v.VIP, As: m.settings.Balance})
}

// peerAnswered takes what the peer released (W16). Any other answer leaves the next poll to ask again. A holder does
// nothing about an answer, not even announce what the peer gave up (W22), unless Settings.AnnounceAgain says so.
func (m *Machine) peerAnswered(ev PeerAnswered) {
	v := m.find(ev.VIP)
	if v == nil || !v.asking {
		return
	}
	v.asking = false
	m.logAnswer(v, ev.Answer)
	switch {
	case ev.Answer != Released:
	case v.state == Polling:
		m.take(v, WhyGranted)
	case v.state == Held && m.settings.AnnounceAgain:
		m.do(Announce{VIP: v.VIP})
		m.do(WriteEvent{ID: EventAdded, Text: "LogicalIP Announce address " + v.name})
	}
}

// peerAsked is W15. A request that finds the VIP on its way out is answered when it is out.
func (m *Machine) peerAsked(ev PeerAsked) {
	m.logAsked(ev.VIP)
	v := m.find(ev.VIP)
	switch {
	case v == nil || m.phase == idle || m.refuses(ev.From):
		m.answer(ev.ID, ev.VIP, Refused)
	case v.state == Polling:
		m.answer(ev.ID, ev.VIP, NotHeld)
	case v.state == Releasing:
		v.requests = append(v.requests, ev.ID)
	default:
		v.requests = append(v.requests, ev.ID)
		m.giveBack(v, WhyAsked)
	}
}

// refuses says whether the peer has no right to ask: only a master has, and not of another master
// (W21).
func (m *Machine) refuses(from Balance) bool {
	return from != Master || m.settings.Balance == Master
}

// giveBack releases a VIP that the master is to have, and lets it go first (W13, W15, W18).
func (m *Machine) giveBack(v *vip, why Reason) {
	v.seen = false
	m.release(v, why)
}

// release deletes a VIP from the interface, an add under way with it.
func (m *Machine) release(v *vip, why Reason) {
	m.setState(v, Releasing, why)
	m.withdraw(v)
	m.runRelease(v)
}

// runRelease runs the commands of a release.
//
// Inferred: the pair of the start and the stop (W5) serves every release.
func (m *Machine) runRelease(v *vip) {
	m.run(v, DeleteAddress{VIP: v.VIP, Interface: v.Interface})
	m.run(v, FlushARP{})
}

// deleteDone is the end of the delete command; the flush behind it is waited for by nobody.
func (m *Machine) deleteDone(v *vip, exit int) {
	v.deleteFailed = exit != 0
	switch m.phase {
	case running:
		m.endRelease(v, WhyGiven)
	case stopping:
		m.answerRequests(v)
	}
}

// endRelease settles a release, or waits until the interface shows it.
//
// Inferred: for how long, before the command is taken for a liar (H2).
func (m *Machine) endRelease(v *vip, why Reason) {
	if v.address != Absent && !v.deleteFailed {
		v.waitUntil = m.in(m.settings.Interval)
		return
	}
	m.settle(v, why)
}

// deleteUnconfirmed is a delete that was said to be done, and the address still there.
func (m *Machine) deleteUnconfirmed(v *vip) {
	v.deleteFailed = true
	m.settle(v, WhyGiven)
}

// settle answers the peer and goes on as the interface's word has it: a usable address is held.
func (m *Machine) settle(v *vip, why Reason) {
	m.answerRequests(v)
	if v.address == Preferred {
		m.log(v.name, logNotDeleted)
		m.hold(v, WhyStillUsable)
		return
	}
	m.poll(v, why)
}

// answerRequests answers everybody who waited for the release: released when the address is gone,
// even if somebody else deleted it, and refused when it is not.
//
// Inferred: refused; "not held" would be a lie, and no answer would make the peer wait.
func (m *Machine) answerRequests(v *vip) {
	a := Released
	if v.deleteFailed && v.address != Absent {
		a = Refused
	}
	for _, id := range v.requests {
		m.answer(id, v.VIP, a)
	}
	v.requests = v.requests[:0]
}

func (m *Machine) answer(id int, ip netip.Addr, a Answer) {
	m.logAnswered(ip, a)
	m.do(AnswerPeer{ID: id, Answer: a})
}
