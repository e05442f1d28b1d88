package naive_test

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// all write a record each; those that are there twice are written more.
func (w *writing) all() []func() {
	return []func(){
		w.link, w.link, w.portState, w.moved, w.astray, w.astray, w.unknown, w.impairment, w.rule, w.ruleOver, w.fault, w.fault, w.over, w.power, w.power, w.ownAddress, w.ownAddress, w.task,
		w.vipAddress, w.vipAddress, w.vipAddress, w.neighbor, w.neighbor, w.neighbor, w.firewall, w.service, w.service,
		w.watch, w.watch, w.pipe, w.pipe, w.use, w.config, w.small, w.mail, w.mail,
	}
}

func (w *writing) cableEnd() (trace.Cable, string) {
	c := one(w.source, w.Header.Cables...)
	return c, one(w.source, c.A, c.B)
}

func (w *writing) link() {
	c, _ := w.cableEnd()
	w.add("", trace.Link{Cable: c.Name, Up: w.chance(60)})
}

// config is seldom: a few are enough to have other bounds.
func (w *writing) config() {
	if w.chance(70) {
		return
	}
	n := w.node()
	c := trace.Config{
		Master: w.chance(50), Interval: one(w.source, 4*time.Second, 10*time.Second, 30*time.Second), PingTimeout: one(w.source, time.Second, 3*time.Second),
		ReleaseTime: time.Minute, Table: n.Interface,
	}
	for _, v := range w.Header.VIPs {
		if w.chance(70) {
			c.VIPs = append(c.VIPs, v.Address)
		}
	}
	w.add(n.Role, c)
}

func (w *writing) portState() {
	c, _ := w.cableEnd()
	sw := c.B // a machine's cable begins at the machine
	if strings.HasPrefix(c.A, "sw") {
		sw = one(w.source, c.A, c.B)
	}
	w.add("", trace.PortState{Switch: sw, Cable: c.Name, State: one(w.source, trace.Forwarding, trace.Forwarding, trace.Listening, trace.Learning)})
}

// moved writes a node or a client coming to be at another switch.
func (w *writing) moved() {
	c, _ := w.cableEnd()
	if w.chance(30) {
		w.add("", trace.Moved{Cable: one(w.source, w.node().Role, w.client().Name), Switch: c.B})
	}
}

func (w *writing) astray() {
	c, _ := w.cableEnd()
	who := trace.Astray{Switch: c.B, Cable: w.node().Role, MAC: w.node().MAC, Over: w.chance(50)}
	if w.chance(20) {
		who.Cable, who.MAC = w.client().Name, w.client().MAC
	}
	w.add("", who)
}

func (w *writing) unknown() {
	c, _ := w.cableEnd()
	who := trace.Unknown{Switch: c.B, MAC: one(w.source, w.node().MAC, w.client().MAC, w.node().MAC), Over: w.chance(50)}
	w.add("", who)
}

func (w *writing) impairment() {
	c, end := w.cableEnd()
	i := trace.Impairment{Cable: c.Name, From: end, Cut: w.chance(40)}
	if w.chance(10) {
		i.Loss = one(w.source, 0.1, 1)
	}
	i.Delay = one(w.source, 0, 0, 0, 25*time.Millisecond, 30*time.Millisecond, time.Second)
	w.add("", i)
}

func (w *writing) rule() {
	if w.chance(70) {
		return // a few are enough to spoil a network
	}
	r := trace.Rule{
		Verdict: one(w.source, trace.Drop, trace.Drop, trace.Drop, trace.DelayFrame), Some: w.chance(10),
		Protocol: one(w.source, "icmp", "icmp", "icmp", "ip", "arp", "tcp", ""),
	}
	if r.Protocol == "" {
		r.Type = one[uint16](w.source, 0, 0x0800, 0x0806, 0x1234)
	}
	if r.Protocol == "tcp" {
		r.Port = one[uint16](w.source, 0, 25, 445)
	}
	if r.Protocol == "icmp" {
		r.Form = one(w.source, "", "echo", "reply")
	}
	if w.chance(30) {
		c, _ := w.cableEnd()
		r.Cable = c.Name
	}
	if w.chance(30) {
		r.From = w.machine()
	}
	if w.chance(30) {
		r.To = w.machine()
	}
	if w.chance(30) {
		r.Src = w.anyAddress()
	}
	if w.chance(30) {
		r.Dst = w.anyAddress()
	}
	r.Text = fmt.Sprint("rule ", len(w.Records))
	w.add("", r)
}

// ruleOver ends a rule, mostly one that is there.
func (w *writing) ruleOver() {
	text := "none"
	for _, rec := range w.Records {
		if r, ok := rec.Body.(trace.Rule); ok && (text == "none" || w.chance(50)) {
			text = r.Text
		}
	}
	w.add("", trace.RuleOver{Text: text})
}

