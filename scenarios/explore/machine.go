package explore

import "ipwsim/core"

func (w *world) powerOn(i int) {
	w.nodes[i].power = booting
	w.after(bootTime, event{kind: booted, node: int8(i)})
}

// boots is the end of the boot: addresses that were added before are there still (H6).
func (w *world) boots(i int) {
	w.nodes[i].power = on
	w.linkUp(i)
	w.after(detection, event{kind: serviceStarts, node: int8(i)})
}

// linkUp has all addresses probed for, the node's own among them (H5).
func (w *world) linkUp(i int) {
	n := &w.nodes[i]
	if n.power != on || n.unplugged {
		return
	}
	w.after(detection, event{kind: ownUsable, node: int8(i)})
	for v := range w.c.VIPs {
		if n.address[v] != core.Absent {
			w.detect(i, v)
		}
	}
}

// linkDown makes the addresses unusable.
func (w *world) linkDown(i int) {
	n := &w.nodes[i]
	n.usable = false
	w.drop(i, -1, ownUsable, probing)
	for v := range w.c.VIPs {
		if n.address[v] != core.Absent {
			w.setAddress(i, v, core.Tentative)
		}
	}
}

func (w *world) powerOff(i int) {
	n := &w.nodes[i]
	w.linkDown(i)
	w.drop(i, -1)
	w.nobodyWaits(1 - i)
	*n = node{unplugged: n.unplugged, noEcho: n.noEcho, noPipe: n.noPipe, address: n.address}
}

// nobodyWaits makes the node's answers go nowhere.
func (w *world) nobodyWaits(i int) {
	for k := range w.nodes[i].requests {
		w.nodes[i].requests[k].waits = false
	}
}

// startService starts the watcher, and tells it which addresses are there.
func (w *world) startService(i int) {
	n := &w.nodes[i]
	if n.watcher != nil {
		return
	}
	n.watcher = w.c.New(w.c.Nodes[i], entries(i, w.c.VIPs))
	n.spoilt, n.seq, n.command, n.request = false, 0, 0, 0
	w.tell(i, core.Start{})
	for v := range w.c.VIPs {
		w.after(0, event{kind: news, node: int8(i), vip: int8(v), n: int(n.address[v])})
	}
}

func (w *world) stopService(i int) {
	w.nodes[i].stopping, w.nodes[i].spoilt = true, false
	w.tell(i, core.Stop{})
}

// stopped is the end of an orderly stop: nothing is left of the watcher (P6).
func (w *world) stopped(i int) {
	n := &w.nodes[i]
	for v := range w.c.VIPs {
		if n.address[v] != core.Absent && !n.spoilt {
			w.breaks(Break{Rule: "P6", What: LeftBehind, Node: i, VIP: v})
		}
	}
	if len(n.requests) > 0 {
		w.breaks(Break{Rule: "W15", What: Unanswered, Node: i, VIP: int(n.requests[0].vip)})
	}
	w.drop(i, -1, news, commandEnds, commandDone, echo, dialled, readEnds, asked, answered)
	w.nobodyWaits(1 - i)
	*n = node{power: n.power, unplugged: n.unplugged, noEcho: n.noEcho, noPipe: n.noPipe, usable: n.usable, address: n.address}
}
