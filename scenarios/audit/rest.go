package audit

import (
	"net/netip"
	"time"

	"ipwsim/core"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// A run that has come to rest goes on as it stands: nobody's state has changed for longer than anything takes that could
// still change one by itself. So a silence that is open then is open at the end, and is not played until there.

// leastRest is more than connections take to be given up, ports to forward, and Windows to start a delayed service.
const leastRest = 10 * time.Minute

// severalIntervals of a watcher are more than it takes to make up its mind.
const severalIntervals = 10

// rests is from when on the run is at rest, if nothing changes until then; false: it never is, for chance is at work, or
// machines of which that is not known.
func rests(bp *cluster.Blueprint, t *trace.Trace, last time.Duration) (from time.Duration, ever bool) {
	if len(bp.Impaired) > 0 || len(bp.Strangers) > 0 || bp.Nodes[0].Watcher.Kind == cluster.VRRP {
		return 0, false
	}
	from = changed(t) + patience(bp, last)
	for i := range bp.Nodes {
		from = max(from, booted(t, bp.Nodes[i].Role)+underWay(&bp.Nodes[i]))
	}
	return from, true
}

// patience is how long a cluster must have been at rest to stay so: longer than watchers and services wait for anything,
// and tables remember, unless those forget nothing until the last end.
func patience(bp *cluster.Blueprint, last time.Duration) time.Duration {
	most := leastRest
	forgets := func(age time.Duration) {
		if age < last+leastRest { // a run begins that long before its 0, at the most
			most = max(most, age)
		}
	}
	for i := range bp.Nodes {
		n := &bp.Nodes[i]
		most = max(most, n.Boot, n.PublicAfterBoot, n.PublicAfterLink, severalIntervals*(n.Settings.Interval+n.Settings.PingTimeout))
		if n.Settings.Balance == core.Slave { // W18
			most = max(most, n.Settings.ReleaseCycle())
		}
		for _, after := range n.Startup.Restarts {
			most = max(most, after)
		}
		forgets(n.ARP.Holds())
	}
	for _, c := range bp.Clients {
		forgets(c.Profile.Holds())
	}
	for _, r := range bp.Routers {
		forgets(r.Profile.Holds())
	}
	for _, s := range bp.Switches {
		forgets(s.MACAge)
		most = max(most, s.TrackDelay)
	}
	return most + most/10
}

// booted is when the node was last turned on.
func booted(t *trace.Trace, role string) (at time.Duration) {
	for r := range t.All() {
		if b, is := r.Body.(trace.Power); is && r.Host == role && b.State == trace.On {
			at = r.At
		}
	}
	return at
}

// changed is when something last changed: all but polls, what watchers ask each other for and are answered as before, what
// they write of that into their logs, and ARP entries that are renewed.
func changed(t *trace.Trace) (last time.Duration) {
	type of struct {
		host string
		ip   netip.Addr
	}
	entries, answers := map[of]trace.Neighbor{}, map[of]trace.PipeAnswer{}
	for r := range t.All() {
		quiet := false
		switch b := r.Body.(type) {
		case trace.Polls, trace.Adverts, trace.Log:
			quiet = true
		case trace.Port:
			quiet = b.Call == trace.PeerAsked || b.Call == trace.RequestComes || b.Call == trace.RequestAnswered || b.Call == trace.PollsTold
		case trace.Pipe:
			who := of{r.Host, b.VIP}
			quiet = answers[who] == b.Answer
			answers[who] = b.Answer
		case trace.Neighbor:
			who := of{r.Host, b.IP}
			was := entries[who]
			quiet = was.State.Usable() == b.State.Usable() && was.MAC == b.MAC
			entries[who] = b
		}
		if !quiet {
			last = max(last, r.At)
		}
	}
	return last
}
