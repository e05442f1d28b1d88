package script

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/verb"
)

func (p *parser) at(n int, words []string) {
	switch {
	case len(words) > 1 && isStep(words[1]):
		p.errorf(n, "found %q, expected a time after `at`, as in `at 20s %s`", strings.Join(words, " "), words[1])
		return
	case len(words) < 3:
		p.errorf(n, "found %q, expected `at <time> <fault>`", strings.Join(words, " "))
		return
	case isNumber(words[1]) && isTime(words[1]+words[2]):
		p.errorf(n, "found time %q, expected no blank before the unit: %s", words[1]+" "+words[2], words[1]+words[2])
		return
	}
	at, ok := p.time(n, words[1])
	if !ok {
		at = p.last // the rest of the line can still be judged
	}
	if at < p.last {
		p.errorf(n, "found time %q, expected %s or later, as in line %d: steps stand in order of time", words[1], written(p.last), p.lastLine)
		at = p.last
	}
	p.last, p.lastLine = at, n
	rest, every, until, ok := p.repeated(n, at, words[2:])
	if !ok {
		return
	}
	try := rest[0] == "try" && len(rest) > 1
	if try {
		rest = rest[1:]
	}
	p.step(n, at, rest)
	if steps := p.s.Steps; len(steps) > 0 && steps[len(steps)-1].Line == n {
		last := &steps[len(steps)-1]
		last.Every, last.Until, last.Try = every, until, try
	}
}

// How often a step can be done again, and all of them together.
const (
	maxTimes  = 10_000
	mostTimes = 100_000
)

// repeated takes `every <time> until <time>` from what follows a time.
func (p *parser) repeated(n int, at time.Duration, words []string) (rest []string, every, until time.Duration, ok bool) {
	if words[0] != "every" {
		return words, 0, 0, true
	}
	if len(words) < 5 || words[2] != "until" {
		p.errorf(n, "found %q, expected `at <time> every <time> until <time> <fault>`", strings.Join(words, " "))
		return nil, 0, 0, false
	}
	every, ok1 := p.time(n, words[1])
	until, ok2 := p.time(n, words[3])
	switch {
	case !ok1 || !ok2:
		return nil, 0, 0, false
	case every == 0:
		p.errorf(n, "found `every 0s`, expected a time above 0s")
	case until <= at:
		p.errorf(n, "found `until %s`, expected a time after the first, %s", written(until), written(at))
	case (until-at)/every >= maxTimes:
		p.errorf(n, "found `every %s until %s`, which is more than %d times, expected less", written(every), written(until), maxTimes)
	case p.again+(until-at)/every > mostTimes:
		p.errorf(n, "found steps that are done again more than %d times all together, expected less", mostTimes)
	default:
		p.again += (until - at) / every
		return words[4:], every, until, true
	}
	return nil, 0, 0, false
}

// lastOf names the last step's time, with its line where that is the file's last step.
func (p *parser) lastOf(at time.Duration) diag.Text {
	if at > p.last {
		return diag.Say("%s", written(at))
	}
	return diag.Say("%s in line %d", written(p.last), p.lastLine)
}

// atStart takes a step without a time, which is done when the run starts.
func (p *parser) atStart(n int, words []string) {
	if p.last > 0 {
		p.errorf(n, "found `%s` without a time below line %d at %s, expected `at <time> %[1]s ...`", words[0], p.lastLine, written(p.last))
		return
	}
	p.step(n, 0, words)
}

// time reads a virtual time of the run.
func (p *parser) time(n int, word string) (time.Duration, bool) {
	d, err := time.ParseDuration(word)
	switch {
	case err != nil && isNumber(word):
		p.errorf(n, "found time %q without a unit, expected one as in 20s, 1m30s or 500ms", word)
	case err != nil:
		p.errorf(n, "found %q, expected a time as 20s, 1m30s or 500ms, up to 744h", word)
	case d < 0:
		p.errorf(n, "found time %q, expected 0s or later: the run starts at 0s", word)
	case d > verb.MaxTime:
		p.errorf(n, "found time %q, expected at most 744h", word)
	default:
		return d, true
	}
	return 0, false
}

func (p *parser) step(n int, at time.Duration, words []string) {
	words = roles(words, 1)
	if slices.ContainsFunc(lines(), func(l line) bool { return l.word == words[0] }) {
		p.errorf(n, "found `%s` behind a time, expected a fault or `ping`; `%s` begins a line", words[0], words[0])
		return
	}
	if _, ok := verb.Lookup(words[0]); !ok {
		p.errorf(n, "unknown fault %q%s, expected one of those of `ipwsim help verbs`", words[0], diag.Suggest(words[0], stepWords()))
		return
	}
	call, err := verb.Parse(words)
	if err != nil {
		p.errorf(n, "%w", err)
		return
	}
	p.closeStretch(at)
	p.s.Steps = append(p.s.Steps, Step{At: at, Line: n, Call: call})
}

// closeStretch ends the stretches of the expectations above at the time of a later step.
func (p *parser) closeStretch(at time.Duration) {
	for i := range p.s.Expects {
		if e := &p.s.Expects[i]; e.To == 0 && at > e.From {
			e.To = at
		}
	}
}

// typed puts a step for each line of a file into the place of one that types the file.
func (p *parser) typed() {
	var steps []Step
	for _, st := range p.s.Steps {
		name, is := st.TypedFile()
		if !is {
			steps = append(steps, st)
			continue
		}
		data, ok := p.s.Files[name]
		if !ok {
			p.errorf(st.Line, "found no file %q to type, expected one of the scenario's own, behind `-- %s --`", name, name)
			continue
		}
		for line := range strings.Lines(string(data)) {
			if words := strings.Fields(line); len(words) > 0 {
				line := st
				line.Call = st.Typing(strings.Join(words, " "))
				steps = append(steps, line)
			}
		}
	}
	for _, st := range p.s.Steps {
		if name, is := st.TypedFile(); is {
			delete(p.s.Files, name)
		}
	}
	if p.s.Steps = steps; len(p.s.Files) == 0 {
		p.s.Files = nil
	}
}

func (p *parser) end(n int, words []string) {
	if len(words) != 2 {
		p.errorf(n, "found %q, expected `end <time>`", strings.Join(words, " "))
		return
	}
	at, ok := p.time(n, words[1])
	switch {
	case !ok:
	case p.endLine != 0:
		p.errorf(n, "found a second `end`, expected at most one; the first is in line %d", p.endLine)
	case at == 0:
		p.errorf(n, "found `end 0s`, expected a time above 0s: the run starts there")
	default:
		p.s.End, p.endLine = at, n
	}
}

func isStep(word string) bool {
	_, ok := verb.Lookup(word)
	return ok
}

func isNumber(word string) bool {
	_, err := strconv.ParseFloat(word, 64)
	return err == nil
}

func isTime(word string) bool {
	_, err := time.ParseDuration(word)
	return err == nil
}
