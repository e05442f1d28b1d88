package conform

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// What Windows does on a node, a switch with its ports, and an ARP cache, and must: P11. It is judged by the records of
// addresses, links, power, tasks, ports and ARP entries alone.
var (
	usedEarly   = &statement{Kind: "p11.early", Rules: []string{"H3"}}
	usedLate    = &statement{Kind: "p11.late", Rules: []string{"H3"}}
	claimsAgain = &statement{Kind: "p11.claims", Rules: []string{"H15"}}
	ownerYields = &statement{Kind: "p11.yields", Rules: []string{"H3"}}
	linkMissed  = &statement{Kind: "p11.link", Rules: []string{"H5"}}
	bootAdds    = &statement{Kind: "p11.boot", Rules: []string{"H6"}}
	sleepActs   = &statement{Kind: "p11.asleep", Rules: []string{"H7"}}
	triesAstray = &statement{Kind: "p11.tries", Rules: []string{"H14"}}
	linkCache   = &statement{Kind: "p11.link-cache", Rules: []string{"H5"}}
	publicLate  = &statement{Kind: "p11.public", Rules: []string{"H16"}}
	cacheKept   = &statement{Kind: "p11.cache", Rules: []string{"W5"}}
	taskAstray  = &statement{Kind: "p11.task", Rules: []string{"H10"}}
	taskMissed  = &statement{Kind: "p11.task-missed", Rules: []string{"H10"}}
	taskStarts  = &statement{Kind: "p11.task-starts", Rules: []string{"H10"}}
	taskKept    = &statement{Kind: "p11.task-runs-on", Rules: []string{"H10", "H11"}}
	entryKept   = &statement{Kind: "p11.entry", Rules: []string{"N3"}}
	portEarly   = &statement{Kind: "p11.port-early", Rules: []string{"N2"}}
	portLate    = &statement{Kind: "p11.port-late", Rules: []string{"N2"}}
)

// MachineStatements are all of P11.
var MachineStatements = []*statement{usedEarly, usedLate, claimsAgain, ownerYields, linkMissed, bootAdds, sleepActs, triesAstray, linkCache, publicLate, cacheKept, taskAstray, taskMissed, taskStarts, taskKept, startMissed, startAstray, entryKept, portEarly, portLate}

// machine is what a node's Windows must be doing.
type machine struct {
	of     *trace.Node
	clock  *clock
	power  trace.PowerState
	awake  time.Duration // by its clock: since when it has not been frozen
	known  bool          // the trace has told of its link
	link   bool
	sensed bool          // the link as Windows last knew it: a flap in its sleep goes unnoticed (H7)
	linked time.Duration // virtual: when its link last changed, or it came to know of that
	woke   time.Duration // virtual: when it last woke with another link than it knew

	addresses []*detection
	stored    []netip.Addr // what it had when its power went last
	boots     int
	tasks     tasks
	fires     []*fire
	cache     []netip.Addr // neighbours that its ARP cache has
	refused   bool         // somebody may refuse what is meant for its peer
	starts    starts
	network   network

	broken []finding.Note
	judged int // addresses that came into use
}

// detection is how far an address of a machine is.
type detection struct {
	ip    netip.Addr
	state trace.AddressState
	since time.Duration // by the machine's clock: when its detection began
	heard time.Duration // by the same: when the machine last wrote that somebody claims it; 0: never
	slept time.Duration // since, before the machine last woke with another link than it knew
	told  bool          // that it is late
}

func newMachine(of *trace.Node) *machine {
	return &machine{of: of, clock: newClock(), power: trace.Off, awake: -never, woke: -never}
}

// passes looks at what must be so before the time goes on to at: rec's instant is over.
func (m *machine) passes(last, at time.Duration) {
	if !m.known || m.power != trace.On && m.power != trace.Stopping {
		return
	}
	now := m.clock.own(at)
	m.missed(at)
	m.notFired(now, at)
	m.runsOn(now, at)
	m.holdsOn(last, at)
	for _, a := range m.addresses {
		switch {
		case !m.link && a.state != trace.Tentative:
			m.breach(linkMissed, a.ip, last)
			a.state = trace.Tentative // told once
		case m.link && a.state == trace.Tentative && !a.told && now > m.due(a)+exact:
			a.told = true
			m.breach(usedLate, a.ip, at-(now-m.due(a)))
		}
	}
}

// due is when a tentative address must be in use at the latest: a machine that was frozen goes on with its detection.
func (m *machine) due(a *detection) time.Duration { return later(max(a.since, m.awake), m.of.DAD) }

func (m *machine) breach(s *statement, ip netip.Addr, at time.Duration) {
	out := *s
	out.Node, out.VIP, out.At, out.Until = m.of.Role, ip, at, at
	m.broken = append(m.broken, out)
}

