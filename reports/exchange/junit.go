package exchange

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// JUnit writes the runs for a build server: a suite with one test case for each scenario, so that seed, hash and
// outcome can stand with it as properties. A weakness that a scenario is there to show does not fail it: its property
// and the case's output say it. Times are virtual seconds, the length of the scenario: how long the machine took
// would differ from run to run.
func JUnit(w io.Writer, all []*finding.Run) error {
	suites := junit.Testsuites{Name: "ipwsim"}
	total := 0.0
	for i, r := range all {
		suites.AddSuite(junitSuite(i, r))
		total += length(r)
	}
	if len(all) == 0 {
		// An empty file would count as a success.
		suites.AddSuite(junitNothing())
	}
	suites.Time = junitTime(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return suites.WriteXML(w)
}

// length is the run's, in virtual seconds.
func length(r *finding.Run) float64 {
	if r.Trace == nil {
		return 0
	}
	return r.Trace.End.Seconds()
}

func junitSuite(i int, r *finding.Run) junit.Testsuite {
	s := junit.Testsuite{Name: words.Safe(r.Scenario), ID: i, File: words.Safe(r.File), Time: junitTime(length(r))}
	s.AddProperty("outcome", string(r.Outcome()))
	s.AddProperty("seed", strconv.FormatUint(r.Seed, 10))
	s.AddProperty("hash", words.Safe(r.Hash))
	s.AddProperty("rerun", words.Safe(r.Rerun))

	c := junit.Testcase{Name: words.Safe(r.Scenario), Classname: "ipwsim", Time: junitTime(length(r))}
	if r.File != "" {
		c.Classname = words.Safe(r.File)
	}
	t := words.Teller{Lang: words.English, Facts: r.Facts}
	if all := reasons(t, r); r.Outcome() == finding.Bad {
		c.Failure = &junit.Result{Message: words.Safe(all[0].Sentence), Type: all[0].Kind, Data: junitDetails(t, r, all)}
	}
	if out := junitOutput(t, r); out != "" {
		c.SystemOut = &junit.Output{Data: out}
	}
	s.AddTestcase(c)
	return s
}

// junitDetails is every reason, what the failed checks found, and the command to see it again.
func junitDetails(t words.Teller, r *finding.Run, all []Reason) string {
	lines := []string{r.Title.En}
	for _, x := range all {
		lines = append(lines, "- "+x.Sentence)
	}
	for i := range r.Results {
		c := &r.Results[i]
		if !c.Bad() {
			continue
		}
		lines = append(lines, c.ID+" "+t.Say("check."+c.ID))
		for _, f := range c.Findings {
			lines = append(lines, "    "+t.Note(f.Note))
		}
		if c.Reason != nil {
			lines = append(lines, "    "+t.Note(*c.Reason))
		}
	}
	if r.Rerun != "" {
		lines = append(lines, t.Say("run-again", r.Rerun))
	}
	return junitLines(lines)
}

// junitOutput is the weaknesses that the run shows, what it measured, and what its files are warned of.
func junitOutput(t words.Teller, r *finding.Run) string {
	var lines []string
	for _, c := range r.Weaknesses() {
		lines = append(lines, t.Say("shown-weakness", t.Result(c)))
	}
	if r.Facts != nil {
		for _, f := range r.Figures() {
			lines = append(lines, t.Figure(f))
		}
	}
	for _, p := range r.Problems {
		lines = append(lines, t.Problem(p))
	}
	return junitLines(lines)
}

func junitLines(lines []string) string {
	for i := range lines {
		lines[i] = words.Safe(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

func junitNothing() junit.Testsuite {
	s := junit.Testsuite{Name: "ipwsim", Time: junitTime(0)}
	why := words.English.Say("no-scenarios")
	s.AddTestcase(junit.Testcase{
		Name: "scenarios", Classname: "ipwsim", Time: junitTime(0), Failure: &junit.Result{Message: why, Type: "no data", Data: why},
	})
	return s
}

func junitTime(seconds float64) string { return strconv.FormatFloat(max(0, seconds), 'f', 3, 64) }
