package reports

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func junitOf(t require.TestingT, all []Result) string {
	var b bytes.Buffer
	require.NoError(t, JUnit(&b, all))
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

func TestJUnitGolden(t *testing.T) {
	golden(t, "results.xml", junitOf(t, []Result{cablePull(), slowFailover()}))
}

func TestJUnitHasOneCaseForEachScenario(t *testing.T) {
	s := parse(t, junitOf(t, []Result{cablePull(), slowFailover(), {Scenario: "empty"}}))
	require.Equal(t, []int{3, 2}, []int{s.Tests, s.Failures})
	require.Equal(t, "360.000", s.Time)
	require.Equal(t, junit.Property{Name: "seed", Value: "7"}, (*s.Suites[0].Properties)[0])
	require.Nil(t, s.Suites[0].Testcases[0].Failure)
	require.Equal(t, "180.000", s.Suites[0].Testcases[0].Time)

	f := s.Suites[1].Testcases[0].Failure
	require.Equal(t, "line 5: expect failover 30s..40s; seen: 55.2 s", f.Message)
	require.Contains(t, f.Data, "run again: ipwsim run")
	require.Equal(t, "no data", s.Suites[2].Testcases[0].Failure.Type)
}

func TestJUnitOfNothingFails(t *testing.T) {
	require.Equal(t, 1, parse(t, junitOf(t, nil)).Failures)
}

func TestJUnitIsValidXMLWhateverTheNames(t *testing.T) {
	for _, evil := range []string{"]]>", "a]]]]>>b", "\x00\x1b[31m", "\xff\xfe", "￾￿", "<&\"'>", "\r\n\t", "\u202e"} {
		r := slowFailover()
		r.Scenario, r.File, r.Title, r.Hash, r.Rerun = evil, evil, evil, evil, evil
		r.Checks[0].Sentences = []string{evil}
		r.Expectations[0].Text = evil
		r.Figures[0].Client = evil
		s := parse(t, junitOf(t, []Result{r}))
		require.Equal(t, safe(evil), s.Suites[0].Testcases[0].Name)
		require.Contains(t, s.Suites[0].Testcases[0].Failure.Data, safe(evil))
	}
	rapid.Check(t, func(t *rapid.T) {
		parse(t, junitOf(t, rapid.SliceOfN(results(), 0, 3).Draw(t, "results")))
	})
}
