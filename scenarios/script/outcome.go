package script

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/frames"
	"ipwsim/sim/trace"
)

// Outcome is what came of a run.
type Outcome struct {
	Seed     uint64
	Problems diag.List    // of the cluster's files; with an error nothing was run
	Trace    *trace.Trace // nil when nothing was run
	Checks   []check.Result
	Expects  []Verdict // in the scenario's order
	Hash     string    // SHA-256 over every frame and every trace record

	Frames    []frames.Frame // around what happened
	FramesCut time.Duration  // from when on there was no room for more; 0: there was
}

// Verdict is an expectation with what was seen.
type Verdict struct {
	Expect Expect
	OK     bool
	Seen   string
}

// Expected says whether the scenario expects the check to fail.
func (o *Outcome) Expected(id string) bool {
	for _, v := range o.Expects {
		if v.Expect.What == "finding" && !v.Expect.Not && v.Expect.Args[0] == id {
			return true
		}
	}
	return false
}

// Passed says whether every expectation held and every check passed that was not to fail. Where
// nothing was judged, nothing has passed.
func (o *Outcome) Passed() bool {
	for _, v := range o.Expects {
		if !v.OK {
			return false
		}
	}
	for _, r := range o.Checks {
		if !o.Expected(r.ID) && !check.Passed([]check.Result{r}) {
			return false
		}
	}
	return len(o.Expects)+len(o.Checks) > 0
}
