package audit

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// sum puts together what the runs say.
func (p *plan) sum(b *agenda, all []*outcome) {
	o := p.out
	var year []stratum
	for i := range p.faults {
		f := &p.faults[i]
		runs := of(all, b.singles[i])
		whole := 0.0
		for _, r := range runs {
			whole += r.Whole / float64(len(runs))
		}
		if f.Kind != audited.Calm {
			f.Window = time.Duration(whole * float64(time.Second)).Truncate(time.Second)
		}
		o.Faults = append(o.Faults, f.Fault)
		row := p.rowOf(runs, f.Name)
		s := stratum{f.Rate, silences(runs), anyOpen(runs)}
		row.Rate, row.Year = f.Rate, costing(p.halves(s))
		row.Longest = longest(b, b.singles[i], all)
		year = append(year, p.halves(s)...)
		o.Rows = append(o.Rows, row)
	}
	singles := slices.Clone(o.Rows)
	for _, x := range b.pairs {
		row, s := p.pairRow(b, x, all, singles)
		p.beyond = append(p.beyond, p.halves(s)...)
		o.Rows = append(o.Rows, row)
	}
	year = append(year, p.beyond...)
	o.Year = p.yearOf(o.Rows, singles)
	o.Year.Mean = costing(year)
	slices.SortStableFunc(o.Rows, func(a, b audited.Row) int { return cmp.Compare(b.Year.Value, a.Year.Value) })
	p.judge(b, all)
}

// pairRow is the row of a pair: its rate is how often a year the second comes while the first is not over, and its cost
// what is beyond the two alone.
func (p *plan) pairRow(b *agenda, x pairOf, all []*outcome, singles []audited.Row) (audited.Row, stratum) {
	f, g := p.faults[x.a], p.faults[x.b]
	runs := of(all, x.jobs)
	row := p.rowOf(runs, f.Name, g.Name)
	row.Rate = f.Rate * g.Rate * float64(p.faults[x.a].Window+p.faults[x.b].Window) / float64(365*24*time.Hour)
	s := stratum{rate: row.Rate, open: anyOpen(runs)}
	alone := singles[x.a].Each.Mean.Value + singles[x.b].Each.Mean.Value
	for _, v := range silences(runs) {
		s.values = append(s.values, v-alone)
	}
	row.Year = estimate(p.halves(s))
	row.Longest = longest(b, x.jobs, all)
	return row, s
}

func of(all []*outcome, jobs []int) (some []*outcome) {
	for _, j := range jobs {
		some = append(some, all[j])
	}
	return some
}

func silences(runs []*outcome) (all []float64) {
	for _, r := range runs {
		all = append(all, r.mean())
	}
	return all
}

// anyOpen says whether somebody was still without mail when a run ended.
func anyOpen(runs []*outcome) bool {
	return slices.ContainsFunc(runs, func(r *outcome) bool {
		return slices.ContainsFunc(r.Uses, func(u use) bool { return u.Open && u.Silent > 0 })
	})
}

// rowOf is what the runs of a happening cost, each.
func (p *plan) rowOf(runs []*outcome, names ...audited.FaultName) audited.Row {
	r := audited.Row{Faults: names, Runs: len(runs)}
	r.Each = p.costOf(runs)
	return r
}

// costOf is the mean cost of the runs.
func (p *plan) costOf(runs []*outcome) (c audited.Cost) {
	n := float64(len(runs))
	c.Mean = costing(p.halves(stratum{1, silences(runs), anyOpen(runs)}))
	parts := map[finding.Obstacle]float64{}
	for _, r := range runs {
		for i, u := range r.Uses {
			if i == len(c.Uses) {
				c.Uses = append(c.Uses, audited.UseCost{Client: u.Client, VIP: u.VIP})
			}
			c.Uses[i].Seconds += u.Silent / n
			c.Uses[i].AtLeast = c.Uses[i].AtLeast || u.Open
		}
		for _, x := range r.Parts {
			parts[x.What] += x.Seconds / n
		}
		c.Echo += r.Echo / n
		c.Switch += r.Switches / n
	}
	c.Parts = inOrderOf(parts)
	inOrder(&c)
	return c
}

// inOrder puts what costs most first.
func inOrder(c *audited.Cost) {
	slices.SortStableFunc(c.Parts, func(a, b audited.PartCost) int { return cmp.Compare(b.Seconds, a.Seconds) })
	slices.SortStableFunc(c.Uses, func(a, b audited.UseCost) int { return cmp.Compare(b.Seconds, a.Seconds) })
	if len(c.Uses) > 0 && c.Uses[0].Seconds > 0 {
		worst := c.Uses[0]
		c.Worst = &worst
	}
}

// yearOf is what all rows cost a year, by client and by obstacle. Pairs count with what is beyond the two alone.
func (p *plan) yearOf(rows, singles []audited.Row) (c audited.Cost) {
	add := func(r *audited.Row, rate float64) {
		for _, u := range r.Each.Uses {
			i := slices.IndexFunc(c.Uses, func(x audited.UseCost) bool { return x.Client == u.Client && x.VIP == u.VIP })
			if i < 0 {
				i = len(c.Uses)
				c.Uses = append(c.Uses, audited.UseCost{Client: u.Client, VIP: u.VIP})
			}
			c.Uses[i].Seconds += rate * u.Seconds
			c.Uses[i].AtLeast = c.Uses[i].AtLeast || u.AtLeast && rate > 0
		}
		for _, x := range r.Each.Parts {
			i := slices.IndexFunc(c.Parts, func(y audited.PartCost) bool { return x.What == y.What })
			if i < 0 {
				i = len(c.Parts)
				c.Parts = append(c.Parts, audited.PartCost{What: x.What})
			}
			c.Parts[i].Seconds += rate * x.Seconds
		}
		c.Echo += rate * r.Each.Echo
		c.Switch += rate * r.Each.Switch
	}
	for i := range rows {
		add(&rows[i], rows[i].Rate)
		if len(rows[i].Faults) == 1 {
			continue
		}
		for _, name := range rows[i].Faults {
			k := slices.IndexFunc(singles, func(s audited.Row) bool { return s.Faults[0] == name })
			add(&singles[k], -rows[i].Rate)
		}
	}
	inOrder(&c)
	return c
}

// longest is the longest silence of the runs; nil: there was none.
func longest(b *agenda, jobs []int, all []*outcome) (l *audited.Longest) {
	for _, j := range jobs {
		for _, u := range all[j].Uses {
			if u.Longest > 0 && (l == nil || u.Longest > l.Seconds) {
				l = &audited.Longest{UseCost: audited.UseCost{Client: u.Client, VIP: u.VIP, Seconds: u.Longest, AtLeast: u.Open}, Draw: b.draws[j].k, Seed: b.draws[j].seed}
			}
		}
	}
	return l
}
