// Package manual is what `ipwsim help TOPIC` shows: Markdown files, each in the folder that it is about, in English and
// beside it, as NAME.ja.md, in Japanese.
package manual

import (
	"io/fs"
	"strings"

	"ipwsim/core/rules"
	"ipwsim/reports"
	"ipwsim/scenarios"
	"ipwsim/sim/console"
	"ipwsim/sim/mail"
)

// Topic is a page of the manual.
type Topic struct {
	Name string // as help knows it
	in   fs.FS
	file string // without its ending
}

// topics are all pages, in the order in which help lists them. One more is a row here, and its two files.
var topics = []Topic{
	{"cluster", scenarios.Manual, "setup/CLUSTER"},
	{"audit", scenarios.Manual, "audit/AUDIT"},
	{"reports", reports.Manual, "REPORTS"},
	{"scenario", scenarios.Manual, "script/SCENARIO"},
	{"console", console.Manual, "CONSOLE"},
	{"mail", mail.Manual, "MAIL"},
	{"serve", scenarios.Manual, "loopback/SERVE"},
	{"field", scenarios.Manual, "study/FIELD"},
	{"study", scenarios.Manual, "study/STUDY"},
	{"checks", scenarios.Manual, "check/CHECKS"},
	{"explore", scenarios.Manual, "explore/EXPLORE"},
	{"night", scenarios.Manual, "night/NIGHT"},
	{"vrrp", rules.Manual, "VRRP"},
	{"inferred", rules.Manual, "INFERRED"},
	{"performance", scenarios.Manual, "PERFORMANCE"},
}

// All are the topics, in the order of a list.
func All() []Topic { return topics }

// Lookup finds a topic by its name.
func Lookup(name string) (Topic, bool) {
	for _, t := range topics {
		if t.Name == name {
			return t, true
		}
	}
	return Topic{}, false
}

// Text is the whole page, as its file has it.
func (t Topic) Text(ja bool) string {
	ending := ".md"
	if ja {
		ending = ".ja.md"
	}
	text, err := fs.ReadFile(t.in, t.file+ending)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(text)
}

// Title is the page's first line, its heading.
func (t Topic) Title(ja bool) string {
	first, _, _ := strings.Cut(t.Text(ja), "\n")
	return strings.TrimPrefix(first, "# ")
}
