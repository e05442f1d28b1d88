package table

import (
	"bytes"
	"slices"
	"strings"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// New makes a table of the entries, with CRLF (W4). It is in ASCII when that is enough, else as Append says.
// The problems are those of Parse, by the line that the entry would have; it is an error to give none.
func New(entries ...core.Entry) (Table, diag.List) {
	return Table{}.Append(entries...)
}

// Append returns the table with the entries at its end (W4); the receiver stays as it is. The lines before keep their bytes.
// An ASCII table gets Japanese as CP932, as Windows writes it, or as UTF-8 if CP932 has no code for a character
// or the result would read as UTF-8. The problems are those of Parse.
func (t Table) Append(entries ...core.Entry) (Table, diag.List) {
	encodings := []Encoding{t.encoding}
	if t.encoding == ASCII {
		encodings = []Encoding{CP932, UTF8}
	}
	var bigger Table
	var problems diag.List
	for _, enc := range encodings {
		if bigger, problems = t.appendIn(enc, entries); problems.Err() == nil {
			break
		}
	}
	return bigger, problems
}

func (t Table) appendIn(enc Encoding, entries []core.Entry) (Table, diag.List) {
	var problems diag.List
	added, err := text.Encode(t.addition(entries), enc)
	if err != nil {
		problems.Errorf(t.name, 0, "%w; expected names that can be written", err)
		return Table{}, problems
	}
	bigger, problems := Parse(t.name, slices.Concat(t.data, added))
	if problems.Err() == nil && !slices.Equal(bigger.Entries(), append(t.Entries(), entries...)) {
		problems.Errorf(t.name, 0, "the entries written in %s would be read as others; expected names on one line each", enc)
		return Table{}, problems
	}
	return bigger, problems
}

// addition is what the entries add to the file, on lines of their own.
func (t Table) addition(entries []core.Entry) string {
	end := "\n"
	if t.CRLF() {
		end = "\r\n"
	}
	var b strings.Builder
	if len(t.data) > 0 && !bytes.HasSuffix(t.data, []byte("\n")) {
		b.WriteString(end)
	}
	for _, entry := range entries {
		b.WriteString(entry.String() + end)
	}
	return b.String()
}
