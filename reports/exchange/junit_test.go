package exchange_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

func junitOf(t require.TestingT, all ...*finding.Run) string {
	var b bytes.Buffer
	require.NoError(t, exchange.JUnit(&b, all))
	return b.String()
}

// parse reads the XML to its end, as a build server would.
func parse(t require.TestingT, raw string) junit.Testsuites {
	dec := xml.NewDecoder(strings.NewReader(raw))
	for {
		_, err := dec.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
	}
	var s junit.Testsuites
	require.NoError(t, xml.Unmarshal([]byte(raw), &s))
	return s
}

func TestJUnitHasOneCaseForEachScenario(t *testing.T) {
	s := parse(t, junitOf(t, runtest.Scenario(t, "cable-pull"), runtest.Failing(t), runtest.Scenario(t, "ad-client"), &finding.Run{Scenario: "empty"}))
	require.Equal(t, []int{4, 2}, []int{s.Tests, s.Failures})
	require.Equal(t, "1730.000", s.Time, "virtual seconds")

	pull := s.Suites[0]
	require.Equal(t, []junit.Property{{Name: "outcome", Value: "pass"}, {Name: "seed", Value: "1"}, {Name: "hash"}, {Name: "rerun", Value: "ipwsim run cable-pull --seed 1"}}, *pull.Properties)
	require.Equal(t, "110.000", pull.Testcases[0].Time)
	require.Equal(t, "cable-pull.txtar", pull.Testcases[0].Classname)
	require.Nil(t, pull.Testcases[0].Failure)
	require.Contains(t, pull.Testcases[0].SystemOut.Data, "failover 34.0 s  client -> 192.168.10.202")

	f := s.Suites[1].Testcases[0].Failure
	require.Equal(t, "line 7: expect failover 30s..40s; seen: 155.604 s for client", f.Message)
	require.Equal(t, "expectation", f.Type)
	require.Contains(t, f.Data, "- P8: a node stood ready")
	require.Contains(t, f.Data, "run again: ipwsim run failing")
	require.Equal(t, "no data", s.Suites[3].Testcases[0].Failure.Type)
}

// A weakness shown on purpose fails nothing, and is told as one.
func TestJUnitTellsAWeaknessApart(t *testing.T) {
	s := parse(t, junitOf(t, runtest.Scenario(t, "ad-client")))
	require.Zero(t, s.Failures)
	require.Equal(t, junit.Property{Name: "outcome", Value: "weakness"}, (*s.Suites[0].Properties)[0])
	require.Contains(t, s.Suites[0].Testcases[0].SystemOut.Data, words.English.Say("shown-weakness", "P8: "))
}

func TestJUnitOfNothingFails(t *testing.T) {
	require.Equal(t, 1, parse(t, junitOf(t)).Failures)
}

func TestJUnitIsValidXMLWhateverTheNames(t *testing.T) {
	for _, evil := range []string{"]]>", "a]]]]>>b", "\x00\x1b[31m", "\xff\xfe", "￾￿", "<&\"'>", "\r\n\t", "\u202e"} {
		r := runtest.Failing(t)
		r.Scenario, r.File, r.Title.En, r.Hash, r.Rerun, r.Expectations[0].Text = evil, evil, evil, evil, evil, evil
		for i := range r.Facts.Uses {
			r.Facts.Uses[i].Client = evil
		}
		s := parse(t, junitOf(t, r))
		require.Equal(t, words.Safe(evil), s.Suites[0].Testcases[0].Name)
		require.Contains(t, s.Suites[0].Testcases[0].Failure.Data, words.Safe(evil))
	}
}

// element is what the schema of Jenkins' xUnit plugin (junit-10.xsd) allows in an element, written anew from its rules:
// attributes, those that must be there, children, and whether it holds text.
type element struct {
	must, may, children []string
	text                bool
}

