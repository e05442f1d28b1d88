// Package seeds runs one scenario under many seeds, and sums up what came of them: how its figures spread, how many
// seeds failed at what, and which one is worst.
package seeds

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
)

// Most is how many seeds a run can have.
const Most = 1_000_000

// Set is seeds to run, in ascending order, each once.
type Set struct {
	Text string // as it was asked for
	All  []uint64
}

var number = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// Parse reads seeds as 1..1000 or 1..200,7: numbers and ranges, both ends in them, parted by commas.
func Parse(text string) (Set, error) {
	s := Set{Text: text}
	for item := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(item), "..")
		if !ranged {
			last = first
		}
		a, okA := seed(first)
		b, okB := seed(last)
		switch {
		case !okA || !okB:
			return Set{}, diag.Errorf("found %q, expected seeds as 1..1000 or 1..200,7", item)
		case b < a:
			return Set{}, diag.Errorf("found %q, expected the smaller seed first", item)
		case b-a >= Most || len(s.All)+int(b-a) >= Most:
			return Set{}, diag.Errorf("found %q, expected at most %d seeds", text, Most)
		}
		for n := range b - a + 1 {
			s.All = append(s.All, a+n)
		}
	}
	slices.Sort(s.All)
	s.All = slices.Compact(s.All)
	return s, nil
}

func seed(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && number.MatchString(text)
}
