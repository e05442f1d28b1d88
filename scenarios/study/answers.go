package study

import (
	"context"
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
	Frontiers  []Frontier   `json:"frontiers"` // one for each condition, such as a loss or a fault
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

// worst is the longest failover that was seen, sampled or searched; nil when there was none.
func (a *CellAnswer) worst() *Time {
	sampled, searched := a.Failover.Worst, a.Worst.Failover
	if sampled != nil && sampled.longer(searched) {
		return sampled
	}
	return searched
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
	for _, g := range p.groups(false) {
		a.Frontiers = append(a.Frontiers, Frontier{g.text, frontier(a.Cells, g.cells)})
	}
	if len(w) > 0 {
		a.Want, err = p.answerWant(ctx, a, w, opt)
	}
	return a, err
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
