// Package rules holds the numbered rules that code, tests and reports cite: how the watcher, Windows, the network and
// the mail services behave here, what must hold of a run, and where each rule comes from.
package rules

import (
	_ "embed" // for the rules
	"slices"
	"strings"
	"sync"
)

// Phrase is a text in the languages of reports.
type Phrase struct{ En, Ja string }

// In is the text in Japanese, or in English.
func (p Phrase) In(ja bool) string {
	if ja {
		return p.Ja
	}
	return p.En
}

// Rule is one rule: what it says, and where it comes from.
type Rule struct {
	ID     string // "W12"
	Text   Phrase
	Source Phrase
}

// Group is the rules of one part of the model, by number.
type Group struct {
	Title Phrase
	Rules []Rule
}

//go:embed rules.txt
var file string

var parsed = sync.OnceValue(func() []Group {
	groups, _ := parse(file) // a test reads it too, and knows of no error
	return groups
})

// Groups are all rules under their headings.
func Groups() []Group { return slices.Clone(parsed()) }

// All are all rules, in the order of the groups.
func All() (all []Rule) {
	for _, g := range parsed() {
		all = append(all, g.Rules...)
	}
	return all
}

// Lookup finds a rule by its ID, in either case.
func Lookup(id string) (Rule, bool) {
	for _, g := range parsed() {
		for _, r := range g.Rules {
			if strings.EqualFold(r.ID, id) {
				return r, true
			}
		}
	}
	return Rule{}, false
}
