package reports

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// Text writes the report of one run for a terminal: the verdict and the figures first, then what
// they rest on.
func Text(w io.Writer, r Result, opt Options) error {
	p := newPage(opt)
	p.head(r)
	if r.Trace != nil {
		p.timeline(r)
		p.outages(r.Outages)
		p.mail(r.Mail)
		p.beliefs(r)
		p.pings(r.Trace)
		p.watchers(r.Trace)
		p.commands(r.Trace)
	}
	p.checks(r.Checks)
	p.failedExpectations(r)
	return p.flush(w)
}

// head says how the run went, by how much, and why not.
func (p *page) head(r Result) {
	lead, st := p.verdict(r)
	indent := strings.Repeat(" ", columns(lead))
	p.para(st, lead, r.Scenario)
	if r.Title != "" {
		p.para(plain, indent, r.Title)
	}
	p.figures(indent, r.Figures)
	for i, o := range r.objections(p.lang) {
		if i == 0 {
			p.line(plain, "")
			p.line(failStyle, indent+p.say(because))
		}
		p.para(failStyle, indent+"- ", o.text)
	}
	for _, s := range r.Warnings {
		p.para(plain, indent, p.say(warning, s))
	}
	p.swallowed(indent, r.Trace)
	p.line(plain, "")
	p.para(noteStyle, indent, p.meta(r))
	if r.Rerun != "" {
		p.para(noteStyle, indent, p.say(runAgain, r.Rerun))
	}
}

// verdict is the word a report begins with, filled up so that both words are as wide.
func (p *page) verdict(r Result) (string, style) {
	wide := max(columns(p.say(passWord)), columns(p.say(failWord))) + 2
	if r.Passed() {
		return pad(p.say(passWord), wide), passStyle
	}
	return pad(p.say(failWord), wide), failStyle
}

// meta says which run this was.
func (p *page) meta(r Result) string {
	parts := []string{p.say(metaSeed, r.Seed)}
	if r.File != "" {
		parts = append([]string{p.say(metaFile, r.File)}, parts...)
	}
	if r.Trace != nil {
		parts = append(parts, p.say(metaLength, p.stamp(r.Trace.End)))
	}
	if r.Hash != "" {
		parts = append(parts, p.say(metaHash, r.Hash))
	}
	return strings.Join(parts, p.say(comma))
}

// stamp is a point of virtual time, to the millisecond.
func (l lang) stamp(t time.Duration) string {
	return l.say(inSeconds, strconv.FormatFloat(t.Seconds(), 'f', 3, 64))
}

func (p *page) stamp(t time.Duration) string { return p.lang.stamp(t) }
