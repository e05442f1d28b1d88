package study

import (
	"context"
	"slices"

	"ipwsim/scenarios/pool"
	"ipwsim/sim/studied"
)

// judgeAll is the worst of the cells' verdicts.
func (w Want) judgeAll(cells []studied.Answer) studied.Verdict {
	all := studied.Kept
	for i := range cells {
		switch w.judge(&cells[i]) {
		case studied.Broken:
			return studied.Broken
		case studied.Unsure:
			all = studied.Unsure
		}
	}
	return all
}

// pick are the cells of a group.
func pick(a *studied.Answers, g group) (cells []studied.Answer) {
	for _, i := range g.cells {
		cells = append(cells, a.Cells[i])
	}
	return cells
}

// slowest is the longest median failover of the cells; false when one has no failover.
func slowest(cells []studied.Answer) (seconds float64, ok bool) {
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
func (w Want) fastest(a *studied.Answers, settings []group) *group {
	var best *group
	least := 0.0
	for i := range settings {
		cells := pick(a, settings[i])
		if s, ok := slowest(cells); ok && w.judgeAll(cells) == studied.Kept && (best == nil || s < least) {
			best, least = &settings[i], s
		}
	}
	return best
}

func (p *Plan) answerWant(ctx context.Context, a *studied.Answers, rows studied.Rows, w Want, opt Options) (*studied.Want, error) {
	settings := p.groups(true)
	found := &studied.Want{Settings: len(settings), FreshSeed: (p.Seed + 1) % (MaxSeed + 1)}
	for _, c := range w {
		kept, open, more := 0, 0, studied.More{}
		for _, g := range settings {
			cells := pick(a, g)
			switch (Want{c}).judgeAll(cells) {
			case studied.Kept:
				kept++
			case studied.Unsure:
				open++
				one := Want{c}.more(cells, func(i int) studied.Rows { return rows.Of(g.cells[i]) })
				more = studied.More{Runs: max(more.Runs, one.Runs), Never: more.Never || one.Never}
			}
		}
		found.Clauses, found.Kept, found.Unsure = append(found.Clauses, c.Text), append(found.Kept, kept), append(found.Unsure, open)
		found.More = append(found.More, more)
	}
	var freshRows, todayRows []studied.Rows // of each cell
	like := settings[0].cells
	if best := w.fastest(a, settings); best != nil {
		like = best.cells
		found.Setting, found.Cells = best.text, like
		for _, i := range like {
			fresh, of, err := p.alone(ctx, &p.cells[i], piece{Cell: i}, found.FreshSeed, a, opt)
			if err != nil {
				return nil, err
			}
			found.Fresh, freshRows = append(found.Fresh, *fresh), append(freshRows, of)
		}
		found.Confirmed = w.judgeAll(found.Fresh)
		found.FreshMore = w.moreIf(found.Confirmed, found.Fresh, freshRows)
	}
	for _, i := range like {
		today, of, err := p.answerToday(ctx, &p.cells[i], a, rows, opt)
		if err != nil {
			return nil, err
		}
		found.Today, todayRows = append(found.Today, *today), append(todayRows, of)
	}
	found.Verdict = w.judgeAll(found.Today)
	found.TodayMore = w.moreIf(found.Verdict, found.Today, todayRows)
	return found, nil
}

// answerToday is the cluster's own settings under the cell's conditions: from the study if it has such a
// cell, or run with the same seeds.
func (p *Plan) answerToday(ctx context.Context, like *Cell, a *studied.Answers, rows studied.Rows, opt Options) (*studied.Answer, studied.Rows, error) {
	c, err := p.own(like)
	if err != nil {
		return nil, nil, err
	}
	same := p.find(&c)
	if same < 0 {
		return p.alone(ctx, &c, piece{Cell: like.Index, Own: true}, p.Seed, a, opt)
	}
	today := a.Cells[same]
	today.Cell, today.Values = c.Index, c.Values
	return &today, rows.Of(same), nil
}

// moreIf is what would decide a verdict that is unsure.
func (w Want) moreIf(v studied.Verdict, cells []studied.Answer, rows []studied.Rows) studied.More {
	if v != studied.Unsure {
		return studied.More{}
	}
	return w.more(cells, func(i int) studied.Rows { return rows[i] })
}

// alone is a study of one cell, which the piece names, with as many runs as the study has of its like, and its rows.
func (p *Plan) alone(ctx context.Context, c *Cell, of piece, seed uint64, a *studied.Answers, opt Options) (*studied.Answer, studied.Rows, error) {
	other := *p
	other.Seed = seed
	rows := make(studied.Rows, a.Cells[of.Cell].Runs)
	ks := make([]int, len(rows))
	for k := range ks {
		ks[k] = k
	}
	chunks := slices.Collect(slices.Chunk(ks, chunkRuns))
	err := pool.Each(ctx, len(chunks), opt.Workers, func(ctx context.Context, i int) error {
		var t task
		for _, k := range chunks[i] {
			one := of
			one.Seed = other.SeedOf(k)
			t.Of = append(t.Of, one)
		}
		n := i * chunkRuns
		return p.do(ctx, opt, t, func(r result) error {
			rows[n] = r.Row
			n++
			return nil
		})
	}, nil)
	if err != nil {
		return nil, nil, err
	}
	of.Seed = other.SeedOf(0)
	worst, err := p.findWorst(ctx, of, opt)
	if err != nil {
		return nil, nil, err
	}
	answer := c.answer(rows, a.Rates, worst)
	return &answer, rows, nil
}

// findWorst searches the worst case of the cell that the piece names.
func (p *Plan) findWorst(ctx context.Context, of piece, opt Options) (w studied.Worst, err error) {
	err = p.do(ctx, opt, task{Of: []piece{of}, Worst: true}, func(r result) error {
		w = *r.Worst
		return nil
	})
	return w, err
}
