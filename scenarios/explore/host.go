package explore

import (
	"slices"
	"time"

	"ipwsim/core"
)

// linked says whether what the one node's machine sends reaches the other's.
func (w *world) linked() bool {
	return !w.split && w.nodes[0].linked() && w.nodes[1].linked()
}

// linked says whether the machine hears the network.
func (n *node) linked() bool { return n.power == on && !n.unplugged && !n.frozen }

// reach says whether the nodes can talk by their own addresses.
func (w *world) reach() bool { return w.linked() && w.nodes[0].usable && w.nodes[1].usable }

// happen takes an event that is due.
func (w *world) happen(e event) {
	w.happened++
	if e.kind != tick {
		i := slices.Index(w.events, e)
		w.events = slices.Delete(w.events, i, i+1)
	}
	i, v := int(e.node), int(e.vip)
	n := &w.nodes[i]
	switch e.kind {
	case booted:
		w.boots(i)
	case ownUsable:
		n.usable = true
		w.tell(i, core.NetworkUp{Interface: interfaceName})
	case serviceStarts:
		w.startService(i)
	case probing:
		w.probe(i, v, e.n)
	case news:
		w.tell(i, core.AddressChanged{VIP: vipAddr[v], State: core.AddressState(e.n)})
	case commandEnds:
		w.endCommand(i, e)
	case commandDone:
		n.running, n.hung = false, false
		w.tell(i, core.CommandDone{ID: e.n, Exit: e.exit})
	case echo:
		w.clocks.echoed(n, i, v, e)
		w.tell(i, core.Echo{VIP: vipAddr[v], Seq: e.n})
	case dialled:
		w.dial(i, v, e.n)
	case readEnds:
		for k := range w.nodes[1-i].requests {
			if r := &w.nodes[1-i].requests[k]; int(r.vip) == v {
				r.waits = false
			}
		}
		w.answer(i, v, core.NoAnswer)
	case asked:
		n.request++
		n.requests = append(n.requests, request{n.request, e.vip, true})
		w.tell(i, core.PeerAsked{ID: n.request, VIP: vipAddr[v], From: w.c.Nodes[1-i].Balance})
	case answered:
		n.asking[v] = no
		w.tell(i, core.PeerAnswered{VIP: vipAddr[v], Answer: core.Answer(e.n)})
	case tick:
		w.tell(i, core.Tick{})
	}
	w.judge()
}

// tell is a step of the node's watcher, and what it asks for.
func (w *world) tell(i int, ev core.Event) {
	n := &w.nodes[i]
	if n.watcher == nil {
		return
	}
	for _, a := range n.watcher.Step(w.now, ev) {
		w.act(i, a)
	}
}

func (w *world) act(i int, a core.Action) {
	n := &w.nodes[i]
	if w.lines != nil {
		w.sayAction(i, a)
	}
	switch a := a.(type) {
	case core.SendEcho:
		n.seq = a.Seq
		v := vipOf(a.VIP)
		if o := &w.nodes[1-i]; w.linked() && n.usable && o.address[v] == core.Preferred && !o.noEcho {
			w.after(0, event{kind: echo, node: int8(i), vip: int8(v), n: a.Seq})
		}
	case core.Run:
		w.run(i, a)
	case core.OpenPipe:
		n.pipe = true
		w.clocks.anew(i)
	case core.ClosePipe:
		n.pipe = false
	case core.AskPeer:
		w.ask(i, vipOf(a.VIP))
	case core.AnswerPeer:
		w.answerPeer(i, a)
	case core.StateChanged:
		v := vipOf(a.VIP)
		w.clocks.changed(w, i, v, n.state[v], a)
		n.state[v] = a.State
	case core.Stopped:
		w.stopped(i)
	}
}

func (w *world) run(i int, a core.Run) {
	n := &w.nodes[i]
	if n.running {
		w.breaks(Break{Rule: "W5", What: TwoCommands, Node: i})
	}
	n.running, n.command = true, a.ID
	e := event{kind: commandEnds, node: int8(i), n: a.ID, command: a.Command}
	took := w.c.Netsh[i]
	switch c := a.Command.(type) {
	case core.AddAddress:
		e.vip = int8(vipOf(c.VIP))
	case core.DeleteAddress:
		e.vip = int8(vipOf(c.VIP))
	case core.FlushARP:
		took = flushTime
	}
	w.after(took, e)
}

