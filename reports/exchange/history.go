package exchange

import (
	_ "embed" // for HistorySchema
	"io"

	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

// HistorySchema is the JSON Schema (draft 2020-12) of what HistoryJSON writes. A test makes it from the types.
//
//go:embed history.json
var HistorySchema []byte

// A HistoryDocument is what HistoryJSON writes. Its version is that of a Document.
type HistoryDocument struct {
	Kind    string `json:"ipwsim"` // "history"
	Version int    `json:"version"`
	Passed  bool   `json:"passed"` // there is a night, and no regression
	*studied.NightReport
}

// HistoryJSON writes what nights came to, and what has changed.
func HistoryJSON(w io.Writer, r *studied.NightReport) error {
	return Write(w, HistoryDocument{"history", trace.Version, r.Latest != nil && !r.Worse(), r})
}
