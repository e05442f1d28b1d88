package core_test

import (
	"time"

	. "ipwsim/core"
)

// The hosts of a pair: link, addresses, commands, pipe.

// linkChanged is H5 and H3: without a link no address is usable, with one each is probed for anew.
func (n *node) linkChanged() {
	n.probe++
	n.usable = false
	if n.address != Absent {
		n.setAddress(Tentative)
	}
	if !n.linked() {
		return
	}
	probe := n.probe
	n.pair.after(dad, n, func() {
		if n.probe == probe {
			n.usable = true
			n.step(NetworkUp{entry.Interface})
		}
	})
	n.startDAD()
}

func (n *node) startDAD() {
	if n.address == Absent || !n.linked() {
		return
	}
	n.setAddress(Tentative)
	n.lookForOwner()
	probe := n.probe
	n.pair.after(dad, n, func() {
		if n.probe == probe && n.address == Tentative {
			n.lookForOwner()
			if n.address == Tentative {
				n.setAddress(Preferred)
			}
		}
	})
}

// lookForOwner is a probe: an owner defends, another prober is a conflict for both.
func (n *node) lookForOwner() {
	o := n.peer
	if !o.linked() || o.frozen {
		return
	}
	switch o.address {
	case Preferred:
		n.setAddress(Duplicate)
	case Tentative:
		n.setAddress(Duplicate)
		o.setAddress(Duplicate)
	}
}

func (n *node) setAddress(st AddressState) {
	if n.address != st {
		n.address = st
		n.pair.after(0, n, func() { n.step(AddressChanged{vip, st}) })
	}
}

func (n *node) step(ev Event) {
	if n.m == nil {
		return
	}
	m := n.m
	for _, a := range m.Step(n.pair.now, ev) {
		n.act(a)
	}
	if at, waits := m.Deadline(); waits && at != n.wake {
		n.wake = at
		n.pair.after(at-n.pair.now, n, func() { n.step(Tick{}) })
	}
}

func (n *node) act(a Action) {
	switch a := a.(type) {
	case SendEcho:
		if n.address == Preferred || n.reaches(n.peer) && n.peer.address == Preferred {
			n.pair.after(hop, n, func() { n.step(Echo{VIP: a.VIP, Seq: a.Seq}) })
		}
	case Run:
		took := 200*ms + time.Duration(n.pair.random.Int64N(int64(800*ms)))
		n.pair.after(took, n, func() { n.step(CommandDone{ID: a.ID, Exit: n.execute(a.Command)}) })
	case OpenPipe, ClosePipe:
		n.pipe = a == OpenPipe{}
	case AskPeer:
		n.askPeer()
	case AnswerPeer:
		n.replies[a.ID](a.Answer)
	case StateChanged:
		n.state = a.State
	case Stopped:
		n.m = nil
	}
}

func (n *node) execute(c Command) (exit int) {
	if _, flush := c.(FlushARP); !flush && n.netsh == lies {
		return 0
	}
	switch c.(type) {
	case AddAddress:
		if n.netsh == fails || n.address != Absent {
			return 1
		}
		n.setAddress(Tentative)
		n.startDAD()
	case DeleteAddress:
		if n.netsh == fails || n.address == Absent {
			return 1
		}
		n.setAddress(Absent)
	}
	return 0
}

func (n *node) askPeer() {
	answered := false
	answer := func(a Answer) {
		if !answered {
			answered = true
			n.step(PeerAnswered{vip, a})
		}
	}
	o := n.peer
	switch {
	case !n.reaches(o):
		n.pair.after(dialLimit, n, func() { answer(NoAnswer) })
		return
	case !o.pipe:
		n.pair.after(hop, n, func() { answer(NoAnswer) })
		return
	}
	n.pair.after(readLimit, n, func() { answer(NoAnswer) })
	n.pair.after(hop, o, func() {
		o.takeRequest(func(a Answer) {
			if o.reaches(n) {
				o.pair.after(hop, n, func() { answer(a) })
			}
		})
	})
}

func (n *node) takeRequest(reply func(Answer)) {
	if !n.pipe {
		return
	}
	n.asked++
	n.replies[n.asked] = reply
	n.step(PeerAsked{ID: n.asked, VIP: vip, From: n.peer.settings.Balance})
}
