package night

import (
	"context"
	"fmt"
	"path/filepath"
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

// How much the search of a known bug has. All that are left have a shard each, again and again: most are caught by a few
// cases, and leave their time to the others.
const (
	bugCases  = 50 // of a shard
	bugShards = 60
)

// build begins to make the program with the bugs in a folder, if there is any to try. wait waits for it until the search
// is over: that it cannot be made is why they are not tried.
func (n *Night) build(ctx context.Context, dir string) (wait func() error) {
	if n.NoBugs != nil || len(n.untried()) == 0 {
		return func() error { return nil }
	}
	n.program = filepath.Join(dir, "ipwsim")
	limited, cancel := n.until(ctx, searchEnds)
	built := make(chan error, 1)
	go func() { built <- n.Build(limited, n.program) }()
	return func() error {
		defer cancel()
		n.tell(Status{Part: "part.build"})
		n.NoBugs = <-built
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case n.NoBugs != nil && limited.Err() != nil:
			n.NoBugs = errNoTime
		}
		return nil
	}
}

func bugKey(b Bug, shard int) string { return fmt.Sprint("bug ", b.Name, " ", shard) }

// sofar is what came of a bug by now, after so many shards.
func (n *Night) sofar(b Bug) (got searched.Bug, shards int) {
	got = b.Bug
	for n.has(bugKey(b, shards), &got) {
		shards++
	}
	return got, shards
}

// untried are the bugs that are still to be tried, by the shards that they have had.
func (n *Night) untried() (todo []Bug) {
	for _, b := range n.Bugs {
		if got, shards := n.sofar(b); !got.Caught && shards < bugShards {
			todo = append(todo, b)
		}
	}
	return todo
}

// tryBugs looks for each known bug in a program that has it, until all are caught or their time is over.
func (n *Night) tryBugs(ctx context.Context, end float64) error {
	limited, cancel := n.until(ctx, end)
	defer cancel()
	for todo := n.untried(); len(todo) > 0; todo = n.untried() {
		err := pool.Each(limited, len(todo), n.Workers, func(ctx context.Context, i int) error {
			b, shard := n.sofar(todo[i])
			err := n.tryBug(ctx, todo[i], &b, shard)
			if err != nil || ctx.Err() != nil {
				return err
			}
			return n.keep(bugKey(todo[i], shard), b)
		}, func(int) { n.tell(Status{Part: "part.bug", Done: len(n.Bugs) - len(n.untried()), Jobs: len(n.Bugs)}) })
		if err != nil || limited.Err() != nil {
			return n.over(ctx, limited, err)
		}
	}
	return nil
}

// bugs are all of them, as far as they were tried.
func (n *Night) bugs() (all []searched.Bug) {
	for _, b := range n.Bugs {
		got, _ := n.sofar(b)
		all = append(all, got)
	}
	return all
}

// tryBug searches a shard in the program with the bug, for a scenario that fails there and passes here: what fails here too
// shows nothing.
func (n *Night) tryBug(ctx context.Context, bug Bug, b *searched.Bug, shard int) error {
	crew := pool.HireOther(n.program, []string{bug.Env}, 1, n.WorkerArgs...)
	defer crew.Close()
	begun := time.Now()
	h := Hunt{Ground: n.Ground, Crew: crew}
	r, err := h.ask(ctx, search.Task{Seed: n.Seed, Shard: shard, Cases: bugCases, Stop: true})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.Tried = true
	if err != nil {
		b.Caught, b.Check, b.Error = true, search.Crash, err.Error()
	} else {
		b.Cases += r.Cases
		for _, s := range r.Stories {
			passes, err := n.Passes(ctx, s)
			if err != nil {
				return err
			}
			if passes && !b.Caught {
				b.Caught, b.Check, b.By = true, s.Check, s.Kind
			}
		}
	}
	b.Took += time.Since(begun)
	return nil
}
