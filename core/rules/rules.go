// Package rules holds the numbered rules that code, tests and reports cite: how the watcher, Windows, the network and
// the mail services behave here, what must hold of a run, and where each rule comes from.
package rules

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// Rule is one rule. Its texts are in Japanese or in English.
type Rule struct {
	ID string // "W12"

	group, text, source phrase
}

// phrase is a text in the languages of reports.
type phrase struct{ en, ja string }

func (p phrase) in(ja bool) string {
	if ja {
		return p.ja
	}
	return p.en
}

// Group is the part of the model that the rule is about, the heading of its letter.
func (r Rule) Group(ja bool) string { return r.group.in(ja) }

// Text is what the rule says, in one to three sentences.
func (r Rule) Text(ja bool) string { return r.text.in(ja) }

// Source is where the rule comes from: the maker's guide, a public document, or what was inferred.
func (r Rule) Source(ja bool) string { return r.source.in(ja) }

//go:embed rules.txt
var file string

// Manual has the pages of the manual about rules, in both languages.
//
//go:embed INFERRED*.md VRRP*.md
var Manual embed.FS

var parsed = sync.OnceValue(func() []Rule {
	all, _ := parse(file) // a test reads it too, and knows of no error
	return all
})

// All are all rules, by group and number.
func All() []Rule { return slices.Clone(parsed()) }

// Lookup finds a rule by its ID, in either case.
func Lookup(id string) (Rule, bool) {
	for _, r := range parsed() {
		if strings.EqualFold(r.ID, id) {
			return r, true
		}
	}
	return Rule{}, false
}
