package audit

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// A run begins with a start of all machines at once, which may leave something in the way that outlasts all of the run, as
// an ARP entry does that a router remembers for hours. What stood in the way before the fault came is no cost of the fault:
// a start of all machines is one of the vocabulary. Nor is it one of a time in which nothing happens, unless it is there
// whatever the chance: then it is there all year long.

// older is what stood in the way of one use when the fault came.
type older struct {
	Use    int                `json:"use"`    // its place
	Silent float64            `json:"silent"` // seconds that it went on for
	Open   bool               `json:"open"`   // to the end
	Parts  []audited.PartCost `json:"parts"`  // of the mean of the uses
}

// before is what was in the way when the outage was under way and the fault came; "": it began with the fault, or later.
func (j *job) before(x *finding.Outage) (what finding.Obstacle) {
	at := x.From
	for _, p := range x.Parts {
		if at >= j.From {
			break
		}
		what, at = p.What, at+p.Time
	}
	return what
}

// held says whether a node ever had the VIP.
func held(f *finding.Facts, vip netip.Addr) bool {
	return slices.ContainsFunc(f.Holdings, func(h finding.Holding) bool { return h.VIP == vip && h.State == trace.Preferred })
}

// neverThere is what stands in the way of a VIP that no node ever has: there is no outage of what never was.
func (j *job) neverThere(end time.Duration, use, uses int) older {
	whole := (end - j.From).Seconds()
	return older{use, whole, true, []audited.PartCost{{What: finding.NodesGone, Seconds: whole / float64(uses)}}}
}

// countLasting counts what was in the way before, where nothing happens: for who has no mail in any run of that world.
func countLasting(jobs []job, all []*outcome) {
	type useOf struct{ world, use int }
	runs, silent := map[int]int{}, map[useOf]int{}
	for i := range jobs {
		if !jobs[i].calm() {
			continue
		}
		runs[jobs[i].World]++
		for _, x := range all[i].Older {
			silent[useOf{jobs[i].World, x.Use}]++
		}
	}
	for i := range jobs {
		for _, x := range all[i].Older {
			if jobs[i].calm() && silent[useOf{jobs[i].World, x.Use}] == runs[jobs[i].World] {
				all[i].add(x)
			}
		}
	}
}

// add counts what was in the way before.
func (o *outcome) add(x older) {
	u := &o.Uses[x.Use]
	u.Silent, u.Longest, u.Open = u.Silent+x.Silent, max(u.Longest, x.Silent), u.Open || x.Open
	parts := map[finding.Obstacle]float64{}
	for _, p := range append(o.Parts, x.Parts...) {
		parts[p.What] += p.Seconds
	}
	o.Parts = inOrderOf(parts)
}

// inOrderOf are the parts in the order of the obstacles.
func inOrderOf(parts map[finding.Obstacle]float64) (all []audited.PartCost) {
	for _, what := range obstacles {
		if parts[what] > 0 {
			all = append(all, audited.PartCost{What: what, Seconds: parts[what]})
		}
	}
	return all
}
