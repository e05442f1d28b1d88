package batch

import (
	"bytes"
	"slices"
	"strings"
)

// mostDepth is how deep labels and batch files may call each other.
const mostDepth = 20

// calls does what stands behind a label, with arguments of its own, up to an exit /b, and goes on behind the call. One that
// ends where only the run knows it is left out: a batch that is played has no such end.
func (p *parser) calls(line string, args []string) {
	p.leaps = true
	name := strings.ToLower(strings.TrimPrefix(args[0], ":"))
	at, found := p.labelled(name)
	switch {
	case name == "eof":
		return
	case !found && p.data != nil:
		p.unplayed(line, "there is no label :%s", name)
		return
	case !found:
		p.unplayed(line, "what is called here is not known")
		return
	case p.tooDeep(line):
		return
	}
	p.apart(line, true, func(q *parser) {
		q.args, q.past = args, nil
		q.read(linesFrom(p.data, at), at)
	})
}

// tooDeep says whether calls go no deeper, and tells that.
func (p *parser) tooDeep(line string) bool {
	if p.depth < mostDepth {
		return false
	}
	p.unplayed(line, "calls go more than %d deep here, perhaps without end", mostDepth)
	return true
}

// apart does what ends by itself: a label or a file that is called, or what a command prompt of its own does. It says of
// those whether an exit in it ends all.
func (p *parser) apart(line string, quits bool, do func(q *parser)) {
	q := *p
	q.depth, q.within = p.depth+1, p.maybe
	q.ended, q.end, q.to, q.quits, q.torn, q.unsure, q.came = false, 0, "", false, false, false, nil
	do(&q)
	before := len(p.commands)
	p.commands, p.problems, p.steps, p.called, p.missing = q.commands, q.problems, q.steps, q.called, q.missing
	p.halted, p.stuck = q.halted, q.stuck
	switch {
	case q.torn:
		p.commands = p.commands[:before]
		p.unplayed(line, "how it ends only the run knows")
	case q.stuck || q.quits && quits:
		p.quits = true
		p.ends()
	}
}

// labelled is the line of the label that a call or a goto finds: the next one, and behind the last the first.
func (p *parser) labelled(name string) (at int, found bool) {
	all := p.labels[name]
	if i := slices.IndexFunc(all, func(at int) bool { return at > p.number }); i >= 0 {
		return all[i], true
	}
	if len(all) > 0 {
		return all[0], true
	}
	return 0, false
}

// linesFrom are the lines behind so many.
func linesFrom(data []byte, before int) []byte {
	for ; before > 0; before-- {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return nil
		}
		data = data[i+1:]
	}
	return data
}
