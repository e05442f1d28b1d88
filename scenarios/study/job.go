package study

import (
	"math"
	"slices"
	"time"

	"ipwsim/sim/studied"
)

// job is one run to be done.
type job struct {
	cell, k int // k: the run's place among the cell's, from 0
}

func (p *Plan) jobOf(r *studied.Row) job { return job{r.Cell, p.RunOf(r.Seed)} }

// need gives, for each cell, how many runs it needs, and says whether that is final: given the rows
// there are, a cell that is unsure with as many as it needed needs twice as many. The answer depends
// on the rows alone, not on the order in which they came.
func (p *Plan) need(rows *rowSet) (need []int, final bool) {
	final = true
	for c := range p.cells {
		n := p.Runs
		for p.Precision > 0 && n < p.MaxRuns && rows.has(c, n) && unsure(rows.of(c, n), p.Precision) {
			n = min(2*n, p.MaxRuns)
		}
		final = final && rows.has(c, n)
		need = append(need, n)
	}
	return need, final
}

// missing are the jobs of the cells, in order, that are not done.
func (p *Plan) missing(rows *rowSet, mine func(job) bool) []job {
	need, _ := p.need(rows)
	var all []job
	for c, n := range need {
		for k := range n {
			if j := (job{c, k}); mine(j) && !rows.done(j) {
				all = append(all, j)
			}
		}
	}
	return all
}

// rowSet is the rows there are, each once.
type rowSet struct {
	cells []studied.Rows // of each cell, by k; the zero Packed: not done
}

func newRowSet(cells int) *rowSet { return &rowSet{cells: make([]studied.Rows, cells)} }

func (s *rowSet) done(j job) bool {
	return j.k < len(s.cells[j.cell]) && s.cells[j.cell][j.k] != (studied.Packed{})
}

// add takes a row in; false when there is one of its job already.
func (s *rowSet) add(j job, r studied.Packed) bool {
	if s.done(j) {
		return false
	}
	all := s.cells[j.cell]
	if grow := j.k + 1 - len(all); grow > 0 {
		all = append(all, make(studied.Rows, grow)...)
	}
	all[j.k] = r
	s.cells[j.cell] = all
	return true
}

// has says whether the cell's first n runs are done.
func (s *rowSet) has(cell, n int) bool {
	return len(s.cells[cell]) >= n && !slices.Contains(s.cells[cell][:n], studied.Packed{})
}

// of are the cell's first n rows, which are done.
func (s *rowSet) of(cell, n int) studied.Rows { return s.cells[cell][:n] }

// count is how many rows there are.
func (s *rowSet) count() (n int) {
	for c := range s.cells {
		for k := range s.cells[c] {
			if s.done(job{c, k}) {
				n++
			}
		}
	}
	return n
}

// unsure says whether the 95 % confidence interval of the median failover is wider than the precision.
// The interval is that of order statistics, which assumes nothing of the distribution. Failovers without
// an end count as endless; where they are the most, and where there is no failover, more runs say no more.
func unsure(rows studied.Rows, precision time.Duration) bool {
	var all []float64
	for _, r := range rows.All() {
		switch {
		case math.IsNaN(r.Failover):
		case r.FailoverOpen:
			all = append(all, math.Inf(1))
		default:
			all = append(all, r.Failover)
		}
	}
	if len(all) == 0 {
		return false
	}
	slices.Sort(all)
	low, high := ranks(len(all), 0.5)
	switch {
	case low < 0 || high >= len(all):
		return true
	case math.IsInf(all[low], 1):
		return false
	}
	return all[high]-all[low] > precision.Seconds()
}
