package search

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// Failure is why a case is bad: what two cases have in common that fail for one reason.
type Failure struct {
	Check string        `json:"check"` // its number; "": an expectation
	Kind  string        `json:"kind"`  // of the finding, or the expectation
	Why   string        `json:"why,omitempty"`
	At    time.Duration `json:"at"`
}

// Crash is the Check of a case whose run crashed.
const Crash = "crash"

// duration is one as Go prints it.
var duration = regexp.MustCompile(`\b(\d+h)?(\d+m)?\d+(\.\d+)?([mµn]?s)\b`)

// crashOf is why a case is bad whose run crashed, or came to no end: the first line of what it says, without the times in
// it, for one crash comes at other times in other cases.
func crashOf(broken any) *Failure {
	first, _, _ := strings.Cut(fmt.Sprint(broken), "\n")
	at, _ := time.ParseDuration(duration.FindString(first))
	return &Failure{Check: Crash, Kind: duration.ReplaceAllString(first, "T"), At: at}
}

// same says whether two failures are of one kind.
func (f Failure) same(o Failure) bool { return f.Check == o.Check && f.Kind == o.Kind }

// failureOf is the first objection to a run; nil when there is none. A check that fails comes before one that could not
// decide, and both before expectations, which say less.
func failureOf(run *finding.Run, hopeless bool) *Failure {
	var worst *Failure
	for _, o := range run.Objections() {
		f := Failure{Kind: "nothing was judged"}
		switch {
		case o.Result == nil && o.Expectation == nil && hopeless: // of another watcher than IPWatcher there may be nothing that must hold
			continue
		case o.Result != nil:
			f = ofResult(o.Result)
		case o.Expectation != nil:
			f = Failure{Kind: o.Expectation.Text, At: o.Expectation.To}
		}
		if worst == nil || worst.Check == "" && f.Check != "" {
			worst = &f
		}
	}
	return worst
}

func ofResult(r *finding.Result) Failure {
	f := Failure{Check: r.ID, Kind: string(r.Verdict)}
	if r.Reason != nil {
		f.Kind = string(r.Reason.Kind)
	}
	for i := range r.Findings {
		n := &r.Findings[i]
		if n.Verdict != finding.Fail && r.Verdict == finding.Fail {
			continue
		}
		f.Kind, f.At = string(n.Kind), n.At
		if n.Because != nil {
			f.Why = string(n.Because.Kind)
		}
		break
	}
	return f
}

// undecided is how many checks could not decide, and are held against the run.
func undecided(run *finding.Run) (n int) {
	if run == nil {
		return 0
	}
	for _, o := range run.Objections() {
		if o.Result != nil && o.Result.Verdict == finding.Inconclusive {
			n++
		}
	}
	return n
}