// anyAddress is one that a machine of the cluster has.
func (w *writing) anyAddress() netip.Addr {
	switch w.below(5) {
	case 0:
		return w.node().Address.Addr()
	case 1:
		return w.client().Address.Addr()
	case 2:
		if len(w.Header.Routers) > 0 {
			return one(w.source, one(w.source, w.Header.Routers...).Interfaces...).Address.Addr()
		}
	}
	return w.vip()
}

func (w *writing) anyMAC() trace.MAC {
	switch w.below(7) {
	case 5:
		return mac(9, 1+w.below(3))
	case 0:
		return w.client().MAC
	case 1:
		if len(w.Header.Routers) > 0 {
			return one(w.source, one(w.source, w.Header.Routers...).Interfaces...).MAC
		}
	}
	return w.node().MAC
}

func (w *writing) fault() {
	f := trace.Fault{Breaks: w.chance(60)}
	if !f.Breaks && w.chance(30) {
		f.For = time.Second
	}
	for range 1 + w.below(2) {
		f.Touches = append(f.Touches, w.touch())
	}
	w.do(f)
}

// do writes the fault, with its number and what is over with it.
func (w *writing) do(f trace.Fault) {
	w.faults++
	f.ID, f.Verb = w.faults, "fault"
	w.open = slices.DeleteFunc(w.open, func(o trace.Fault) bool {
		over := o.Mends(f)
		if over {
			f.Ends = append(f.Ends, o.ID)
		}
		return over
	})
	if f.Lasts() {
		w.open = append(w.open, f)
	}
	w.add("", f)
}

func (w *writing) touch() trace.Touch {
	c, end := w.cableEnd()
	switch part := one(w.source, trace.LinkPart, trace.CutPart, trace.QualityPart, trace.FramesPart, trace.PowerPart, trace.RunPart, trace.PortPart,
		trace.WatcherPart, trace.NetshPart, trace.EchoPart, trace.PipePart, trace.MailPart, trace.StrangerPart,
		trace.CardPart, trace.DiskPart, trace.ValuePart); part {
	case trace.ValuePart:
		return trace.Touch{Part: part, Of: w.node().Role, End: one(w.source, "Interval", "Balance", "ReleaseTime", "LogicalIP")}
	case trace.StrangerPart:
		return trace.Touch{Part: part, Of: w.strange(), End: one(w.source, "all", w.vip().String())}
	case trace.LinkPart:
		return trace.Touch{Part: part, Of: c.Name}
	case trace.CutPart, trace.QualityPart:
		return trace.Touch{Part: part, Of: c.Name, End: end}
	case trace.FramesPart:
		return trace.Touch{Part: part, Of: fmt.Sprint("rule ", len(w.Records)-w.below(3))}
	case trace.PipePart:
		return trace.Touch{Part: part, Of: w.node().Role, End: one(w.source, "firewall", "account")}
	case trace.PowerPart:
		return trace.Touch{Part: part, Of: one(w.source, w.machine(), w.machine(), c.B)}
	case trace.RunPart, trace.EchoPart, trace.PortPart:
		return trace.Touch{Part: part, Of: w.machine()}
	default:
		return trace.Touch{Part: part, Of: w.node().Role}
	}
}

func (w *writing) over() {
	for i, f := range w.open {
		if f.For > 0 {
			w.open = append(w.open[:i:i], w.open[i+1:]...)
			w.add("", trace.Over{Fault: f.ID})
			return
		}
	}
}

func (w *writing) power() {
	w.add(w.machine(), trace.Power{State: one(w.source, trace.On, trace.On, trace.On, trace.Off, trace.Booting, trace.Stopping, trace.Frozen)})
}

func (w *writing) state() trace.AddressState {
	return one(w.source, trace.Preferred, trace.Preferred, trace.Preferred, trace.Tentative, trace.Duplicate, trace.Absent)
}

func (w *writing) ownAddress() {
	host := w.machine()
	for _, n := range w.Header.Nodes {
		if n.Role == host {
			w.add(host, trace.Address{IP: n.Address.Addr(), State: w.state()})
		}
	}
	for _, c := range w.Header.Clients {
		if c.Name == host {
			w.add(host, trace.Address{IP: c.Address.Addr(), State: w.state()})
		}
	}
	for _, r := range w.Header.Routers {
		if r.Name == host {
			w.add(host, trace.Address{IP: one(w.source, r.Interfaces...).Address.Addr(), State: w.state()})
		}
	}
}

func (w *writing) vipAddress() {
	host := w.node().Role
	if w.chance(15) {
		host = w.strange()
	}
	a := trace.Address{IP: w.vip(), State: w.state()}
	if a.State == trace.Duplicate && w.chance(80) {
		a.Owner = w.anyMAC()
	}
	w.add(host, a)
}

