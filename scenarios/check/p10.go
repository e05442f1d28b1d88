package check

import (
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// keepsRules is P10: what each watcher does at its machine's ports is what its rules say.
func keepsRules(f *facts.Facts) finding.Result {
	if len(f.Header.VIPs) == 0 {
		return noData(finding.Note{Kind: "missing.vip"})
	}
	var y tally
	if w := f.Conform.Watcher; w != "" && w != trace.IPWatcher && w != trace.VRRP { // one without rules
		y.leave(finding.Note{Kind: "p10.other", Text: w})
	}
	for _, b := range f.Conform.Breaches {
		y.fail(b)
	}
	for range f.Conform.Lives - f.Conform.Unsure - len(f.Conform.Breaches) {
		y.pass()
	}
	if f.Conform.Unsure > 0 {
		y.leave(finding.Note{Kind: "p10.unsure", N: f.Conform.Unsure})
	}
	return y.result("p10.none")
}
