package reports

import (
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

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// element is what the schema of Jenkins' xUnit plugin (junit-10.xsd) allows in an element, written anew
// from its rules: attributes, those that must be there, children, and whether it holds text.
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
	require.NoError(t, validJUnit(junitOf(t, []Result{cablePull(), slowFailover(), {Scenario: "empty"}})))
	require.NoError(t, validJUnit(junitOf(t, nil)))
	rapid.Check(t, func(t *rapid.T) {
		require.NoError(t, validJUnit(junitOf(t, rapid.SliceOfN(results(), 0, 3).Draw(t, "results"))))
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

// A second reader, of another project, finds the same in the file.
func TestJUnitForGinkgosReader(t *testing.T) {
	raw := junitOf(t, []Result{cablePull(), slowFailover()})
	var other reporters.JUnitTestSuites
	require.NoError(t, xml.Unmarshal([]byte(raw), &other))
	first := parse(t, raw)
	require.Equal(t, []int{first.Tests, first.Failures, 2}, []int{other.Tests, other.Failures, len(other.TestSuites)})
	for i, s := range other.TestSuites {
		require.Equal(t, first.Suites[i].Name, s.Name)
		require.Equal(t, "7", s.Properties.WithName("seed"))
		require.Equal(t, first.Suites[i].Testcases[0].Name, s.TestCases[0].Name)
		require.InDelta(t, 180, s.TestCases[0].Time, 0)
	}
	require.Nil(t, other.TestSuites[0].TestCases[0].Failure)
	failure := other.TestSuites[1].TestCases[0].Failure
	require.Equal(t, "line 5: expect failover 30s..40s; seen: 55.2 s", failure.Message)
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
	require.NoError(t, os.WriteFile(file, []byte(junitOf(t, []Result{cablePull(), slowFailover()})), 0o644))
	out, err := exec.Command(python, "-c", script, file).CombinedOutput()
	require.NoError(t, err, string(out))
	const place = "|scenarios/testdata/cable-pull.txtar|180.0|"
	const properties = "seed=7|hash=5c1d2a9f30b7|rerun=ipwsim run scenarios/testdata/cable-pull.txtar --seed 7\n"
	require.Equal(t, "cable-pull|1|0"+place+properties+
		"stp-port|1|1"+place+"expectation: line 5: expect failover 30s..40s; seen: 55.2 s|"+properties, string(out))
}
