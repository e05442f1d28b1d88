package exchange

import (
	_ "embed" // for SeedsSchema
	"encoding/xml"
	"io"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

// SeedsSchema is the JSON Schema (draft 2020-12) of what SeedsJSON writes. A test makes it from the types.
//
//go:embed seeds.json
var SeedsSchema []byte

// A SeedsDocument is what SeedsJSON writes. Times are seconds. Its version is that of a Document.
type SeedsDocument struct {
	Kind    string           `json:"ipwsim"` // "seeds"
	Version int              `json:"version"`
	Passed  bool             `json:"passed"` // every seed was run, none failed, every limit is kept
	Results []*studied.Seeds `json:"results"`
}

// SeedsJSON writes what came of scenarios under many seeds as one document.
func SeedsJSON(w io.Writer, all []*studied.Seeds) error {
	d := SeedsDocument{Kind: "seeds", Version: trace.Version, Passed: len(all) > 0, Results: all}
	for _, s := range all {
		d.Passed = d.Passed && s.Good()
	}
	return Write(w, d)
}

// SeedsJUnit writes them for a build server: a suite for each scenario, with a case for all its seeds, and one for each
// limit.
func SeedsJUnit(w io.Writer, all []*studied.Seeds) error {
	suites := junit.Testsuites{Name: "ipwsim"}
	for i, s := range all {
		suites.AddSuite(seedsSuite(i, s))
	}
	if len(all) == 0 {
		suites.AddSuite(junitNothing()) // an empty file would count as a success
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return suites.WriteXML(w)
}

func seedsSuite(i int, s *studied.Seeds) junit.Testsuite {
	suite := junit.Testsuite{Name: words.Safe(s.Scenario), ID: i, File: words.Safe(s.File), Time: junitTime(0)}
	suite.AddProperty("seeds", words.Safe(s.Asked))
	l := words.English
	c := junit.Testcase{Name: "seeds", Classname: words.Safe(s.Scenario), Time: junitTime(0)}
	lines := []string{l.SeedCounts(s)}
	for _, x := range s.Reasons {
		lines = append(lines, l.Outcome(x.Outcome)+" "+l.Say("seeds.cause", l.SeedCause(x), x.Seeds, x.First), "    "+l.Say("seeds.show", x.Rerun))
	}
	if s.Worst != nil {
		lines = append(lines, l.Say("seeds.worst-head")+" "+l.SeedWorst(s.Worst), "    "+l.Say("seeds.show", s.Worst.Rerun))
	}
	if text := junitLines(lines); s.Failed > 0 || s.NoWorld > 0 || !s.Whole() {
		c.Failure = &junit.Result{Message: words.Safe(lines[0]), Type: string(finding.Bad), Data: text}
	} else {
		c.SystemOut = &junit.Output{Data: text}
	}
	suite.AddTestcase(c)
	for _, x := range s.Limits {
		c := junit.Testcase{Name: words.Safe(x.Text), Classname: words.Safe(s.Scenario), Time: junitTime(0)}
		if text := words.Safe(l.SeedLimit(x)); x.OK {
			c.SystemOut = &junit.Output{Data: text}
		} else {
			c.Failure = &junit.Result{Message: text, Type: "limit", Data: text}
		}
		suite.AddTestcase(c)
	}
	return suite
}
