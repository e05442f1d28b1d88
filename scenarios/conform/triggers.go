package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// fire is a trigger of a task that is due (H10).
type fire struct {
	of     *trace.TaskStart
	at     time.Duration // by the machine's clock
	passed time.Duration // since its first start
}

// triggered takes in what tasks wait for.
func (m *machine) triggered(now time.Duration, trigger string) {
	for i := range m.of.Tasks {
		if t := &m.of.Tasks[i]; t.Trigger == trigger {
			m.fires = append(m.fires, &fire{of: t, at: later(now, t.After)})
		}
	}
}

// fired takes in that a trigger has started a task, or would have. What a frozen machine would have done it does when it
// goes on.
func (m *machine) fired(at time.Duration, b trace.Task) {
	now := m.clock.own(at)
	i := slices.IndexFunc(m.fires, func(f *fire) bool {
		return f.of.Trigger == b.Trigger && max(f.at, m.awake)-exact <= now
	})
	switch {
	case len(m.of.Tasks) == 0: // the trace does not tell
		return
	case i < 0:
		m.breach(taskStarts, netip.Addr{}, at)
		return
	}
	f := m.fires[i]
	m.fires = slices.Delete(m.fires, i, i+1)
	if f.passed += f.of.Every; f.of.Every > 0 && (f.of.For == 0 || f.passed <= f.of.For) {
		f.at = now + f.of.Every
		m.fires = append(m.fires, f)
	}
}

// notFired looks for triggers that were due before the time goes on to at.
func (m *machine) notFired(now, at time.Duration) {
	m.fires = slices.DeleteFunc(m.fires, func(f *fire) bool {
		due := max(f.at, m.awake)
		if due+exact >= now {
			return false
		}
		m.breach(taskMissed, netip.Addr{}, at-(now-due))
		return true
	})
}