// strange is the stranger's name, whether or not it is there.
func (w *writing) strange() string { return "stranger1" }

func (w *writing) neighbor() {
	host := w.machine()
	if w.chance(50) {
		host = w.client().Name
	}
	w.add(host, trace.Neighbor{
		IP: w.anyAddress(), MAC: w.anyMAC(),
		State: one(w.source, trace.Reachable, trace.Reachable, trace.Reachable, trace.Stale, trace.Delay, trace.Probe,
			trace.Incomplete, trace.Incomplete, trace.Unreachable, trace.Removed),
	})
}

func (w *writing) firewall() {
	w.add(w.machine(), trace.Firewall{Rule: one(w.source, trace.EchoRule, trace.PipeRule, trace.MailRule), Blocked: w.chance(40)})
}

func (w *writing) service() {
	w.add(w.node().Role, trace.Service{
		Name:  one(w.source, trace.Watcher, trace.Watcher, trace.Watcher, trace.Watcher, "EPSTRS"),
		State: one(w.source, trace.Running, trace.Running, trace.Running, trace.StartPending, trace.StopPending, trace.Stopped),
	})
}

func (w *writing) watch() {
	w.add(w.node().Role, trace.Watch{
		VIP: w.vip(), State: one(w.source, trace.Polling, trace.Taking, trace.Held, trace.Releasing),
		Why: one(w.source, trace.ByCycle, trace.ByPeer, "free"), Rule: one(w.source, "W12", "W13", "W18"),
	})
}

func (w *writing) pipe() {
	w.add(w.node().Role, trace.Pipe{
		VIP: w.vip(), Answer: one(w.source, trace.Released, trace.NotHeld, trace.Refused, trace.NoAnswer, trace.NoAnswer),
		Error: one(w.source, "", "error 53"), Took: one(w.source, 0, time.Millisecond, time.Second, 21*time.Second),
	})
}

func (w *writing) use() {
	if w.chance(50) {
		w.add(w.client().Name, trace.Use{VIP: w.vip()})
		return
	}
	w.pings++
	w.add(w.client().Name, trace.PingStart{ID: w.pings, Target: w.anyAddress()})
}

// small writes what little depends on.
func (w *writing) small() {
	node := w.node().Role
	w.add(node, one[trace.Body](w.source, trace.Log{Text: "something"}, trace.Clock{Step: one(w.source, 15*time.Second, -time.Minute)}, trace.Drift{PPM: one[int64](w.source, 20000, -20000, 0)}, trace.Command{
		Does: one(w.source, trace.AddAddress, trace.DeleteAddress), IP: w.vip(), Exit: w.below(2),
	}))
}

func (w *writing) task() {
	w.add(w.node().Role, trace.Task{
		Name: "arpclear", State: one(w.source, trace.TaskStarted, trace.TaskSkipped), Trigger: one(w.source, "event IPWCS 100", trace.TriggerStartup),
	})
}

