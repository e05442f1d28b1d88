package script

import (
	"fmt"
	"strings"
	"time"

	"ipwsim/sim/verb"
)

// verbWords are what can begin a line.
func verbWords() []string {
	var words []string
	for _, l := range lines() {
		words = append(words, l.word)
	}
	return append(words, stepWords()...)
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
