// Package pool does many things that do not depend on each other, on several workers.
package pool

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"ipwsim/core/diag"
)

// Map does n things, at most so many at a time, and returns what came of each, in order: on any number of workers
// the same. The first error ends it, and so does the end of the context, whose error it then returns: what has begun
// is waited for, nothing else is begun. done, which may be nil, is told after each thing how many are done, one call
// at a time, from any worker.
func Map[T any](ctx context.Context, n, workers int, do func(ctx context.Context, i int) (T, error), done func(int)) ([]T, error) {
	all := make([]T, n)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(max(1, workers))
	var mu sync.Mutex // of count, and of calls of done
	count := 0
	for i := range n {
		if inner.Err() != nil {
			break
		}
		group.Go(func() (err error) {
			if inner.Err() != nil { // it ended while this one waited for a worker
				return nil
			}
			if all[i], err = safely(inner, i, do); err != nil || done == nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			count++
			done(count)
			return nil
		})
	}
	err := group.Wait()
	var c crashed
	if errors.As(err, &c) {
		panic(c.Crash)
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// crashed is what came of a thing that panicked; it is raised again on the caller's goroutine.
type crashed struct{ *diag.Crash }

func (crashed) Error() string { return "crashed" }

func safely[T any](ctx context.Context, i int, do func(ctx context.Context, i int) (T, error)) (one T, err error) {
	defer func() {
		if c := diag.Caught(recover()); c != nil {
			err = crashed{c}
		}
	}()
	return do(ctx, i)
}

// Each is Map of what has no result.
func Each(ctx context.Context, n, workers int, do func(ctx context.Context, i int) error, done func(int)) error {
	_, err := Map(ctx, n, workers, func(ctx context.Context, i int) (struct{}, error) { return struct{}{}, do(ctx, i) }, done)
	return err
}
