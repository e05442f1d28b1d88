package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// people is what clients do and see, and what hosts believe.
type people struct {
	byAddress map[netip.Addr]*host // the clients
	pings     map[int]trace.PingStart
	lines     []pingLine
	beliefs   map[belief][]finding.Belief // the last is open while it says so
	hosts     []string                    // that have an ARP cache
	tasks     []finding.Task
	running   map[[2]string]finding.Task // by host and task
}

// pingLine is what ping.exe printed of a request that was not answered.
type pingLine struct {
	client  string
	target  netip.Addr
	at      time.Duration
	outcome trace.PingOutcome
	waited  time.Duration // at most
}

// belief is whose entry of which VIP.
type belief struct {
	host string
	vip  int
}

func (p *people) init(m *model) {
	p.byAddress = map[netip.Addr]*host{}
	for _, c := range m.clients {
		p.byAddress[c.own] = c
	}
	p.pings, p.beliefs, p.running = map[int]trace.PingStart{}, map[belief][]finding.Belief{}, map[[2]string]finding.Task{}
	for _, n := range m.header.Nodes {
		p.hosts = append(p.hosts, n.Role)
	}
	for _, c := range m.header.Clients {
		p.hosts = append(p.hosts, c.Name)
	}
	for _, r := range m.header.Routers {
		p.hosts = append(p.hosts, r.Name)
	}
}

// see takes a record in.
func (p *people) see(r *Reader, rec *trace.Record) {
	switch b := rec.Body.(type) {
	case trace.Use:
		r.uses(rec, b.VIP)
	case trace.PingStart:
		p.pings[b.ID] = b
		r.uses(rec, b.Target)
	case trace.Connect: // on record when it is over, as what mail programs do
		r.uses(rec, b.Server.Addr())
	case trace.MailSend:
		r.uses(rec, b.Server.Addr())
	case trace.MailPoll:
		r.uses(rec, b.Server.Addr())
	case trace.PingLine:
		if b.Outcome != trace.Replied {
			p.lines = append(p.lines, pingLine{rec.Host, p.pings[b.ID].Target, rec.At, b.Outcome, max(pingLag, p.pings[b.ID].Wait)})
		}
	case trace.Task:
		p.task(rec, b)
	}
}

// uses notes that a client needs a VIP from now on.
func (r *Reader) uses(rec *trace.Record, ip netip.Addr) {
	c, v := r.model.byName[rec.Host], r.model.vip(ip)
	if c == nil || c.client == nil || v < 0 {
		return
	}
	if p := r.pairs[c.place*len(r.model.vips)+v]; !p.used {
		p.use(rec.At)
		r.soil(c.place)
	}
}

func (p *people) task(rec *trace.Record, b trace.Task) {
	one, key := finding.Task{At: rec.At, Host: rec.Host, Task: b}, [2]string{rec.Host, b.Name}
	switch b.State {
	case trace.TaskStarted:
		p.running[key] = one
	case trace.TaskSkipped:
		one.Since, one.By = p.running[key].At, p.running[key].Trigger
	}
	p.tasks = append(p.tasks, one)
}

// pingLag is how long after its request ping.exe prints a time-out (H9).
const pingLag = 4 * time.Second

// saw counts what the client's ping.exe of the VIP printed for requests it sent during the outage, in the order
// in which each outcome first came.
func (p *people) saw(o *finding.Outage) (all []finding.Saw) {
	for _, l := range p.lines {
		if l.client != o.Client || l.target != o.VIP || l.at <= o.From || l.at > o.To+pingLag {
			continue
		}
		i := slices.IndexFunc(all, func(s finding.Saw) bool { return s.Outcome == l.outcome })
		if i < 0 {
			i, all = len(all), append(all, finding.Saw{Outcome: l.outcome})
		}
		all[i].Lines++
	}
	return all
}

