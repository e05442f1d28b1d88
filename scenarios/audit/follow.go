package audit

import (
	"context"
	"slices"

	"ipwsim/sim/audited"
)

// mostFurther is how often the list is made longer by what gains once all of it is done.
const mostFurther = 4

// follow works through the list and plays what is left: with all mends of it together, and then the choices too, for one
// change may gain what another has gained already; and further changes on top, for one may gain only when another is made.
func (p *plan) follow(ctx context.Context, b *agenda, all []*outcome) (_ []*outcome, err error) {
	done := candidate{files: p.files, bp: p.bp}
	from := 0
	for round := 0; from < len(p.out.Todo); round++ {
		parts := p.parts(p.work(done, from), from)
		last := &parts[len(parts)-1]
		done = last.candidate
		var further []candidate
		if !p.Quick && round < mostFurther {
			further = p.further(done)
		}
		first := len(p.candidates)
		for i := range further {
			c := &further[i]
			c.upon = first + len(parts)
			last.candidate.mail, last.services = last.candidate.mail || c.mail, last.services || c.services
		}
		for i := range parts {
			p.candidates = append(p.candidates, parts[i].candidate)
		}
		p.candidates = append(p.candidates, further...)
		for i := first; i < len(p.candidates); i++ {
			p.planTry(b, &p.candidates[i])
		}
		if all, err = p.play(ctx, b, all, first); err != nil {
			return nil, err
		}
		for i, part := range parts {
			p.followed(part, p.try(b, all, first+i), p.after(b, all, first+i))
		}
		from = len(p.out.Todo)
		rest := p.list(b, all, first+len(parts))
		p.out.Tried = slices.DeleteFunc(p.out.Tried, func(t audited.Tried) bool { return p.gainsLater(&t, from) })
		if len(further) > 0 && from == len(p.out.Todo) {
			p.out.Beyond = rest
		}
		p.out.Final = !p.Quick && round < mostFurther && from == len(p.out.Todo)
	}
	p.out.Final = p.out.Final || from == 0
	p.answer()
	return all, nil
}

// part is the cluster when the list is worked through up to a change.
type part struct {
	candidate
	of    int  // so many changes
	told  bool // what they gain together: one says so itself
	shows bool // one of them shows in mail
}

// parts are the cluster with the mends of the list from there on, where choices follow and none were before, and with all.
func (p *plan) parts(steps []candidate, from int) (parts []part) {
	add := func(n int) {
		c := steps[n-1]
		parts = append(parts, part{c, from + n, from+n > 1, c.mail})
	}
	mends := 0
	for mends < len(steps) && p.out.Todo[from+mends].Class == audited.Mend {
		mends++
	}
	if from == 0 && 1 < mends && mends < len(steps) {
		add(mends)
	}
	add(len(steps))
	return parts
}

// after is what the faults cost a year with a candidate, and what pairs cost beyond them as the cluster is.
func (p *plan) after(b *agenda, all []*outcome, i int) audited.Estimate {
	years := slices.Clone(p.beyond)
	for f := range p.faults {
		if b.tried[i] != nil {
			runs := of(all, b.tried[i][f])
			years = append(years, p.halves(stratum{p.faults[f].Rate, silences(runs), anyOpen(runs)})...)
		}
	}
	return estimate(years)
}

// left is what the gain leaves of the year, as wide as what was played after it is: of all draws of the year some are.
func (p *plan) left(gain float64, after audited.Estimate) audited.Estimate {
	value := p.out.Year.Mean.Value - gain
	return audited.Estimate{
		Value: max(0, value), Low: max(0, value+after.Low-after.Value), High: max(0, value+after.High-after.Value), AtLeast: p.out.Year.Mean.AtLeast || after.AtLeast,
	}
}

// followed tells what the part gains, and what is left.
func (p *plan) followed(x part, t audited.Tried, after audited.Estimate) {
	if !x.told {
		return
	}
	f := audited.Followed{Of: x.of, Gain: t.Gain, Left: p.left(t.Gain.Value, after)}
	if x.shows {
		f.Mail = t.Mail
	}
	p.out.Followed = append(p.out.Followed, f)
}

// work makes the changes of the list from there on one after the other, each to the files that those before it leave, as who
// works through it does: so each is told. One of which nothing is left then, or that check then refuses, is none of the list.
func (p *plan) work(done candidate, from int) (steps []candidate) {
	todo, listed := p.out.Todo[from:], p.listed[from:]
	p.out.Todo, p.listed = slices.Clone(p.out.Todo[:from]), slices.Clone(p.listed[:from])
	for i, t := range todo {
		next := p.still(done, &t.Change)
		if next == nil {
			t.Verdict = audited.Instead
			p.out.Tried = append(p.out.Tried, t)
			continue
		}
		next.mail, next.services = next.mail || done.mail, next.services || done.services
		t.Change, done = next.Change, *next
		steps = append(steps, done)
		p.out.Todo, p.listed = append(p.out.Todo, t), append(p.listed, listed[i])
	}
	return steps
}

// upon is a plan of the cluster with that done, with what can then be changed.
func (p *plan) upon(done *candidate) *plan {
	q := &plan{Options: p.Options, name: p.name, files: done.files, bp: done.bp}
	_, q.lint = done.files.load()
	q.propose()
	return q
}

// still is what is left of the change when that is done; nil: nothing that check does not refuse.
func (p *plan) still(done candidate, then *audited.Change) *candidate {
	q := p.upon(&done)
	k := slices.IndexFunc(q.candidates, func(x candidate) bool { return x.bp != nil && again(&x.Change, then) })
	if k < 0 {
		return nil
	}
	return &q.candidates[k]
}

// further is what can be changed when that is done. What it answers of what check then says, it answers of what check says of
// the cluster as it is.
func (p *plan) further(done candidate) []candidate {
	q := p.upon(&done)
	all := slices.DeleteFunc(q.candidates, func(c candidate) bool { return c.bp == nil })
	for i := range all {
		var answered []int
		for n, x := range p.lint {
			if slices.ContainsFunc(all[i].answered, func(k int) bool { return said(q.lint[k]) == said(x) }) {
				answered = append(answered, n)
			}
		}
		all[i].answered = answered
	}
	return all
}

// gainsLater says whether the change is in the list from there on: it gains when others are made.
func (p *plan) gainsLater(t *audited.Tried, from int) bool {
	return slices.ContainsFunc(p.out.Todo[from:], func(x audited.Tried) bool { return again(&x.Change, &t.Change) })
}

// again says whether a change of changed files is one of the list, of which less may be left: of one node, not of both.
func again(now, then *audited.Change) bool {
	if now.Kind != then.Kind || then.Node != "" && now.Node != then.Node {
		return false
	}
	switch now.Kind {
	case audited.Interval, audited.ReleaseTime, audited.HostsLine: // several values; one for each domain
		return now.To == then.To
	case audited.MailAccount, audited.MailBinds, audited.MailHidden: // one for each service
		return now.From == then.From
	case audited.MailDomain:
		return now.Client == then.Client
	}
	return true
}
