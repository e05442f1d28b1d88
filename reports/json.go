package reports

import (
	_ "embed" // for Schema
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Version is the version of the JSON documents and of their schema. It changes when a field changes its
// meaning or its type, or goes. New fields do not change it: a reader ignores those it does not know.
const Version = 1

// Schema is the JSON Schema (draft 2020-12) of what JSON and FieldJSON write. A test makes it from their
// types and holds every shipped scenario's report against it.
//
//go:embed schema.json
var Schema []byte

// A Document is what JSON writes. Times are seconds, to the microsecond.
type Document struct {
	Kind    string  `json:"ipwsim"` // "result"
	Version int     `json:"version"`
	Passed  bool    `json:"passed"`
	Summary Summary `json:"summary"`
	Results []Entry `json:"results"`
}

// Summary counts the scenarios.
type Summary struct {
	Total  int `json:"total"`
	Passed int `json:"passed"`
	Failed int `json:"failed"`
}

// Entry is one run. Seed is a string: it does not fit the numbers of every JSON reader.
type Entry struct {
	Scenario     string             `json:"scenario"`
	File         string             `json:"file"`
	Title        string             `json:"title"`
	Verdict      Verdict            `json:"verdict"` // "pass" or "fail"
	Reasons      []ReasonEntry      `json:"reasons"` // why not passed
	Seed         string             `json:"seed"`
	Hash         string             `json:"hash"`
	Rerun        string             `json:"rerun"`
	Length       Seconds            `json:"virtual_seconds"`
	Figures      []FigureEntry      `json:"figures"`
	Outages      []OutageEntry      `json:"outages"`
	Beliefs      []BeliefEntry      `json:"beliefs"` // of every host's ARP cache
	Tasks        []TaskEntry        `json:"tasks"`
	Mail         *MailEntry         `json:"mail,omitempty"` // missing when nobody used any
	Checks       []CheckEntry       `json:"checks"`
	Expectations []ExpectationEntry `json:"expectations"`
	Warnings     []string           `json:"warnings"`
}

// ReasonEntry is one reason why a run has not passed: "no data", "expectation", "fail",
// "inconclusive" or "figure", and a sentence.
type ReasonEntry struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// FigureEntry is a Figure. To is null while it is open, Band and Kept are null without a promise.
type FigureEntry struct {
	Name   string     `json:"name"`
	Client string     `json:"client"`
	VIP    string     `json:"vip"`
	From   Seconds    `json:"from"`
	To     *Seconds   `json:"to"`
	Value  Seconds    `json:"value"`
	Open   bool       `json:"open"`
	Band   *BandEntry `json:"band"`
	Kept   *bool      `json:"kept"`
	Silent Seconds    `json:"silent"`
	By     string     `json:"by"`
}

// BandEntry is a promise; Max is null when it has no upper end.
type BandEntry struct {
	Min Seconds  `json:"min"`
	Max *Seconds `json:"max"`
}

// CheckEntry is a Check.
type CheckEntry struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Verdict   Verdict  `json:"verdict"`
	Expected  bool     `json:"expected"` // the scenario is there to show the failure
	Sentences []string `json:"sentences"`
	Reason    string   `json:"reason"`
}

// ExpectationEntry is an Expectation.
type ExpectationEntry struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	OK   bool   `json:"ok"`
	Seen string `json:"seen"`
}

// Seconds is a time in JSON: a number of seconds.
type Seconds time.Duration

// MarshalJSON writes the number without exponent and needless zeros.
func (s Seconds) MarshalJSON() ([]byte, error) {
	us, sign := time.Duration(s).Round(time.Microsecond).Microseconds(), ""
	if us < 0 {
		us, sign = -us, "-"
	}
	text := fmt.Sprintf("%s%d.%06d", sign, us/1e6, us%1e6)
	return []byte(strings.TrimSuffix(strings.TrimRight(text, "0"), ".")), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	d, err := time.ParseDuration(string(b) + "s")
	if err != nil {
		return fmt.Errorf("%s is not a number of seconds, as 34.6", b)
	}
	*s = Seconds(d)
	return nil
}

// JSON writes the results as one document, in their order, without the traces.
func JSON(w io.Writer, all []Result) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document(all))
}
