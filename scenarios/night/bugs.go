package night

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// Bug is a known one, and the setting that switches it on in a program that has all of them.
type Bug struct {
	searched.Bug
	Env string
}

// How much the search of a known bug has.
const (
	bugCases  = 100 // of a shard
	bugShards = 30
)

// buildEnds is by when the program with the bugs must be built.
const buildEnds = 0.20

// build makes the program with the bugs in a folder, if there is any to try. That it cannot be is why they are not.
func (n *Night) build(ctx context.Context, dir string) error {
	if n.NoBugs != nil || len(n.untried()) == 0 {
		return nil
	}
	n.tell(Status{Part: "part.build"})
	limited, cancel := n.until(ctx, buildEnds)
	defer cancel()
	n.program = filepath.Join(dir, "ipwsim")
	err := n.Build(limited, n.program)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		err = errNoTime
	}
	n.NoBugs = err
	return nil
}

// untried are the bugs that are still to be tried.
func (n *Night) untried() []Bug {
	return slices.DeleteFunc(slices.Clone(n.Bugs), func(b Bug) bool { return n.has("bug "+b.Name, new(searched.Bug)) })
}

// tryBugs looks for each known bug in a program that has it, until it is caught or its share is over.
func (n *Night) tryBugs(ctx context.Context) error {
	todo := n.untried()
	if n.NoBugs != nil || len(todo) == 0 {
		return nil
	}
	end := bugsEnd
	if n.NoSource != nil {
		end = 1
	}
	limited, cancel := n.until(ctx, end)
	defer cancel()
	deadline, _ := limited.Deadline()
	var mu sync.Mutex // of left
	left := len(todo)
	err := pool.Each(limited, len(todo), n.Workers, func(ctx context.Context, i int) error {
		mu.Lock()
		share := time.Until(deadline) * time.Duration(n.Workers) / time.Duration(max(left, n.Workers))
		left--
		mu.Unlock()
		b, err := n.tryBug(ctx, todo[i], share)
		if err != nil || !b.Tried {
			return err
		}
		return n.keep("bug "+b.Name, b)
	}, func(done int) { n.tell(Status{Part: "part.bug", Done: done, Jobs: len(todo)}) })
	return n.over(ctx, limited, err)
}

// bugs are all of them, as far as they were tried.
func (n *Night) bugs() (all []searched.Bug) {
	for _, b := range n.Bugs {
		n.has("bug "+b.Name, &b.Bug)
		all = append(all, b.Bug)
	}
	return all
}

var errCaught = errors.New("caught")

// tryBug searches the program with the bug, for a scenario that fails there and passes here: what fails here too shows
// nothing.
func (n *Night) tryBug(ctx context.Context, b Bug, share time.Duration) (searched.Bug, error) {
	crew := pool.HireOther(n.program, []string{b.Env}, 1, n.WorkerArgs...)
	defer crew.Close()
	begun := time.Now()
	limited, cancel := context.WithTimeout(ctx, share)
	defer cancel()
	h := Hunt{Ground: n.Ground, Task: search.Task{Seed: n.Seed, Cases: bugCases, Stop: true}, Crew: crew, Workers: 1}
	err := h.Do(limited, UpTo(bugShards, func(int) bool { return false }), func(d Done) error {
		b.Tried = true
		if d.Error != nil {
			b.Caught, b.Check, b.Error = true, search.Crash, d.Error.Error()
			return errCaught
		}
		b.Cases += d.Result.Cases
		for _, s := range d.Result.Stories {
			passes, err := n.Passes(ctx, s)
			if err != nil {
				return err
			}
			if passes {
				b.Caught, b.Check, b.By = true, s.Check, s.Kind
				return errCaught
			}
		}
		return nil
	})
	b.Took = time.Since(begun)
	if errors.Is(err, errCaught) || ctx.Err() == nil && limited.Err() != nil {
		err = nil
	}
	return b.Bug, err
}