// endCommand is the command's effect. What it says and what the interface says of it come in either order.
func (w *world) endCommand(i int, e event) {
	n, v := &w.nodes[i], int(e.vip)
	exit := e.exit
	if exit == 0 && !e.late {
		switch e.command.(type) {
		case core.AddAddress:
			if n.address[v] != core.Absent {
				exit = 1
				break
			}
			w.detect(i, v)
		case core.DeleteAddress:
			if n.address[v] == core.Absent {
				exit = 1
				break
			}
			w.drop(i, v, probing)
			w.setAddress(i, v, core.Absent)
		}
	}
	w.after(0, event{kind: commandDone, node: e.node, vip: e.vip, n: e.n, exit: exit})
}

func (w *world) setAddress(i, v int, s core.AddressState) {
	n := &w.nodes[i]
	if n.address[v] == s {
		return
	}
	n.address[v] = s
	w.say(i, "address "+s.String())
	if n.watcher != nil {
		w.after(0, event{kind: news, node: int8(i), vip: int8(v), n: int(s)})
	}
}

// detect begins duplicate address detection, if there is a link (H3).
func (w *world) detect(i, v int) {
	w.drop(i, v, probing)
	w.setAddress(i, v, core.Tentative)
	if n := &w.nodes[i]; n.power == on && !n.unplugged {
		w.probe(i, v, 0)
	}
}

// probe sends the k-th probe, or ends the detection. An owner defends, and who probes itself gives way; two who probe at
// the same moment both do.
func (w *world) probe(i, v, k int) {
	n, o := &w.nodes[i], &w.nodes[1-i]
	if k == probes {
		w.setAddress(i, v, core.Preferred)
		return
	}
	if w.linked() {
		switch at, theirs := w.probeDue(1-i, v); {
		case o.address[v] == core.Preferred, theirs == probes && at == w.now:
			w.setAddress(i, v, core.Duplicate)
		case theirs > 0:
			w.drop(1-i, v, probing)
			w.setAddress(1-i, v, core.Duplicate)
			if at == w.now {
				w.setAddress(i, v, core.Duplicate)
			}
		}
	}
	if n.address[v] == core.Tentative {
		w.after(probeEvery, event{kind: probing, node: int8(i), vip: int8(v), n: k + 1})
	}
}

// probeDue is the node's next probe; 0: none.
func (w *world) probeDue(i, v int) (at time.Duration, k int) {
	for _, e := range w.events {
		if e.kind == probing && int(e.node) == i && int(e.vip) == v {
			return e.at, e.n
		}
	}
	return 0, 0
}

// ask sends a request over the pipe (W15).
func (w *world) ask(i, v int) {
	if w.nodes[i].asking[v] != no {
		w.breaks(Break{Rule: "W16", What: TwoRequests, Node: i, VIP: v})
	}
	w.nodes[i].asking[v] = dialling
	w.dial(i, v, 0)
}

// dial is the k-th attempt to connect, or the end of them (H14).
func (w *world) dial(i, v, k int) {
	o := &w.nodes[1-i]
	switch {
	case k == len(dials):
		w.answer(i, v, core.NoAnswer)
	case !w.reach() || o.noPipe:
		w.after(dials[k], event{kind: dialled, node: int8(i), vip: int8(v), n: k + 1})
	case !o.pipe:
		w.answer(i, v, core.NoAnswer)
	default:
		w.nodes[i].asking[v] = waiting
		w.after(readLimit, event{kind: readEnds, node: int8(i), vip: int8(v)})
		w.after(0, event{kind: asked, node: int8(1 - i), vip: int8(v)})
	}
}

// answer ends the node's request.
func (w *world) answer(i, v int, a core.Answer) {
	w.drop(i, v, readEnds)
	w.nodes[i].asking[v] = no
	w.after(0, event{kind: answered, node: int8(i), vip: int8(v), n: int(a)})
}

func (w *world) answerPeer(i int, a core.AnswerPeer) {
	n := &w.nodes[i]
	k := slices.IndexFunc(n.requests, func(r request) bool { return r.id == a.ID })
	if k < 0 {
		w.breaks(Break{Rule: "W15", What: AnsweredTwice, Node: i})
		return
	}
	r := n.requests[k]
	n.requests = slices.Delete(n.requests, k, k+1)
	if r.waits && w.reach() {
		w.answer(1-i, int(r.vip), a.Answer)
	}
}
