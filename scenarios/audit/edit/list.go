package edit

import (
	"slices"
	"strings"

	"ipwsim/sim/audited"
)

// List is what makes those lines of a list, whose order does not matter: lines that change in their places where as many
// come as go, else those that go and those that come at its end. However many blanks a line has, it is the same.
func List(name string, data []byte, lines []string) (all []audited.Edit) {
	come := slices.Clone(lines)
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		has := strings.Join(strings.Fields(line), " ")
		if k := slices.Index(come, has); k >= 0 {
			come = slices.Delete(come, k, k+1)
		} else if line != "" {
			all = append(all, audited.Edit{File: name, Line: i + 1, Old: line})
		}
	}
	inPlace := len(come) == len(all)
	for i, line := range come {
		if inPlace {
			all[i].New = line
		} else {
			all = append(all, audited.Edit{File: name, New: line})
		}
	}
	return all
}
