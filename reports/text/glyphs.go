package text

import (
	"slices"

	"ipwsim/reports/lanes"
)

// glyph is how a state is drawn; the graver states come later.
var glyphOf = []struct {
	state lanes.State
	glyph byte
}{
	{lanes.Answered, '#'},
	{"preferred", '='},
	{"", '.'},
	{lanes.Silent, '.'},
	{lanes.Unused, '-'},
	{"tentative", 't'},
	{"duplicate", 'D'},
}

// notable ranks the states that compete for a column: trouble before its absence.
func notable(state lanes.State) int {
	for i, g := range glyphOf {
		if g.state == state {
			return i
		}
	}
	return -1
}

// glyphs remembers which states were drawn.
type glyphs []lanes.State

// glyph is how the state is drawn; '?' for one that nobody foresaw.
func (g *glyphs) glyph(state lanes.State) byte {
	if state != "" && !slices.Contains(*g, state) {
		*g = append(*g, state)
	}
	if i := notable(state); i >= 0 {
		return glyphOf[i].glyph
	}
	return '?'
}

// used are the states that were drawn, in the order above.
func (g *glyphs) used() (all []lanes.State) {
	for _, x := range glyphOf {
		if slices.Contains(*g, x.state) {
			all = append(all, x.state)
		}
	}
	return all
}
