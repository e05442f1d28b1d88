package windows

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// Watcher is a watcher at work on a node, driven by whatever drives it: a driver.Driver is one.
type Watcher interface {
	driver.Inputs

	// Start starts it.
	Start()

	// Stop stops it and calls done when it has stopped, which may be before Stop returns.
	Stop(done func())
}

// service is a running watcher, as the service IPWCS: the real one on ports of the simulated machine.
type service struct {
	node     *Node
	watcher  Watcher
	in       driver.Inputs // the watcher, or who stands for it in a test
	group    *host.Group   // of advertisements; nil: none are heard
	timer    vtime.Timer
	pingers  map[netip.Addr]*prober
	ears     *overheard
	stopping bool
	down     bool   // the watcher knows that the network is gone
	debug    *Debug // the console it runs on; nil: it is a service
}

func newService(n *Node) *service {
	s := &service{node: n, pingers: map[netip.Addr]*prober{}}
	s.ears = &overheard{s: s}
	return s
}

func (s *service) ports() driver.Ports { return s.ears.ports() }

// IPWatcher is E-Post's own watcher.
func IPWatcher(set core.Settings, entries []core.Entry, p driver.Ports) Watcher {
	return driver.New(core.New(set, entries), p)
}

// Announce is part of driver.Announcer.
func (s *service) Announce(vip netip.Addr) { s.node.host.NIC().Announce(vip) }

// StartService starts IPWCS, as the service control manager does. It says false when it runs
// already, or the machine is not up. A start fails whose account may not log on, which the event log says (H17).
func (n *Node) StartService() bool { return n.startWatcher(nil) }

func (n *Node) startWatcher(d *Debug) bool {
	if n.state != trace.On || n.service != nil {
		return false
	}
	if d == nil && !n.LogsOn(trace.Watcher) {
		return true
	}
	n.read()
	s := newService(n)
	s.debug = d
	n.service = s
	s.state(trace.StartPending)
	set := n.cfg.Settings
	set.LogEnabled = set.LogEnabled || d != nil
	s.watcher = n.cfg.Watcher(set, n.cfg.Entries, s.ports())
	s.in = s.watcher
	s.watcher.Start()
	if own := n.Address().Addr(); n.AddressState(own) != trace.Preferred {
		s.addressChanged(own, n.AddressState(own))
	}
	for _, e := range n.cfg.Entries { // an address may be left from before: of a boot, of a failed stop
		s.addressChanged(e.VIP, n.AddressState(e.VIP))
	}
	s.state(trace.Running)
	return true
}

// StopService stops IPWCS in order (W6). It says false when it does not run, or stops already.
func (n *Node) StopService() bool {
	if n.state != trace.On || n.service == nil || n.service.stopping {
		return false
	}
	n.service.stop()
	return true
}

// stop begins the stop, or leaves it to go on.
func (s *service) stop() {
	if s.stopping {
		return
	}
	s.stopping = true
	s.state(trace.StopPending)
	s.watcher.Stop(s.stopped)
}

// KillService ends the watcher's process as Task Manager does (H17): nothing is released, and what it asked the machine
// to do, as a netsh under way, is done. It says false when it does not run.
func (n *Node) KillService() bool {
	if n.state != trace.On || n.service == nil {
		return false
	}
	s := n.service
	s.ears.record(trace.Service{Name: trace.Watcher, State: trace.Stopped, Killed: true})
	s.gone()
	n.pipe.close()
	n.ServiceDied(trace.Watcher, &n.deaths, n.cfg.Startup, n.recover)
	return true
}

// recover starts IPWCS again after its process died (H17).
func (n *Node) recover() {
	if n.state != trace.On || n.service != nil {
		return
	}
	if n.cfg.OnRecover != nil && n.MayLogOn(trace.Watcher) {
		n.cfg.OnRecover(n)
	}
	n.StartService()
}

// gone takes the process away.
func (s *service) gone() {
	s.timer.Stop()
	s.Leave()
	for _, e := range s.node.cfg.Entries {
		if p := s.pingers[e.VIP]; p != nil {
			p.pinger.Close()
		}
	}
	s.node.service = nil
	if s.debug != nil {
		s.node.host.Domain().After(0, s.debug.Ended)
	}
}

// stopped is the end of an orderly stop. A machine that shuts down has waited for it (H6).
func (s *service) stopped() {
	s.state(trace.Stopped)
	s.gone()
	if s.node.state == trace.Stopping {
		s.node.host.Domain().After(0, s.node.off) // the driver has not returned yet
	}
}

func (s *service) state(state trace.ServiceState) {
	s.ears.record(trace.Service{Name: trace.Watcher, State: state})
}

func (s *service) addressChanged(ip netip.Addr, state trace.AddressState) {
	if ip == s.node.Address().Addr() {
		if name := s.node.cfg.Entries[0].Interface; s.node.isInterface(name) {
			s.networkChanged(name, state == trace.Preferred)
		}
		return
	}
	s.ears.record(trace.Port{Call: trace.AddressTold, VIP: ip, State: state})
	s.in.AddressChanged(ip, coreStates[state])
}

// networkChanged tells the watcher of the network of an interface once it is usable, and once it is so no more.
func (s *service) networkChanged(name string, up bool) {
	switch {
	case up:
		s.ears.record(trace.Port{Call: trace.NetworkTold, Interface: name})
		s.in.NetworkUp(name)
	case !s.down:
		s.ears.record(trace.Port{Call: trace.NetworkLost, Interface: name})
		s.in.NetworkDown(name)
	}
	s.down = !up
}

