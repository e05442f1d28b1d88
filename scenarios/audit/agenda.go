package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ipwsim/sim/cluster"
)

// longFault is from when on a fault is played less often.
const longFault = time.Hour

// agenda is all jobs of an audit, and whose they are.
type agenda struct {
	jobs    []job
	draws   []draw         // of each job; empty for those that show mail as it is
	known   map[string]int // jobs by all that they are
	singles [][]int        // of each fault, its jobs by draw
	pairs   []pairOf       // of faults
	tried   [][][]int      // of each candidate and fault, its jobs by draw; nil: refused
	mails   []mailOf       // of the cluster, then of each candidate; zero for those without
}

// pairOf is two faults, by their places, and their jobs by draw.
type pairOf struct {
	a, b int
	jobs []int
}

// runs are the jobs of each fault by draw, of the cluster as it is or of a candidate, as upon has them.
func (b *agenda) runs(upon int) [][]int {
	if upon == 0 {
		return b.singles
	}
	return b.tried[upon-1]
}

// mailOf are the jobs with mail while each node has the VIPs.
type mailOf struct{ here, away []int }

// mailDraws is how often mail is played: as it runs, and after a boot.
const mailDraws = 2

// add plans a draw in the world of those files: once, where a change is none of that world.
func (p *plan) add(b *agenda, f files, d draw) int {
	j := job{World: p.world(f, d.probes != nil, d.assumed), Text: d.text(p.opening()), From: d.at[0], Ends: d.ends(p.bp), Probed: d.probes != nil}
	key := fmt.Sprint(j)
	if i, planned := b.known[key]; planned {
		return i
	}
	b.known[key] = len(b.jobs)
	b.jobs = append(b.jobs, j)
	b.draws = append(b.draws, d)
	return len(b.jobs) - 1
}

// agenda plans all runs.
func (p *plan) agenda() *agenda {
	b := &agenda{known: map[string]int{}}
	o := &p.out.Plan
	for i := range p.faults {
		b.singles = append(b.singles, p.all(b, p.files, i, draws(&p.faults[i], o.Draws)))
	}
	for i := range p.faults {
		for j := i + 1; j < len(p.faults) && o.PairDraws > 0; j++ {
			if !p.faults[i].paired() || !p.faults[j].paired() {
				continue
			}
			one := pairOf{a: i, b: j}
			for k := range o.PairDraws {
				one.jobs = append(one.jobs, p.add(b, p.files, p.pair(p.faults[i], p.faults[j], k)))
			}
			b.pairs = append(b.pairs, one)
		}
	}
	b.mails = append(b.mails, p.mailOf(b, p.files, p.bp))
	for i := range p.candidates {
		p.planTry(b, &p.candidates[i])
	}
	return b
}

// planTry plans the runs of the next change.
func (p *plan) planTry(b *agenda, c *candidate) {
	b.tried = append(b.tried, p.tries(b, c))
	var shows *cluster.Blueprint
	if c.mail {
		shows = c.bp
	}
	b.mails = append(b.mails, p.mailOf(b, c.files, shows))
}

// tries plans the draws of each fault under the change; nil: it was refused.
func (p *plan) tries(b *agenda, c *candidate) (of [][]int) {
	if c.bp == nil {
		return nil
	}
	for f := range p.faults {
		if p.faults[f].Kind.OfMail() && !c.services {
			of = append(of, nil)
			continue
		}
		n := draws(&p.faults[f], p.out.Plan.TriedDraws)
		if p.Quick {
			n = min(n, firstLook)
		}
		of = append(of, p.all(b, c.files, f, n))
	}
	return of
}

// firstLook is how many draws of a fault under a change a quick audit plays at first, one with clients of each kind: of a
// fault that does nobody anything without the change, nor in these with it, the others are taken to do nothing either.
const firstLook = 2

// lookOn plans the rest of the draws of a quick audit, of the candidates from that one on, where it cannot be spared.
func (p *plan) lookOn(b *agenda, all []*outcome, from int) {
	for i := from; p.Quick && i < len(p.candidates); i++ {
		for f, jobs := range b.tried[i] {
			if len(jobs) > 0 && !harmless(of(all, b.singles[f]), of(all, jobs)) {
				b.tried[i][f] = p.all(b, p.candidates[i].files, f, draws(&p.faults[f], p.out.Plan.TriedDraws))
			}
		}
	}
}

// harmless says whether in all of the runs everybody had mail, and an answer, all the time.
func harmless(without, with []*outcome) bool {
	return !slices.ContainsFunc(slices.Concat(without, with), func(o *outcome) bool { return o.mean() > 0 || o.Echo > 0 || o.Open })
}

// play does what is planned, and of a quick audit what it then makes sense to play of the candidates from that one on.
func (p *plan) play(ctx context.Context, b *agenda, all []*outcome, from int) ([]*outcome, error) {
	all, err := p.perform(ctx, b, all)
	if err != nil {
		return nil, err
	}
	p.lookOn(b, all, from)
	return p.perform(ctx, b, all)
}

// all plans so many draws of a fault.
func (p *plan) all(b *agenda, f files, nth, of int) (jobs []int) {
	for k := range of {
		jobs = append(jobs, p.add(b, f, p.single(p.faults[nth], k)))
	}
	return jobs
}

// mailOf plans the runs with mail in the cluster that the files make, if somebody can write; nil: none are wanted.
func (p *plan) mailOf(b *agenda, f files, bp *cluster.Blueprint) (m mailOf) {
	if bp == nil || p.people() == nil {
		return m
	}
	world := p.world(p.withOutside(f, bp.Subnet), true, false)
	for k := range mailDraws {
		b.jobs = append(b.jobs, p.mailJob(world, k, false), p.mailJob(world, k, true))
		b.draws = append(b.draws, draw{}, draw{})
		m.here, m.away = append(m.here, len(b.jobs)-2), append(m.away, len(b.jobs)-1)
	}
	return m
}

// perform does the jobs that are not done yet, and returns what came of all.
func (p *plan) perform(ctx context.Context, b *agenda, done []*outcome) ([]*outcome, error) {
	todo := b.jobs[len(done):]
	o := &p.out.Plan
	o.Runs = len(b.jobs)
	for i := range todo {
		if todo[i].Mail != nil || todo[i].Probed {
			o.MailRuns++
		}
	}
	c := &crew{hired: p.Crew, workers: max(1, p.Workers), brief: brief{p.bare(), p.worlds}}
	if p.Progress != nil {
		c.told = func(n int) { p.Progress(len(done)+n, len(b.jobs)) }
	}
	more, err := c.all(ctx, todo)
	if err == nil {
		countLasting(todo, more)
	}
	return append(done, more...), err
}
