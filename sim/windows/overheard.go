package windows

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/netstack/host"
	"ipwsim/sim/trace"
)

// overheard are the ports of a service, and write into the trace what passes through them.
type overheard struct {
	s        *service
	polls    []*polled // in order of the first poll
	adverts  adverts
	commands int
	requests int
}

func (o *overheard) ports() driver.Ports {
	return driver.Ports{
		Clock: o.s, Prober: o, Addresses: o, Announcer: o, Peer: o, EventLog: o, Log: o.s, Observer: o.s, Adverts: o,
	}
}

// record writes what is neither a poll nor its answer, nor an advertisement, behind those before it.
func (o *overheard) record(b trace.Body) {
	o.flush()
	o.s.node.env.Record(o.s.node.name, b)
}

// flush writes the polls and advertisements that are not in the trace yet.
func (o *overheard) flush() {
	for _, p := range o.polls {
		p.flush()
	}
	o.adverts.flush(o.s)
}

// Echo is part of driver.Prober.
func (o *overheard) Echo(vip netip.Addr, timeout time.Duration, answered func()) {
	o.of(vip).sent()
	o.s.Echo(vip, timeout, answered)
}

func (o *overheard) of(vip netip.Addr) *polled {
	i := slices.IndexFunc(o.polls, func(p *polled) bool { return p.vip == vip })
	if i < 0 {
		i = len(o.polls)
		o.polls = append(o.polls, &polled{s: o.s, vip: vip})
	}
	return o.polls[i]
}

// Add is part of driver.Addresses.
func (o *overheard) Add(iface string, vip netip.Addr, done func(exit int, output string)) {
	asked{o.s}.Add(iface, vip, o.begins(trace.Port{VIP: vip, Does: trace.AddAddress, Interface: iface}, done))
}

// Delete is part of driver.Addresses.
func (o *overheard) Delete(iface string, vip netip.Addr, done func(exit int, output string)) {
	asked{o.s}.Delete(iface, vip, o.begins(trace.Port{VIP: vip, Does: trace.DeleteAddress, Interface: iface}, done))
}

// FlushARP is part of driver.Addresses.
func (o *overheard) FlushARP(done func(exit int, output string)) {
	asked{o.s}.FlushARP(o.begins(trace.Port{Does: trace.FlushARP}, done))
}

// begins writes that a command begins, and then that it has ended.
func (o *overheard) begins(p trace.Port, done func(int, string)) func(int, string) {
	o.commands++
	p.Call, p.ID = trace.CommandBegins, o.commands
	o.record(p)
	return func(exit int, output string) {
		o.record(trace.Port{Call: trace.CommandEnds, ID: p.ID, Exit: exit})
		done(exit, output)
	}
}

// Open is part of driver.Peer.
func (o *overheard) Open(handle func(vip netip.Addr, from core.Balance, answer func(core.Answer))) {
	o.record(trace.Port{Call: trace.PipeOpened})
	o.s.Open(func(vip netip.Addr, from core.Balance, answer func(core.Answer)) {
		o.requests++
		id := o.requests
		o.record(trace.Port{Call: trace.RequestComes, VIP: vip, ID: id, Master: from == core.Master})
		handle(vip, from, func(a core.Answer) {
			o.record(trace.Port{Call: trace.RequestAnswered, VIP: vip, ID: id, Answer: trace.PipeAnswer(a.String())})
			answer(a)
		})
	})
}

// Close is part of driver.Peer.
func (o *overheard) Close() {
	o.record(trace.Port{Call: trace.PipeClosed})
	o.s.Close()
}

// Ask is part of driver.Peer.
func (o *overheard) Ask(peer string, vip netip.Addr, as core.Balance, answer func(core.Answer)) {
	o.record(trace.Port{Call: trace.PeerAsked, VIP: vip, Master: as == core.Master})
	o.s.Ask(peer, vip, as, answer)
}

// Write is part of driver.EventLog.
func (o *overheard) Write(id int, text string) {
	o.flush()
	o.s.Write(id, text)
}

// polled are the polls of one VIP of which the trace has nothing yet.
type polled struct {
	s   *service
	vip netip.Addr
	seq uint16 // of the last one, as the pinger counts them

	n             int
	pace          time.Duration // by the machine's own clock, as all but first, before and last
	all           bool          // but the last one are answered
	first         time.Duration
	before, last  time.Duration // the last but one, the last
	sentAt, until time.Duration // of the last, and when it is too late for its answer
	heard         time.Duration // when the last was answered
	answered      bool          // the last is
}

// evenly is how much the pace of polls may vary, for clocks count in whole nanoseconds.
const evenly = time.Microsecond

func (p *polled) clock() time.Duration { return p.s.node.env.Net.Scheduler().Now() }

// sent is a poll being sent.
func (p *polled) sent() {
	now := p.s.Now()
	pace := now - p.sentAt
	switch {
	case p.n == 1:
		p.all, p.pace = p.answered, pace
	case p.n > 1 && p.answered != p.all:
		p.split()
		p.all, p.pace = p.answered, pace
	case p.n > 1 && (pace-p.pace).Abs() > evenly:
		p.flush()
	}
	if p.n == 0 {
		p.first = p.clock()
	}
	p.n++
	p.before, p.last = p.last, p.clock()
	p.seq++
	p.sentAt, p.until, p.answered = now, now+max(p.s.node.cfg.Settings.PingTimeout, time.Second), false
}

// reply is an answer having come.
func (p *polled) reply(r host.Reply) {
	if r.Seq != p.seq || r.From != p.vip || p.answered || p.s.Now() > p.until {
		return
	}
	p.answered, p.heard = true, p.clock()
	if p.n == 0 {
		p.write(trace.Polls{Answered: true, Heard: p.heard})
	}
}

// split writes all but the last.
func (p *polled) split() {
	p.writeRun(p.n-1, p.before, p.all)
	p.n, p.first = 1, p.last
}

func (p *polled) flush() {
	if p.n > 1 && p.answered != p.all {
		p.split()
	}
	if p.n == 0 {
		return
	}
	n := p.n
	p.n = 0
	p.writeRun(n, p.last, p.answered)
}

func (p *polled) writeRun(n int, last time.Duration, answered bool) {
	b := trace.Polls{N: n, First: p.first, Last: last, Answered: answered}
	if answered {
		b.Heard = p.heard
	}
	p.write(b)
}

func (p *polled) write(b trace.Polls) {
	b.VIP = p.vip
	p.s.node.env.Record(p.s.node.name, b)
}

// KeepPolls has its result undo what TellPolls does to the node meanwhile.
func (n *Node) KeepPolls() (restore func()) {
	if n.service == nil {
		return func() {}
	}
	var kept []polled
	polls, adverts := n.service.ears.polls, n.service.ears.adverts
	for _, p := range polls {
		kept = append(kept, *p)
	}
	ears := n.service.ears
	return func() {
		for i := range polls {
			*polls[i] = kept[i]
		}
		ears.adverts = adverts
	}
}

// TellPolls writes the watcher's polls and advertisements that are not in the trace yet, and that there are no others: at
// the end of a run, and before the machine stands still.
func (n *Node) TellPolls() {
	if n.service != nil {
		n.service.ears.record(trace.Port{Call: trace.PollsTold})
	}
}