// powered takes a change of power in.
func (m *machine) powered(at time.Duration, s trace.PowerState) {
	switch {
	case s == trace.On && m.power == trace.Frozen:
		m.awake = m.clock.own(at)
		if m.sensed != m.link {
			for _, a := range m.addresses {
				a.slept = a.since
			}
			m.woke = at
			m.relinked(at)
		}
	case s == trace.On && m.power != trace.On:
		m.clock.boots(at)
		m.awake = -never
		m.boots++
		m.bootStarts(m.clock.own(at))
		m.fires = nil
		m.triggered(m.clock.own(at), trace.TriggerStartup)
		m.judges(m.clock.own(at), m.of.PublicAfterBoot)
		m.relinked(at)
	case s == trace.Stopping:
		m.starts.due, m.fires = nil, nil
	case s == trace.Frozen && m.woke == at: // again, before it has looked at its link
		m.sensed, m.network.lost = !m.sensed, nil
	case s == trace.Off:
		if m.power != trace.Booting { // else it has none yet
			m.stored = nil
			for _, a := range m.addresses {
				m.stored = append(m.stored, a.ip)
			}
		}
		m.addresses, m.tasks, m.fires, m.cache, m.starts.due, m.network.lost = nil, tasks{}, nil, nil, nil, nil
	}
	m.power = s
}

// relinked has all detections begin anew, if there is link (H3, H5).
func (m *machine) relinked(at time.Duration) {
	m.linked, m.sensed = at, m.link
	m.loses()
	m.judges(m.clock.own(at), 0)
	for _, a := range m.addresses {
		a.since, a.told = m.clock.own(at), false
	}
}

// unnoticed has the detections go on that it slept through.
func (m *machine) unnoticed() {
	for _, a := range m.addresses {
		a.since = a.slept
	}
}

// becomes takes in that an address is in that state.
func (m *machine) becomes(at time.Duration, b trace.Address) {
	if m.power == trace.Frozen {
		m.breach(sleepActs, b.IP, at)
	}
	i := slices.IndexFunc(m.addresses, func(a *detection) bool { return a.ip == b.IP })
	switch {
	case b.State == trace.Absent:
		m.addresses = slices.DeleteFunc(m.addresses, func(a *detection) bool { return a.ip == b.IP })
		return
	case i < 0:
		i = len(m.addresses)
		m.addresses = append(m.addresses, &detection{ip: b.IP, state: trace.Tentative, since: m.clock.own(at)})
		boots := m.power == trace.Off || m.power == trace.Booting
		if boots && m.boots > 0 && b.IP != m.of.Address.Addr() && !slices.Contains(m.stored, b.IP) {
			m.breach(bootAdds, b.IP, at)
		}
	}
	a := m.addresses[i]
	was := a.state
	a.state = b.State
	switch now := m.clock.own(at); {
	case b.State == trace.Preferred:
		m.judged++
		asleep := now == m.awake && m.linked == at // what was due in its sleep comes before it knows of its link
		if !asleep && (m.known && !m.link || was == trace.Duplicate || now < later(a.since, m.of.DAD)-exact) {
			m.breach(usedEarly, a.ip, at)
		}
	case was != trace.Preferred || m.of.Doubts: // it may give way to who answers its announcement (H15)
	case b.State == trace.Duplicate, m.linked != at:
		m.breach(ownerYields, a.ip, at)
	}
}

// event takes in what Windows writes.
func (m *machine) event(at time.Duration, b trace.Event) {
	now := m.clock.own(at)
	if m.power != trace.Stopping { // else nothing is started any more
		m.triggered(now, trace.TriggerEvent(b.Source, b.ID))
	}
	i := slices.IndexFunc(m.addresses, func(a *detection) bool { return a.ip == b.IP })
	switch {
	case b.Source == trace.ControlManager && b.ID == trace.LogonFailed:
		m.attempt(now)
	case b.Source == trace.Tcpip && b.ID == trace.AddressClaimed && i >= 0:
		a := m.addresses[i]
		if a.heard > 0 && now < later(a.heard, m.of.Notices)-exact {
			m.breach(claimsAgain, a.ip, at)
		}
		a.heard = now
	}
}

// MachinesJudged is what came of it.
type MachinesJudged struct {
	Used     int            // addresses that came into use, and ports that came to forward
	Breaches []finding.Note // in order of time, at most one of an address or a port and a rule
}

// Machines judges what the nodes' Windows, the switches and ARP caches do in a run, as it happens.
type Machines struct {
	all []*machine
	ports
	caches caches
	last   time.Duration
}

