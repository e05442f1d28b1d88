package check

import "fmt"

// tally gathers the cases of one check. One failed case fails the check; else one unfinished
// case leaves it inconclusive; else one judged case passes it.
type tally struct {
	judged         int
	failed, unsure bool
	findings, left []Finding
}

func (y *tally) pass() { y.judged++ }

func (y *tally) fail(f Finding) {
	f.Verdict = Fail
	y.judged++
	y.failed = true
	y.findings = append(y.findings, f)
}

func (y *tally) unfinished(f Finding) {
	f.Verdict = Inconclusive
	y.unsure = true
	y.findings = append(y.findings, f)
}

// leave notes a case that is not this check's to judge.
func (y *tally) leave(f Finding) {
	f.Verdict = NotApplicable
	y.left = append(y.left, f)
}

// result gives the verdict; none is the reason when the trace holds no case at all.
func (y *tally) result(none string) Result {
	r := Result{Judged: y.judged, Findings: y.findings, Left: y.left}
	switch {
	case y.failed:
		r.Verdict = Fail
	case y.unsure:
		r.Verdict = Inconclusive
	case y.judged > 0:
		r.Verdict = Pass
	case len(y.left) > 0:
		r.Verdict = NotApplicable
		r.Reason = fmt.Sprintf("%d left unjudged; the first: %s", len(y.left), y.left[0].Sentence)
	default:
		r.Verdict = NotApplicable
		r.Reason = none
	}
	return r
}

// noData is the result of a check that cannot see what it would judge.
func noData(what string) Result {
	return Result{Verdict: Inconclusive, Reason: "no data: " + what}
}
