package audit

import (
	"context"
	"io"
	"io/fs"
	"runtime/debug"

	"ipwsim/scenarios/pool"
)

// brief is what a worker knows: the cluster's files, and those of each world that differ from them.
type brief struct {
	Base   files   `json:"base"`
	Worlds []files `json:"worlds"`
}

// Serve is the life of a worker of the crew that Options have: a process.
func Serve(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(pool.GCPercent)
	return pool.Serve(in, out, func(b brief) (pool.Worker[[]job], error) {
		return func(jobs []job, answer func(any) error) error {
			return b.perform(context.Background(), jobs, func(o *outcome) error { return answer(o) })
		}, nil
	})
}

// perform does the jobs one after the other.
func (b *brief) perform(ctx context.Context, jobs []job, each func(*outcome) error) error {
	for i := range jobs {
		o, err := jobs[i].play(ctx, b.Base.over(b.Worlds[jobs[i].World]))
		if err != nil {
			return err
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}

// find is a finder that knows the cluster of the files alone.
func (f files) find(string) (fs.FS, error) { return f.folder(), nil }

// Crew does jobs.
type crew struct {
	hired   *pool.Crew // nil: all in this process
	workers int
	brief   brief
	told    func(done int)
}

// chunk is how many jobs a worker is given at once.
const chunk = 4

// all does the jobs, and returns what came of each, in order.
func (c *crew) all(ctx context.Context, jobs []job) ([]*outcome, error) {
	b, err := pool.BriefOf(c.brief)
	if err != nil {
		return nil, err
	}
	outcomes := make([]*outcome, len(jobs))
	err = pool.Each(ctx, (len(jobs)+chunk-1)/chunk, c.workers, func(ctx context.Context, i int) error {
		at := i * chunk
		part := jobs[at:min(at+chunk, len(jobs))]
		each := func(o *outcome) error {
			outcomes[at] = o
			at++
			return nil
		}
		if c.hired == nil {
			return c.brief.perform(ctx, part, each)
		}
		return pool.Ask(ctx, c.hired, b, part, each)
	}, func(done int) {
		if c.told != nil {
			c.told(min(done*chunk, len(jobs)))
		}
	})
	return outcomes, err
}