// VainPing is a ping of a client that nobody answered, though for its whole wait one node should have (P0).
type VainPing struct {
	Client string
	VIP    netip.Addr
	At     time.Duration // when ping.exe said so
}

// vainPings are those in a network that loses and delays nothing by chance or by choice.
func (r *Reader) vainPings(f *Facts) (all []VainPing) {
	for _, l := range r.people.lines {
		from := l.at - l.waited - Latency
		c, v := r.model.byName[l.client], r.model.vip(l.target)
		if c == nil || c.client == nil || v < 0 || l.outcome == trace.GeneralFailure || slices.ContainsFunc(f.Noise, func(n Noise) bool { return n.Concerns(l.client) && n.From <= l.at && from <= n.To }) {
			continue
		}
		if slices.ContainsFunc(f.Uses[c.place*len(r.model.vips)+v].Answered, func(s finding.Span) bool { return s.From <= from && l.at <= s.To }) {
			all = append(all, VainPing{Client: l.client, VIP: l.target, At: l.at})
		}
	}
	return all
}

// believe notes whom a host takes for a VIP's owner from now on.
func (p *people) believe(host string, vip int, at time.Duration, now neighbor) {
	key := belief{host, vip}
	all := p.beliefs[key]
	if n := len(all); n > 0 && all[n-1].Open {
		if now.usable && all[n-1].MAC == now.mac {
			return
		}
		all[n-1].To, all[n-1].Open = at, false
	}
	if now.usable {
		all = append(all, finding.Belief{Host: host, MAC: now.mac, From: at, Open: true})
	}
	p.beliefs[key] = all
}

// forget is a host's having lost its power, and its cache with it.
func (p *people) forget(host string, at time.Duration) {
	for key, all := range p.beliefs { // order: each by itself
		if n := len(all); key.host == host && n > 0 && all[n-1].Open {
			all[n-1].To, all[n-1].Open = at, false
		}
	}
}

// believed are the beliefs up to the end, by VIP, host and time. What came and went within an instant is left
// out.
func (p *people) believed(r *Reader, end time.Duration) (all []finding.Belief) {
	whose := map[trace.MAC]string{}
	for _, n := range r.model.header.Nodes {
		whose[n.MAC] = n.Role
		for _, mac := range n.Team {
			whose[mac] = n.Role
		}
	}
	for v, vip := range r.model.vips {
		holders := r.holders(v, end)
		for _, host := range p.hosts {
			for _, b := range p.beliefs[belief{host, v}] {
				if b.Open {
					b.To = end
				} else if b.From == b.To {
					continue
				}
				b.VIP, b.Whose = vip, whose[b.MAC]
				b.Wrong = wrong(r.model, b, holders)
				all = append(all, b)
			}
		}
	}
	return all
}

// holders are the nodes that hold the VIP, from change to change.
func (r *Reader) holders(vip int, end time.Duration) []stretch[nodes] {
	var rec recorder[nodes]
	var cuts []time.Duration
	lines := make([]Line, len(r.nodes))
	for i, n := range r.nodes {
		lines[i] = lineOf(&n.vips[vip].held, end)
		for _, s := range lines[i] {
			cuts = append(cuts, s.From, s.To)
		}
	}
	slices.Sort(cuts)
	for _, at := range slices.Compact(cuts) {
		by := nodes(0)
		for i, l := range lines {
			if l.At(at) {
				by |= 1 << i
			}
		}
		rec.set(at, by)
	}
	return rec.until(end)
}

// wrong is when the belief led past all who held the VIP.
func wrong(m *model, b finding.Belief, holders []stretch[nodes]) (all []finding.Span) {
	for _, h := range holders {
		s := finding.Span{From: max(b.From, h.from), To: min(b.To, h.to), By: m.names[h.state]}
		if s.From < s.To && !slices.Contains(s.By, b.Whose) && !slices.Contains(s.By, b.Host) {
			all = append(all, s)
		}
	}
	return all
}
