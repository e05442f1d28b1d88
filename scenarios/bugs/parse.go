package bugs

import (
	"fmt"
	"strings"
)

// A file of known bugs is a list of these, with blank lines and comments (#) between:
//
//	bug NAME
//	en What is wrong, in English.
//	ja The same in Japanese.
//	in core/poll.go
//	 a line that stays
//	-a line that goes
//	+a line that comes: BUG is true while the bug is switched on, and is best asked last, for where it is not asked the
//	 bug changes nothing
//
// The lines that stay and go must follow each other in the file of that name just once; what they are indented by is no
// matter. A bug may have several patches.

// patch is a change of one file.
type patch struct {
	file  string // from the module's root
	lines []line
}

// line is one of a patch's.
type line struct {
	do   byte // ' ' for one that stays, '-' for one that goes, '+' for one that comes
	text string
}

// parse reads a file of bugs of one kind.
func parse(kind Kind, name, text string) (all []Bug, err error) {
	n := 0
	bad := func(expected string) ([]Bug, error) { return nil, fmt.Errorf("%s:%d: expected %s", name, n, expected) }
	for one := range strings.Lines(text) {
		n++
		one = strings.TrimRight(one, "\n")
		word, rest, _ := strings.Cut(one, " ")
		switch {
		case one == "", word == "#":
			continue
		case word == "bug":
			all = append(all, Bug{Name: rest, Kind: kind})
			continue
		case len(all) == 0:
			return bad("a bug first")
		}
		b := &all[len(all)-1]
		switch last := len(b.patches) - 1; {
		case word == "en":
			b.English = rest
		case word == "ja":
			b.Japanese = rest
		case word == "in":
			b.patches = append(b.patches, patch{file: rest})
		case last >= 0 && strings.ContainsRune(" -+", rune(one[0])):
			b.patches[last].lines = append(b.patches[last].lines, line{one[0], one[1:]})
		default:
			return bad("bug, en, ja, in, or a line of a patch")
		}
	}
	return all, nil
}
