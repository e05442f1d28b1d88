package reports

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// schemaOf makes the schema from the documents' types. The strict one knows no other fields: it shows
// that the schema leaves nothing out. The published one allows them, as the rule of the version does.
func schemaOf(t *testing.T, strict bool) []byte {
	words := func(all ...any) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Enum: all} }
	opt := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[Seconds](): {Type: "number"},
		reflect.TypeFor[Verdict](): words("pass", "fail", "inconclusive", "n/a"),
	}}
	result, err := jsonschema.For[Document](opt)
	require.NoError(t, err)
	entry := result.Properties["results"].Items
	entry.Properties["reasons"].Items.Properties["kind"] = words(noDataKind, expectationKind, failKind, inconclusiveKind, figureKind)
	entry.Properties["seed"].Pattern = "^[0-9]+$"
	field, err := jsonschema.For[FieldDocument](opt)
	require.NoError(t, err)
	for kind, s := range map[string]*jsonschema.Schema{"result": result, "field": field} {
		s.Properties["ipwsim"] = &jsonschema.Schema{Const: new(any(kind))}
		s.Properties["version"] = &jsonschema.Schema{Const: new(any(Version))}
		tidySchema(s, strict)
	}
	raw, err := json.MarshalIndent(&jsonschema.Schema{
		Schema: "https://json-schema.org/draft/2020-12/schema", ID: "urn:ipwsim:report:1", Title: "Reports of ipwsim, version 1",
		Description: "What ipwsim run --json prints. Times are seconds of virtual time. Fields that are not listed here may come: ignore them.",
		OneOf:       []*jsonschema.Schema{result, field},
	}, "", "  ")
	require.NoError(t, err)
	return append(raw, '\n')
}

// tidySchema says that lists are never null, and unless strict that other fields may come.
func tidySchema(s *jsonschema.Schema, strict bool) {
	if s == nil {
		return
	}
	if s.Items != nil {
		s.Type, s.Types = "array", nil
	}
	if len(s.Properties) > 0 && !strict {
		s.AdditionalProperties = nil
	}
	for _, p := range s.Properties {
		tidySchema(p, strict)
	}
	tidySchema(s.Items, strict)
}

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile("schema.json", schemaOf(t, false), 0o644))
	}
	require.Equal(t, string(schemaOf(t, false)), string(Schema), "go test ./reports -update writes it anew; does Version have to change?")
}

// compile makes a validator of another library's.
func compile(t *testing.T, raw []byte) func(doc []byte) error {
	c := validator.NewCompiler()
	doc, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return func(doc []byte) error {
		value, err := validator.UnmarshalJSON(bytes.NewReader(doc))
		if err != nil {
			return err
		}
		return s.Validate(value)
	}
}

func TestDocumentsAreValid(t *testing.T) {
	published, strict := compile(t, Schema), compile(t, schemaOf(t, true))
	check := func(t require.TestingT, doc []byte) {
		require.NoError(t, strict(doc))
		require.NoError(t, published(doc))
	}
	check(t, jsonOf(t, []Result{cablePull(), slowFailover(), {}}))
	check(t, jsonOf(t, nil))
	var b bytes.Buffer
	require.NoError(t, FieldJSON(&b, fieldRows()))
	check(t, b.Bytes())
	rapid.Check(t, func(t *rapid.T) {
		check(t, jsonOf(t, rapid.SliceOfN(results(), 0, 3).Draw(t, "results")))
	})
}

// The schema refuses what breaks the promise of its version, and allows what does not.
func TestTheSchemaIsStrictWhereItShouldBe(t *testing.T) {
	published := compile(t, Schema)
	doc := string(jsonOf(t, []Result{cablePull()}))
	for what, change := range map[string][2]string{
		"another version":        {`"version": 1`, `"version": 2`},
		"another kind":           {`"ipwsim": "result"`, `"ipwsim": "study"`},
		"a field that is gone":   {`"passed": true,`, ``},
		"a time in words":        {`"value": 34.6`, `"value": "34.6 s"`},
		"a seed as a number":     {`"seed": "7"`, `"seed": 7`},
		"a list that is null":    {`"warnings": []`, `"warnings": null`},
		"a verdict of its own":   {`"verdict": "n/a"`, `"verdict": "maybe"`},
		"a reason of no kind":    {`"reasons": []`, `"reasons": [{"kind": "mood", "text": ""}]`},
		"a line in half numbers": {`"line": 5`, `"line": 5.5`},
	} {
		require.Contains(t, doc, change[0])
		require.Error(t, published([]byte(strings.Replace(doc, change[0], change[1], 1))), what)
	}
	require.NoError(t, published([]byte(strings.Replace(doc, `"passed": true,`, `"passed": true, "mail": {},`, 1))), "a new field")
}
