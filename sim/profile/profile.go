// Package profile names how machines behave where makers and versions differ. Each profile is a
// row of plain numbers, and each number cites its row of the field facts with its confidence:
// H documented by the maker, M seen in one capture or a secondary source, L a guess.
package profile

import (
	"maps"
	"slices"
)

// Table is a set of profiles of one kind, found by name.
type Table[P any] struct {
	rows map[string]P
}

// Lookup returns the profile with exactly that name.
func (t Table[P]) Lookup(name string) (P, bool) {
	p, ok := t.rows[name]
	return p, ok
}

// With returns the table with another row, or with the row of that name replaced. The table itself
// stays as it is.
func (t Table[P]) With(name string, p P) Table[P] {
	rows := maps.Clone(t.rows)
	rows[name] = p
	return Table[P]{rows}
}

// Names are the names of every profile of the kind, sorted.
func (t Table[P]) Names() []string {
	return slices.Sorted(maps.Keys(t.rows))
}

func tableOf[P any](name func(P) string, rows ...P) Table[P] {
	t := Table[P]{rows: make(map[string]P, len(rows))}
	for _, r := range rows {
		t.rows[name(r)] = r
	}
	return t
}
