package audit

import (
	"context"
	"slices"

	"ipwsim/sim/audited"
)

// follow plays what is left when the list is worked through: all mends of it together, and then the choices too. One change
// may gain what another has gained already.
func (p *plan) follow(ctx context.Context, b *agenda, all []*outcome) ([]*outcome, error) {
	mends := 0
	for mends < len(p.out.Todo) && p.out.Todo[mends].Class == audited.Mend {
		mends++
	}
	first := len(p.candidates)
	var parts []int
	for _, n := range slices.Compact([]int{mends, len(p.out.Todo)}) {
		if n < 2 { // it says itself what it gains
			continue
		}
		if c := p.together(p.out.Todo[:n]); c.bp != nil {
			p.candidates, parts = append(p.candidates, c), append(parts, n)
			p.planTry(b, &c)
		}
	}
	all, err := p.perform(ctx, b, all)
	if err != nil {
		return nil, err
	}
	away := p.away(b, all)
	for i, n := range parts {
		t := p.try(b, all, first+i, away)
		left := max(0, p.out.Year.Mean.Value-t.Gain.Value)
		p.out.Followed = append(p.out.Followed, audited.Followed{Of: n, Gain: t.Gain, Left: left, Mail: t.Mail})
	}
	return all, nil
}

// together makes the changes one after the other: each to the files that those before it leave, unless nothing is left of it
// to be changed.
func (p *plan) together(todo []audited.Tried) candidate {
	c := candidate{class: audited.Choice, files: p.files, bp: p.bp}
	for i := range todo {
		q := &plan{Options: p.Options, name: p.name, files: c.files, bp: c.bp}
		q.propose()
		k := slices.IndexFunc(q.candidates, func(x candidate) bool { return again(&x.Change, &todo[i].Change) })
		if k < 0 {
			continue
		}
		next := &q.candidates[k]
		c.files, c.bp = next.files, next.bp
		c.mail, c.services = c.mail || next.mail, c.services || next.services
		if c.bp == nil {
			return c
		}
	}
	return c
}

// again says whether a change of changed files is one of the list, of which less may be left: of one node, not of both.
func again(now, then *audited.Change) bool {
	if now.Kind != then.Kind || then.Node != "" && now.Node != then.Node {
		return false
	}
	switch now.Kind {
	case audited.Interval, audited.HostsLine: // one is longer, one shorter; one for each domain
		return now.To == then.To
	case audited.MailAccount, audited.MailBinds, audited.MailHidden: // one for each service
		return now.From == then.From
	case audited.MailDomain:
		return now.Client == then.Client
	}
	return true
}
