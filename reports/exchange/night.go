package exchange

import (
	_ "embed" // for NightSchema
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// NightVersion is that of NightDocument, which changes as Document's does.
const NightVersion = 1

// NightSchema is the JSON Schema of what Night writes. A test makes it from the types.
//
//go:embed nightly.schema.json
var NightSchema []byte

// A NightDocument is nightly.json. Times are seconds.
type NightDocument struct {
	Kind    string          `json:"ipwsim"` // "night"
	Version int             `json:"version"`
	Verdict finding.Outcome `json:"verdict"`
	searched.Night
}

// Night writes what came of a night as one document.
func Night(w io.Writer, n *searched.Night) error {
	return Write(w, NightDocument{"night", NightVersion, n.Outcome(), *n})
}

// NightJUnit writes a night for a build server: a suite of what the search found, and one each of shipped scenarios,
// explorations, known bugs, of which those that were not caught or not tried are skipped, and fuzz targets.
func NightJUnit(w io.Writer, n *searched.Night) error {
	all := junit.Testsuites{Name: "ipwsim nightly"}
	for i, s := range []junit.Testsuite{searchSuite(n), scenarioSuite(n), exploreSuite(n), bugSuite(n), fuzzSuite(n)} {
		s.ID, s.Time = i, junitTime(0)
		all.AddSuite(s)
	}
	all.Time = junitTime(n.Used.Seconds())
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return all.WriteXML(w)
}

func caseOf(class, name string, seconds float64) junit.Testcase {
	return junit.Testcase{Classname: class, Name: words.Safe(name), Time: junitTime(seconds)}
}

func failing(kind, message string, lines ...string) *junit.Result {
	return &junit.Result{Type: kind, Message: words.Safe(message), Data: junitLines(append([]string{message}, lines...))}
}

func searchSuite(n *searched.Night) junit.Testsuite {
	s := junit.Testsuite{Name: "search"}
	s.AddProperty("seed", strconv.FormatUint(n.Search.Seed, 10))
	s.AddProperty("cases", strconv.Itoa(n.Search.Cases))
	probes := caseOf("search", "probes", n.Search.Took.Seconds())
	if n.Blind() {
		probes.Failure = failing("probes", words.English.Say("night.blind", len(n.Search.Missed())), n.Search.Missed()...)
	}
	s.AddTestcase(probes)
	for _, f := range n.Search.Failures {
		c := caseOf("search", f.Name, 0)
		c.Failure = failing(f.Check, f.Title.En, f.Rerun)
		s.AddTestcase(c)
	}
	for _, b := range n.Search.Broken {
		c := caseOf("search", fmt.Sprint("part ", b.Shard), 0)
		c.Failure = failing("error", b.Error, b.Rerun)
		s.AddTestcase(c)
	}
	return s
}

func scenarioSuite(n *searched.Night) junit.Testsuite {
	s := junit.Testsuite{Name: "scenarios"}
	for _, one := range n.Scenarios {
		c := caseOf("scenarios", one.Name, 0)
		if one.Outcome == finding.Bad {
			var lines []string
			for _, why := range one.Reasons {
				lines = append(lines, why.En)
			}
			c.Failure = failing("fail", one.Title.En, lines...)
		}
		s.AddTestcase(c)
	}
	return s
}

func exploreSuite(n *searched.Night) junit.Testsuite {
	s := junit.Testsuite{Name: "explore"}
	for i := range n.Explored {
		e := &n.Explored[i]
		c := caseOf("explore", e.Name, 0)
		if word, how := words.English.ExploredResult(e); !e.Holds() {
			c.Failure = failing(e.Rule, word, how, e.Rerun)
		}
		s.AddTestcase(c)
	}
	return s
}

func bugSuite(n *searched.Night) junit.Testsuite {
	s := junit.Testsuite{Name: "known bugs"}
	for _, b := range n.Bugs {
		c := caseOf("known bugs", b.Name, b.Took.Seconds())
		if text := words.English.BugResult(b); b.Caught {
			c.SystemOut = &junit.Output{Data: junitLines([]string{b.Title.En, text})}
		} else {
			c.Skipped = &junit.Result{Message: words.Safe(text)}
		}
		s.AddTestcase(c)
	}
	return s
}

func fuzzSuite(n *searched.Night) junit.Testsuite {
	s := junit.Testsuite{Name: "fuzz"}
	for _, f := range n.Fuzz {
		c := caseOf("fuzz", f.Package+" "+f.Target, f.Took.Seconds())
		if f.Failed {
			c.Failure = failing("fuzz", f.Package+" "+f.Target, strings.Split(f.Output, "\n")...)
		}
		s.AddTestcase(c)
	}
	return s
}
