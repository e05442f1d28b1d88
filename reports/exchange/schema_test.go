package exchange_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

var update = flag.Bool("update", false, "write the schema anew")

// typed are the types of words of which a document has no others; a document may leave the word "" out.
var typed = map[reflect.Type]string{
	reflect.TypeFor[finding.Outcome]():    "sim/finding.Outcome",
	reflect.TypeFor[finding.Verdict]():    "sim/finding.Verdict",
	reflect.TypeFor[finding.Obstacle]():   "sim/finding.Obstacle",
	reflect.TypeFor[finding.CauseKind]():  "sim/finding.CauseKind",
	reflect.TypeFor[finding.OutageKind](): "sim/finding.OutageKind",
	reflect.TypeFor[finding.Loss]():       "sim/finding.Loss",
	reflect.TypeFor[finding.FigureName](): "sim/finding.FigureName",
	reflect.TypeFor[trace.AddressState](): "sim/trace.AddressState",
	reflect.TypeFor[trace.PingOutcome]():  "sim/trace.PingOutcome",
	reflect.TypeFor[trace.TaskState]():    "sim/trace.TaskState",
	reflect.TypeFor[trace.MailStage]():    "sim/trace.MailStage",
	reflect.TypeFor[trace.Part]():         "sim/trace.Part",
}

// oneOf allows the words and no others.
func oneOf(all ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, word := range all {
		if word != "" {
			s.Enum = append(s.Enum, word)
		}
	}
	return s
}

// schemaOf makes the schema from the documents' types. It allows other fields beside theirs, as the rule of the version
// does.
func schemaOf(t *testing.T) []byte {
	opt := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Duration]():  {Type: "number"},
		reflect.TypeFor[netip.Addr]():     {Type: "string"},
		reflect.TypeFor[netip.AddrPort](): {Type: "string"},
		reflect.TypeFor[trace.MAC]():      {Type: "string"},
		reflect.TypeFor[finding.Note]():   {Ref: "#/$defs/note"}, // a note holds others
		reflect.TypeFor[exchange.Said]():  {Ref: "#/$defs/said"},
	}}
	for typ, of := range typed {
		opt.TypeSchemas[typ] = oneOf(runtest.Constants(t, of)...)
	}
	note, said := structure(t, reflect.TypeFor[finding.Note](), opt), structure(t, reflect.TypeFor[exchange.Said](), opt)
	s, err := jsonschema.For[exchange.Document](opt)
	require.NoError(t, err)
	s.Properties["ipwsim"] = &jsonschema.Schema{Const: new(any("result"))}
	s.Properties["version"] = &jsonschema.Schema{Const: new(any(trace.Version))}
	entry := s.Properties["results"].Items
	entry.Properties["reasons"].Items.Properties["kind"] = oneOf("no data", "expectation", "fail", "inconclusive", "weakness")
	entry.Properties["problems"].Items.Properties["severity"] = oneOf("error", "warning")
	entry.Properties["seed"].Pattern = "^[0-9]+$"
	s.Schema, s.ID, s.Title = "https://json-schema.org/draft/2020-12/schema", "urn:ipwsim:report:2", "Reports of ipwsim, version 2"
	s.Description = "What ipwsim run --json prints. Times are seconds of virtual time. Fields that are not listed here may come: ignore them."
	s.Defs = map[string]*jsonschema.Schema{"note": note, "said": said}
	for _, part := range []*jsonschema.Schema{s, note, said} {
		tidy(part)
	}
	raw, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	return append(raw, '\n')
}

