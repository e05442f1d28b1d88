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
	// PingBytes is the size of an echo request.
	PingBytes = 32
)

// PingOptions are the options of ping.exe; their zero values are its own.
type PingOptions struct {
	Target  netip.Addr
	Source  netip.Addr           // -S; the zero Addr: Windows' choice
	Count   int                  // -n, requests to send; 0: until stopped (-t)
	Timeout time.Duration        // -w
	Bytes   int                  // -l
	Line    func(trace.PingLine) // is told each line
	Summary func(trace.PingEnd)  // and the end
}

// Ping is a running ping.exe.
type Ping struct {
	PingOptions
	m    *Machine
	id   int
	done func()

	pinger   *host.Pinger
	timer    vtime.Timer
	seq      int
	sentAt   time.Duration
	waiting  bool
	received int // unreachables among them
	replies  int
	ended    bool
}

// Ping starts `ping -t target`, or with a count `ping -n count target`; source is -S (the zero Addr:
// Windows' choice). done, which may be nil, is called after the last request.
func (m *Machine) Ping(target, source netip.Addr, count int, done func()) *Ping {
	return m.StartPing(PingOptions{Target: target, Source: source, Count: count}, done)
}

// StartPing starts ping.exe with options; done, which may be nil, is called after the last request.
func (m *Machine) StartPing(o PingOptions, done func()) *Ping {
	wait := o.Timeout
	if o.Timeout == 0 {
		o.Timeout = pingTimeout
	}
	if o.Bytes == 0 {
		o.Bytes = PingBytes
	}
	m.env.pings++
	p := &Ping{PingOptions: o, m: m, id: m.env.pings, done: done}
	m.pinging[o.Target]++
	m.env.Record(m.name, trace.PingStart{ID: p.id, Target: o.Target, Bytes: o.Bytes, Linux: m.Linux(), Wait: wait})
	p.pinger = m.host.NewPinger(o.Target, o.Source, windowsTTL, o.Bytes, host.PingHandler{
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
	timeout := p.Timeout
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
	p.replies++
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
	if p.m.system.SteadyPing {
		p.next(max(0, pingSpacing-(p.m.host.Domain().Now()-p.sentAt)))
		return
	}
	p.next(p.m.pingPause)
}

func (p *Ping) print(l trace.PingLine) {
	p.waiting = false
	p.timer.Stop()
	l.ID, l.Seq = p.id, p.seq
	p.m.env.Record(p.m.name, l)
	if p.Line != nil {
		p.Line(l)
	}
}

func (p *Ping) next(wait time.Duration) {
	if p.seq == p.Count {
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
	end := trace.PingEnd{ID: p.id, Sent: sent, Received: p.received}
	p.m.env.Record(p.m.name, end)
	if p.Summary != nil {
		p.Summary(end)
	}
	if p.done != nil {
		p.done()
	}
}

// kill ends the process: it prints nothing more.
func (p *Ping) kill() {
	p.ended = true
	p.m.pinging[p.Target]--
	p.timer.Stop()
	p.pinger.Close()
}
