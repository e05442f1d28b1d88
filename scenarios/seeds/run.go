package seeds

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// Scenario is what is run.
type Scenario struct {
	Script *script.Script
	Data   []byte                           // its file
	Find   func(name string) (fs.FS, error) // finds a cluster's folder
	Folder string                           // of a cluster that is not the scenario's own; "": it is
	Rerun  func(seed uint64) string         // the command that shows one seed
}

// Options are how it is run.
type Options struct {
	Workers  int            // at least 1
	Crew     *pool.Crew     // of so many processes that Serve; nil: all in this process
	Progress func(done int) // is told after each seed, one call at a time; nil: nobody is
}

// Run runs the scenario under each seed. The first, in this process, shows whether it can be run at all. A seed under
// which it cannot be run is an error, which comes with what came of the others. So does the end of the context, with
// what came of those that were run: any number of them, each counted once.
func Run(ctx context.Context, s Scenario, set Set, opt Options) (*studied.Seeds, error) {
	first, err := s.play(ctx, set.All[0])
	if err != nil {
		return nil, err
	}
	rows := make([]*row, len(set.All))
	rows[0] = rowOf(first)
	files, err := s.Script.ClusterFiles(s.Find)
	if err != nil {
		return nil, err
	}
	w := &work{Scenario: s, seeds: set.All, rows: rows, opt: opt, brief: brief{s.Script.File, s.Data, files}}
	err = w.rest(ctx)
	all := w.sum(first, set)
	switch {
	case ctx.Err() != nil:
		err = diag.Errorf("interrupted: %d of %d seeds were run", all.Done, all.Total)
	case err == nil:
		err = w.refused(ctx)
	}
	return all, err
}

// play runs one seed in this process.
func (s *Scenario) play(ctx context.Context, seed uint64) (*finding.Run, error) {
	return script.Run(ctx, s.Script, script.Options{Cluster: s.Find, Folder: s.Folder, Seed: &seed})
}

// work is a scenario under its seeds, as far as it is done.
type work struct {
	Scenario
	seeds []uint64
	opt   Options
	brief brief

	mu   sync.Mutex // of rows and done
	rows []*row     // nil: not run
	done int
}

// most is how many seeds a worker is given at once: what it has done is told after each.
const most = 16

// rest runs all but the first.
func (w *work) rest(ctx context.Context) error {
	w.finish(0, w.rows[0])
	b, err := pool.BriefOf(w.brief)
	if err != nil {
		return err
	}
	chunk := min(most, max(1, len(w.seeds)/(8*w.opt.Workers)))
	return pool.Each(ctx, (len(w.seeds)-1+chunk-1)/chunk, w.opt.Workers, func(ctx context.Context, i int) error {
		from := 1 + i*chunk
		to := min(from+chunk, len(w.seeds))
		each := func(r *row) error {
			w.finish(from, r)
			from++
			return nil
		}
		if w.opt.Crew == nil {
			return perform(ctx, w.Script, script.Options{Cluster: w.Find, Folder: w.Folder}, w.seeds[from:to], each)
		}
		return pool.Ask(ctx, w.opt.Crew, b, w.seeds[from:to], each)
	}, nil)
}

// finish keeps what the i-th seed came to.
func (w *work) finish(i int, r *row) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rows[i] = r
	w.done++
	if w.opt.Progress != nil {
		w.opt.Progress(w.done)
	}
}

// perform runs the seeds one after the other.
func perform(ctx context.Context, s *script.Script, opt script.Options, seeds []uint64, each func(*row) error) error {
	for _, seed := range seeds {
		opt.Seed = &seed
		r, err := script.Run(ctx, s, opt)
		one := &row{Seed: seed, NoWorld: true}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			one = rowOf(r)
			one.Seed = seed // of a run of nothing, too
		}
		if err := each(one); err != nil {
			return err
		}
	}
	return nil
}

// refused is why the first of the seeds that could not be run could not.
func (w *work) refused(ctx context.Context) error {
	n := 0
	var first *row
	for _, r := range w.rows {
		if r != nil && r.NoWorld {
			if n++; first == nil {
				first = r
			}
		}
	}
	if n == 0 {
		return nil
	}
	_, err := w.play(ctx, first.Seed)
	return errors.Join(diag.Errorf("%d of %d seeds could not be run; the first is %d:", n, len(w.rows), first.Seed), err)
}
