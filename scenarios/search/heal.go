package search

import (
	"fmt"
	"slices"
	"time"
)

// soon is how long after the healing what needs two goes is done again: a service that was still stopping, a machine that
// was still shutting down.
const soon = 10 * time.Second

// woken is how long after the healing a machine that was frozen has done what was typed in its sleep.
const woken = 500 * time.Millisecond

// healing is all that the schedule can have broken, undone from that time on. What is not broken any more is left out when
// the case runs.
func (p *place) healing(c *Case) (steps []Fault) {
	used := func(verbs ...string) bool {
		return c.does(verbs...) || c.World.Cold && slices.Contains(verbs, "power-off")
	}
	do := func(after time.Duration, verb string, rests ...string) {
		for _, rest := range rests {
			steps = append(steps, Fault{c.HealAt + after, verb, rest})
		}
	}
	each := func(names []string, rest string) (all []string) {
		for _, name := range names {
			all = append(all, name+rest)
		}
		return all
	}
	p.healNetwork(used, do, each)
	for i := range count(c.Faults, "rule") {
		do(0, "unrule", fmt.Sprint(i+1))
	}
	p.healNodes(used, do, each)
	p.healMail(used, do, each)
	sortFaults(steps)
	return steps
}

func count(all []Fault, verb string) (n int) {
	for _, f := range all {
		if f.Verb == verb {
			n++
		}
	}
	return n
}

type (
	usedFunc func(verbs ...string) bool
	doFunc   func(after time.Duration, verb string, rests ...string)
	eachFunc func(names []string, rest string) []string
)

func (p *place) healNetwork(used usedFunc, do doFunc, each eachFunc) {
	var cables []string
	for _, c := range p.cables {
		cables = append(cables, c[0])
	}
	if used("unplug") {
		do(0, "plug", cables...)
	}
	if used("cut") {
		do(0, "mend", cables...)
	}
	if used("move-port") {
		for i, m := range p.machines {
			do(0, "move-port", m+" to "+p.homes[i])
		}
	}
	if used("impair") {
		do(0, "impair", each(cables, " none")...)
	}
	if used("usurp", "claim", "probe") {
		for _, what := range append(slices.Clone(p.addresses), p.vips...) {
			do(0, "leave", each(p.strangers, " "+what)...)
		}
	}
	if used("usurp", "claim", "probe", "answer") { // a Duplicate of a node's own is probed for again with its link only (H5)
		do(time.Second, "flap", each(p.nodes, " 500ms")...)
	}
	if used("answer") {
		for _, what := range append(append(slices.Clone(p.addresses), p.vips...), "all") {
			do(0, "unanswer", each(p.strangers, " "+what)...)
		}
	}
}

func (p *place) healNodes(used usedFunc, do doFunc, each eachFunc) {
	if used("freeze") {
		do(0, "resume", p.nodes...)
	}
	if used("shutdown", "power-off", "power-on") {
		do(0, "power-on", append(slices.Clone(p.nodes), p.switches...)...)
		do(soon, "power-on", p.nodes...)
	}
	if used("netsh") {
		do(0, "netsh", each(p.nodes, " ok")...)
	}
	if used("network") {
		do(0, "network", each(p.nodes, " domain")...)
	}
	if used("add-address", "type") {
		for _, vip := range p.vips { // what a hand has added stands in the way of the watcher until a hand deletes it
			do(0, "delete-address", "other "+vip)
		}
	}
	if used("clock") {
		do(0, "clock", each(p.nodes, " right")...)
	}
	if used("block-echo") {
		do(0, "allow-echo", p.machines...)
	}
	for _, verb := range []string{"block-pipe", "deny-pipe", "deny-logon"} {
		if used(verb) {
			do(0, mends[verb], p.nodes...)
		}
	}
	for i, node := range p.nodes {
		if used("rename-interface") {
			do(0, "rename-interface", node+" "+p.interfaces[i])
		}
		if used("registry", "type") {
			p.healRegistry(do, i)
		}
	}
	if used("type") {
		do(0, "type", each(p.nodes, " ^C")...)
	}
	if used("registry", "type") {
		do(time.Second, "stop-service", p.nodes...) // what it has read in the meantime is in force until it starts again
		do(soon+time.Second, "start-service", p.nodes...)
	}
	if used("stop-service", "kill-service", "deny-logon", "type", "registry") {
		do(0, "start-service", p.nodes...)
		do(2*soon, "start-service", p.nodes...)
	}
}

func (p *place) healRegistry(do doFunc, i int) {
	set := p.settings[i]
	for _, v := range []struct {
		name string
		data int
	}{
		{"Interval", int(set.Interval.Seconds())}, {"PingTimeout", int(set.PingTimeout.Seconds())}, {"ReleaseTime", set.ReleaseTime}, {"Balance", int(set.Balance)},
	} {
		do(woken, "registry", fmt.Sprintf("%s %s %d", p.nodes[i], v.name, v.data))
	}
}

func (p *place) healMail(used usedFunc, do doFunc, each eachFunc) {
	if used("disk") {
		do(0, "disk", "ok")
	}
	if used("outside") {
		do(0, "outside", each(p.servers, " takes")...)
	}
	if used("share-crash") {
		do(0, "share-boot", " ")
	}
	if used("share-slow") {
		do(0, "share-slow", "ok")
	}
	if used("share-account") {
		do(0, "share-account", "ok")
	}
	if used("kill-mail", "stop-mail", "deny-logon") {
		do(soon, "start-mail", p.nodes...)
	}
}
