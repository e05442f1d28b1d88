package check

import (
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// noTakeOver is P9: a node that is up, connected and unhindered keeps its VIP, however short another one has it, and its
// answers to polls are had: nobody even tries to take it.
func noTakeOver(f *facts.Facts) finding.Result {
	if why := unheld(f); why != nil {
		return noData(*why)
	}
	var y tally
	y.pass() // the time without any
	for _, t := range f.Takeovers {
		if t.At < 0 { // the cluster settles
			continue
		}
		out := finding.Note{Kind: "p9.taken", Node: t.From, Peer: t.Taker, VIP: t.VIP, At: t.At, Until: t.At, Fault: t.Fault, Rules: []string{"W11", "H3"}}
		if f.Header.Nodes[0].Watcher != nil {
			out.Rules[0] = "V2"
		}
		switch {
		case !t.Heard && t.Helps: // a split network: each side with a client has a right to a node
			out.Kind = "p9.split"
			y.leave(out)
		case t.Slept:
			out.Kind = "p9.slept"
			y.leave(out)
		case !t.Served: // there are clients that the holder was lost to
			out.Kind = "p9.needed"
			y.leave(out)
		default:
			y.fail(out)
		}
	}
	for _, d := range f.Deafs {
		if d.At >= 0 {
			y.fail(finding.Note{Kind: "p9.deaf", Node: d.Holder, Peer: d.Node, VIP: d.VIP, At: d.At, Until: d.At, Rules: []string{"W11", "H8"}})
		}
	}
	return y.result("")
}
