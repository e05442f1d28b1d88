package script

import (
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// relax has what a scenario expects of its own cluster's times hold on another: as an upper bound, for a cluster may be
// quicker, or what the settings there promise, for it may be set to take longer.
func (j *judge) relax(e *Expect, own string) {
	if e.Not || e.Limit != nil || len(e.Args) == 0 {
		return
	}
	var promised time.Duration
	switch e.What {
	case "failover", "outage":
		for _, o := range j.facts.Outages() {
			if o.Kind == finding.FailoverKind && e.About(o.Client, o.VIP) && e.Covers(o.From) {
				promised = max(promised, o.Most)
			}
		}
	case "failback":
		for _, f := range j.facts.Failbacks {
			if e.About(f.Client, f.VIP) && e.Covers(f.From) {
				promised = max(promised, f.Most)
			}
		}
	default:
		return
	}
	e.Own = &finding.Elsewhere{Cluster: own, Band: e.Band}
	if e.Band.Least = 0; e.Band.Most > 0 { // else there was no upper bound
		e.Band.Most = max(e.Band.Most, promised)
	}
}

// failoverTime is the longest failover that the cluster's settings promise, of a watcher that saw the VIP answered.
func (j *judge) failoverTime() (longest time.Duration) {
	h := &j.trace.Header
	for i := range h.Nodes {
		longest = max(longest, facts.TakeTime(h, &h.Nodes[i], facts.Sighting{}).Most)
	}
	return longest
}
