package batch

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"ipwsim/core/diag"
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

// goes goes on at a label, and says whether it can: where only the run knows whether it does, or whether it ends a loop, it
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
		if !p.unsure {
			p.back(name)
			return true
		}
	}
	p.leaps, p.unsure = true, true
	return false
}

// passes says whether the batch never comes to the line, and keeps it.
func (p *parser) passes(number int, text string) bool {
	switch {
	case p.to != "" && label(text) == p.to:
		p.comes(p.to)
		p.to = ""
		return true
	case p.to == "" && !p.ended && label(text) != "":
		p.comes(label(text))
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
		if call := p.callOf(past.lines); len(past.pings) == 0 && call.number > 0 {
			p.problems.Warnf(p.name, call.number, "%s is never done: line %d ends or halts the batch before it, or goes past it; expected it before that line, and `call` before a batch file that is not the last one", typed(strings.TrimSpace(call.text)), past.by)
		}
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

// callOf is the first of the lines that starts another batch file; the zero line: none does.
func (p *parser) callOf(lines []line) line {
	for _, l := range lines {
		words := wordsOf(strings.TrimLeft(l.text, blanks+"@"))
		if len(words) > 1 && strings.EqualFold(words[0], "call") {
			words = words[1:]
		}
		if len(words) > 0 && p.files != nil && isBatch(words[0]) {
			return l
		}
	}
	return line{}
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

// back goes on at a label further up. Where nothing has changed since it came there it goes round without end.
func (p *parser) back(name string) {
	p.leaps = true
	if !p.comes(name) {
		p.hangs("goto "+name, diag.Say("it goes back up without end, which is not played; the task runs on, and nothing starts it again (H10)"))
		p.halted = true
		return
	}
	at, _ := p.labelled(name)
	told := slices.Clone(p.problems)
	p.problems = nil
	p.read(linesFrom(p.data, at), at)
	p.problems = append(told, slices.DeleteFunc(p.problems, func(one diag.Problem) bool {
		return slices.ContainsFunc(told, func(t diag.Problem) bool { return t.Line == one.Line && t.Message == one.Message })
	})...)
	if !p.ended {
		p.ended, p.end = true, 0
	}
}

// comes notes that the batch comes to the label, and says whether something has changed since it did before.
func (p *parser) comes(name string) (anew bool) {
	now := fmt.Sprint(name, p.vars, p.args)
	if p.came == nil {
		p.came = map[string]bool{}
	}
	anew = !p.came[now]
	p.came[now] = true
	return anew
}
