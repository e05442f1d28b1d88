package windows

import (
	"net/netip"
	"time"

	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// ping.exe's fixed ways (H9).
const (
	pingTimeout = 4000 * time.Millisecond
	pingSpacing = time.Second // from one request to the next, when the answer came sooner
	pingBytes   = 32
)

// Ping is a running ping.exe.
type Ping struct {
	m      *Machine
	id     int
	target netip.Addr
	source netip.Addr
	count  int // requests to send; 0: until stopped (-t)
	done   func()

	pinger   *host.Pinger
	timer    vtime.Timer
	seq      int
	sentAt   time.Duration
	waiting  bool
	received int
	ended    bool
}

// Ping starts `ping -t target`, or with a count `ping -n count target`; source is -S (the zero Addr:
// Windows' choice). done, which may be nil, is called after the last request.
func (m *Machine) Ping(target, source netip.Addr, count int, done func()) *Ping {
	m.env.pings++
	p := &Ping{m: m, id: m.env.pings, target: target, source: source, count: count, done: done}
	m.pinging[target]++
	m.env.Record(m.name, trace.PingStart{ID: p.id, Target: target, Bytes: pingBytes})
	p.pinger = m.host.NewPinger(target, source, windowsTTL, pingBytes, host.PingHandler{
		Reply: p.reply, Unreachable: p.unreachable,
	})
	p.send()
	return p
}

func (p *Ping) send() {
	p.seq++
	p.sentAt = p.m.host.Domain().Now()
	p.waiting = true
	if !p.pinger.Send(uint16(p.seq)) {
		p.print(trace.PingLine{Outcome: trace.GeneralFailure})
		p.next(pingSpacing)
		return
	}
	timeout := pingTimeout
	if p.m.system.SteadyPing {
		timeout = pingSpacing
	}
	p.timer = p.m.host.Domain().After(timeout, func() {
		p.print(trace.PingLine{Outcome: trace.TimedOut})
		p.next(0)
	})
}

func (p *Ping) reply(r host.Reply) {
	if !p.waiting || r.Seq != uint16(p.seq) {
		return
	}
	p.received++
	rtt := p.m.host.Domain().Now() - p.sentAt
	p.print(trace.PingLine{Outcome: trace.Replied, From: r.From, RTT: rtt, TTL: r.TTL})
	p.next(pingSpacing - rtt)
}

// unreachable counts as received, as in Windows' own summary. It names the router that said so, or
// the machine itself.
func (p *Ping) unreachable(seq uint16, from netip.Addr) {
	if !p.waiting || seq != uint16(p.seq) {
		return
	}
	p.received++
	if !from.IsValid() {
		from = p.pinger.Source()
	}
	p.print(trace.PingLine{Outcome: trace.HostUnreachable, From: from})
	p.next(max(0, pingSpacing-(p.m.host.Domain().Now()-p.sentAt)))
}

func (p *Ping) print(l trace.PingLine) {
	p.waiting = false
	p.timer.Stop()
	l.ID, l.Seq = p.id, p.seq
	p.m.env.Record(p.m.name, l)
}

func (p *Ping) next(wait time.Duration) {
	if p.seq == p.count {
		p.Stop()
		return
	}
	p.timer = p.m.host.Domain().After(wait, p.send)
}

// Stop is Ctrl-C: the summary is printed.
func (p *Ping) Stop() {
	if p.ended {
		return
	}
	p.kill()
	sent := p.seq
	if p.waiting {
		sent-- // Windows leaves out the request it was waiting for
	}
	p.m.env.Record(p.m.name, trace.PingEnd{ID: p.id, Sent: sent, Received: p.received})
	if p.done != nil {
		p.done()
	}
}

// kill ends the process: it prints nothing more.
func (p *Ping) kill() {
	p.ended = true
	p.m.pinging[p.target]--
	p.timer.Stop()
	p.pinger.Close()
}
