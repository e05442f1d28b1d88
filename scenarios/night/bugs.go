package night

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"ipwsim/scenarios/bugs"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// Bug is a known one, and the setting that switches it on in a program that has all of them.
type Bug struct {
	searched.Bug
	Env    string
	Needed int // cases it took in the last night, or was not caught in; 0: unknown
}

// How much the search of a known bug has: shards, again and again, as most are caught by a few cases.
const (
	bugCases  = 50 // of a shard
	bugShards = 60
)

// build makes the program with the bugs, if there is any to try, beside what else is done. over is closed when it is
// there, or cannot be made; then wait says so in NoBugs.
func (n *Night) build(ctx context.Context, dir string) (over <-chan struct{}, wait func() error) {
	done := make(chan struct{})
	if n.NoBugs != nil || n.nextBug(nil) < 0 {
		close(done)
		return done, func() error { return nil }
	}
	n.program = filepath.Join(dir, "ipwsim")
	limited, cancel := n.limit(ctx, 1, searched.PartBugs)
	var failed error
	go func() {
		defer close(done)
		begun := time.Now()
		if failed = n.Build(limited, n.program); failed == nil && !n.has(searched.PartBuild, new(bool)) {
			failed = n.keep(searched.PartBuild, time.Since(begun), true)
		}
	}()
	return done, func() error {
		defer cancel()
		select {
		case <-done:
		default:
			n.tell(Status{Part: "part.build"})
			<-done
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case failed != nil && limited.Err() != nil:
			n.NoBugs = errNoTime
		default:
			n.NoBugs = failed
		}
		return nil
	}
}

// bugKey is that of what came of a bug by the end of a shard.
func bugKey(b Bug, shard int) string { return under(searched.PartBugs, b.Name, shard) }

// sofar is what came of a bug by now, after so many shards.
func (n *Night) sofar(b Bug) (got searched.Bug, shards int) {
	got = b.Bug
	for n.has(bugKey(b, shards), &got) {
		shards++
	}
	return got, shards
}

// nextBug is the bug to be tried next, of those that nobody is at; -1: none is left. Each has a shard, to be accounted
// for; then those are first that need the fewest cases, by what they needed last and what they have had.
func (n *Night) nextBug(busy map[int]bool) int {
	next, least := -1, 0
	for i, b := range n.Bugs {
		got, shards := n.sofar(b)
		if busy[i] || got.Caught || shards >= bugShards {
			continue
		}
		rank := 0
		if shards > 0 {
			rank = max(b.Needed, got.Cases, 1)
		}
		if next < 0 || rank < least {
			next, least = i, rank
		}
	}
	return next
}

// tryBugs looks for each known bug in a program that has it, until all are caught or their time is over.
func (n *Night) tryBugs(ctx context.Context) error {
	limited, cancel := n.limit(ctx, bugShare, searched.PartBugs)
	defer cancel()
	var mu sync.Mutex // of busy
	busy := map[int]bool{}
	choose := func(before int) int {
		mu.Lock()
		defer mu.Unlock()
		delete(busy, before)
		n.tell(Status{Part: "part.bug", Done: len(n.Bugs) - n.leftBugs(), Jobs: len(n.Bugs)})
		i := n.nextBug(busy)
		busy[i] = true
		return i
	}
	err := pool.Each(limited, n.Workers, n.Workers, func(ctx context.Context, _ int) error {
		for i := choose(-1); i >= 0; i = choose(i) {
			if err := n.tryBug(ctx, n.Bugs[i]); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	return n.over(ctx, limited, err)
}

// leftBugs is how many are still to be tried.
func (n *Night) leftBugs() (count int) {
	for _, b := range n.Bugs {
		if got, shards := n.sofar(b); !got.Caught && shards < bugShards {
			count++
		}
	}
	return count
}

// bugs are all of them, as far as they were tried.
func (n *Night) bugs() (all []searched.Bug) {
	for _, b := range n.Bugs {
		got, _ := n.sofar(b)
		all = append(all, got)
	}
	return all
}

// tryBug searches one more shard in the program with the bug, and keeps what came of it.
func (n *Night) tryBug(ctx context.Context, bug Bug) error {
	b, shard := n.sofar(bug)
	begun := time.Now()
	var r *search.Result
	var died error
	look := func(ctx context.Context, shard int) (cases int, found []bugs.Story, err error) {
		r, died = n.askOther(ctx, bug.Env, search.Task{Seed: n.Seed, Shard: shard, Cases: bugCases, Stop: true})
		var ours *fs.PathError
		switch {
		case ctx.Err() != nil:
			return 0, nil, ctx.Err()
		case errors.As(died, &ours): // it was never started
			return 0, nil, died
		case died != nil:
			return 0, []bugs.Story{{By: search.Crash}}, nil
		}
		for _, s := range r.Stories {
			found = append(found, bugs.Story{Case: s.Case - shard*bugCases, By: s.Check, Text: s.Text})
		}
		return r.Cases, found, nil
	}
	v := bugs.Verdict{Cases: b.Cases}
	err := v.Look(ctx, shard, look, func(ctx context.Context, s bugs.Story) (bool, error) {
		if died != nil {
			return false, nil
		}
		return n.Fails(ctx, s)
	})
	if err != nil {
		return err
	}
	b.Tried, b.Caught, b.Cases = true, v.Caught, v.Cases
	b.Took += time.Since(begun)
	switch {
	case v.Caught && died != nil:
		b.Check, b.Error = search.Crash, died.Error()
	case v.Caught:
		b.Check, b.By = v.Story.By, kindOf(r, v.Story)
	}
	return n.keep(bugKey(bug, shard), time.Since(begun), b)
}

// kindOf is the finding of a story.
func kindOf(r *search.Result, story bugs.Story) string {
	for _, s := range r.Stories {
		if s.Text == story.Text {
			return s.Kind
		}
	}
	return ""
}

// askOther has the program with the bugs do a shard.
func (n *Night) askOther(ctx context.Context, env string, t search.Task) (*search.Result, error) {
	crew := pool.HireOther(n.program, []string{env}, 1, n.WorkerArgs...)
	defer crew.Close()
	h := Hunt{Ground: n.Ground, Crew: crew}
	return h.ask(ctx, t)
}
