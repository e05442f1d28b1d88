package reports

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// JUnit writes the results for a build server: a suite with one test case for each scenario, so
// that seed and hash can stand with it as properties. Times are virtual seconds, the length of
// the scenario: how long the machine took would differ from run to run.
func JUnit(w io.Writer, all []Result) error {
	suites := junit.Testsuites{Name: "ipwsim"}
	total := 0.0
	for i, r := range all {
		suites.AddSuite(junitSuite(i, r))
		if r.Trace != nil {
			total += r.Trace.End.Seconds()
		}
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

func junitSuite(i int, r Result) junit.Testsuite {
	length := 0.0
	if r.Trace != nil {
		length = r.Trace.End.Seconds()
	}
	s := junit.Testsuite{Name: safe(r.Scenario), ID: i, File: safe(r.File), Time: junitTime(length)}
	s.AddProperty("seed", strconv.FormatUint(r.Seed, 10))
	s.AddProperty("hash", safe(r.Hash))
	s.AddProperty("rerun", safe(r.Rerun))

	c := junit.Testcase{Name: safe(r.Scenario), Classname: "ipwsim", Time: junitTime(length)}
	if r.File != "" {
		c.Classname = safe(r.File)
	}
	if objections := r.objections(english); len(objections) > 0 {
		c.Failure = &junit.Result{
			Message: safe(objections[0].text),
			Type:    objections[0].kind,
			Data:    junitDetails(r, objections),
		}
	}
	if out := junitOutput(r); out != "" {
		c.SystemOut = &junit.Output{Data: out}
	}
	s.AddTestcase(c)
	return s
}

// junitDetails is every reason, what the failed checks found, and the command to see it again.
func junitDetails(r Result, objections []objection) string {
	lines := []string{r.Title}
	for _, o := range objections {
		lines = append(lines, "- "+o.text)
	}
	for _, c := range r.Checks {
		if _, bad := c.objection(english); !bad {
			continue
		}
		lines = append(lines, c.ID+" "+c.Title)
		for _, s := range c.Sentences {
			lines = append(lines, "    "+s)
		}
		if c.Reason != "" {
			lines = append(lines, "    "+english.say(reason, c.Reason))
		}
	}
	if r.Rerun != "" {
		lines = append(lines, english.say(runAgain, r.Rerun))
	}
	return junitLines(lines)
}

// junitOutput is what the run measured.
func junitOutput(r Result) string {
	var lines []string
	p := newPage(Options{})
	for _, f := range r.Figures {
		parts := []string{f.who(english), f.amount(english), p.promise(f), p.outcome(f), p.detail(f, false)}
		lines = append(lines, strings.TrimRight(strings.Join(parts, "  "), " "))
	}
	for _, s := range r.Warnings {
		lines = append(lines, english.say(warning, s))
	}
	return junitLines(lines)
}

func junitLines(lines []string) string {
	for i := range lines {
		lines[i] = safe(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

func junitNothing() junit.Testsuite {
	s := junit.Testsuite{Name: "ipwsim", Time: junitTime(0)}
	why := english.say(noScenarios)
	s.AddTestcase(junit.Testcase{
		Name:      "scenarios",
		Classname: "ipwsim",
		Time:      junitTime(0),
		Failure:   &junit.Result{Message: why, Type: noDataKind, Data: why},
	})
	return s
}

func junitTime(seconds float64) string { return strconv.FormatFloat(max(0, seconds), 'f', 3, 64) }
