package naive_test

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// changeOfHolder writes what goes with one node's losing the VIP and another one's taking it, more or less.
func (w *writing) changeOfHolder() {
	from, to, vip := w.node().Role, w.node().Role, w.vip()
	some := func(write func()) {
		if w.chance(80) {
			write()
			w.wait()
		}
	}
	some(w.fault)
	some(func() {
		for _, rec := range w.loss(from, vip) {
			w.add(rec.Host, rec.Body)
			w.wait()
		}
	})
	some(func() {
		w.add(to, trace.Pipe{VIP: vip, Answer: one(w.source, trace.Released, trace.NoAnswer), Took: time.Second})
	})
	some(func() {
		w.add(to, trace.Watch{VIP: vip, State: trace.Taking, Why: "free", Rule: one(w.source, "W12", "W13")})
	})
	some(func() { w.add(to, trace.Address{IP: vip, State: trace.Tentative}) })
	some(func() { w.add(to, trace.Address{IP: vip, State: trace.Preferred}) })
	some(func() { w.add(to, trace.Watch{VIP: vip, State: trace.Held, Why: "added", Rule: "W8"}) })
}

// loss is a way to lose a VIP.
func (w *writing) loss(node string, vip netip.Addr) []trace.Record {
	of := func(b trace.Body) trace.Record { return trace.Record{Host: node, Body: b} }
	gone := of(trace.Address{IP: vip, State: trace.Absent})
	switch w.below(6) {
	case 0:
		return []trace.Record{{Body: trace.Link{Cable: node, Up: false}}}
	case 1:
		return []trace.Record{of(trace.Power{State: trace.Off})}
	case 2:
		return []trace.Record{of(trace.Power{State: trace.Frozen})}
	case 3:
		stops := func(s trace.ServiceState) trace.Record { return of(trace.Service{Name: trace.Watcher, State: s}) }
		return []trace.Record{stops(trace.StopPending), gone, stops(trace.Stopped)}
	case 4:
		return []trace.Record{of(trace.Power{State: trace.Stopping}), gone, of(trace.Power{State: trace.Off})}
	}
	return []trace.Record{of(trace.Watch{VIP: vip, State: trace.Releasing, Why: one(w.source, trace.ByCycle, trace.ByPeer, "stop"), Rule: "W18"}), gone}
}

// shutdown writes the end of a node whose power a fault takes, much of it in one instant.
func (w *writing) shutdown() {
	node := w.node().Role
	w.do(trace.Fault{Breaks: w.chance(90), Touches: []trace.Touch{{Part: trace.PowerPart, Of: node}}})
	for _, b := range []trace.Body{
		trace.Power{State: trace.Stopping}, trace.Service{Name: trace.Watcher, State: trace.StopPending},
		trace.Service{Name: trace.Watcher, State: trace.Stopped}, trace.Power{State: trace.Off},
	} {
		if w.chance(30) {
			w.wait()
		}
		if w.chance(70) {
			w.add(node, b)
		}
	}
}

// clashes writes tries of a node to take a VIP, in vain.
func (w *writing) clashes() {
	node, vip := w.node().Role, w.vip()
	for range 1 + w.below(4) {
		w.add(node, trace.Watch{VIP: vip, State: trace.Taking, Why: "free", Rule: "W12"})
		w.add(node, trace.Address{IP: vip, State: trace.Tentative})
		w.wait()
		w.add(node, trace.Address{IP: vip, State: trace.Duplicate})
		w.add(node, trace.Address{IP: vip, State: trace.Absent})
		w.wait()
	}
}

// comeback writes what goes with a node's network coming up.
func (w *writing) comeback() {
	n := w.node()
	sw := ""
	for _, c := range w.Header.Cables {
		if c.Name == n.Role {
			sw = c.B
		}
	}
	w.add("", trace.Link{Cable: n.Role, Up: false})
	w.wait()
	if w.chance(50) {
		w.add(n.Role, trace.Power{State: trace.On})
		w.add(n.Role, trace.Service{Name: trace.Watcher, State: trace.Running})
	}
	w.add("", trace.Link{Cable: n.Role, Up: true})
	if w.chance(20) {
		w.add("", trace.PortState{Switch: sw, Cable: n.Role, State: trace.Listening})
		w.wait()
		if w.chance(30) {
			w.add("", trace.Link{Cable: n.Role, Up: false})
			w.wait()
			w.add("", trace.Link{Cable: n.Role, Up: true})
			w.add("", trace.PortState{Switch: sw, Cable: n.Role, State: trace.Listening})
			w.wait()
		}
		w.add("", trace.PortState{Switch: sw, Cable: n.Role, State: trace.Forwarding})
	}
	if w.chance(30) {
		w.pipe()
	}
	w.now += w.upTo(4 * time.Second)
	w.add(n.Role, trace.Address{IP: n.Address.Addr(), State: trace.Preferred})
	w.now += w.upTo(8 * time.Second)
	if w.chance(60) {
		w.add(n.Role, trace.Address{IP: w.vip(), State: trace.Preferred})
	}
}

// ousted writes what goes with a node's losing its LogicalIP, or standing still, while its EPSTDS is at work on a letter.
func (w *writing) ousted() {
	n := w.node()
	ip, peer := n.LogicalIP, netip.AddrPortFrom(n.Address.Addr(), 50000)
	if !ip.IsValid() {
		ip = w.vip()
	}
	w.accepts(trace.MailAccept{MessageID: "<o>"}, "a@example.com", peer)
	m := w.accepted[len(w.accepted)-1]
	to := one(w.source, m.To...)
	words := func() { w.add(n.Role, trace.MailRelay{ID: m.ID, To: to}) }
	if w.chance(60) {
		w.add(n.Role, trace.Address{IP: ip, State: trace.Preferred})
		m.Size = 900
		w.add(n.Role, m)
	}
	for range 1 + w.below(3) {
		one(w.source, words, w.impairment, w.portState, w.fault, w.wait, w.small)()
	}
	if w.chance(60) {
		words()
	}
	if w.chance(50) {
		w.add(n.Role, trace.Power{State: trace.Frozen})
	} else {
		for _, rec := range w.loss(n.Role, ip) {
			w.add(rec.Host, rec.Body)
		}
	}
	w.now += one(w.source, 0, 50*time.Millisecond, time.Second, 15*time.Second, w.upTo(2*time.Minute))
	if w.chance(70) {
		w.add(n.Role, trace.Power{State: trace.On})
	}
	if w.chance(30) {
		one(w.source, w.fault, w.comeback, w.small)()
	}
	for range 1 + w.below(2) {
		w.now += one(w.source, 0, 50*time.Millisecond, time.Second, 20*time.Second)
		switch w.below(4) {
		case 0:
			w.add("share", trace.MailFile{Do: trace.FileMoved, File: "queue/" + m.ID + ".001", To: "inbox/a/" + m.ID + ".001", Peer: peer})
		case 1:
			w.add(n.Role, trace.MailBounce{ID: m.ID, To: to})
		default:
			w.add("outside", trace.MailTaken{ID: m.ID, To: to, MessageID: m.MessageID, Peer: peer, Code: 250})
		}
	}
}
