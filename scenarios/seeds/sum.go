package seeds

import (
	"cmp"
	"slices"
	"strconv"

	"ipwsim/scenarios/study"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// names are the figures, in the order of reports.
var names = []finding.FigureName{finding.Failovers, finding.Failbacks, studied.Silence, studied.MailSilence}

// sum puts together what the seeds came to that were run.
func (w *work) sum(first *finding.Run, set Set) *studied.Seeds {
	s := &studied.Seeds{
		Scenario: w.Script.Name, File: w.Script.File, Title: w.Script.Title.En, TitleJa: w.Script.Title.Ja,
		Asked: set.Text, Total: len(set.All), Problems: first.Problems,
	}
	if first.Trace != nil {
		s.Cluster = first.Trace.Header.Cluster
	}
	var ran []*row
	for _, r := range w.rows {
		switch {
		case r == nil:
			continue
		case r.NoWorld:
			s.NoWorld++
		case r.Outcome == finding.Well:
			s.Passed++
		case r.Outcome == finding.Weakness:
			s.Weak++
		default:
			s.Failed++
		}
		s.Done++
		if !r.NoWorld {
			ran = append(ran, r)
		}
	}
	s.Figures, s.Limits = spreads(ran), w.limits(ran)
	s.Reasons, s.Worst = w.causes(ran), w.worst(ran)
	return s
}

// spreads are how the figures spread: of each name that of all clients and VIPs first, then each client and VIP, unless
// there is but one.
func spreads(ran []*row) (all []studied.Spread) {
	byFigure := map[figure]*studied.Spread{}
	var order []figure
	for _, r := range ran {
		for _, t := range r.Times {
			s := byFigure[t.figure]
			if s == nil {
				s = &studied.Spread{Name: t.Name, Client: t.Client, VIP: t.VIP, Seed: text(r.Seed)}
				byFigure[t.figure], order = s, append(order, t.figure)
			}
			if n := len(s.Times); n > 0 && longer(t.Time, *s.Max) || n == 0 {
				s.Max, s.Seed = &t.Time, text(r.Seed)
			}
			s.Times = append(s.Times, t.Time)
		}
	}
	order = slices.DeleteFunc(order, func(f figure) bool {
		return f.Name == studied.MailSilence && slices.Equal(byFigure[f].Times, byFigure[figure{studied.Silence, f.Client, f.VIP}].Times)
	})
	slices.SortFunc(order, func(a, b figure) int {
		return cmp.Or(cmp.Compare(slices.Index(names, a.Name), slices.Index(names, b.Name)), cmp.Compare(a.Client, b.Client), cmp.Compare(a.VIP, b.VIP))
	})
	for i, f := range order {
		if f.Client != "" && (i+1 == len(order) || order[i+1].Name != f.Name) && order[i-1].Client == "" {
			continue // the only one is the worst
		}
		all = append(all, summed(byFigure[f]))
	}
	return all
}

// summed fills in what follows from the times.
func summed(s *studied.Spread) studied.Spread {
	q := study.Quantiles(s.Times, 0, 0.5, 0.95, 0.99)
	s.Seeds, s.Min, s.Median, s.P95, s.P99 = len(s.Times), q[0].Value, q[1], q[2], q[3]
	for _, t := range s.Times {
		if t.AtLeast {
			s.Open++
		}
	}
	return *s
}

// limits hold those of the scenario against the seeds that measured such a time.
func (w *work) limits(ran []*row) (all []studied.SeedLimit) {
	for i := range w.Script.Expects {
		e := &w.Script.Expects[i]
		if e.Limit == nil {
			continue
		}
		var times []studied.Time
		for _, r := range ran {
			if nth := len(all); nth < len(r.Limits) && r.Limits[nth] != nil {
				times = append(times, *r.Limits[nth])
			}
		}
		all = append(all, judge(e.Expectation, times))
	}
	return all
}

// judge holds one limit against the times of the seeds. Where no seed has one it is not kept.
func judge(e finding.Expectation, times []studied.Time) studied.SeedLimit {
	l := studied.SeedLimit{Line: e.Line, Text: e.Text, Quantile: e.Limit.Quantile, Below: e.Limit.Below, Seeds: len(times)}
	l.Value = study.Quantiles(times, e.Limit.Part())[0]
	v, below := l.Value, e.Limit.Below.Seconds()
	if v.Value == nil {
		return l
	}
	l.OK = !v.Value.AtLeast && v.Value.Seconds < below
	switch {
	case e.Limit.Part() == 1: // of these seeds, whatever others would do
		l.Value.Low, l.Value.High, l.Sure = nil, nil, true
	case l.OK:
		l.Sure = v.High != nil && v.High.Seconds < below
	default:
		l.Sure = v.Low != nil && v.Low.Seconds >= below
	}
	return l
}

// causes count why seeds failed, and which weaknesses they showed: failures first, what most seeds had before the rest.
func (w *work) causes(ran []*row) (all []studied.SeedCause) {
	at := map[cause]int{}
	for _, r := range ran {
		for _, c := range r.Causes {
			i, known := at[c]
			if !known {
				i, at[c] = len(all), len(all)
				all = append(all, studied.SeedCause{
					Outcome: c.Outcome, Kind: c.Kind, Name: c.Name, Line: c.Line, First: text(r.Seed), Rerun: w.Rerun(r.Seed),
				})
			}
			all[i].Seeds++
		}
	}
	slices.SortStableFunc(all, func(a, b studied.SeedCause) int {
		return cmp.Or(cmp.Compare(a.Outcome, b.Outcome), b.Seeds-a.Seeds)
	})
	return all
}

// worst is the seed that ended worst, of several the first.
func (w *work) worst(ran []*row) *studied.WorstSeed {
	if len(ran) == 0 {
		return nil
	}
	most := ran[0]
	for _, r := range ran[1:] {
		if r.worse(most) {
			most = r
		}
	}
	return &studied.WorstSeed{
		Seed: text(most.Seed), Outcome: most.Outcome, Silence: most.time(figure{Name: studied.Silence}), Rerun: w.Rerun(most.Seed),
	}
}

func text(seed uint64) string { return strconv.FormatUint(seed, 10) }
