package batch

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
)

// blanks part words.
const blanks = " \t"

// unquoted are the characters outside quotes, with their places.
func unquoted(text string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		quoted := false
		for i, r := range text {
			if r == '"' {
				quoted = !quoted
			} else if !quoted && !yield(i, r) {
				return
			}
		}
	}
}

// statement does what cmd.exe does with a line, or with what a loop repeats. An @ in front only keeps it from being
// shown.
func (p *parser) statement(text string) {
	p.steps++
	text = strings.Trim(p.placed(strings.TrimLeft(text, blanks)), blanks+"@")
	first, _ := cutWord(text)
	switch first = strings.ToLower(first); {
	case text == "", p.ended, p.to != "", strings.HasPrefix(text, ":"), first == "rem": // a label is a comment: goes knows them
		return
	case p.steps > maxSteps:
		p.ended = true
		p.warnf("found more than %d steps in loops, of which the rest is not played", maxSteps)
		return
	}
	if pings.MatchString(text) && first != "if" { // an if asks first whether there is an argument
		p.lacking(text)
	}
	text = p.expand(text)
	switch {
	case first == "if":
		p.conditional(text)
	case first == "for":
		p.loop(text)
	case strings.HasPrefix(text, "("):
		p.block(text)
	default:
		p.sequence(text)
	}
}

// pings finds a ping in a line.
var pings = regexp.MustCompile(`(?i)\bping\b`)

// unplayed tells what is left out, and why.
func (p *parser) unplayed(text, format string, args ...any) {
	p.warnf("found %s, which is not played: %s", typed(text), diag.Say(format, args...))
}

// cutWord parts the first word from the rest.
func cutWord(text string) (first, rest string) {
	if i := strings.IndexAny(text, blanks); i >= 0 {
		return text[:i], strings.TrimLeft(text[i:], blanks)
	}
	return text, ""
}

// forms of a loop: over words, and /L from a number by steps to another.
var (
	overWords   = regexp.MustCompile(`(?i)^for\s+%%([a-z])\s+in\s*\(([^()]*)\)\s*do\s*(.+)$`)
	overNumbers = regexp.MustCompile(`(?i)^for\s+/l\s+%%([a-z])\s+in\s*\(\s*(-?\d+)\s*[, ]\s*(-?\d+)\s*[, ]\s*(-?\d+)\s*\)\s*do\s*(.+)$`)
)

// loop does its body for each of its words.
func (p *parser) loop(text string) {
	name, body, words := "", "", []string(nil)
	if m := overNumbers.FindStringSubmatch(text); m != nil {
		name, body, words = m[1], m[5], counted(m[2], m[3], m[4])
	} else if m := overWords.FindStringSubmatch(text); m != nil {
		name, body = m[1], m[3]
		words = strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune(blanks+",;", r) })
	}
	switch {
	case body == "":
		p.unplayed(text, "loops are over words, or /L over numbers")
		return
	case strings.ContainsAny(strings.Join(words, ""), "*?"):
		p.unplayed(text, "there are no files here")
		return
	}
	told, line := false, p.line
	for _, word := range words {
		p.line = line
		before := len(p.problems)
		value := strings.Trim(word, `"`)
		p.statement(strings.NewReplacer("%%"+name, value, "%%~"+name, value).Replace(body))
		if told { // what is wrong with one is with all
			p.problems = p.problems[:before]
		}
		told = told || len(p.problems) > before
	}
}

// counted are the numbers from the first by steps to the last.
func counted(first, step, last string) (all []string) {
	from, err1 := strconv.Atoi(first)
	by, err2 := strconv.Atoi(step)
	to, err3 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || err3 != nil || by == 0 {
		return nil
	}
	for ; len(all) < maxCommands && (by > 0 && from <= to || by < 0 && from >= to); from += by {
		all = append(all, strconv.Itoa(from))
	}
	return all
}

// block does what stands in parentheses.
func (p *parser) block(text string) {
	inner, rest, closed := cutBody(text)
	if !closed {
		p.unplayed(text, "its parentheses do not match")
		return
	}
	p.statement(inner)
	p.following(rest)
}

// sequence does one command after the other. What begins with a loop or a block takes all that follows.
func (p *parser) sequence(text string) {
	part, by, rest := cutCommand(text)
	before := len(p.commands)
	p.single(part)
	for by == "|" {
		part, by, rest = cutCommand(rest)
		switch words := wordsOf(part); {
		case len(words) == 0 || !slices.Contains(filters, program(words[0])):
			p.unplayed("| "+part, "only what stands before it is")
		case len(p.commands) > before && p.commands[len(p.commands)-1].Ping != nil && strings.Contains(strings.ToLower(part), "ttl"):
			p.commands[len(p.commands)-1].Ping.Found = true
		}
	}
	for by == "&&" || by == "||" {
		if len(p.commands) == before { // nothing that could fail
			p.unplayed(by+" "+rest, "how the command before ends is not known here")
			return
		}
		test := Test{Failed: by == "||"}
		if first, _ := cutWord(rest); slices.Contains([]string{"if", "for"}, strings.ToLower(first)) || strings.HasPrefix(first, "(") {
			p.tested(test, func() { p.statement(rest) }) // takes all that follows
			return
		}
		part, by, rest = cutCommand(rest)
		p.tested(test, func() { p.single(part) })
	}
	if by == "|" {
		p.unplayed("| "+rest, "only what stands before it is")
		return
	}
	if rest != "" {
		p.statement(rest)
	}
}

// filters read what a command prints.
//
// Inferred: what they look for is in it, but for the TTL of an answer.
var filters = []string{"find", "findstr", "more", "sort"}

// cutCommand parts the first command from the rest at what joins them.
func cutCommand(text string) (first, by, rest string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '^':
			i++
		case c == '&' && i > 0 && (text[i-1] == '>' || text[i-1] == '<'): // 2>&1
		case c == '&' || c == '|':
			by = text[i : i+1]
			if i+1 < len(text) && text[i+1] == c {
				by = text[i : i+2]
			}
			return text[:i], by, strings.TrimLeft(text[i+len(by):], blanks)
		}
	}
	return text, "", ""
}

// redirection is an output or input that goes elsewhere.
var redirection = regexp.MustCompile(`(^|[ \t])?[0-9]?(>>|>|<)\s*(&[0-9]|"[^"]*"|[^\s<>]+)`)

// single does one command, less where its output goes.
func (p *parser) single(text string) {
	text = mark.ReplaceAllString(text, "")
	text = redirection.ReplaceAllStringFunc(text, func(found string) string {
		to := strings.Trim(redirection.FindStringSubmatch(found)[3], `"`)
		if !strings.EqualFold(to, "nul") && !strings.HasPrefix(to, "&") {
			p.warnf("found %s, a file that is not written here", typed(strings.TrimLeft(found, blanks)))
		}
		return " "
	})
	text = strings.ReplaceAll(text, "^", "")
	if p.delayed {
		text = p.delayedly(text)
	}
	if words := wordsOf(text); len(words) > 0 {
		p.command(words)
	}
}

// wordsOf are the words of a line; quotes keep one together.
func wordsOf(text string) (words []string) {
	word, in, quoted := "", false, false
	for _, r := range text + " " {
		switch {
		case r == '"':
			quoted, in = !quoted, true
		case !quoted && strings.ContainsRune(blanks, r):
			if in {
				words = append(words, word)
			}
			word, in = "", false
		default:
			word, in = word+string(r), true
		}
	}
	if in {
		words = append(words, strings.TrimSuffix(word, " "))
	}
	return words
}
