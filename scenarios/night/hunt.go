// Package night is the search at large: shards of it over worker processes, their sum, and the nights that are made of
// it, which an interrupt does not harm.
package night

import (
	"context"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
)

// Hunt is a search by shards.
type Hunt struct {
	Ground  search.Ground
	Task    search.Task // of each shard but for its number
	Crew    *pool.Crew  // who call search.Serve
	Workers int         // shards at a time
}

// Done is what came of a shard: a result, or why there is none, for which the shard or the program is to blame.
type Done struct {
	Shard  int
	Result *search.Result
	Error  error
	Took   time.Duration // of real time
}

// Do does shards until there are no more, and tells of each, one call at a time. An error of tell ends it, and so does
// the end of the context, whose error it then returns: shards under way are given up.
func (h *Hunt) Do(ctx context.Context, shards iter.Seq[int], tell func(Done) error) error {
	next, stop := iter.Pull(shards)
	defer stop()
	var drawing, telling sync.Mutex
	draw := func() (int, bool) {
		drawing.Lock()
		defer drawing.Unlock()
		return next()
	}
	group, inner := errgroup.WithContext(ctx)
	for range max(1, h.Workers) {
		group.Go(func() error {
			for inner.Err() == nil {
				shard, more := draw()
				if !more {
					return nil
				}
				task := h.Task
				task.Shard = shard
				begun := time.Now()
				r, err := h.ask(inner, task)
				if inner.Err() != nil {
					break
				}
				telling.Lock()
				err = tell(Done{shard, r, err, time.Since(begun)})
				telling.Unlock()
				if err != nil {
					return err
				}
			}
			return inner.Err()
		})
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// ask has a worker do a shard. What workers die of again and again is its error.
func (h *Hunt) ask(ctx context.Context, task search.Task) (r *search.Result, err error) {
	defer func() {
		crash := diag.Caught(recover())
		if crash == nil {
			return
		}
		why, died := crash.Why.(*diag.Text)
		if !died {
			panic(crash)
		}
		err = why
	}()
	return search.Ask(ctx, h.Crew, h.Ground, task)
}

// UpTo are the numbers of n shards, but for those to skip; n below 0 is no end.
func UpTo(n int, skip func(int) bool) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; n < 0 || i < n; i++ {
			if !skip(i) && !yield(i) {
				return
			}
		}
	}
}
