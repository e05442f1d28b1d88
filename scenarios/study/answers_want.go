package study

import (
	"context"
)

// WantAnswer is which setting keeps a promise, and what today's costs against it. A setting keeps it when it does
// under every condition of the study, such as each loss and each fault.
type WantAnswer struct {
	Clauses   []string     `json:"clauses"`
	Settings  int          `json:"settings"`
	Kept      []int        `json:"kept"`            // for each clause, how many settings keep it
	Unsure    []int        `json:"unsure"`          // for each clause, of how many settings more runs decide
	Setting   string       `json:"setting"`         // the fastest that keeps all; "": none is sure to
	Cells     []int        `json:"cells"`           // its cells, one for each condition
	Confirmed Verdict      `json:"confirmed"`       // what a study of it alone says, with fresh seeds
	Fresh     []CellAnswer `json:"fresh"`           // its figures
	FreshSeed uint64       `json:"fresh_base_seed"` // its base seed
	Today     []CellAnswer `json:"today"`           // the cluster's own settings under the same conditions
	Verdict   Verdict      `json:"verdict_of_today"`
}

// judgeAll is the worst of the cells' verdicts.
func (w Want) judgeAll(cells []CellAnswer) Verdict {
	all := Kept
	for i := range cells {
		switch w.judge(&cells[i]) {
		case Broken:
			return Broken
		case Unsure:
			all = Unsure
		}
	}
	return all
}

// pick are the cells of a group.
func (a *Answers) pick(g group) (cells []CellAnswer) {
	for _, i := range g.cells {
		cells = append(cells, a.Cells[i])
	}
	return cells
}

// slowest is the longest median failover of the cells; false when one has no failover.
func slowest(cells []CellAnswer) (seconds float64, ok bool) {
	for i := range cells {
		m := cells[i].Failover.Median.Value
		if m == nil {
			return 0, false
		}
		seconds = max(seconds, m.Seconds)
	}
	return seconds, len(cells) > 0
}

// fastest is the group with the least median failover among those that keep the promise; nil when none does.
func (w Want) fastest(a *Answers, settings []group) *group {
	var best *group
	least := 0.0
	for i := range settings {
		cells := a.pick(settings[i])
		if s, ok := slowest(cells); ok && w.judgeAll(cells) == Kept && (best == nil || s < least) {
			best, least = &settings[i], s
		}
	}
	return best
}

func (p *Plan) answerWant(ctx context.Context, a *Answers, w Want, opt Options) (*WantAnswer, error) {
	settings := p.groups(true)
	found := &WantAnswer{Settings: len(settings), FreshSeed: (p.Seed + 1) % (MaxSeed + 1)}
	for _, c := range w {
		kept, open := 0, 0
		for _, g := range settings {
			switch (Want{c}).judgeAll(a.pick(g)) {
			case Kept:
				kept++
			case Unsure:
				open++
			}
		}
		found.Clauses, found.Kept, found.Unsure = append(found.Clauses, c.Text), append(found.Kept, kept), append(found.Unsure, open)
	}
	like := settings[0].cells
	if best := w.fastest(a, settings); best != nil {
		like = best.cells
		found.Setting, found.Cells = best.text, like
		for _, i := range like {
			fresh, err := p.alone(ctx, &p.cells[i], found.FreshSeed, a.Cells[i].Runs, a.Rates, opt)
			if err != nil {
				return nil, err
			}
			found.Fresh = append(found.Fresh, *fresh)
		}
		found.Confirmed = w.judgeAll(found.Fresh)
	}
	for _, i := range like {
		today, err := p.answerToday(ctx, &p.cells[i], a, opt)
		if err != nil {
			return nil, err
		}
		found.Today = append(found.Today, *today)
	}
	found.Verdict = w.judgeAll(found.Today)
	return found, nil
}

// answerToday is the cluster's own settings under the cell's conditions: from the study if it has such a
// cell, or run with the same seeds.
func (p *Plan) answerToday(ctx context.Context, like *Cell, a *Answers, opt Options) (*CellAnswer, error) {
	c, err := p.own(like)
	if err != nil {
		return nil, err
	}
	same := p.find(&c)
	if same < 0 {
		return p.alone(ctx, &c, p.Seed, a.Cells[like.Index].Runs, a.Rates, opt)
	}
	today := a.Cells[same]
	today.Cell, today.Values = c.Index, c.Values
	return &today, nil
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
