package search

import (
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/sim/trace"
)

// Probe is a point of interest: something that a night of search must have seen happen, by name.
type Probe string

// off is the state of a watcher that does not run.
const off = "off"

var (
	watchStates = []string{off, string(trace.Polling), string(trace.Taking), string(trace.Held), string(trace.Releasing)}
	addresses   = []string{string(trace.Absent), string(trace.Tentative), string(trace.Preferred), string(trace.Duplicate)}
	answers     = []string{string(trace.Released), string(trace.NotHeld), string(trace.Refused), string(trace.NoAnswer)}
)

// Probes are all of them: each pair of states that the two watchers can be in about a VIP, each state of the address on
// the interface in each state of its watcher, each answer over the pipe by each node, each reason for which a watcher
// changes its mind, which are the rules W5 to W20.
var Probes = probes()

func probes() (all []Probe) {
	for _, a := range watchStates {
		for _, b := range watchStates {
			all = append(all, pairProbe(a, b))
		}
	}
	for _, state := range watchStates {
		for _, address := range addresses {
			all = append(all, addressProbe(state, address))
		}
	}
	for _, answer := range answers {
		for _, role := range []string{"active", "standby"} {
			all = append(all, answerProbe(role, answer))
		}
	}
	for _, why := range core.Reasons {
		all = append(all, whyProbe(string(why)))
	}
	return all
}

func pairProbe(a, b string) Probe { return Probe("pair " + a + "/" + b) }
func addressProbe(state, address string) Probe {
	return Probe("address " + address + " while " + state)
}
func answerProbe(role, answer string) Probe { return Probe("answer to " + role + ": " + answer) }
func whyProbe(why string) Probe             { return Probe("reason " + why) }

// sight is what one run has shown: probes, and finer features that steer the search.
type sight struct {
	probes   map[Probe]int
	features map[string]bool
	moments  []time.Duration // at which something changed
}

// watched is what is known of a node and a VIP while a trace is read.
type watched struct {
	state, address string
	why            trace.Reason
}

// look reads what a run has shown.
func look(t *trace.Trace) *sight {
	s := &sight{probes: map[Probe]int{}, features: map[string]bool{}}
	nodes := map[string][]watched{}
	vips := map[string]int{}
	for i, v := range t.Header.VIPs {
		vips[v.Address.String()] = i
	}
	for _, n := range t.Header.Nodes {
		all := make([]watched, len(vips))
		for i := range all {
			all[i] = watched{state: off, address: string(trace.Absent)}
		}
		nodes[n.Role] = all
	}
	last := ""
	for r := range t.All() {
		all, isNode := nodes[r.Host]
		switch b := r.Body.(type) {
		case trace.Fault:
			last = b.Verb
			continue
		case trace.Watch:
			v := vips[b.VIP.String()]
			s.features[string(all[v].why)+">"+string(b.Why)+"/"+last] = true
			all[v].state, all[v].why = string(b.State), b.Why
			s.count(whyProbe(string(b.Why)))
			s.pairs(nodes, v, last)
		case trace.Address:
			v, is := vips[b.IP.String()]
			if !is || !isNode {
				continue
			}
			all[v].address = string(b.State)
			s.count(addressProbe(all[v].state, string(b.State)))
			s.features[r.Host+all[v].state+string(b.State)+"/"+last] = true
		case trace.Pipe:
			s.count(answerProbe(r.Host, string(b.Answer)))
			if v, is := vips[b.VIP.String()]; is && isNode {
				s.features[all[v].state+"?"+string(b.Answer)+"/"+last] = true
			}
		case trace.Service:
			if b.Name != trace.Watcher || b.State != trace.Stopped {
				break
			}
			for v := range all {
				all[v].state, all[v].why = off, ""
				s.pairs(nodes, v, last)
			}
		case trace.Command, trace.Link:
		default:
			continue
		}
		if r.At > 0 {
			s.moments = append(s.moments, r.At)
		}
	}
	return s
}

func (s *sight) count(p Probe) { s.probes[p]++ }

// pairs notes what the two watchers are doing about the VIP now.
func (s *sight) pairs(nodes map[string][]watched, v int, last string) {
	a, b := nodes["active"][v].state, nodes["standby"][v].state
	s.count(pairProbe(a, b))
	s.features[strings.Join([]string{a, b, last}, "|")] = true
}
