// Package exchange writes runs for programs: JSON with its schema, JUnit for build servers, annotations for GitHub,
// and timelines for trace viewers. Its sentences are English: what a program reads has no language to choose.
package exchange

import (
	"cmp"
	_ "embed" // for Schema
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"ipwsim/core/diag"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Schema is the JSON Schema (draft 2020-12) of what JSON writes. A test makes it from the types.
//
//go:embed schema.json
var Schema []byte

// A Document is what JSON writes. Times are seconds. Its version is that of traces: it changes when a field changes
// its meaning or its type, or goes. New fields do not change it: a reader ignores those it does not know. Nor do new
// names of a kind, as of faults, changes and findings: a reader takes them for others of that kind.
type Document struct {
	Kind    string  `json:"ipwsim"` // "result"
	Version int     `json:"version"`
	Passed  bool    `json:"passed"` // nothing failed; weaknesses that scenarios are there to show did not either
	Summary Summary `json:"summary"`
	Results []Entry `json:"results"`
}

// Summary counts the scenarios by what they came to.
type Summary struct {
	Total    int `json:"total"`
	Passed   int `json:"passed"`
	Weakness int `json:"weakness"`
	Failed   int `json:"failed"`
}

// Entry is one run. Seed is a string: it does not fit the numbers of every JSON reader.
type Entry struct {
	Scenario string          `json:"scenario"`
	File     string          `json:"file"`
	Title    string          `json:"title"`
	TitleJa  string          `json:"title_ja,omitempty"`
	Verdict  finding.Outcome `json:"verdict"`
	Reasons  []Reason        `json:"reasons"` // why it failed, or which weakness it shows
	Cluster  string          `json:"cluster"`
	Seed     string          `json:"seed"`
	Hash     string          `json:"hash"`
	Rerun    string          `json:"rerun"`
	Program  string          `json:"program"` // the version of ipwsim
	Length   time.Duration   `json:"virtual_seconds"`

	Worst        *Worst           `json:"worst"` // the longest silence of the client that fares worst; null: nobody waited
	Figures      []finding.Figure `json:"figures"`
	Facts        *finding.Facts   `json:"facts"`              // null when nothing was run
	Fates        map[string]int   `json:"fates,omitempty"`    // of mail: how many copies have which
	Steps        map[string]int   `json:"underway,omitempty"` // of the copies under way: by what is still to be done
	Doubled      map[string]int   `json:"doubled,omitempty"`  // of the copies doubled: by cause; "sent-again" are acceptances more, after a lost 250
	Missing      map[string]int   `json:"lost,omitempty"`     // of the copies lost: by cause
	Checks       []Check          `json:"checks"`
	Expectations []Expectation    `json:"expectations"`
	Problems     []Problem        `json:"problems"` // of the files
}

// Reason is why a run failed, or a weakness it shows: "no data", "expectation", "fail", "inconclusive" or
// "weakness", and a sentence.
type Reason struct {
	Kind     string `json:"kind"`
	Line     int    `json:"line,omitempty"` // of the scenario's file
	Sentence string `json:"sentence"`
}

// Worst is an outage with what began it in words.
type Worst struct {
	*finding.Outage
	Sentence string `json:"sentence"`
}

// Check is a check's verdict, and what it says of which case.
type Check struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Verdict  finding.Verdict `json:"verdict"`
	Expected bool            `json:"expected"` // the scenario is there to show that it fails
	Judged   int             `json:"judged"`
	Findings []Said          `json:"findings"`
	Left     []Said          `json:"left"` // cases that the check does not judge
	Reason   *Said           `json:"reason,omitempty"`
}

// Said is a note with its sentence.
type Said struct {
	finding.Note
	Verdict  finding.Verdict `json:"verdict,omitempty"`
	Sentence string          `json:"sentence"`
}

// Expectation is a sentence of the scenario, and in words what was seen.
type Expectation struct {
	*finding.Expectation
	Sentence string `json:"sentence"`
}

// Problem is something wrong with a file.
type Problem struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

// JSON writes the runs as one document, in their order, without the traces.
func JSON(w io.Writer, all []*finding.Run) error {
	d := Document{Kind: "result", Version: trace.Version}
	d.Summary.Total = len(all)
	for _, r := range all {
		switch r.Outcome() {
		case finding.Well:
			d.Summary.Passed++
		case finding.Weakness:
			d.Summary.Weakness++
		default:
			d.Summary.Failed++
		}
		d.Results = append(d.Results, entry(r))
	}
	d.Passed = d.Summary.Total > 0 && d.Summary.Failed == 0
	return Write(w, d)
}

