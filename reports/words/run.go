package words

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Outcome is what a run comes to, in a word.
func (l Lang) Outcome(o finding.Outcome) string {
	switch o {
	case finding.Well:
		return l.Say("pass-word")
	case finding.Weakness:
		return l.Say("weakness-word")
	}
	return l.Say("fail-word")
}

// Objection is a reason why a run is bad.
func (t Teller) Objection(o finding.Objection) string {
	switch {
	case o.Expectation != nil:
		return t.Say("why-expectation", t.Expectation(o.Expectation), t.Seen(o.Expectation))
	case o.Result != nil:
		return t.Result(o.Result)
	case t.Facts == nil:
		return t.Say("no-trace")
	}
	return t.Say("nothing-judged")
}

// Result is the worst thing that a check that did not pass has to say, and how many more there are as bad: a failure
// before what is not decided, a long time before a short one, and else the first.
func (t Teller) Result(r *finding.Result) string {
	worse := func(a, b finding.Finding) int { // as "fail" sorts before "inconclusive"
		return cmp.Or(cmp.Compare(b.Verdict, a.Verdict), cmp.Compare(a.Time, b.Time))
	}
	if r.Verdict == finding.Inconclusive && r.Reason != nil {
		return t.Say("why-inconclusive", r.ID, t.Note(*r.Reason))
	}
	if len(r.Findings) == 0 {
		return t.Say("check." + r.ID)
	}
	text := t.Note(slices.MaxFunc(r.Findings, worse).Note)
	if r.Verdict == finding.Inconclusive {
		text = t.Say("why-inconclusive", r.ID, strings.TrimPrefix(text, r.ID+": "))
	}
	alike := 0
	for _, f := range r.Findings {
		if f.Verdict == r.Verdict {
			alike++
		}
	}
	if alike > 1 {
		return t.Say("result-and-more", text, alike-1)
	}
	return text
}

// Cases are what a check found and what it left unjudged, a sentence each, told once. Where it had no case at all, the
// reason comes first.
func (t Teller) Cases(c *finding.Result) (all []string) {
	if c.Reason != nil && c.Reason.Kind != "all-left" { // that one says what the cases say
		all = append(all, t.Say("reason-of", t.Note(*c.Reason)))
	}
	told := map[string]bool{}
	for _, f := range slices.Concat(c.Findings, c.Left) {
		if s := t.Note(f.Note); !told[s] {
			told[s] = true
			all = append(all, s)
		}
	}
	return all
}

// Expectation is the expectation with its place.
func (l Lang) Expectation(e *finding.Expectation) string {
	if e.Line <= 0 {
		return e.Text
	}
	return l.Say("at-line", e.Line, e.Text)
}

// Seen is what was seen of an expectation, and what is easily misunderstood about it.
func (t Teller) Seen(e *finding.Expectation) string {
	seen := t.Notes(e.Seen)
	if e.Hint != nil {
		seen += "; " + t.Note(*e.Hint)
	}
	return seen
}

// Problem is a problem of a file, with its place.
func (l Lang) Problem(p diag.Problem) string {
	key := "warning"
	if p.Severity == diag.Error {
		key = "refused"
	}
	return l.Say(key, l.place(p)+l.message(p))
}

// FigureName is what a figure measures.
func (l Lang) FigureName(n finding.FigureName) string { return l.Say(string(n)) }

// Figure is a figure in one line.
func (l Lang) Figure(f finding.Figure) string {
	return l.FigureName(f.Name) + " " + l.Got(f.Time, f.Open) + "  " + l.clauses(l.FigureOf(f), l.FigureJudged(f))
}

// clauses joins those that say something.
func (l Lang) clauses(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), l.Say("semicolon"))
}

// Got is a time that was got, so far if it is not over.
func (l Lang) Got(d time.Duration, open bool) string {
	text := l.Tenths(d)
	if d < time.Second {
		text = l.Lasting(d)
	}
	if open {
		return l.Say("at-least", text)
	}
	return text
}

