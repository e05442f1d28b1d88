package script

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/frames"
	"ipwsim/sim/trace"
)

// Played is what a run leaves behind: with the scenario and its cluster's files, all that it takes to
// judge it, now or again later.
type Played struct {
	Seed  uint64
	Trace *trace.Trace // nil when nothing was run
	Hits  []uint64     // how many frames each of the scenario's rules met
	Hash  string       // SHA-256 over every frame and every trace record; "" unless asked for

	Frames    []frames.Frame // around what happened; none unless asked for
	FramesCut time.Duration  // from when on there was no room for more; 0: there was
}

// Outcome is what came of a run.
type Outcome struct {
	Played
	Problems diag.List // of the cluster's files; with an error nothing was run
	Checks   []check.Result
	Expects  []Verdict // in the scenario's order
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
