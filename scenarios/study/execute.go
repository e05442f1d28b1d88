package study

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"ipwsim/scenarios/pool"
	"ipwsim/sim/studied"
)

// chunkRuns is how many runs a chunk holds: a few tenths of a second of work.
const chunkRuns = 128

// GCPercent is what a program that runs studies should give debug.SetGCPercent: a world is small, and lives
// for a millisecond.
const GCPercent = 800

// Options are how a study is run; its rows do not depend on them.
type Options struct {
	Workers  int          // worlds at a time; at least 1
	Crew     *pool.Crew   // of so many workers, who call Serve; nil: they are goroutines
	Progress func(Status) // after each run, from any worker, one call at a time; nil: none
}

func (o Options) tell(s Status) {
	if o.Progress != nil {
		o.Progress(s)
	}
}

// ahead is how many chunks are under way: more than there are processes, so that none waits while chunks are written to the
// disk.
func (o Options) ahead() int {
	if o.Crew == nil {
		return o.Workers
	}
	return 2 * o.Workers
}

// Status is how far a study has got.
type Status struct {
	Done, Total int // runs; Total grows when cells turn out to be unsure
	New         int // of Done, those of this call
	Cells       int
}

// Execute runs what is missing of the study in dir, and returns all its rows, by cell and seed. After an interrupt it
// returns the context's error; what was run by then is kept, and the next call goes on from there. With "" for dir
// nothing is kept.
func (p *Plan) Execute(ctx context.Context, dir string, opt Options) (studied.Rows, error) {
	rows := newRowSet(len(p.cells))
	keep := func(studied.Rows) error { return nil }
	if dir != "" {
		if err := p.Prepare(dir); err != nil {
			return nil, err
		}
		var err error
		if rows, err = p.collect(dir); err != nil {
			return nil, err
		}
		keep = func(done studied.Rows) error {
			j := p.jobOf(done[0].Row())
			name := fmt.Sprintf("cell%05d-run%06d-%03d%s", j.cell, j.k, len(done), chunkExt)
			return writeChunk(filepath.Join(dir, chunkDir, name), chunkHead{Study: p.Key()}, done)
		}
	}
	if err := p.work(ctx, rows, func(job) bool { return true }, keep, opt); err != nil {
		return nil, err
	}
	return p.final(rows), nil
}

// work runs what is missing of the jobs that are mine until nothing is, and hands the rows to keep chunk by chunk,
// from any worker. Chunks that an interrupt cuts short are kept as they are.
func (p *Plan) work(ctx context.Context, rows *rowSet, mine func(job) bool, keep func(studied.Rows) error, opt Options) error {
	t := &tally{opt: opt, status: Status{Cells: len(p.cells)}}
	for {
		jobs := p.missing(rows, mine)
		if len(jobs) == 0 {
			return nil
		}
		t.begin(rows.count(), len(jobs))
		chunks := slices.Collect(slices.Chunk(jobs, chunkRuns))
		var mu sync.Mutex // of rows
		err := pool.Each(ctx, len(chunks), opt.ahead(), func(ctx context.Context, i int) error {
			done, err := p.runChunk(ctx, chunks[i], t)
			if len(done) == 0 {
				return err
			}
			mu.Lock()
			for n, r := range done {
				rows.add(chunks[i][n], r)
			}
			mu.Unlock()
			return errors.Join(keep(done), err)
		}, nil)
		if err != nil {
			return err
		}
	}
}

// runChunk runs the jobs until the context ends, which is no error.
func (p *Plan) runChunk(ctx context.Context, chunk []job, t *tally) (studied.Rows, error) {
	var all task
	for _, j := range chunk {
		all.Of = append(all.Of, piece{Cell: j.cell, Seed: p.SeedOf(j.k)})
	}
	var done studied.Rows
	err := p.do(ctx, t.opt, all, func(r result) error {
		done = append(done, r.Row)
		t.one()
		return nil
	})
	if ctx.Err() != nil {
		err = nil
	}
	return done, err
}

// final are the rows of the study: of each cell as many as it needs, though more may be there.
func (p *Plan) final(rows *rowSet) (all studied.Rows) {
	need, _ := p.need(rows)
	for c, n := range need {
		all = append(all, rows.of(c, n)...)
	}
	return all
}

// tally counts runs for the progress.
type tally struct {
	mu     sync.Mutex
	opt    Options
	status Status
}

func (t *tally) begin(done, more int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status.Done, t.status.Total = done, done+more
}

func (t *tally) one() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status.Done++
	t.status.New++
	t.opt.tell(t.status)
}
