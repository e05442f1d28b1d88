package audit

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/scenarios/study"
	"ipwsim/sim/audited"
)

// judge holds each change against the cluster as it is, draw by draw, and makes the list of what to do.
func (p *plan) judge(b *agenda, all []*outcome) {
	if m := b.mails[0]; len(m.here) > 0 {
		p.out.Mail = mailNow(all, m, p.away(b, all, 0))
	}
	p.out.Tried = p.list(b, all, 0)
}

// list judges the candidates from that one on: what is worth it goes to the end of the list, and the rest is returned. What
// a choice gains shows only when the mistakes are mended: beside mends none is listed, for they are all tried again then,
// but by a quick audit.
func (p *plan) list(b *agenda, all []*outcome, from int) (rest []audited.Tried) {
	type one struct {
		audited.Tried
		candidate int
	}
	var todo []one
	for i := from; i < len(p.candidates); i++ {
		t := p.try(b, all, i)
		t.After = len(p.out.Todo)
		if t.Verdict == audited.Gains || t.Verdict == audited.Asked {
			todo = append(todo, one{t, i})
			continue
		}
		rest = append(rest, t)
	}
	mends := func(t one) bool { return t.Class == audited.Mend }
	if !p.Quick && slices.ContainsFunc(todo, mends) {
		todo = slices.DeleteFunc(todo, func(t one) bool { return !mends(t) })
	}
	slices.SortStableFunc(todo, func(a, b one) int {
		return cmp.Or(cmp.Compare(rank(a.Tried), rank(b.Tried)), cmp.Compare(b.Score, a.Score))
	})
	for _, t := range todo {
		p.out.Todo, p.listed = append(p.out.Todo, t.Tried), append(p.listed, t.candidate)
	}
	return rest
}

// answer says which changes of the list answer what check says.
func (p *plan) answer() {
	for i := range p.out.Lint {
		for at, c := range p.listed {
			if slices.Contains(p.candidates[c].answered, i) {
				p.out.Lint[i].Answered = append(p.out.Lint[i].Answered, at)
			}
		}
	}
}

// rank puts mends before choices.
func rank(t audited.Tried) int {
	if t.Class == audited.Mend {
		return 0
	}
	return 1
}

// away is the part of a year in which the standby has the VIPs, of the cluster as it is or of a candidate, as upon has them.
func (p *plan) away(b *agenda, all []*outcome, upon int) (part float64) {
	for i, f := range p.faults {
		runs := of(all, b.runs(upon)[i])
		for _, r := range runs {
			part += f.Rate * r.Away / float64(len(runs)) / (365 * 24 * time.Hour).Seconds()
		}
	}
	return min(part, 1)
}

// try is what a change came to.
func (p *plan) try(b *agenda, all []*outcome, i int) audited.Tried {
	c := &p.candidates[i]
	t := audited.Tried{Change: c.Change, Class: c.class, Verdict: audited.Unplayed, Sign: 1}
	if b.tried[i] == nil {
		return t
	}
	var years, written, assumed []stratum
	before := b.runs(c.upon)
	for f := range p.faults {
		rate := p.faults[f].Rate
		s := stratum{rate: rate}
		halves := [2]stratum{{rate: rate}, {rate: rate}}
		for k, j := range b.tried[i][f] {
			without, with := all[before[f][k]], all[j]
			d := without.mean() - with.mean()
			s.values = append(s.values, d)
			h := &halves[k%2]
			h.values = append(h.values, d)
			n := float64(len(b.tried[i][f]))
			t.Echo += rate * (without.Echo - with.Echo) / n
			t.Switches += rate * (without.Switches - with.Switches) / n
			s.open = s.open || anyOpen([]*outcome{without, with})
			count(&t, d)
			byUse(&t, without, with, rate/n)
		}
		if gain := rate * mean(s.values); gain != 0 {
			t.ByFault = append(t.ByFault, audited.FaultGain{Fault: p.faults[f].Name, Seconds: gain})
		}
		years, written, assumed = append(years, p.halves(s)...), append(written, halves[0]), append(assumed, halves[1])
	}
	t.Sign = study.SignTest(t.Better, t.Worse)
	t.Gain = estimate(years)
	if p.either {
		t.If = &audited.If{AsWritten: estimate(written), AsAssumed: estimate(assumed)}
	}
	if was, is := b.mails[c.upon], b.mails[1+i]; len(is.here) > 0 {
		t.Mail = &audited.MailGain{
			Before: mailCost(all, was.here), After: mailCost(all, is.here),
			AwayBefore: mailCost(all, was.away), AwayAfter: mailCost(all, is.away), Away: p.away(b, all, c.upon),
		}
	}
	slices.SortStableFunc(t.ByUse, func(a, b audited.UseCost) int { return cmp.Compare(b.Seconds, a.Seconds) })
	slices.SortStableFunc(t.ByFault, func(a, b audited.FaultGain) int { return cmp.Compare(b.Seconds, a.Seconds) })
	p.decide(&t, c.asked)
	return t
}

