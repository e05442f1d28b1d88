package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// What Windows must do about its watcher's service.
var (
	startMissed = &statement{Kind: "p11.start", Rules: []string{"H17"}}
	startAstray = &statement{Kind: "p11.starts", Rules: []string{"H17"}}
)

// delayedStart is how long after the automatic services the delayed ones are started at a boot (H17).
const delayedStart = 2 * time.Minute

// starts are those of IPWCS by Windows itself: at a boot, and after its process has died.
type starts struct {
	due  []*start
	runs bool
	died int           // since the boot, as far as that is remembered
	last time.Duration // by the machine's clock: when
	hand bool          // somebody may have started it since the last death or boot
}

// start is one that is due by the machine's clock. Of an instant in which the service ran, too, nobody knows the order.
type start struct {
	at   time.Duration
	then time.Duration // more, from when a machine that was frozen then goes on
	ran  bool
}

func (s *starts) at(due time.Duration) { s.due = append(s.due, &start{at: due}) }

// bootStarts has the service started as its start type says, once Windows uses its own address. Whoever starts a cluster
// starts all of it, so its first boot says nothing.
func (m *machine) bootStarts(now time.Duration) {
	m.starts = starts{hand: m.boots <= 1}
	switch of := m.of.Startup; {
	case of.Manual || m.boots <= 1:
	case of.Delayed:
		m.starts.due = append(m.starts.due, &start{at: now + m.of.DAD, then: delayedStart})
	default:
		m.starts.at(now + m.of.DAD)
	}
}

// dies has the service started again, if its recovery says so.
func (m *machine) dies(now time.Duration) {
	s, of := &m.starts, m.of.Startup
	if of.Forget >= 0 && now-s.last >= of.Forget {
		s.died = 0
	}
	s.died, s.last, s.hand = s.died+1, now, false
	if len(of.Restarts) == 0 {
		return
	}
	if after := of.Restarts[min(s.died, len(of.Restarts))-1]; after >= 0 {
		s.at(now + after)
	}
}

// service takes in what becomes of the service.
func (m *machine) service(at time.Duration, b trace.Service) {
	now := m.clock.own(at)
	switch {
	case b.Name != trace.Watcher:
	case b.State == trace.StartPending:
		if !m.attempt(now) && !m.starts.hand {
			m.breach(startAstray, netip.Addr{}, at)
		}
		m.starts.runs = true
	case b.State == trace.Stopped:
		m.starts.runs = false
		for _, s := range m.starts.due {
			s.ran = s.ran || s.at <= now+exact
		}
		if b.Killed {
			m.dies(now)
		}
	}
}

// whenDue is when it is, by what is known: what a frozen machine would have done it does when it goes on. Once that is over,
// a freeze puts off only what comes then.
func (m *machine) whenDue(d *start, now time.Duration) time.Duration {
	if first := max(d.at, m.awake); d.then > 0 && first+exact < now {
		d.at, d.then = first+d.then, 0
	}
	return max(d.at, m.awake) + d.then
}

// attempt is a start, or one that failed for its account, and says whether one was due.
func (m *machine) attempt(now time.Duration) bool {
	s := &m.starts
	n := len(s.due)
	s.due = slices.DeleteFunc(s.due, func(d *start) bool { return m.whenDue(d, now) <= now+exact })
	return len(s.due) < n
}

// missed looks for starts that were due before the time goes on to at. What runs is not started.
func (m *machine) missed(at time.Duration) {
	now := m.clock.own(at)
	m.starts.due = slices.DeleteFunc(m.starts.due, func(d *start) bool {
		due := m.whenDue(d, now)
		if due+exact >= now {
			return false
		}
		if !m.starts.runs && !d.ran {
			m.breach(startMissed, netip.Addr{}, at-(now-due))
		}
		return true
	})
}