var coreStates = map[trace.AddressState]core.AddressState{
	trace.Absent:    core.Absent,
	trace.Tentative: core.Tentative,
	trace.Preferred: core.Preferred,
	trace.Duplicate: core.Duplicate,
}

// Now is part of driver.Clock.
func (s *service) Now() time.Duration { return s.node.host.Domain().Now() }

// Wake is part of driver.Clock. What else falls due at that time comes first: a poll that joined an
// ARP resolution just giving up would never reach the wire, and with the default PingTimeout of 3 s
// that would be every second poll.
func (s *service) Wake(at time.Duration) {
	s.timer.Stop()
	s.timer = s.node.host.Domain().After(at-s.Now(), func() {
		s.timer = s.node.host.Domain().After(0, s.in.Wake)
	})
}

// prober is the ICMP handle for one VIP: the latest echo only counts.
type prober struct {
	domain   *vtime.Domain
	pinger   *host.Pinger
	seq      uint16
	until    time.Duration // an answer that comes later is none
	answered func()
}

// Echo is part of driver.Prober.
func (s *service) Echo(vip netip.Addr, timeout time.Duration, answered func()) {
	p := s.pingers[vip]
	if p == nil {
		p = &prober{domain: s.node.host.Domain()}
		p.pinger = s.node.host.NewPinger(vip, netip.Addr{}, windowsTTL, PingBytes, host.PingHandler{Reply: func(r host.Reply) {
			s.ears.of(vip).reply(r)
			p.reply(r)
		}})
		s.pingers[vip] = p
	}
	p.seq++
	p.until = s.Now() + timeout
	p.answered = answered
	p.pinger.Send(p.seq) // a request that cannot be sent is one that is not answered
}

func (p *prober) reply(r host.Reply) {
	if r.Seq == p.seq && p.answered != nil && p.domain.Now() <= p.until {
		answered := p.answered
		p.answered = nil
		answered()
	}
}

// Write is part of driver.EventLog.
func (s *service) Write(id int, text string) {
	s.node.logged(trace.Event{Source: trace.Watcher, ID: id, Text: text})
}

// Line is part of driver.Log.
func (s *service) Line(l core.Log) {
	n := s.node
	n.env.Record(n.name, trace.Log{Text: l.Text, Bare: l.Bare})
	if n.cfg.Settings.LogEnabled && !l.Bare {
		n.product.log = append(n.product.log, logLine{n.Wall(), l.Text})
	}
	if s.debug != nil {
		s.debug.Line(l)
	}
}

// State is part of driver.Observer.
func (s *service) State(vip netip.Addr, state core.State, why core.Reason) {
	s.node.env.Record(s.node.name, trace.Watch{VIP: vip, State: trace.WatchState(state.String()), Why: trace.Reason(why), Rule: s.node.cfg.RuleOf(why)})
}

// Open is part of driver.Peer.
func (s *service) Open(handle func(vip netip.Addr, from core.Balance, answer func(core.Answer))) {
	s.node.pipe.handler = func(request string, reply func(string)) {
		vip, from, ok := parseRelease(request)
		if !ok {
			reply(core.Refused.String())
			return
		}
		s.after(0, func() { handle(vip, from, func(a core.Answer) { reply(a.String()) }) })
	}
}

// Close is part of driver.Peer.
func (s *service) Close() { s.node.pipe.close() }

// Ask is part of driver.Peer.
func (s *service) Ask(peer string, vip netip.Addr, as core.Balance, answer func(core.Answer)) {
	h, clock := s.node.host, s.node.env.Net.Scheduler()
	start := clock.Now()
	h.Domain().Go(s.node.name+"/pipe", func() {
		a, led, err := s.call(h, peer, vip, as)
		if s.node.service != s {
			return // the asker has stopped or lost its power meanwhile
		}
		r := trace.Pipe{Peer: peer, VIP: vip, Answer: trace.PipeAnswer(a.String()), Took: clock.Now() - start, Led: led}
		if err != nil {
			r.Error = err.Error()
		}
		s.after(0, func() {
			s.ears.record(r)
			answer(a)
		})
	})
}

// call asks over the pipe, and says which VIP the peer's name led to, if it did. With NoAnswer comes why.
func (s *service) call(h *host.Host, peer string, vip netip.Addr, as core.Balance) (answer core.Answer, led netip.Addr, err error) {
	to, ok := s.node.env.Resolve(peer)
	if !ok {
		return core.NoAnswer, led, errHostDown
	}
	if slices.ContainsFunc(s.node.cfg.Entries, func(e core.Entry) bool { return e.VIP == to }) {
		led = to
	}
	request := releaseRequest(vip, as)
	if s.node.cfg.Stranger {
		request = strangerRequest
	}
	text, err := s.node.asks(h, to, request)
	if err != nil {
		return core.NoAnswer, led, err
	}
	for _, a := range []core.Answer{core.Released, core.NotHeld, core.Refused} {
		if text == a.String() {
			return a, led, nil
		}
	}
	return core.NoAnswer, led, fmt.Errorf("unknown answer %s", text)
}

// after runs f later, unless the service has ended meanwhile.
func (s *service) after(d time.Duration, f func()) {
	s.node.host.Domain().After(d, func() {
		if s.node.service == s {
			f()
		}
	})
}
