package audit

import (
	"context"
	"fmt"
	"time"
)

// longFault is from when on a fault is played less often.
const longFault = time.Hour

// agenda is all jobs of an audit, and whose they are.
type agenda struct {
	jobs    []job
	draws   []draw         // of each job; none of those that show mail as it is
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

// mailOf are the jobs with mail while each node has the VIPs.
type mailOf struct{ here, away []int }

// mailDraws is how often mail is played.
const mailDraws = 2

// add plans a draw in the world of those files: once, where a change is none of that world.
func (p *plan) add(b *agenda, f files, d draw) int {
	j := job{World: p.world(f, d.probes != nil, d.assumed), Text: d.text(p.name), From: d.at[0], Ends: d.ends(p.bp), Probed: d.probes != nil}
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
		b.singles = append(b.singles, p.all(b, p.files, i, o.Draws))
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
	for i := range p.candidates {
		var of [][]int
		if c := &p.candidates[i]; c.bp != nil {
			for f := range p.faults {
				if p.faults[f].Kind.OfMail() && !c.services {
					of = append(of, nil)
					continue
				}
				of = append(of, p.all(b, c.files, f, o.TriedDraws))
			}
		}
		b.tried = append(b.tried, of)
	}
	p.addMail(b)
	o.Runs = len(b.jobs)
	return b
}

// all plans the draws of a fault.
func (p *plan) all(b *agenda, f files, nth, of int) (jobs []int) {
	for k := range draws(&p.faults[nth], of) {
		jobs = append(jobs, p.add(b, f, p.single(p.faults[nth], k)))
	}
	return jobs
}

// addMail plans the runs with mail: of the cluster, and of what shows in mail.
func (p *plan) addMail(b *agenda) {
	b.mails = make([]mailOf, 1+len(p.candidates))
	if !canMail(p.bp) {
		return
	}
	plan := func(f files) (m mailOf) {
		world := p.world(p.withOutside(f), true, false)
		for k := range mailDraws {
			b.jobs = append(b.jobs, p.mailJob(world, k, false), p.mailJob(world, k, true))
			m.here, m.away = append(m.here, len(b.jobs)-2), append(m.away, len(b.jobs)-1)
		}
		return m
	}
	for i := range p.candidates {
		c := &p.candidates[i]
		if c.mail && c.bp != nil {
			b.mails[1+i] = plan(c.files)
		}
	}
	b.mails[0] = plan(p.files)
	for i := range b.jobs {
		if b.jobs[i].Mail != nil || b.jobs[i].Probed {
			p.out.Plan.MailRuns++
		}
	}
}

// perform does all jobs.
func (p *plan) perform(ctx context.Context, b *agenda) ([]*outcome, error) {
	c := &crew{hired: p.Crew, workers: max(1, p.Workers), brief: brief{p.files.withoutMail(), p.worlds}}
	if p.Progress != nil {
		c.told = func(done int) { p.Progress(done, len(b.jobs)) }
	}
	return c.all(ctx, b.jobs)
}
