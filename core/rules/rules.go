// Package rules holds the numbered rules that code, tests and reports cite: how the watcher, Windows, the network and
// the mail services behave here, what must hold of a run, and where each rule comes from.
package rules

import (
	"embed"
	"regexp"
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

// id is how a rule is called: a letter and a number.
var id = regexp.MustCompile(`^[A-Za-z][0-9]+$`)

// IsID says whether the word is called as a rule is, be there one or not.
func IsID(s string) bool { return id.MatchString(s) }

// Ranges are the rules that there are, by letter, as "C1-C5, W1-W22".
func Ranges() string {
	var all []string
	last, n := "", 0
	for _, r := range parsed() { // by letter and number
		letter := r.ID[:1]
		if letter != last {
			all, last, n = append(all, r.ID), letter, 0
		}
		if n++; n > 1 {
			first, _, _ := strings.Cut(all[len(all)-1], "-")
			all[len(all)-1] = first + "-" + r.ID
		}
	}
	return strings.Join(all, ", ")
}

// Lookup finds a rule by its ID, in either case.
func Lookup(id string) (Rule, bool) {
	for _, r := range parsed() {
		if strings.EqualFold(r.ID, id) {
			return r, true
		}
	}
	return Rule{}, false
}