// FigureOf is whose figure it is, and what came of it.
func (l Lang) FigureOf(f finding.Figure) string {
	who := []string{f.Client + " -> " + Address(f.VIP)}
	if f.Silent != f.Time {
		who = append(who, l.Say("silent-for", l.Tenths(f.Silent)))
	}
	if f.Pings > 0 {
		who = append(who, l.Say("figure-pings", l.Tenths(f.Pings)))
	}
	if by := l.AnsweredBy(f); by != "" {
		who = append(who, by)
	}
	return strings.Join(who, l.Say("comma"))
}

// AnsweredBy is who answers after the figure's time; "" for nobody.
func (l Lang) AnsweredBy(f finding.Figure) string {
	switch {
	case f.By == "" || f.Open:
		return ""
	case f.Again:
		return l.Say("answered-again", f.By)
	}
	return l.Say("answered-by", f.By)
}

// FigureJudged is what the maker or the settings promise, and apart from it what the scenario expects; "" where
// neither says anything.
func (l Lang) FigureJudged(f finding.Figure) string {
	text := l.Promise(f.Promise, f.Time, f.Open)
	if f.Expected == nil {
		return text
	}
	verdict := l.Say("expected-ok")
	if f.Open || !f.Expected.Band.Holds(f.Time) {
		verdict = l.Say("expected-missed")
	}
	return l.clauses(text, l.Expected(f.Expected, verdict))
}

// Expected is what the scenario expects, with a verdict: on another cluster than its own, what it says of that one, too.
func (l Lang) Expected(e *finding.Expectation, verdict string) string {
	if e.Own != nil {
		return l.Say("expected-elsewhere", l.Band(e.Own.Band), e.Own.Cluster, l.Band(e.Band), verdict)
	}
	return l.Say("expected-band", l.Band(e.Band), verdict)
}

// Promise is what a figure may take, by whom, and whether it did; "" where nothing is promised.
func (l Lang) Promise(p finding.Promise, d time.Duration, open bool) string {
	if p.Most == 0 {
		return ""
	}
	by, verdict := "promise-settings", "kept"
	if p.Guide {
		by = "promise-guide"
	}
	switch {
	case open && d <= p.Most:
		verdict = "undecided"
	case !p.Kept(d, open):
		verdict = "missed"
	}
	return l.Say(by, l.Band(finding.Band{Least: p.Least, Most: p.Most}), l.Say(verdict))
}

// Trigger is what started a task, or should have.
func (l Lang) Trigger(s string) string {
	if s == trace.TriggerStartup {
		return l.Say("trigger-startup")
	}
	return s
}

// Task is what happened to a task.
func (l Lang) Task(t finding.Task) string {
	switch t.State {
	case trace.TaskStarted:
		return l.Say("task-started", t.Name, l.Trigger(t.Trigger))
	case trace.TaskFinished:
		return l.Say("task-finished", t.Name)
	case trace.TaskSkipped:
		return l.Say("task-skipped", t.Name, l.Trigger(t.Trigger), l.Trigger(t.By), l.Stamp(t.Since))
	case trace.TaskTerminated:
		return l.Say("task-terminated", t.Name)
	}
	return t.Name + ": " + string(t.State)
}

// Watched is the watcher's change of mind, with the VIP where there is more than one.
func (l Lang) Watched(h *trace.Header, w trace.Watch) string {
	text := l.Say("reason", l.Say("state."+string(w.State))+": "+l.Say("reason."+string(w.Why)), w.Rule)
	if len(h.VIPs) > 1 {
		return Address(w.VIP) + " " + text
	}
	return text
}

// Misled is one wrong stretch of a belief.
func (l Lang) Misled(t *trace.Trace, b *finding.Belief, w finding.Span) string {
	whose := b.Whose
	if whose == "" {
		whose = l.Say("no-node")
	}
	length := l.Seconds(w.Length())
	if b.Open && w.To == b.To {
		length = l.Say("at-least", length)
	}
	vip := ""
	if len(t.Header.VIPs) > 1 {
		vip = Address(b.VIP) + " "
	}
	return vip + l.Say("belief-line", whose, b.MAC, length, strings.Join(w.By, l.Say("comma")))
}
