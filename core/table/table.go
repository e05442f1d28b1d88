// Package table reads and writes ipwatch.dat, the watcher's monitoring table (W1, W4).
package table

import (
	"bytes"
	"slices"

	"ipwsim/core"
	"ipwsim/core/text"
)

// Encoding says how a table's bytes stand for characters.
type Encoding = text.Encoding

// The encodings of a table. ASCII is a table without Japanese: the same bytes in the others, but for the BOM.
const (
	ASCII   = text.ASCII
	UTF8    = text.UTF8
	UTF8BOM = text.UTF8BOM
	CP932   = text.CP932
)

// A Table is a whole ipwatch.dat. It is made by Parse, New and Append only, so it is always well-formed.
// The zero Table is an empty file, which only Append is good for.
type Table struct {
	name     string // for problems
	data     []byte
	encoding Encoding
	rows     []Row
}

// A Row is an entry and the place it was read from.
type Row struct {
	core.Entry
	Line int // from 1
}

// Rows are the entries in the order of the file, with their lines.
func (t Table) Rows() []Row { return slices.Clone(t.rows) }

// Entries are the entries in the order of the file.
func (t Table) Entries() []core.Entry {
	entries := make([]core.Entry, len(t.rows))
	for i, row := range t.rows {
		entries[i] = row.Entry
	}
	return entries
}

// Encoding is the encoding that the table was read from, or that Format writes.
func (t Table) Encoding() Encoding { return t.encoding }

// CRLF reports whether the first line ends as Windows ends lines, and so whether added ones do. A table without line ends counts as Windows'.
func (t Table) CRLF() bool {
	end := bytes.IndexByte(t.data, '\n')
	return end < 0 || end > 0 && t.data[end-1] == '\r'
}

// Format is the file, byte for byte as it was read (W1).
func (t Table) Format() []byte { return bytes.Clone(t.data) }
