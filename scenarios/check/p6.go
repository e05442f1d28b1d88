package check

import (
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// cleanStop is P6. An orderly stop goes through "stop pending"; a service that just dies promises nothing.
func cleanStop(f *facts.Facts) finding.Result {
	switch {
	case len(f.Header.VIPs) == 0:
		return noData(finding.Note{Kind: "missing.vip"})
	case !f.Serviced:
		return noData(finding.Note{Kind: "missing.service"})
	}
	var y tally
	for _, s := range f.Stops {
		for _, l := range s.Left {
			out := finding.Note{
				Kind: "p6.left-behind", Node: s.Node, VIP: l.VIP, At: l.From, Until: l.To, Text: string(l.State), Time: l.Stopped,
				Rules: []string{"W6"},
			}
			if l.Off {
				out.Kind, out.Rules = "p6.off", []string{"H6", "W6"}
			}
			y.fail(out)
		}
		if s.Pending {
			y.unfinished(finding.Note{Kind: "p6.pending", Node: s.Node, At: s.Since, Until: f.End, Time: f.End - s.Since})
		}
		for range s.Done {
			y.pass()
		}
	}
	return y.result("p6.none")
}
