package diag

import (
	"strings"
	"unicode"
)

// Nearest returns the name of the list a misspelt one was most likely meant to be: the only one
// that begins so, else the one with the fewest edits, the first of equals. ok is false when
// several begin so, or every name is too far off.
func Nearest(name string, names []string) (nearest string, ok bool) {
	const maxLen = 64 // no name is longer, and the distance takes quadratic time
	if name == "" || len(name) > maxLen {
		return "", false
	}
	switch longer := extensions(name, names); len(longer) {
	case 0:
	case 1:
		return longer[0], true
	default:
		return "", false
	}
	best := 1 + max(1, len([]rune(name))/3)
	for _, n := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(n)); d < best {
			nearest, best = n, d
		}
	}
	return nearest, nearest != ""
}

// Suggest is what a message says of a misspelt name, if any known one is near: ` (did you mean "x"?)`.
func Suggest(name string, names []string) Text {
	best, ok := Nearest(name, names)
	if !ok {
		return Text{}
	}
	return Aside("did you mean %q?", best)
}

// OneOf is how a message names what is allowed.
func OneOf(names []string) Text {
	if len(names) == 1 {
		return Say("%s", names[0])
	}
	return Say("one of %s", strings.Join(names, ", "))
}

// extensions are the names that only add to what was typed: srv-2012plus for srv-2012.
func extensions(name string, names []string) (longer []string) {
	for _, n := range names {
		if len(name) > 2 && strings.HasPrefix(strings.ToLower(n), strings.ToLower(name)) {
			longer = append(longer, n)
		}
	}
	return longer
}

// distance is Levenshtein's: the characters to insert, delete or change. A changed digit counts
// twice: 2019 is hardly a slip of the pen for 2003.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range t {
			change := diagonal
			if x != y {
				change++
			}
			if x != y && unicode.IsDigit(x) && unicode.IsDigit(y) {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
