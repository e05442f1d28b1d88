package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// The verdicts, for short.
const (
	Pass          = finding.Pass
	Fail          = finding.Fail
	Inconclusive  = finding.Inconclusive
	NotApplicable = finding.NotApplicable
)

var vip = story.VIP

func seconds(s float64) time.Duration { return story.Seconds(s) }

func band(least, most float64) finding.Band {
	return finding.Band{Least: seconds(least), Most: seconds(most)}
}

// wants runs one check and holds it to a verdict; the sentence is the rule the test stands for.
func wants(t *testing.T, id string, v finding.Verdict, tr *trace.Trace, sentence string) finding.Result {
	t.Helper()
	c, ok := ByID(id)
	require.True(t, ok, "no check has the ID %s", id)
	r := c.Run(facts.Read(tr))
	require.Equal(t, v, r.Verdict, "%s\nreason: %s\nfindings: %s\nleft: %s", sentence, told(r.Reason), listed(r.Findings), listed(r.Left))
	return r
}

// told is a note for who reads a failed test.
func told(n *finding.Note) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%s %+v because %s", n.Kind, *n, told(n.Because))
}

func listed(all []finding.Finding) (lines []string) {
	for _, f := range all {
		lines = append(lines, told(&f.Note))
	}
	return lines
}

// reason is the kind of what stands behind what the check left first.
func reason(t *testing.T, r finding.Result) *finding.Note {
	t.Helper()
	require.NotEmpty(t, r.Left, "something was left")
	require.NotNil(t, r.Left[0].Because, "what is not judged is said, with the reason")
	return r.Left[0].Because
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}
