package batch

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// past are lines that a batch never comes to.
type past struct {
	by    int  // the line that ends or halts the batch, or goes past them
	goes  bool // it goes past them
	lines []line
	pings []Command // of them
}

// line is one of a file, from 1.
type line struct {
	number int
	text   string
}

// labelsOf are the lines of a file's labels, by their names in lower case.
func labelsOf(data []byte) map[string][]int {
	if !utf8.Valid(data) {
		data, _ = japanese.ShiftJIS.NewDecoder().Bytes(data) // decode tells what is no text
	}
	all, number := map[string][]int{}, 0
	for raw := range bytes.Lines(data) {
		number++
		if name := label(string(raw)); name != "" {
			all[name] = append(all[name], number)
		}
	}
	return all
}

// label is the name of the label that the line is; "": it is none.
func label(text string) string {
	name, is := strings.CutPrefix(strings.TrimLeft(text, blanks), ":")
	if words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(blanks+"\r\n:+", r) }); is && len(words) > 0 && !strings.HasPrefix(name, ":") {
		return strings.ToLower(words[0])
	}
	return ""
}

// goes goes on at a label further down, and says whether it can: where only the run knows whether it does, and back up, it
// does not. Where there is no such label the batch ends, as cmd.exe has it.
func (p *parser) goes(args []string) bool {
	if p.all {
		return true
	}
	if len(args) > 0 {
		name := strings.TrimPrefix(args[0], ":")
		if _, there := p.labelled(strings.ToLower(name)); !there {
			p.ends()
			p.warnf("found `goto %s`, and the file has no such label, so the batch ends there, as cmd.exe has it; expected a line :%s", name, name)
			return true
		}
	}
	if len(args) == 1 && p.maybe == 0 {
		name := strings.ToLower(strings.TrimPrefix(args[0], ":"))
		if slices.ContainsFunc(p.labels[name], func(at int) bool { return at > p.number }) {
			p.to = name
			p.past = append(p.past, past{by: p.line, goes: true})
			return true
		}
	}
	p.leaps = true
	return false
}

// passes says whether the batch never comes to the line, and keeps it.
func (p *parser) passes(number int, text string) bool {
	switch {
	case p.to != "" && label(text) == p.to:
		p.to = ""
		return true
	case p.to == "" && (!p.ended || p.end == 0):
		return p.ended
	case p.ended && (len(p.past) == 0 || p.past[len(p.past)-1].goes):
		p.past = append(p.past, past{by: p.end})
	}
	last := &p.past[len(p.past)-1]
	last.lines = append(last.lines, line{number, text})
	return true
}

// tellNever tells of pings that the batch never comes to; of none where something else may come to them.
func (p *parser) tellNever() {
	if p.leaps || p.to != "" {
		p.past = nil
	}
	for i := range p.past {
		past := &p.past[i]
		past.pings = p.pingsOf(past.lines)
		if len(past.pings) == 0 {
			continue
		}
		first, many := past.pings[0], len(past.pings)
		if past.goes {
			p.problems.Warnf(p.name, first.Line, "`%s` is never done: line %d goes past it (such pings: %d); expected it before that line", first, past.by, many)
		} else {
			p.problems.Warnf(p.name, first.Line, "`%s` is never done: line %d ends or halts the batch before it (such pings: %d); expected it before that line", first, past.by, many)
		}
	}
}

// pingsOf are the pings that lines which the batch never comes to would do.
func (p *parser) pingsOf(lines []line) (all []Command) {
	if len(lines) == 0 {
		return nil
	}
	at := lines[0].number
	q := parser{name: p.name, vars: maps.Clone(p.vars), all: true}
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(strings.Repeat("\n", l.number-at) + l.text)
		at = l.number
	}
	q.read([]byte(text.String()), lines[0].number-1)
	for _, c := range q.commands {
		if c.Ping != nil {
			all = append(all, c)
		}
	}
	return all
}
