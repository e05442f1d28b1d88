package script

import (
	"fmt"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/fault"
)

func verbWords() []string {
	return append([]string{"cluster", "seed", "at", "expect", "end"}, faultWords()...)
}

// faultWords are what can follow a time.
func faultWords() []string {
	words := append([]string{"ping", "rule"}, mailVerbs...)
	for _, v := range fault.Verbs {
		words = append(words, string(v.Kind))
	}
	return words
}

func expectWords() []string {
	var words []string
	for _, e := range expectations {
		words = append(words, e.word)
	}
	return words
}

// suggest names the known word nearest to one that is not known, if any is near.
func suggest(word string, known []string) string {
	best, ok := diag.Nearest(word, known)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

func list(all []string) string { return strings.Join(all, ", ") }

// choice is how a message names what is allowed.
func choice(known []string) string {
	if len(known) == 1 {
		return known[0]
	}
	return "one of " + list(known)
}

// written is the form of a time that scenarios use: seconds.
func written(d time.Duration) string {
	s := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "s"
}
