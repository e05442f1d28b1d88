package reports

// Passed says whether every check and expectation holds and every promised figure was kept. A
// run in which nothing happened, or nothing was judged, has not passed.
func (r Result) Passed() bool { return len(r.objections(english)) == 0 }

// Kinds of objection, as JSON and JUnit name them.
const (
	noDataKind       = "no data"
	expectationKind  = "expectation"
	failKind         = "fail"
	inconclusiveKind = "inconclusive"
	figureKind       = "figure"
)

// An objection is one reason why a run has not passed.
type objection struct {
	kind string
	text string
	line int // of the scenario's file; 0: none
}

// objections lists every reason. A run without data has that one only.
func (r Result) objections(l lang) []objection {
	switch {
	case !r.Refused && (r.Trace == nil || len(r.Trace.Records) == 0):
		return []objection{{kind: noDataKind, text: l.say(noData)}}
	case !r.judged():
		return []objection{{kind: noDataKind, text: l.say(nothingJudged)}}
	}
	var all []objection
	for _, e := range r.Expectations {
		if !e.OK {
			all = append(all, objection{expectationKind, l.say(whyExpectation, e.sentence(l), e.seen(l)), e.Line})
		}
	}
	for _, c := range r.Checks {
		if o, bad := c.objection(l); bad {
			all = append(all, o)
		}
	}
	for _, f := range r.Figures {
		if f.Promised() && !f.Kept() {
			all = append(all, objection{kind: figureKind, text: l.say(whyFigure, f.who(l), f.amount(l), f.band(l))})
		}
	}
	return all
}

// judged says whether anything at all was decided about the run.
func (r Result) judged() bool {
	for _, c := range r.Checks {
		if c.verdict() != NotApplicable {
			return true
		}
	}
	return len(r.Expectations) > 0
}

func (c Check) objection(l lang) (o objection, bad bool) {
	switch v := c.verdict(); {
	case v == Pass, v == NotApplicable, v == Fail && c.Expected:
		return objection{}, false
	case v == Fail:
		return objection{kind: failKind, text: l.say(whyFail, c.ID, c.sentence())}, true
	}
	why := c.Reason
	if why == "" {
		why = c.sentence()
	}
	return objection{kind: inconclusiveKind, text: l.say(whyInconclusive, c.ID, why)}, true
}

// verdict is the check's verdict, with unknown words read as inconclusive.
func (c Check) verdict() Verdict {
	switch c.Verdict {
	case Pass, Fail, NotApplicable:
		return c.Verdict
	case "not applicable": // the same, spelt out
		return NotApplicable
	}
	return Inconclusive
}

// sentence is the first thing the check has to say.
func (c Check) sentence() string {
	for _, s := range c.Sentences {
		if s != "" {
			return s
		}
	}
	if c.Reason != "" {
		return c.Reason
	}
	return c.Title
}

// sentence is the expectation with its place.
func (e Expectation) sentence(l lang) string {
	if e.Line <= 0 {
		return e.Text
	}
	return l.say(atLine, e.Line, e.Text)
}

func (e Expectation) seen(l lang) string {
	if e.Seen == "" {
		return l.say(seenNothing)
	}
	return e.Seen
}
