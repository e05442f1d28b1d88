package main

import (
	"time"

	"ipwsim/reports"
	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

// outages are the silences of the VIPs, each taken apart.
func outages(t *trace.Trace) []reports.Outage {
	var all []reports.Outage
	for _, p := range check.Breakdown(t) {
		o := reports.Outage{
			Client: p.Client, VIP: p.VIP, From: p.From, To: p.To, Open: p.Open, Cause: p.Cause.String(),
			Saw: saw(t, p.Outage),
		}
		o.Parts = partsOf(p)
		all = append(all, o)
	}
	return all
}

// partsOf are the parts of an outage that took any time.
func partsOf(p check.Parts) []reports.Part {
	var all []reports.Part
	for _, part := range []reports.Part{
		{Name: reports.PartClientDown, Time: p.ClientDown},
		{Name: reports.PartCounting, Time: p.Counting},
		{Name: reports.PartOutOfReach, Time: p.OutOfReach},
		{Name: reports.PartTentative, Time: p.Tentative},
		{Name: reports.PartBlocked, Time: p.Blocked},
		{Name: reports.PartWrongCache, Time: p.WrongCache},
		{Name: reports.PartRouterCache, Time: p.RouterCache},
		{Name: reports.PartWayBack, Time: p.WayBack},
	} {
		if part.Time > 0 {
			all = append(all, part)
		}
	}
	return all
}

// saw counts what the client's ping.exe printed for requests it sent during the outage, in the
// order in which each outcome first came.
func saw(t *trace.Trace, o check.Outage) []reports.Part {
	var all []reports.Part
	for _, r := range t.Records {
		l, ok := r.Body.(trace.PingLine)
		if !ok || r.Host != o.Client || l.Outcome == trace.Replied || r.At <= o.From || r.At > o.To+pingLag {
			continue
		}
		all = counted(all, string(l.Outcome))
	}
	return all
}

// pingLag is how long after its request ping.exe prints a time-out (H9).
const pingLag = 4 * time.Second

func counted(all []reports.Part, name string) []reports.Part {
	for i := range all {
		if all[i].Name == name {
			all[i].Lines++
			return all
		}
	}
	return append(all, reports.Part{Name: name, Lines: 1})
}
