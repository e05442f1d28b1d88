package facts

import (
	"time"

	"ipwsim/sim/trace"
)

// nodeLines follows one node.
type nodeLines struct {
	host              *host
	works, mute, shut recorder[bool]
	missed            recorder[bool]
	thawed            time.Duration // when it last went on after it had been frozen
	vips              []nodeVIP
}

type nodeVIP struct {
	held, sees, awaits recorder[bool]
	foreign, hidden    recorder[bool]
	states             recorder[trace.AddressState] // while the machine runs
	anew               []time.Duration
	releasing          bool
	added              bool          // it was absent when it last came to be in another state
	detects            time.Duration // since when it is looked whether somebody has it
}

func newNodeLines(m *model) []*nodeLines {
	var all []*nodeLines
	for _, n := range m.nodes {
		all = append(all, &nodeLines{host: n, thawed: never, vips: make([]nodeVIP, len(m.vips))})
	}
	return all
}

// look notes what stands after an instant.
func (l *nodeLines) look(r *Reader) {
	n := l.host
	l.works.set(r.at, n.runs() && n.service == trace.Running)
	l.mute.set(r.at, n.blocked(trace.EchoRule))
	l.shut.set(r.at, n.blocked(trace.PipeRule))
	l.missed.set(r.at, r.model.misses(n))
	for v := range l.vips {
		one := &l.vips[v]
		one.held.set(r.at, n.holds(v))
		one.sees.set(r.at, r.model.sees(n, v))
		one.foreign.set(r.at, r.model.seesForeign(n, v))
		one.hidden.set(r.at, !n.maySpeak(r.model.vips[v]))
		one.awaits.set(r.at, r.model.awaits(n, v))
		state := n.states[v]
		if !n.runs() || state == trace.Absent {
			state = ""
		}
		one.states.set(r.at, state)
	}
}

// misses says whether another node sends what is for this one to a card that it has left (H18).
func (m *model) misses(n *host) bool {
	for _, o := range m.nodes {
		if e := o.neighbors[n.own]; o != n && e.usable && e.mac != n.mac {
			return true
		}
	}
	return false
}

// awaits says whether the node is a master at work within reach of a slave at work, and has not got the VIP.
func (m *model) awaits(n *host, vip int) bool {
	if !n.node.Master || !n.keeps(vip) || n.holds(vip) {
		return false
	}
	for _, o := range m.nodes {
		if !o.node.Master && o.keeps(vip) && n.reaches(o) {
			return true
		}
	}
	return false
}

// started notes that the node's watcher starts anew: it has forgotten what it saw (W13).
func (l *nodeLines) started(at time.Duration) {
	for v := range l.vips {
		l.vips[v].anew = append(l.vips[v].anew, at)
	}
}

// watched notes a change of mind: from the beginning of a release to its end the watcher forgets what it saw.
func (l *nodeLines) watched(vip int, at time.Duration, s trace.WatchState) {
	one := &l.vips[vip]
	if one.releasing || s == trace.Releasing {
		one.anew = append(one.anew, at)
	}
	one.releasing = s == trace.Releasing
}

// facts are the node's up to the end.
func (l *nodeLines) facts(m *model, end time.Duration) Node {
	n := Node{Node: m.header.Node(l.host.name), Works: lineOf(&l.works, end), Mute: lineOf(&l.mute, end), Shut: lineOf(&l.shut, end), Missed: lineOf(&l.missed, end)}
	for v := range l.vips {
		one := &l.vips[v]
		n.VIPs = append(n.VIPs, NodeVIP{
			VIP: m.vips[v], Hidden: lineOf(&one.hidden, end), Held: lineOf(&one.held, end), Sees: lineOf(&one.sees, end),
			Awaits: lineOf(&one.awaits, end), Anew: one.anew, Foreign: lineOf(&one.foreign, end),
		})
	}
	return n
}
