// Package words is the language of reports: what findings, faults and everything around them is called in English
// and in Japanese. All texts stand in catalogues that can be read and mended without Go; only the words of faults
// stand with their verbs, and those of rules with the rules.
package words

import (
	_ "embed" // for the catalogues
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Lang is a language of reports.
type Lang int

// The languages.
const (
	English Lang = iota
	Japanese
)

// Of is the language of the code, "en" or "ja"; false for one that is not known.
func Of(code string) (Lang, bool) {
	switch code {
	case "en":
		return English, true
	case "ja":
		return Japanese, true
	}
	return English, false
}

// Code is the language's code, as in a page's lang attribute.
func (l Lang) Code() string { return [...]string{"en", "ja"}[l] }

var (
	//go:embed static.txt
	static string
	//go:embed notes.txt
	notes string
	//go:embed command.txt
	command string
	//go:embed study.txt
	study string
	//go:embed night.txt
	night string
	//go:embed audit.txt
	audit string

	catalogue = sync.OnceValue(func() map[string][2]string {
		all := map[string][2]string{}
		for _, text := range []string{static, notes, command, study, night, audit} {
			for key, texts := range parse(text) {
				all[key] = texts
			}
		}
		return all
	})
)

// parse reads a catalogue: a key, then its text in each language, indented by a blank.
func parse(text string) map[string][2]string {
	all := map[string][2]string{}
	key, n := "", 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch said, indented := strings.CutPrefix(line, " "); {
		case indented && n < 2:
			texts := all[key]
			texts[n] = said
			all[key] = texts
			n++
		case line != "" && line[0] != '#' && line[0] != ' ':
			key, n = line, 0
		}
	}
	return all
}

// Has says whether there is a text of the key.
func Has(key string) bool {
	_, ok := catalogue()[key]
	return ok
}

// Say is the text of the key, with what fills it as in fmt.Sprintf. A key without a text is an error of the
// program, and shown as it is.
func (l Lang) Say(key string, args ...any) string {
	texts, ok := catalogue()[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return texts[l]
	}
	return fmt.Sprintf(texts[l], safeArgs(args)...)
}

// safeArgs are what fills a text, strings made harmless: a name cannot begin a line of its own.
func safeArgs(args []any) []any {
	all := slices.Clone(args)
	for i, a := range all {
		if s, is := a.(string); is {
			all[i] = Safe(s)
		}
	}
	return all
}

// fill puts values into the braces of a text.
func fill(text string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(value(name))
		text = after
	}
}
