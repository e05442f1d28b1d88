package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"ipwsim/reports"
	"ipwsim/scenarios"
)

// The JSON of every shipped scenario, and of one that fails, is what the schema says.
func TestJSONIsWhatTheSchemaSays(t *testing.T) {
	printed := ipwsim("schema")
	require.Equal(t, said{exitPass, string(reports.Schema), ""}, printed)
	schema := compile(t, printed.out)
	for _, args := range [][]string{{"--all"}, {scenario(t, "case.txtar", failing)}, {scenario(t, "case.txtar", refused), "--hash"}} {
		got := ipwsim(append([]string{"run", "--json"}, args...)...)
		require.Less(t, got.status, exitError, got.err)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(got.out))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(doc), args)
		if args[0] == "--all" {
			require.Len(t, doc.(map[string]any)["results"], len(scenarios.Names()))
		}
	}
}

func compile(t *testing.T, schema string) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(schema)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}
