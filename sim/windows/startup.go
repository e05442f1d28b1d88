package windows

import (
	"fmt"
	"slices"
	"time"

	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// Startup is when Windows starts a service, and what it does when its process has died (H17). The zero Startup is
// automatic, without recovery.
type Startup struct {
	Manual  bool // by hand only
	Delayed bool // DelayedStart after the others, at a boot
	// Restarts are what becomes of the first death since the boot, the second and so on, the last one for all that
	// follow: the time until the service is started again; below 0 for never. Empty: it is left dead.
	Restarts []time.Duration
	Forget   time.Duration // so long after the last death the next one counts as the first again; below 0: never
}

// Deaths are a service's since the boot, as far as they are remembered.
type Deaths struct {
	n    int
	last time.Duration
}

// add is one more, by the machine's clock.
func (d *Deaths) add(now, forget time.Duration) {
	if forget >= 0 && now-d.last >= forget {
		d.n = 0
	}
	d.n, d.last = d.n+1, now
}

// DelayedStart is how long after the automatic services the delayed ones are started at a boot: 120 s, as Microsoft
// documents AutoStartDelay's default.
const DelayedStart = 2 * time.Minute

// AtBoot starts the service at a boot, if it is one that Windows starts.
func (s Startup) AtBoot(d *vtime.Domain, start func()) {
	switch {
	case s.Manual:
	case s.Delayed:
		d.After(DelayedStart, start)
	default:
		start()
	}
}

// AfterDeath starts the service again after its n-th death since the boot, n from 1, if it is to be.
func (s Startup) AfterDeath(d *vtime.Domain, n int, start func()) bool {
	if len(s.Restarts) == 0 {
		return false
	}
	after := s.Restarts[min(n, len(s.Restarts))-1]
	if after < 0 {
		return false
	}
	d.After(after, start)
	return true
}

// serviceDied writes the event of a service's n-th death.
func (m *Machine) serviceDied(service string, n int, restarted bool) {
	id := trace.ServiceDied
	if restarted {
		id = trace.ServiceRestarts
	}
	m.env.Record(m.name, trace.Event{
		Source: trace.ControlManager, ID: id, Text: fmt.Sprintf("The %s service terminated unexpectedly. It has done this %d time(s).", service, n),
	})
}

// ServiceDied notes the death of a service's process, one more of these, and has it started again if its recovery says
// so.
func (n *Node) ServiceDied(service string, d *Deaths, s Startup, again func()) {
	d.add(n.host.Domain().Now(), s.Forget)
	n.serviceDied(service, d.n, s.AfterDeath(n.host.Domain(), d.n, again))
}

// DenyLogon says whether the account of the services may log on, as after its password was changed: while it may not,
// none of them starts, and those that run go on (H17). It says false when it is so already.
func (n *Node) DenyLogon(deny bool) bool {
	changed := n.noLogon != deny
	n.noLogon = deny
	return changed
}

// MayLogOn says whether the service's account may log on.
func (n *Node) MayLogOn(service string) bool {
	return !n.noLogon && !slices.Contains(n.cfg.Unknown, service) && (service != trace.Watcher || n.product.known())
}

// LogsOn says whether the service's account may log on; if not, that is in the event log.
func (n *Node) LogsOn(service string) bool {
	ok := n.MayLogOn(service)
	if !ok {
		n.env.Record(n.name, trace.Event{
			Source: trace.ControlManager, ID: trace.LogonFailed, Text: "The " + service + " service was unable to log on: the user name or password is incorrect.",
		})
	}
	return ok
}
