package check

import (
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// keepsAddresses is P11: what Windows does with the nodes' addresses and tasks, switches with their ports, and ARP caches
// with their entries, is what the rules say; and what is sent arrives where nothing stands between.
func keepsAddresses(f *facts.Facts) finding.Result {
	if len(f.Header.Nodes) == 0 {
		return noData(finding.Note{Kind: "missing.node"})
	}
	var y tally
	for _, b := range f.Machines.Breaches {
		y.fail(b)
	}
	for _, u := range f.Unreached {
		y.fail(finding.Note{Kind: "p11.unreached", Node: u.Node, Peer: u.Peer, VIP: u.VIP, At: u.At, Until: u.At, Rules: []string{"H14"}})
	}
	for _, v := range f.VainPings {
		y.fail(finding.Note{Kind: "p11.ping", Client: v.Client, VIP: v.VIP, At: v.At, Until: v.At, Rules: []string{"H9"}})
	}
	for range f.Machines.Used {
		y.pass()
	}
	return y.result("p11.none")
}