// schemaOfKind makes the schema of documents of another kind.
func schemaOfKind[T any](t *testing.T, kind, what, command string) []byte {
	s, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Duration]():         {Type: "number"},
		reflect.TypeFor[finding.Outcome]():       oneOf(runtest.Constants(t, "sim/finding.Outcome")...),
		reflect.TypeFor[netip.Addr]():            {Type: "string"},
		reflect.TypeFor[finding.Obstacle]():      oneOf(runtest.Constants(t, "sim/finding.Obstacle")...),
		reflect.TypeFor[audited.FaultKind]():     oneOf(runtest.Constants(t, "sim/audited.FaultKind")...),
		reflect.TypeFor[audited.LeftWhy]():       oneOf(runtest.Constants(t, "sim/audited.LeftWhy")...),
		reflect.TypeFor[audited.Source]():        oneOf(runtest.Constants(t, "sim/audited.Source")...),
		reflect.TypeFor[audited.ChangeKind]():    oneOf(runtest.Constants(t, "sim/audited.ChangeKind")...),
		reflect.TypeFor[audited.Class]():         oneOf(runtest.Constants(t, "sim/audited.Class")...),
		reflect.TypeFor[audited.Verdict]():       oneOf(runtest.Constants(t, "sim/audited.Verdict")...),
		reflect.TypeFor[audited.Hand]():          oneOf(runtest.Constants(t, "sim/audited.Hand")...),
		reflect.TypeFor[studied.SeedCauseKind](): oneOf(runtest.Constants(t, "sim/studied.SeedCauseKind")...),
		reflect.TypeFor[studied.NightTest]():     oneOf(runtest.Constants(t, "sim/studied.NightTest")...),
		reflect.TypeFor[studied.NightVerdict]():  oneOf(runtest.Constants(t, "sim/studied.NightVerdict")...),
		reflect.TypeFor[studied.NightKind]():     oneOf(runtest.Constants(t, "sim/studied.NightKind")...),
		reflect.TypeFor[finding.FigureName]():    oneOf(append(runtest.Constants(t, "sim/finding.FigureName"), string(studied.Silence), string(studied.MailSilence))...),
	}})
	require.NoError(t, err)
	s.Properties["ipwsim"] = &jsonschema.Schema{Const: new(any(kind))}
	s.Properties["version"] = &jsonschema.Schema{Const: new(any(trace.Version))}
	spellSeeds(s)
	s.Schema, s.ID, s.Title = "https://json-schema.org/draft/2020-12/schema", "urn:ipwsim:"+kind+":2", what+" of ipwsim, version 2"
	s.Description = "What " + command + " prints. Times are seconds of virtual time. Fields that are not listed here may come: ignore them."
	tidy(s)
	raw, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	return append(raw, '\n')
}

// spellSeeds makes seeds texts, wherever they stand: they do not fit the numbers of every JSON reader.
func spellSeeds(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	spellSeeds(s.Items)
	for name, p := range s.Properties {
		if name == "seed" && p.Type == "integer" {
			*p = jsonschema.Schema{Type: "string", Pattern: "^[0-9]+$"}
		}
		spellSeeds(p)
	}
}

// structure is the schema of a struct, with the fields of those it embeds. jsonschema.For finds no end in a type that
// holds itself, and cannot embed one that is a reference.
func structure(t *testing.T, typ reflect.Type, opt *jsonschema.ForOptions) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}}
	for _, f := range reflect.VisibleFields(typ) {
		if f.Anonymous {
			continue
		}
		name, rules, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		field, err := jsonschema.ForType(f.Type, opt)
		require.NoError(t, err)
		s.Properties[name] = field
		s.PropertyOrder = append(s.PropertyOrder, name)
		if !strings.HasPrefix(rules, "omit") {
			s.Required = append(s.Required, name)
		}
	}
	return s
}

