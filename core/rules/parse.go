package rules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// form is an ID.
var form = regexp.MustCompile(`^[A-Z][0-9]{1,2}$`)

// parse reads the rules and reports every problem, by line. Where there is one the rest is as good as could be.
func parse(text string) ([]Rule, error) {
	p := parser{seen: map[string]bool{}}
	for line := range strings.Lines(text) {
		p.line++
		p.read(strings.TrimSuffix(line, "\n"))
	}
	p.endRule()
	return p.all, errors.Join(p.problems...)
}

type parser struct {
	line     int
	group    phrase
	rule     *Rule // being read
	begun    int   // its line
	seen     map[string]bool
	all      []Rule
	problems []error
}

func (p *parser) errorf(line int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("line %d: "+format, append([]any{line}, args...)...))
}

func (p *parser) read(line string) {
	switch {
	case line == "" || line[0] == '#':
	case line[0] == ' ':
		p.field(strings.TrimPrefix(line, " "))
	case line[0] == '=':
		p.endRule()
		en, ja, both := strings.Cut(strings.TrimPrefix(line, "= "), " | ")
		if !both || en == "" || ja == "" {
			p.errorf(p.line, "found %q, expected a heading as = Watcher | 監視プログラム", line)
		}
		p.group = phrase{en, ja}
	default:
		p.endRule()
		p.beginRule(line)
	}
}

func (p *parser) beginRule(id string) {
	switch {
	case !form.MatchString(id):
		p.errorf(p.line, "found %q, expected an ID as W12, or a field of a rule behind a blank", id)
	case p.seen[id]:
		p.errorf(p.line, "%s is there twice", id)
	case p.group == phrase{}:
		p.errorf(p.line, "%s stands before the first heading", id)
	}
	p.seen[id] = true
	p.rule, p.begun = &Rule{ID: id, group: p.group}, p.line
}

func (p *parser) field(line string) {
	key, text, _ := strings.Cut(line, " ")
	if p.rule == nil {
		p.errorf(p.line, "%s belongs to no rule", key)
		return
	}
	place := map[string]*string{
		"en": &p.rule.text.en, "ja": &p.rule.text.ja, "source": &p.rule.source.en, "出典": &p.rule.source.ja,
	}[key]
	switch {
	case place == nil:
		p.errorf(p.line, "found %q, expected en, ja, source or 出典", key)
	case *place != "":
		p.errorf(p.line, "%s has %s twice", p.rule.ID, key)
	case text == "" || text != strings.TrimSpace(text):
		p.errorf(p.line, "%s of %s is empty, or has a blank at an end", key, p.rule.ID)
	default:
		*place = text
	}
}

// endRule files the rule that was read last.
func (p *parser) endRule() {
	r := p.rule
	if p.rule = nil; r == nil {
		return
	}
	if r.text.en == "" || r.text.ja == "" || r.source.en == "" || r.source.ja == "" {
		p.errorf(p.begun, "%s is not whole, expected en, ja, source and 出典", r.ID)
	}
	p.all = append(p.all, *r)
}