// Write writes any document of these types as JSON: times in seconds, no list that is null, bytes that are not UTF-8
// replaced, nothing in it that a
// terminal would obey.
func Write(w io.Writer, document any) error {
	text, err := json.Marshal(document, jsontext.WithIndent("  "), jsonv1.OmitEmptyWithLegacySemantics(true), json.Deterministic(true),
		jsontext.AllowInvalidUTF8(true), json.WithMarshalers(json.MarshalToFunc(seconds)))
	if err != nil {
		return err
	}
	_, err = w.Write(append(words.SafeJSON(text), '\n'))
	return err
}

// seconds writes a time as a number, exact, without exponent and needless zeros.
func seconds(enc *jsontext.Encoder, d time.Duration) error {
	return enc.WriteValue(jsontext.Value(words.Bare(d)))
}

func entry(r *finding.Run) Entry {
	t := words.Teller{Lang: words.English, Facts: r.Facts}
	e := Entry{
		Scenario: r.Scenario, File: r.File, Title: r.Title.En, TitleJa: r.Title.Ja, Verdict: r.Outcome(), Reasons: reasons(t, r),
		Seed: strconv.FormatUint(r.Seed, 10), Hash: r.Hash, Rerun: r.Rerun, Program: r.Program, Facts: r.Facts,
	}
	if r.Trace != nil {
		e.Length, e.Cluster = r.Trace.End, r.Trace.Header.Cluster
	}
	if r.Facts != nil {
		e.Figures, e.Fates = r.Figures(), fates(r.Facts.Mail)
		if m := r.Facts.Mail; m != nil {
			e.Steps, e.Doubled, e.Missing = named(m.Steps()), named(m.Causes(finding.Doubled)), named(m.Causes(finding.Lost))
			if m.Again > 0 {
				e.Doubled["sent-again"] = m.Again
			}
		}
		if o := r.Facts.Worst(); o != nil {
			e.Worst = &Worst{o, t.Cause(&o.Cause)}
		}
	}
	for i := range r.Results {
		e.Checks = append(e.Checks, checked(t, &r.Results[i]))
	}
	for i := range r.Expectations {
		e.Expectations = append(e.Expectations, Expectation{&r.Expectations[i], t.Seen(&r.Expectations[i])})
	}
	for _, p := range r.Problems {
		e.Problems = append(e.Problems, Problem{p.File, p.Line, p.Severity.String(), p.Message})
	}
	return e
}

func checked(t words.Teller, r *finding.Result) Check {
	c := Check{ID: r.ID, Title: t.Say("check." + r.ID), Verdict: r.Verdict, Expected: r.Expected, Judged: r.Judged}
	c.Findings, c.Left = said(t, r.Findings), said(t, r.Left)
	if r.Reason != nil {
		c.Reason = &Said{Note: *r.Reason, Sentence: t.Note(*r.Reason)}
	}
	return c
}

func said(t words.Teller, findings []finding.Finding) (all []Said) {
	for _, f := range findings {
		all = append(all, Said{f.Note, f.Verdict, t.Note(f.Note)})
	}
	return all
}

// fates count the copies of mail by what became of them.
func fates(m *finding.Mail) map[string]int {
	if m == nil {
		return nil
	}
	all := map[string]int{}
	for _, f := range finding.Fates {
		all[string(f)] = m.Count(f)
	}
	return all
}

// named are the counts by the kinds' own names; "unknown" where no cause is known.
func named[K ~string](n map[K]int) map[string]int {
	all := map[string]int{}
	for k, count := range n {
		all[strings.TrimPrefix(cmp.Or(string(k), "unknown"), "why.")] = count
	}
	return all
}

// reasons are why the run failed, or the weaknesses it shows.
func reasons(t words.Teller, r *finding.Run) (all []Reason) {
	for _, o := range r.Objections() {
		one := Reason{Kind: "no data", Sentence: t.Objection(o)}
		switch {
		case o.Expectation != nil:
			one.Kind, one.Line = "expectation", o.Expectation.Line
		case o.Result != nil:
			one.Kind = string(o.Result.Verdict)
		}
		all = append(all, one)
	}
	for _, c := range r.Weaknesses() {
		all = append(all, Reason{Kind: "weakness", Sentence: t.Result(c)})
	}
	if r.Outcome() == finding.Weakness {
		for _, f := range r.Broken() {
			all = append(all, Reason{Kind: "weakness", Sentence: t.Figure(f)})
		}
	}
	return all
}

// problem is the problem with its place, without its severity.
func problem(p diag.Problem) string {
	if p.File == "" {
		return p.Message
	}
	return strings.TrimSuffix(fmt.Sprintf("%s:%d", p.File, p.Line), ":0") + ": " + p.Message
}