var jenkins = map[string]element{
	"testsuites": {nil, []string{"name", "time", "tests", "failures", "disabled", "errors"}, []string{"testsuite"}, false},
	"testsuite": {
		[]string{"name", "tests", "failures", "errors"},
		[]string{"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
		[]string{"testsuite", "properties", "testcase", "system-out", "system-err"}, false,
	},
	"properties": {nil, nil, []string{"property"}, false},
	"property":   {[]string{"name", "value"}, nil, nil, false},
	"testcase": {
		[]string{"name"}, []string{"assertions", "time", "classname", "status", "class", "file", "line", "log", "group", "url"},
		[]string{"skipped", "error", "failure", "system-out", "system-err", "properties"}, false,
	},
	"skipped":    {nil, []string{"type", "message"}, nil, true},
	"error":      {nil, []string{"type", "message"}, nil, true},
	"failure":    {nil, []string{"type", "message"}, nil, true},
	"system-out": {nil, nil, nil, true},
	"system-err": {nil, nil, nil, true},
}

// forms are those of attributes that are no free text.
var forms = map[string]*regexp.Regexp{
	"time":  regexp.MustCompile(`^[0-9]*(\.[0-9]{0,3})?$`),
	"tests": count, "failures": count, "errors": count, "skipped": count, "disabled": count, "id": count,
}

var count = regexp.MustCompile(`^[0-9]+$`)

// validJUnit holds the XML against the schema's rules.
func validJUnit(raw string) error {
	dec := xml.NewDecoder(strings.NewReader(raw))
	path := []string{}
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := allowed(path, token); err != nil {
				return fmt.Errorf("<%s> in %q: %w", token.Name.Local, path, err)
			}
			path = append(path, token.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 0 && !jenkins[path[len(path)-1]].text && strings.TrimSpace(string(token)) != "" {
				return fmt.Errorf("text in %q: %q", path, token)
			}
		}
	}
}

func allowed(path []string, e xml.StartElement) error {
	name := e.Name.Local
	rule, known := jenkins[name]
	switch {
	case !known, len(path) == 0 && name != "testsuites" && name != "testsuite":
		return fmt.Errorf("not known there")
	case len(path) > 0 && !slices.Contains(jenkins[path[len(path)-1]].children, name):
		return fmt.Errorf("not allowed there")
	}
	missing := slices.Clone(rule.must)
	for _, a := range e.Attr {
		if !slices.Contains(rule.must, a.Name.Local) && !slices.Contains(rule.may, a.Name.Local) {
			return fmt.Errorf("attribute %s", a.Name.Local)
		}
		if form := forms[a.Name.Local]; form != nil && !form.MatchString(a.Value) {
			return fmt.Errorf("%s=%q", a.Name.Local, a.Value)
		}
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == a.Name.Local })
	}
	if len(missing) > 0 {
		return fmt.Errorf("no attribute %s", missing[0])
	}
	return nil
}

