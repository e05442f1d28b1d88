// Package runtest is for tests of reports: it gives them runs of scenarios, shipped and made up, runs at random far
// from sense, and what every text must keep to.
package runtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/width"

	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Langs are the languages of reports.
var Langs = []words.Lang{words.English, words.Japanese}

// Seconds is so many of them, to the millisecond.
func Seconds(s float64) time.Duration { return time.Duration(math.Round(s*1000)) * time.Millisecond }

// played are the runs that Scenario has made.
var played sync.Map // of name to func() (*finding.Run, error)

// Scenario is the run of a shipped scenario. Others read it too: who changes it takes a Fresh one.
func Scenario(t testing.TB, name string) *finding.Run {
	t.Helper()
	f, _ := played.LoadOrStore(name, sync.OnceValues(func() (*finding.Run, error) { return shipped(name) }))
	r, err := f.(func() (*finding.Run, error))()
	require.NoError(t, err)
	return r
}

// Fresh is a run of a shipped scenario, the caller's to change.
func Fresh(t testing.TB, name string) *finding.Run {
	t.Helper()
	r, err := shipped(name)
	require.NoError(t, err)
	return r
}

// Framed is a Fresh run with the frames of its page.
func Framed(t testing.TB, name string) *finding.Run {
	t.Helper()
	data, err := scenarios.Read(name)
	require.NoError(t, err)
	r, err := play(name, data, true)
	require.NoError(t, err)
	r.Program = "v1.2.3"
	return r
}

// Play is the run of a scenario that a test has written.
func Play(t testing.TB, name, text string) *finding.Run {
	t.Helper()
	r, err := play(name, []byte(text), false)
	require.NoError(t, err)
	return r
}

// Failing is a run that must not pass: the standby's netsh does nothing, and nobody takes the VIP over.
func Failing(t testing.TB) *finding.Run {
	t.Helper()
	return Play(t, "failing", `# netsh on the standby does nothing
# ja: スタンバイ側の netsh が何もしない
cluster guide
ping client vip
at 10s netsh standby lie
at 20s unplug active
expect failover 30s..40s
expect holder standby
at 140s netsh standby ok
expect no finding P4
at 200s plug active
end 220s
`)
}

// Trace is a run of what a test has recorded by hand. It has the facts of its faults and tasks, and no others.
func Trace(t *trace.Trace) *finding.Run {
	f := &finding.Facts{End: t.End}
	for r := range t.All() {
		switch b := r.Body.(type) {
		case trace.Fault:
			f.Faults = append(f.Faults, finding.Fault{Fault: b, At: r.At, Until: r.At})
		case trace.Task:
			f.Tasks = append(f.Tasks, finding.Task{At: r.At, Host: r.Host, Task: b})
		}
	}
	return &finding.Run{Scenario: "by-hand", Played: finding.Played{Trace: t}, Facts: f}
}

func shipped(name string) (*finding.Run, error) {
	data, err := scenarios.Read(name)
	if err != nil {
		return nil, err
	}
	return play(name, data, false)
}

func play(name string, data []byte, frames bool) (*finding.Run, error) {
	s, problems := script.Parse(name+".txtar", data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r, err := script.Run(context.Background(), s, script.Options{Cluster: cluster, Frames: frames})
	if err == nil {
		r.Rerun = fmt.Sprintf("ipwsim run %s --seed %d", name, r.Seed)
	}
	return r, err
}

// cluster finds a shipped cluster.
func cluster(name string) (fs.FS, error) {
	sub, err := fs.Sub(scenarios.Clusters(), name)
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(sub, "."); errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return sub, nil
}

// Harmless holds a text for a terminal against what every one promises: no line is wider than so many columns, and
// nothing in it is obeyed. It measures by itself, not with what made the text.
func Harmless(t require.TestingT, out string, most int) {
	require.True(t, utf8.ValidString(out))
	require.True(t, strings.HasSuffix(out, "\n"))
	for line := range strings.Lines(out) {
		n := 0
		for _, r := range strings.TrimSuffix(line, "\n") {
			if !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) {
				require.Fail(t, "a character that does not print", "%q", line)
			}
			if r < utf8.RuneSelf {
				n++
				continue
			}
			if unicode.In(r, unicode.Mn, unicode.Me) {
				continue // it stands on the letter before
			}
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
		}
		require.LessOrEqual(t, n, most, "%q", line)
	}
}

// Schema is a validator of documents for a JSON Schema, of another library than the one that makes schemas. A strict one
// allows no field that the schema does not list.
func Schema(t testing.TB, raw []byte, strict bool) func(doc []byte) error {
	t.Helper()
	c := jsonschema.NewCompiler()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	if strict {
		closeObjects(schema)
	}
	require.NoError(t, c.AddResource("schema.json", schema))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return func(doc []byte) error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
		if err != nil {
			return err
		}
		return s.Validate(value)
	}
}

// closeObjects forbids other fields wherever some are listed.
func closeObjects(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		for name, part := range s {
			closeObjects(part)
			if _, listed := part.(map[string]any); listed && name == "properties" {
				s["additionalProperties"] = false
			}
		}
	case []any:
		for _, part := range s {
			closeObjects(part)
		}
	}
}
