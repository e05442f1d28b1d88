package study

import (
	"context"
	"reflect"
	"sync"
)

// Answers are what a study says, for summary.json and the text.
type Answers struct {
	Study      string       `json:"study"`      // Plan.Key
	Confidence float64      `json:"confidence"` // of every interval
	Method     string       `json:"method"`     // of False
	Rates      Rates        `json:"rates"`
	Promise    [2]float64   `json:"promise"` // the band of CellAnswer.Band, seconds
	Cells      []CellAnswer `json:"cells"`
	Frontier   []int        `json:"frontier"` // cells, from the least outage to the fewest false take-overs
	Want       *WantAnswer  `json:"want,omitempty"`
}

const method = "exact counting: expected time to the first run of missed polls, by its recurrence; no sampling"

// CellAnswer is what the runs of a cell say, and what was counted and searched for it.
type CellAnswer struct {
	Cell     int      `json:"cell"`
	Values   []string `json:"values"`
	Runs     int      `json:"runs"`
	Failover Times    `json:"failover"` // seconds
	Failback Times    `json:"failback"` // seconds
	Band     Share    `json:"band"`     // of failovers, within Promise
	False    False    `json:"false_takeovers"`
	Outage   Outage   `json:"outage_per_year"` // seconds
	Worst    Worst    `json:"worst_found"`
}

// worst is the longest failover that was seen, sampled or searched.
func (a *CellAnswer) worst() *Time {
	w := &a.Worst.Failover
	if s := a.Failover.Worst; s != nil && (s.Seconds > w.Seconds || s.AtLeast && !w.AtLeast) {
		return s
	}
	return w
}

// WantAnswer is which setting keeps a promise, and what today's costs against it.
type WantAnswer struct {
	Text      []string    `json:"clauses"`
	Kept      []int       `json:"kept"`            // for each clause, how many cells keep it
	Cell      *int        `json:"cell"`            // the fastest that keeps all; nil: none
	Confirmed Verdict     `json:"confirmed"`       // what a study of this cell alone says, with fresh seeds
	Fresh     *CellAnswer `json:"fresh,omitempty"` // its figures
	FreshSeed uint64      `json:"fresh_base_seed"` // its base seed
	Today     CellAnswer  `json:"today"`           // the cluster's own files; its cell is -1
	Verdict   Verdict     `json:"todays_verdict"`
}

// answer sums up a cell.
func (c *Cell) answer(rows []Row, r Rates, worst Worst) CellAnswer {
	over := sampleOf(rows, failoverOf)
	return CellAnswer{
		Cell: c.Index, Values: c.Values, Runs: len(rows),
		Failover: over.times(), Failback: sampleOf(rows, failbackOf).times(),
		Band: over.within(bandLow, bandHigh), False: c.falseTakes(r), Outage: c.outage(rows, r), Worst: worst,
	}
}

// Answer sums up all cells. It searches each cell's worst case, and with a promise runs what confirms
// it, on so many workers. An interrupt ends it with the context's error.
func (p *Plan) Answer(ctx context.Context, rows []Row, r Rates, w Want, opt Options) (*Answers, error) {
	a := &Answers{Study: p.Key(), Confidence: 1 - 2*oneTail, Method: method, Rates: r, Promise: [2]float64{bandLow, bandHigh}}
	a.Cells = make([]CellAnswer, len(p.cells))
	err := parallel(ctx, len(p.cells), opt.Workers, func(i int) {
		c := &p.cells[i]
		a.Cells[i] = c.answer(rowsOf(rows, i), r, c.FindWorst(p.SeedOf(0)))
	})
	if err != nil {
		return nil, err
	}
	a.Frontier = frontier(a.Cells)
	if len(w) > 0 {
		a.Want, err = p.answerWant(ctx, a, rows, w, opt)
	}
	return a, err
}

func (p *Plan) answerWant(ctx context.Context, a *Answers, rows []Row, w Want, opt Options) (*WantAnswer, error) {
	found := &WantAnswer{FreshSeed: (p.Seed + 1) % (MaxSeed + 1)}
	for _, c := range w {
		n := 0
		for i := range a.Cells {
			if c.judge(&a.Cells[i]) == Kept {
				n++
			}
		}
		found.Text, found.Kept = append(found.Text, c.Text), append(found.Kept, n)
	}
	like := &p.cells[0]
	if best, ok := w.fastest(a.Cells); ok {
		found.Cell, like = &best, &p.cells[best]
		fresh, err := p.alone(ctx, like, found.FreshSeed, a.Cells[best].Runs, a.Rates, opt)
		if err != nil {
			return nil, err
		}
		found.Fresh, found.Confirmed = fresh, w.judge(fresh)
	}
	today, err := p.today(like.Fault)
	if err != nil {
		return nil, err
	}
	answer, err := p.answerToday(ctx, today, a, rows, opt)
	if err != nil {
		return nil, err
	}
	found.Today, found.Verdict = *answer, w.judge(answer)
	return found, nil
}

// today is the cluster as its files are, with the fault.
func (p *Plan) today(f Fault) (*Cell, error) {
	c, _, err := newCell([]Axis{{Name: "fault"}}, p.base, -1, []string{string(f)})
	if c.Horizon = p.Horizon; c.Horizon == 0 && err == nil {
		c.Horizon = c.patience()
	}
	c.failoverOnly = p.FailoverOnly
	c.Values = nil
	return &c, err
}

// answerToday takes the cell's rows from the study, if it has such a cell, or runs it with the same seeds.
func (p *Plan) answerToday(ctx context.Context, c *Cell, a *Answers, rows []Row, opt Options) (*CellAnswer, error) {
	for i := range p.cells {
		if p.cells[i].Fault == c.Fault && reflect.DeepEqual(p.cells[i].blueprint, c.blueprint) {
			same := a.Cells[i]
			same.Cell, same.Values = -1, nil
			return &same, nil
		}
	}
	return p.alone(ctx, c, p.Seed, p.Runs, a.Rates, opt)
}

// alone is a study of one cell, of so many runs.
func (p *Plan) alone(ctx context.Context, c *Cell, seed uint64, n int, r Rates, opt Options) (*CellAnswer, error) {
	other := *p
	other.Seed = seed
	rows := make([]Row, n)
	if err := parallel(ctx, n, opt.Workers, func(k int) { rows[k] = Run(c, other.SeedOf(k)) }); err != nil {
		return nil, err
	}
	a := c.answer(rows, r, c.FindWorst(other.SeedOf(0)))
	return &a, nil
}

// parallel does n things on so many workers, unless the context ends.
func parallel(ctx context.Context, n, workers int, do func(i int)) error {
	next := make(chan int)
	var group sync.WaitGroup
	for range max(1, workers) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	defer group.Wait()
	defer close(next)
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
