package study

import (
	"context"

	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/pool"
	"ipwsim/sim/studied"
)

// bandLow and bandHigh are the band that the maker measured for failover with the defaults [G 15], in seconds.
var bandLow, bandHigh = facts.GuideFailover.Least.Seconds(), facts.GuideFailover.Most.Seconds()

// answer sums up a cell.
func (c *Cell) answer(rows studied.Rows, r studied.Rates, worst studied.Worst) studied.Answer {
	over, silent := failovers(rows), sampleOf(rows, silentOf).times()
	return studied.Answer{
		Cell: c.Index, Values: c.Values, Runs: len(rows), Failover: over, Failback: failbacks(rows),
		Band: sampleOf(rows, failoverOf).within(bandLow, bandHigh), ByRule: c.byRule(rows, worst.Failover), False: c.falseTakes(r), Outage: c.outage(over, silent, r), Worst: worst,
	}
}

// Answer sums up all cells. It searches each cell's worst case, unless the study is a table of single runs, and with a
// promise runs what confirms it. opt.Progress is told of the cells. An interrupt ends it with the context's error.
func (p *Plan) Answer(ctx context.Context, rows studied.Rows, r studied.Rates, w Want, opt Options) (a *studied.Answers, err error) {
	a = &studied.Answers{
		Kind: "study", Version: studied.Version, Study: p.Key(), Client: p.Client, VIP: p.VIP,
		Confidence: 1 - 2*oneTail, Rates: r, Promise: [2]float64{bandLow, bandHigh},
	}
	a.Cells, err = pool.Map(ctx, len(p.cells), opt.Workers, func(ctx context.Context, i int) (studied.Answer, error) {
		c := &p.cells[i]
		worst := studied.Worst{Bound: c.Bound().Seconds(), Seed: p.SeedOf(0)}
		if !p.Table() {
			var err error
			if worst, err = p.findWorst(ctx, piece{Cell: i, Seed: worst.Seed}, opt); err != nil {
				return studied.Answer{}, err
			}
		}
		return c.answer(rows.Of(i), r, worst), nil
	}, func(n int) { opt.tell(Status{Done: n, Total: len(p.cells), New: n, Cells: len(p.cells)}) })
	if err != nil {
		return nil, err
	}
	if err := p.today(a); err != nil {
		return nil, err
	}
	p.frontiers(a)
	if len(w) > 0 {
		a.Want, err = p.answerWant(ctx, a, rows, w, opt)
	}
	return a, err
}

// Study is all that came of the plan.
func (p *Plan) Study(rows studied.Rows, a *studied.Answers) *studied.Study {
	s := &studied.Study{Plan: p.Plan, Rows: rows, Answers: a}
	for i := range p.cells {
		s.Cells = append(s.Cells, p.cells[i].Cell)
	}
	return s
}
