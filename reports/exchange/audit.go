package exchange

import (
	_ "embed" // for AuditSchema
	"io"

	"ipwsim/sim/audited"
	"ipwsim/sim/trace"
)

// AuditSchema is the JSON Schema (draft 2020-12) of what Audit writes. A test makes it from the types.
//
//go:embed audit.json
var AuditSchema []byte

// An AuditDocument is what Audit writes. Its version is that of a Document: kinds of faults and of changes come to those
// that the schema has, and leave it as it is.
type AuditDocument struct {
	Kind    string `json:"ipwsim"` // "audit"
	Version int    `json:"version"`
	Good    bool   `json:"good"` // there is nothing to change
	audited.Audit
}

// Audit writes what came of an audit as one document.
func Audit(w io.Writer, a *audited.Audit) error {
	return Write(w, AuditDocument{audited.Kind, trace.Version, a.Good(), *a})
}
