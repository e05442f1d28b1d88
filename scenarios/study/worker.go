package study

import (
	"context"
	"errors"
	"io"
	"math"
	"runtime/debug"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// task is a piece of a plan's work: runs of a cell, or the search for its worst case.
type task struct {
	Of    []piece `json:"of,omitempty"`
	Worst bool    `json:"worst,omitempty"` // of the first piece
}

// piece is one run.
type piece struct {
	Cell int    `json:"cell"`
	Own  bool   `json:"own,omitempty"` // of the cluster's own settings, under the cell's conditions
	Seed uint64 `json:"seed"`
}

// result is a task's: a row for each piece, or the worst case.
type result struct {
	Row   studied.Packed `json:"row,omitzero"`
	Worst *studied.Worst `json:"worst,omitempty"`
}

// briefing is what a worker knows of a plan.
type briefing struct {
	Plan    studied.Plan       `json:"plan"`
	Cluster *cluster.Blueprint `json:"cluster"`
	Key     string             `json:"key"`
}

// do lets one worker do the task, in this process or, with a crew, in one of its own. It hands the results on as they
// come until the context ends, whose error it then returns.
func (p *Plan) do(ctx context.Context, opt Options, t task, each func(result) error) error {
	if opt.Crew == nil {
		return p.perform(t, func(r result) error {
			if err := each(r); err != nil {
				return err
			}
			return ctx.Err()
		})
	}
	b, err := pool.BriefOf(briefing{p.Plan, p.base, p.Key()})
	if err != nil {
		return err
	}
	return pool.Ask(ctx, opt.Crew, b, t, func(some []result) error {
		for _, r := range some {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// perform does a task.
func (p *Plan) perform(t task, each func(result) error) error {
	for _, one := range t.Of {
		c := &p.cells[one.Cell]
		if one.Own {
			own, err := p.own(c)
			if err != nil {
				return err
			}
			c = &own
		}
		var r result
		if t.Worst {
			w, err := c.FindWorst(one.Seed)
			if err != nil {
				return err
			}
			r.Worst = &w
		} else {
			row, err := Run(c, one.Seed)
			if err != nil {
				return err
			}
			r.Row = row.Pack()
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// Serve is the life of a worker of a crew that Options have, a process: it does work of plans that it is told of.
func Serve(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(GCPercent)
	return pool.Serve(in, out, func(b briefing) (pool.Worker[task], error) {
		p := &Plan{Plan: b.Plan}
		var wrong diag.List
		p.complete(b.Cluster, &wrong, func(string) (string, int) { return "", 0 })
		if err := wrong.Err(); err != nil {
			return nil, err
		}
		if p.Key() != b.Key {
			return nil, diag.Errorf("the worker is of another version than the program; expected the same file")
		}
		return func(t task, answer func(any) error) error {
			h := handful{most: p.handful(), answer: answer}
			return errors.Join(p.perform(t, h.add), h.end())
		}, nil
	})
}

// handful is how many results of small worlds, some hundredths of a second of work, go in one answer: each answer wakes
// the process that reads it.
func (p *Plan) handful() int { return max(1, 64/(len(p.base.Nodes)+len(p.base.Clients))) }

// handful puts results together for answers. Which ones hangs on them alone, so that the same task has the same answers.
type handful struct {
	most   int
	answer func(any) error
	some   []result
	long   float64 // the virtual time that some took, seconds
}

// longHandful is from how many seconds of virtual time on an answer is not put off, for somebody waits for it.
const longHandful = 1800

func (h *handful) add(r result) error {
	h.some, h.long = append(h.some, r), h.long+r.length()
	if len(h.some) < h.most && h.long < longHandful {
		return nil
	}
	return h.end()
}

// end answers what is left.
func (h *handful) end() error {
	some := h.some
	h.some, h.long = nil, 0
	if some == nil {
		return nil
	}
	return h.answer(some)
}

// length is about how much virtual time a result took, in seconds.
func (r result) length() (sum float64) {
	if r.Row == (studied.Packed{}) {
		return longHandful
	}
	row := r.Row.Row()
	for _, v := range []float64{row.Phase, row.Failover, row.Failback} {
		if !math.IsNaN(v) {
			sum += v
		}
	}
	return sum
}