// least is the least difference of a run that counts: a frame's way is none.
const least = 0.05

// count counts a pair of runs, the one with the change with so many seconds less.
func count(t *audited.Tried, less float64) {
	t.Pairs++
	switch {
	case less > least:
		t.Better++
	case less < -least:
		t.Worse++
	}
}

// byUse adds what each client and VIP gains in a pair of runs.
func byUse(t *audited.Tried, without, with *outcome, rate float64) {
	for i, u := range without.Uses {
		if i == len(t.ByUse) {
			t.ByUse = append(t.ByUse, audited.UseCost{Client: u.Client, VIP: u.VIP})
		}
		if i < len(with.Uses) {
			t.ByUse[i].Seconds += rate * (u.Silent - with.Uses[i].Silent)
		}
	}
}

// mailCost is the mean of the runs.
func mailCost(all []*outcome, jobs []int) (c audited.MailCost) {
	n := float64(len(jobs))
	for _, j := range jobs {
		if m := all[j].Mail; m != nil {
			c.Messages += m.Messages
			c.Doubled, c.Lost, c.Unread, c.Late = c.Doubled+m.Doubled/n, c.Lost+m.Lost/n, c.Unread+m.Unread/n, c.Late+m.Late/n
		}
	}
	return c
}

// mailNow is how mail fares while each node has the VIPs, and where the active node should have them and has none.
func mailNow(all []*outcome, m mailOf, away float64) *audited.MailNow {
	left := slices.DeleteFunc(slices.Clone(m.here), func(j int) bool { return !all[j].Left })
	here := slices.DeleteFunc(slices.Clone(m.here), func(j int) bool { return all[j].Left })
	now := &audited.MailNow{Here: worstMail(all, here), Away: worstMail(all, m.away), Part: away}
	if len(left) > 0 {
		now.Left = new(worstMail(all, left))
	}
	return now
}

// worstMail is the worst of the runs.
func worstMail(all []*outcome, jobs []int) (c audited.MailCost) {
	for _, j := range jobs {
		if m := all[j].Mail; m != nil {
			c.Messages += m.Messages
			c.Doubled, c.Lost, c.Unread, c.Late = max(c.Doubled, m.Doubled), max(c.Lost, m.Lost), max(c.Unread, m.Unread), max(c.Late, m.Late)
		}
	}
	return c
}

// decide says what the try is worth.
func (p *plan) decide(t *audited.Tried, asked bool) {
	mail := p.mailGain(t.Mail)
	t.Score = mail + p.out.Plan.Weights.Moved*t.Switches
	if t.Gain.Sure() || !asked {
		t.Score += t.Gain.Value
	}
	switch {
	case t.Gain.Low > 0 || mail >= 1 && t.Gain.High >= 0:
		t.Verdict = audited.Gains
	case asked:
		t.Verdict = audited.Asked
	case t.Gain.High < 0 || mail <= -1:
		t.Verdict = audited.Costs
	default:
		t.Verdict = audited.NoGain
	}
}

// mailGain is what mail gains a year, in seconds of silence.
func (p *plan) mailGain(m *audited.MailGain) float64 {
	if m == nil {
		return 0
	}
	w, n := p.out.Plan.Weights, p.out.Plan.Mail.Messages
	worth := func(c audited.MailCost) float64 {
		return w.Doubled*c.Doubled + w.Lost*(c.Lost+c.Unread) + w.Late*c.Late
	}
	return n * ((1-m.Away)*(worth(m.Before)-worth(m.After)) + m.Away*(worth(m.AwayBefore)-worth(m.AwayAfter)))
}
