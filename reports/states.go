package reports

import "slices"

// A laneState is a state of a lane and how it is drawn.
type laneState struct {
	state string
	glyph byte
	key   key // its name; 0 where its own word serves
}

// usual are the states lanes have, the graver the later.
var usual = []laneState{
	{"answered", '#', stateAnswered},
	{"preferred", '=', statePreferred},
	{"", '.', stateNone},
	{"tentative", 't', stateTentative},
	{"duplicate", 'D', stateDuplicate},
}

// notable ranks the states that compete for a column: trouble before its absence.
func notable(state string) int {
	return slices.IndexFunc(usual, func(s laneState) bool { return s.state == state })
}

func (s laneState) name(l lang) string {
	if s.key != 0 {
		return l.say(s.key)
	}
	return s.state
}

// glyphs remembers which states were drawn and picks letters for those nobody foresaw.
type glyphs struct {
	drawn map[string]bool
	extra []laneState
}

func (g *glyphs) glyph(state string) byte {
	if g.drawn == nil {
		g.drawn = make(map[string]bool)
	}
	g.drawn[state] = true
	for _, s := range slices.Concat(usual, g.extra) {
		if s.state == state {
			return s.glyph
		}
	}
	g.extra = append(g.extra, laneState{state: state, glyph: g.free(state)})
	return g.extra[len(g.extra)-1].glyph
}

// free is the state's first letter, else the first letter not taken, else '?'.
func (g *glyphs) free(state string) byte {
	const letters = "ABCEFGHIJKLMNOPQRSTUVWXYZ" // D is duplicate
	for _, c := range []byte(string(state[0]&^0x20) + letters) {
		taken := slices.ContainsFunc(g.extra, func(s laneState) bool { return s.glyph == c })
		if c >= 'A' && c <= 'Z' && c != 'D' && !taken {
			return c
		}
	}
	return '?'
}

// used lists the states that were drawn, the usual ones first.
func (g *glyphs) used() []laneState {
	return slices.DeleteFunc(slices.Concat(usual, g.extra), func(s laneState) bool { return !g.drawn[s.state] })
}