func TestJUnitIsWhatJenkinsAllows(t *testing.T) {
	require.NoError(t, validJUnit(junitOf(t, runtest.Scenario(t, "cable-pull"), runtest.Failing(t), runtest.Scenario(t, "ad-client"), &finding.Run{Scenario: "empty"})))
	require.NoError(t, validJUnit(junitOf(t)))
	rapid.Check(t, func(t *rapid.T) {
		raw := junitOf(t, rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs")...)
		require.NoError(t, validJUnit(raw))
		parse(t, raw)
	})
}

func TestTheRulesForJUnitCatch(t *testing.T) {
	const suite = `<testsuites><testsuite name="a" tests="1" failures="0" errors="0">%</testsuite></testsuites>`
	require.NoError(t, validJUnit(strings.Replace(suite, "%", `<testcase name="t"/>`, 1)))
	for _, bad := range []string{
		`<testcases/>`, `<testsuites time="1.2.3"/>`, `<testsuites>text</testsuites>`, `<testsuites><testcase name="t"/></testsuites>`,
		`<testsuites><testsuite name="a" tests="1" failures="0"/></testsuites>`,
		strings.Replace(suite, "%", `<testcase/>`, 1), strings.Replace(suite, "%", `<testcase name="t" colour="red"/>`, 1),
		strings.Replace(suite, "%", `<properties><property name="x"/></properties>`, 1), strings.Replace(suite, "%", `<testcase name="t"><system-out><b/></system-out></testcase>`, 1),
	} {
		require.Error(t, validJUnit(bad), bad)
	}
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// secondReader is the format as Ant's JUnit task, Jenkins and Ginkgo have it, not as the library does that writes here.
type secondReader struct {
	XMLName    xml.Name `xml:"testsuites"`
	Tests      int      `xml:"tests,attr"`
	Failures   int      `xml:"failures,attr"`
	TestSuites []struct {
		Name       string     `xml:"name,attr"`
		Properties []property `xml:"properties>property"`
		TestCases  []struct {
			Name    string  `xml:"name,attr"`
			Time    float64 `xml:"time,attr"`
			Failure *struct {
				Message     string `xml:"message,attr"`
				Type        string `xml:"type,attr"`
				Description string `xml:",chardata"`
			} `xml:"failure"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// A second reader finds the same in the file.
func TestJUnitForASecondReader(t *testing.T) {
	raw := junitOf(t, runtest.Scenario(t, "cable-pull"), runtest.Failing(t))
	var other secondReader
	require.NoError(t, xml.Unmarshal([]byte(raw), &other))
	first := parse(t, raw)
	require.Equal(t, []int{first.Tests, first.Failures, 2}, []int{other.Tests, other.Failures, len(other.TestSuites)})
	for i, s := range other.TestSuites {
		require.Equal(t, first.Suites[i].Name, s.Name)
		require.Contains(t, s.Properties, property{"seed", "1"})
		require.Equal(t, first.Suites[i].Testcases[0].Name, s.TestCases[0].Name)
		require.InDelta(t, []float64{110, 220}[i], s.TestCases[0].Time, 0)
	}
	require.Nil(t, other.TestSuites[0].TestCases[0].Failure)
	failure := other.TestSuites[1].TestCases[0].Failure
	require.Equal(t, "line 7: expect failover 30s..40s; seen: 155.604 s for client", failure.Message)
	require.Equal(t, "expectation", failure.Type)
	require.Equal(t, first.Suites[1].Testcases[0].Failure.Data, failure.Description)
}

// A third, in another language and on another XML parser.
func TestJUnitForPythonsReader(t *testing.T) {
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import junitparser").CombinedOutput(); err != nil {
		message := "junitparser is not installed (apt-get install python3-junitparser): " + string(out)
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	const script = `import sys, junitparser
for s in junitparser.JUnitXml.fromfile(sys.argv[1]):
    for c in s:
        print(s.name, s.tests, s.failures, c.classname, c.time, *[r.type + ": " + r.message for r in c.result], *[p.name + "=" + p.value for p in s.properties()], sep="|")
`
	file := filepath.Join(t.TempDir(), "results.xml")
	pull, weak := runtest.Fresh(t, "cable-pull"), runtest.Scenario(t, "ad-client")
	pull.Hash = "5c1d2a9f30b7"
	require.NoError(t, os.WriteFile(file, []byte(junitOf(t, pull, runtest.Failing(t), weak)), 0o644))
	out, err := exec.Command(python, "-c", script, file).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, `cable-pull|1|0|cable-pull.txtar|110.0|outcome=pass|seed=1|hash=5c1d2a9f30b7|rerun=ipwsim run cable-pull --seed 1
failing|1|1|failing.txtar|220.0|expectation: line 7: expect failover 30s..40s; seen: 155.604 s for client|outcome=fail|seed=1|hash=|rerun=ipwsim run failing --seed 1
ad-client|1|0|ad-client.txtar|1400.0|outcome=weakness|seed=1|hash=|rerun=ipwsim run ad-client --seed 1
`, string(out))
}
