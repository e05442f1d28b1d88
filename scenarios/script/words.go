package script

import (
	"fmt"
	"strings"
	"time"

	"ipwsim/sim/verb"
)

func verbWords() []string {
	return append([]string{"cluster", "seed", "ties", "allow", "at", "expect", "end"}, stepWords()...)
}

// stepWords are what can follow a time.
func stepWords() []string {
	var words []string
	for _, v := range verb.All {
		words = append(words, v.Name)
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

// written is the form of a time that scenarios use: seconds.
func written(d time.Duration) string {
	s := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "s"
}
