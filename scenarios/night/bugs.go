package night

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/bugs"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// Bug is a known one, and the setting that switches it on in a program that has all of them.
type Bug struct {
	searched.Bug
	Env    string
	Number int // of its switch
	Needed int // cases it took in the last night, or was not caught in; 0: unknown
}

// How much the search of a known bug has: shards, again and again, as most are caught by a few cases.
const (
	bugCases  = 50 // of a shard
	bugShards = 60
)

// How long a turn at a bug lasts: until so many cases were run, or so many shards looked at, where few ask its switch.
const (
	turnCases  = bugCases / 2
	turnShards = 5
)

var errNoTime = diag.Errorf("known bugs are not tried: there was no time to build them")

// build makes the program with the bugs, if there is any to try, beside what else is done. over is closed when it is
// there, or cannot be made; then wait says so in NoBugs.
func (n *Night) build(ctx context.Context, dir string) (over <-chan struct{}, wait func() error) {
	done := make(chan struct{})
	if n.NoBugs != nil || n.nextBug(nil) < 0 {
		close(done)
		return done, func() error { return nil }
	}
	n.program = filepath.Join(dir, "ipwsim.exe") // Windows starts no other, and the others any
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

// tryBug takes a turn at a bug in the program that has it. What came of each shard is kept.
func (n *Night) tryBug(ctx context.Context, bug Bug) error {
	crew := n.hire(bug.Env)
	defer crew.Close()
	for run, turn := 0, 0; run < turnCases && turn < turnShards; turn++ {
		b, shard := n.sofar(bug)
		if b.Caught || shard >= bugShards {
			break
		}
		begun := time.Now()
		given, all, err := n.given(ctx, bug, shard)
		if err == nil {
			err = n.look(ctx, crew, &b, shard, given, all)
		}
		if err != nil {
			return err
		}
		b.Took += time.Since(begun)
		if err := n.keep(bugKey(bug, shard), time.Since(begun), b); err != nil {
			return err
		}
		run += len(given)
	}
	return nil
}

// given are the cases of a shard that ask the bug's switch, as its program has them with no bug on; all is how many there
// are: the others go there as they do with it. Where it does not tell they are nil, to be drawn anew.
func (n *Night) given(ctx context.Context, bug Bug, shard int) (some []search.Kept, all int, err error) {
	n.mu.Lock()
	if n.drawn == nil {
		n.drawn = map[int]func() ([]search.Kept, error){}
	}
	if n.drawn[shard] == nil {
		n.drawn[shard] = sync.OnceValues(func() ([]search.Kept, error) {
			crew := n.hire("")
			defer crew.Close()
			r, err := n.ask(ctx, crew, search.Task{Seed: n.Seed, Shard: shard, Cases: bugCases, Keep: true})
			if err != nil {
				return nil, err
			}
			return r.Kept, nil
		})
	}
	draw := n.drawn[shard]
	n.mu.Unlock()
	kept, err := draw()
	var died *diag.Text
	var unstarted pool.NotStartedError
	if kept == nil && (err == nil || ctx.Err() == nil && errors.As(err, &died) && !errors.As(err, &unstarted)) {
		return nil, bugCases, nil
	}
	return search.Asking(kept, bug.Number), len(kept), err
}

// look looks at cases of a shard, and says what came of it.
func (n *Night) look(ctx context.Context, crew *pool.Crew, b *searched.Bug, shard int, given []search.Kept, all int) error {
	var r *search.Result
	var died error
	ask := func(ctx context.Context, shard int) (cases int, found []bugs.Story, err error) {
		if given != nil && len(given) == 0 {
			return all, nil, nil
		}
		r, died = n.ask(ctx, crew, search.Task{Seed: n.Seed, Shard: shard, Cases: bugCases, Stop: true, Whole: true, Given: given})
		var unstarted pool.NotStartedError
		switch {
		case ctx.Err() != nil:
			return 0, nil, ctx.Err()
		case errors.As(died, &unstarted):
			return 0, nil, died
		case died != nil:
			return 0, []bugs.Story{{By: search.Crash}}, nil
		}
		for _, s := range r.Stories {
			found = append(found, bugs.Story{Case: s.Case - shard*bugCases, By: s.Check, Text: s.Text})
		}
		if given == nil {
			all = r.Cases
		}
		return all, found, nil
	}
	v := bugs.Verdict{Cases: b.Cases}
	err := v.Look(ctx, shard, ask, func(ctx context.Context, s bugs.Story) (bool, error) {
		if died != nil {
			return false, nil
		}
		return n.Fails(ctx, s)
	})
	b.Tried, b.Caught, b.Cases = true, v.Caught, v.Cases
	switch {
	case v.Caught && died != nil:
		b.Check, b.Error = search.Crash, died.Error()
	case v.Caught:
		b.Check, b.By = v.Story.By, kindOf(r, v.Story)
	}
	return err
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

// hire starts the program with the bugs, with one of them on or, of "", none.
func (n *Night) hire(env string) *pool.Crew {
	var set []string
	if env != "" {
		set = []string{env}
	}
	return pool.HireOther(n.program, set, 1, n.WorkerArgs...)
}

// ask has a crew do a shard.
func (n *Night) ask(ctx context.Context, crew *pool.Crew, t search.Task) (*search.Result, error) {
	h := Hunt{Ground: n.Ground, Crew: crew}
	return h.ask(ctx, t)
}