// mail writes something about a message, mostly one that was accepted.
func (w *writing) mail() {
	m := trace.MailAccept{ID: "q9", To: []string{"a@example.com"}, MessageID: "<nobody's>"}
	if len(w.accepted) > 0 && w.chance(95) {
		m = one(w.source, w.accepted...)
	}
	to, n := one(w.source, m.To...), 1+w.below(len(m.To))
	file := fmt.Sprintf("%s.%03d", m.ID, n)
	box := one(w.source, "inbox/a", "inbox/b", "inbox/example.com/A", "inbox/a/old") + "/" + file
	peer := netip.AddrPortFrom(one(w.source, w.node().Address.Addr(), w.node().Address.Addr(), w.vip()), 50000)
	node, client, server := w.node().Role, w.client().Name, netip.AddrPortFrom(w.anyAddress(), 25)
	does := func(do trace.ShareChange, from, to string) {
		w.add("share", trace.MailFile{Do: do, File: from, To: to, Peer: peer})
	}
	switch w.below(16) {
	case 0, 1:
		w.accepts(m, to, peer)
	case 2:
		does(trace.FileMoved, "queue/"+file, box)
	case 3:
		if w.chance(30) {
			does(trace.FileMoved, box, fmt.Sprint("inbox/a/old/", w.below(3)))
		}
		does(trace.FileRemoved, one(w.source, box, "inbox/a/old/1", "queue/"+file, "queue/tmp/"+file), "")
		if w.chance(50) {
			w.add(node, trace.MailExpunge{Box: path.Dir(box), ID: m.ID, MessageID: one(w.source, "", m.MessageID)})
		}
	case 4:
		w.add(node, one[trace.Body](w.source, trace.MailRelay{ID: m.ID, To: to}, trace.MailRetry{ID: m.ID, To: to}, trace.MailDeliver{ID: m.ID, To: to}))
	case 5, 6:
		w.add("outside", trace.MailTaken{ID: m.ID, To: strings.ToUpper(to), MessageID: m.MessageID, Peer: peer, Code: 250})
		w.add(node, trace.MailRelay{ID: m.ID, To: to})
	case 7:
		w.add("outside", trace.MailTaken{ID: m.ID, To: to, MessageID: m.MessageID, Peer: peer, Code: 250})
	case 8:
		w.add(node, trace.MailBounce{
			ID: m.ID, To: to, Ground: one(w.source, "", trace.GroundAnswer, trace.GroundAnswer, trace.GroundAge, trace.GroundUser), Code: one(w.source, 0, 451, 550),
		})
	case 9:
		id := fmt.Sprintf("%s-r%03d", m.ID, n)
		w.add("share", trace.MailFile{
			Do: trace.FileMoved, File: "queue/tmp/~" + id, To: "queue/" + id + ".001", Peer: peer, Mail: &trace.MailEnvelope{To: []string{"a@example.com"}},
		})
		if w.chance(70) {
			w.add("share", trace.MailStock{Place: trace.InQueue, File: "queue/" + id + ".001"})
		}
	case 10:
		place, at := one(w.source, trace.InQueue, trace.Damaged), "queue/"+file
		if w.chance(40) {
			place, at = trace.InMailbox, box
		}
		w.add("share", trace.MailStock{Place: place, File: at, ID: m.ID, To: to})
	case 11:
		w.add("share", trace.MailStock{Place: one(w.source, trace.Unfinished, trace.InSplit), File: "queue/tmp/" + file})
	case 12:
		w.sends(m, to)
	case 13, 14:
		user := one(w.source, "a", "A@example.com", "c", "a@example.org")
		if w.chance(50) {
			w.add(client, trace.MailFetch{User: user, MessageID: m.MessageID})
			return
		}
		gone := func(percent int) {
			if w.chance(percent) {
				does(trace.FileRemoved, box, "")
			}
		}
		does(trace.FileMoved, "queue/"+file, box)
		gone(40)
		w.add(client, trace.MailPoll{User: user, Server: server, Gone: slices.Repeat([]string{m.MessageID}, 1+w.below(2))})
		gone(20)
		if w.chance(40) {
			w.add("share", trace.MailStock{Place: trace.InMailbox, File: box, ID: m.ID, To: to})
		}
	default:
		w.add(client, one[trace.Body](w.source, trace.MailFetch{}, trace.MailPoll{Server: server}, trace.MailPoll{Server: server, Stage: trace.AtLogin},
			trace.MailSession{End: trace.BrokenEnd}, trace.Connect{Server: server}))
	}
}

// accepts writes that a message came into the queue: for one, or for several, whose copies are still to be split.
func (w *writing) accepts(other trace.MailAccept, to string, peer netip.AddrPort) {
	number := len(w.accepted)
	m := trace.MailAccept{ID: fmt.Sprint("q", number), To: []string{to}, MessageID: one(w.source, other.MessageID, fmt.Sprint("<m", number, ">"), "")}
	name := m.ID + ".001"
	if w.chance(50) {
		m.To, name = []string{"a@example.com", "c@example.net"}, m.ID
		for i := range m.To {
			w.add("share", trace.MailFile{Do: trace.FileCreated, File: fmt.Sprintf("queue/tmp/%s.%03d", m.ID, i+1), Peer: peer})
		}
	}
	w.accepted = append(w.accepted, m)
	w.add("share", trace.MailFile{
		Do: trace.FileMoved, File: "queue/tmp/" + name, To: "queue/" + name, Peer: peer,
		Mail: &trace.MailEnvelope{From: one(w.source, "", "x@example.com"), To: m.To, MessageID: m.MessageID},
	})
	if m.Size = one(w.source, 0, 900, 14_600, 200_000); m.Size > 0 {
		w.add(w.node().Role, m)
	}
	if w.chance(60) {
		w.sends(m, to)
	}
}

// sends writes what its sender was told of a message, perhaps of more than one recipient.
func (w *writing) sends(m trace.MailAccept, to string) {
	all := one(w.source, to, to, "a@example.com, c@example.net", "A@example.com, postmaster@example.com", "a@example.com, a@example.org", "x@[192.168.10.202]")
	w.add(w.client().Name, trace.MailSend{
		MessageID: m.MessageID, To: all, Refused: one(w.source, "", "", "", "c@example.net", "a@example.org"),
		Server: netip.AddrPortFrom(w.anyAddress(), 25), Code: one(w.source, 250, 250, 451), Stage: one[trace.MailStage](w.source, "", "", trace.AtData),
	})
}
