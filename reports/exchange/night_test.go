package exchange_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// aNight is one with something of everything.
func aNight() *searched.Night {
	return &searched.Night{
		Program: "ipwsim devel", Begun: time.Date(2026, 11, 29, 1, 0, 0, 0, time.UTC), Length: time.Hour, Used: 59 * time.Minute, Workers: 2,
		Search: &searched.Search{
			Seed: 1<<64 - 1, Cases: 30_000, Probes: []searched.Count{{Name: "pair held/off", Count: 3}, {Name: "reason gone"}},
			Failures: []searched.Failure{{Name: "p3-dual", Check: "P3", Kind: "p3.dual", Title: finding.Phrase{En: "Both hold it", Ja: "両方が保持"}, Text: "# x\n", Rerun: "ipwsim run x"}},
			Broken:   []searched.Broken{{Shard: 4, Error: "a worker died"}},
		},
		Scenarios: []searched.Scenario{{Name: "cable-pull", Outcome: finding.Well}, {Name: "bad", Outcome: finding.Bad, Reasons: []finding.Phrase{{En: "why", Ja: "理由"}}}},
		Explored: []searched.Explored{
			{Name: "interval 30", Complete: true, Rerun: "ipwsim explore"},
			{Name: "interval 3", Complete: true, Rule: "P3", Title: finding.Phrase{En: "They clash", Ja: "衝突する"}, After: 1, At: 9 * time.Second, Rerun: "ipwsim explore x"},
		},
		Shares:  []searched.Share{{Part: searched.PartBugs, Took: time.Minute}},
		Benches: []searched.Bench{{Name: "cable-pull", Time: 12 * time.Millisecond, Floor: 8 * time.Millisecond}},
		Bugs:    []searched.Bug{{Name: "deaf", Kind: "host", Tried: true, Caught: true, Check: "P1", Cases: 12}, {Name: "blind", Kind: "watcher", Tried: true}, {Name: "late", Kind: "mail"}},
		Fuzz:    []searched.Fuzz{{Package: "./core", Target: "FuzzStep"}, {Package: "./core/table", Target: "FuzzParse", Failed: true, Output: "panic:\n\x1b[31mred"}},
		Gone:    []string{"p1-late"}, Since: "2026-11-28T01:00:00Z",
	}
}

func nightSchema(t *testing.T) []byte {
	opt := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Duration]():   {Type: "number"},
		reflect.TypeFor[time.Time]():       {Type: "string", Format: "date-time"},
		reflect.TypeFor[finding.Outcome](): oneOf(runtest.Constants(t, "sim/finding.Outcome")...),
	}}
	s, err := jsonschema.For[exchange.NightDocument](opt)
	require.NoError(t, err)
	s.Properties["ipwsim"] = &jsonschema.Schema{Const: new(any("night"))}
	s.Properties["version"] = &jsonschema.Schema{Const: new(any(exchange.NightVersion))}
	s.Properties["search"].Properties["seed"] = &jsonschema.Schema{Type: "string", Pattern: "^[0-9]+$"}
	s.Properties["search"].Type, s.Properties["search"].Types = "object", nil
	s.Schema, s.ID, s.Title = "https://json-schema.org/draft/2020-12/schema", "urn:ipwsim:nightly:1", "A night of ipwsim, version 1"
	s.Description = "nightly.json. Times are seconds, of real time but for those of the search that are called virtual. Fields that are not listed here may come: ignore them."
	tidy(s)
	raw, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	return append(raw, '\n')
}

func TestTheNightsSchemaIsThatOfTheTypes(t *testing.T) {
	want := string(nightSchema(t))
	if *update {
		require.NoError(t, os.WriteFile("nightly.schema.json", []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(exchange.NightSchema), "go test ./reports/exchange -update writes it anew; does NightVersion have to change?")
}

// What is written is what the schema says, also of a night with nothing in it.
func TestANightIsWhatItsSchemaSays(t *testing.T) {
	valid := runtest.Schema(t, exchange.NightSchema, true)
	for _, n := range []*searched.Night{aNight(), {Search: &searched.Search{}}} {
		var b bytes.Buffer
		require.NoError(t, exchange.Night(&b, n))
		require.NoError(t, valid(b.Bytes()), b.String())
	}
	var b bytes.Buffer
	require.NoError(t, exchange.Night(&b, aNight()))
	d := decoded(t, b.Bytes())
	require.Equal(t, "fail", d["verdict"])
	require.Equal(t, "18446744073709551615", at(t, d, "search", "seed"))
	require.Equal(t, 3600.0, d["length_seconds"])
	require.Equal(t, "p3-dual", at(t, d, "search", "failures", 0, "name"))
}

// A build server sees what failed, and known bugs that were not caught as skipped.
func TestANightsJUnit(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, exchange.NightJUnit(&b, aNight()))
	s := parse(t, b.String())
	require.Equal(t, []int{12, 6, 2}, []int{s.Tests, s.Failures, s.Skipped})
	require.Equal(t, []string{"search", "scenarios", "explore", "known bugs", "fuzz"}, []string{s.Suites[0].Name, s.Suites[1].Name, s.Suites[2].Name, s.Suites[3].Name, s.Suites[4].Name})
	search := s.Suites[0].Testcases
	require.Contains(t, search[0].Failure.Data, "reason gone", "probes that were never reached")
	require.Equal(t, "Both hold it", search[1].Failure.Message)
	require.Contains(t, search[1].Failure.Data, "ipwsim run x")
	explored := s.Suites[2].Testcases
	require.Nil(t, explored[0].Failure)
	require.Contains(t, explored[1].Failure.Data, "P3: They clash, after 1 departures and 9 s\nipwsim explore x")
	require.Contains(t, s.Suites[4].Testcases[1].Failure.Data, "panic:\n\\x1b[31mred")
}