// NewMachines returns a judge of a run that has not begun. One that does not tell of all (Header.Watcher) is not judged.
func NewMachines(h *trace.Header) *Machines {
	j := &Machines{}
	if h.Watcher == "" {
		return j
	}
	for i := range h.Nodes {
		m := newMachine(&h.Nodes[i])
		m.refused = slices.ContainsFunc(h.Others, func(o trace.Other) bool { return o.What == trace.Stranger })
		j.all = append(j.all, m)
	}
	j.ports, j.caches = newPorts(h), newCaches(h)
	return j
}

// Read takes the next record in.
func (j *Machines) Read(rec *trace.Record) {
	j.caches.read(rec)
	switch b := rec.Body.(type) {
	case trace.Link:
		j.passes(rec.At)
		j.linked(rec.At, b)
		if m := j.of(b.Cable); m != nil && (!m.known || m.link != b.Up) {
			m.known, m.link = true, b.Up
			if m.power != trace.Frozen {
				m.relinked(rec.At)
			}
			if m.woke == rec.At { // the link is what it was, before the machine has looked
				m.unnoticed()
			}
		}
		return
	case trace.PortState:
		j.passes(rec.At)
		j.ports.becomes(rec.At, b)
		return
	case trace.Moved:
		j.moved(b)
		return
	case trace.Neighbor:
		if m := j.of(rec.Host); m != nil {
			m.neighbor(b)
		}
		return
	case trace.Command:
		switch m := j.of(rec.Host); {
		case m != nil && b.Line == flush && b.Exit == 0:
			m.flushed(rec.At)
		case m != nil && b.Does == trace.RunPing:
			m.pinged(rec.At)
		}
		return
	case trace.Fault:
		j.hand(b)
		return
	case trace.Console:
		if m := j.of(rec.Host); m != nil {
			m.starts.hand = true
		}
		return
	case trace.Address, trace.Power, trace.Drift, trace.Task, trace.Service, trace.Firewall, trace.Pipe:
	case trace.Event:
		if b.Source != trace.ControlManager && b.Source != trace.Tcpip && b.Source != trace.Watcher {
			return
		}
	default:
		return
	}
	m := j.of(rec.Host)
	if m == nil {
		return
	}
	j.passes(rec.At)
	switch b := rec.Body.(type) {
	case trace.Address:
		m.becomes(rec.At, b)
	case trace.Power:
		m.powered(rec.At, b.State)
	case trace.Drift:
		m.clock.drifts(rec.At, b)
	case trace.Firewall:
		m.firewall(b)
	case trace.Pipe:
		m.tried(rec.At, b)
	case trace.Task:
		m.task(rec.At, b)
	case trace.Service:
		m.service(rec.At, b)
	case trace.Event:
		m.event(rec.At, b)
	}
}

// hand notes who starts the watcher, or switches its node on, or says what its network is.
func (j *Machines) hand(f trace.Fault) {
	for _, m := range j.all {
		m.network.hand = m.network.hand || slices.Contains(f.Touches, trace.Touch{Part: trace.PublicPart, Of: m.of.Role})
		m.starts.hand = m.starts.hand || !f.Breaks && slices.Contains(f.Touches, trace.Touch{Part: trace.WatcherPart, Of: m.of.Role})
	}
}

// passes lets time go on to at.
func (j *Machines) passes(at time.Duration) {
	if at > j.last {
		for _, m := range j.all {
			m.passes(j.last, at)
		}
		j.ports.passes(j.last, at)
	}
	j.last = at
}

// of is the node of the role, which is its cable's name, too.
func (j *Machines) of(role string) *machine {
	for _, m := range j.all {
		if m.of.Role == role {
			return m
		}
	}
	return nil
}

// Judged is what came of it so far.
func (j *Machines) Judged() (out MachinesJudged) {
	type key struct {
		kind, node, text string
		ip               netip.Addr
	}
	told := map[key]bool{}
	tell := func(all []finding.Note) {
		for _, b := range all {
			k := key{string(b.Kind), b.Node, b.Text, b.VIP}
			if !told[k] {
				out.Breaches = append(out.Breaches, b)
			}
			told[k] = true
		}
	}
	for _, m := range j.all {
		out.Used += m.judged
		tell(m.broken)
	}
	out.Used += j.ports.judged
	tell(j.ports.broken)
	tell(j.caches.broken)
	slices.SortStableFunc(out.Breaches, func(a, b finding.Note) int { return cmp.Compare(a.At, b.At) })
	return out
}

// Close judges what was to be so by the end of the run.
func (j *Machines) Close(end time.Duration) MachinesJudged {
	j.passes(end)
	j.caches.passes(end)
	return j.Judged()
}