// tidy says that lists are never null, and that other fields may come. What refers is never null.
func tidy(s *jsonschema.Schema) {
	switch {
	case s == nil:
		return
	case s.Ref != "":
		s.Types = nil
	case s.Items != nil:
		s.Type, s.Types = "array", nil
	}
	if len(s.Properties) > 0 {
		s.AdditionalProperties = nil
	}
	for _, p := range s.Properties {
		tidy(p)
	}
	tidy(s.Items)
}

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	want := string(schemaOf(t))
	if *update {
		require.NoError(t, os.WriteFile("schema.json", []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(exchange.Schema), "go test ./reports/exchange -update writes it anew; does trace.Version have to change?")
	require.Contains(t, want, "version "+string('0'+rune(trace.Version)))
}

func TestTheSchemasOfOtherDocuments(t *testing.T) {
	for file, schema := range map[string]struct{ want, got []byte }{
		"seeds.json":   {schemaOfKind[exchange.SeedsDocument](t, "seeds", "Reports of many seeds", "ipwsim run --seeds --json"), exchange.SeedsSchema},
		"audit.json":   {schemaOfKind[exchange.AuditDocument](t, "audit", "Audits", "ipwsim audit --json"), exchange.AuditSchema},
		"history.json": {schemaOfKind[exchange.HistoryDocument](t, "history", "Reports of nights", "ipwsim history --json"), exchange.HistorySchema},
	} {
		if *update {
			require.NoError(t, os.WriteFile(file, schema.want, 0o644))
			continue
		}
		require.Equal(t, string(schema.want), string(schema.got), "go test ./reports/exchange -update writes it anew; does trace.Version have to change?")
	}
}

func jsonOf(t require.TestingT, all ...*finding.Run) []byte {
	var b bytes.Buffer
	require.NoError(t, exchange.JSON(&b, all))
	return b.Bytes()
}

// Documents of runs, and of runs at random, are what the schema says, and hold nothing that it leaves out.
func TestDocumentsAreValid(t *testing.T) {
	published, strict := runtest.Schema(t, exchange.Schema, false), runtest.Schema(t, exchange.Schema, true)
	valid := func(t require.TestingT, doc []byte) {
		require.NoError(t, strict(doc))
		require.NoError(t, published(doc))
	}
	valid(t, jsonOf(t))
	valid(t, jsonOf(t, runtest.Scenario(t, "cable-pull"), runtest.Scenario(t, "ad-client"), runtest.Failing(t), runtest.Scenario(t, "mail-services-dead"), &finding.Run{}))
	rapid.Check(t, func(t *rapid.T) {
		valid(t, jsonOf(t, rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs")...))
	})
}

// The schema refuses what breaks the promise of its version, and allows what does not.
func TestTheSchemaIsStrictWhereItShouldBe(t *testing.T) {
	published, strict := runtest.Schema(t, exchange.Schema, false), runtest.Schema(t, exchange.Schema, true)
	doc := string(jsonOf(t, runtest.Failing(t)))
	require.NoError(t, published([]byte(doc)))
	for what, change := range map[string][2]string{
		"another version":            {`"version": 2`, `"version": 3`},
		"another kind":               {`"ipwsim": "result"`, `"ipwsim": "study"`},
		"a field that is gone":       {`"passed": false,`, ``},
		"a time in words":            {`"time": 155.603983927`, `"time": "155.6 s"`},
		"a seed as a number":         {`"seed": "1"`, `"seed": 1`},
		"a list that is null":        {`"problems": []`, `"problems": null`},
		"a verdict of its own":       {`"verdict": "n/a"`, `"verdict": "maybe"`},
		"an outcome of its own":      {`"verdict": "fail"`, `"verdict": "bad"`},
		"a reason of no kind":        {`"kind": "expectation"`, `"kind": "mood"`},
		"a line in half numbers":     {`"line": 7`, `"line": 7.5`},
		"an obstacle of its own":     {`"what": "netsh"`, `"what": "ghosts"`},
		"a cause in a note, unnamed": {`"kind": "fault"`, `"kind": "fate"`},
	} {
		require.Contains(t, doc, change[0], what)
		require.Error(t, published([]byte(strings.Replace(doc, change[0], change[1], 1))), what)
	}
	more := []byte(strings.Replace(doc, `"passed": false,`, `"passed": false, "moon": {},`, 1))
	require.NoError(t, published(more), "a new field")
	require.Error(t, strict(more))
}
