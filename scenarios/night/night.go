package night

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// The parts of a night, by what share of its time is over when each ends. One that cannot be done leaves its time to
// the search.
const (
	firstEnds  = 0.25 // scenarios and benches, which mostly take less
	searchEnds = 0.80
	bugsEnd    = 0.95
)

// closing is how much of a night is kept for its reports.
func closing(length time.Duration) time.Duration { return min(3*time.Second, length/20) }

// Job is a thing that is done once a night. Its error ends the night.
type Job[T any] struct {
	Name string
	Do   func(context.Context) (T, error)
}

// Status is how far a night is.
type Status struct {
	Part string // of the night, by its key among words
	*Sum
	Before     int // cases that were done before this process
	Done, Jobs int // of a part that is not the search
	Left       time.Duration
}

// Night does what a night does, and keeps in its folder what is done.
type Night struct {
	*Folder
	Length    time.Duration
	Shards    int                  // at most; below 0: as many as there is time for
	Skip      func(shard int) bool // those of other machines; nil: there are none
	Workers   int
	Ground    search.Ground
	Crew      *pool.Crew // who call search.Serve
	Scenarios []Job[searched.Scenario]
	Benches   []Job[searched.Bench]
	Bugs      []Bug
	Build     func(ctx context.Context, out string) error                 // of a program with all bugs
	Passes    func(ctx context.Context, story search.Story) (bool, error) // whether one of the search does in this program what it fails by
	NoBugs    error                                                       // why they are not tried; nil: they are
	Source    *Source
	NoSource  error // why there is no source to fuzz; nil: there is
	Progress  func(Status)

	// WorkerArgs make a program be a worker that calls search.Serve.
	WorkerArgs []string

	mu      sync.Mutex // of the folder
	start   time.Time
	program string // with the bugs
}

// Used is how much of the night's time is over.
func (n *Night) Used() time.Duration { return n.used + time.Since(n.start) }

// until is a context that ends with a share of the night.
func (n *Night) until(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	end := time.Duration(share*float64(n.Length)) - closing(n.Length)
	return context.WithTimeout(ctx, end-n.Used())
}

// Run does what is left to do in the time that is left. After an interrupt it returns the context's error: what was done
// by then is kept.
func (n *Night) Run(ctx context.Context) (*searched.Night, error) {
	n.start = time.Now()
	out := &searched.Night{Begun: n.Begun, Length: n.Length, Workers: n.Workers}
	dir, err := os.MkdirTemp("", "ipwsim-night")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	err = errors.Join(
		part(ctx, n, "scenario", "part.scenario", n.Workers, n.Scenarios, &out.Scenarios),
		part(ctx, n, "bench", "part.bench", 1, n.Benches, &out.Benches))
	if err != nil {
		return nil, err
	}
	sum, err := n.searchAndBugs(ctx, dir)
	if err == nil {
		err = n.fuzz(ctx, &out.Fuzz)
	}
	if err != nil {
		return nil, err
	}
	out.Bugs, out.NoBugs, out.NoFuzz = n.bugs(), said(n.NoBugs), said(n.NoSource)
	out.Search = sum.Searched(n.task())
	out.Search.Took = n.took()
	out.Unrun = len(n.Scenarios) - len(out.Scenarios)
	if n.NoSource == nil {
		out.Targets = len(n.Source.Targets)
	}
	out.Used = n.Used()
	return out, nil
}

// searchAndBugs searches, while the program with the bugs is built, and then tries the bugs; or searches on, where they
// cannot be tried.
func (n *Night) searchAndBugs(ctx context.Context, dir string) (*Sum, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all := bugsEnd
	if n.NoSource != nil {
		all = 1
	}
	if n.NoBugs != nil {
		return n.search(ctx, all)
	}
	wait := n.build(ctx, dir)
	sum, err := n.search(ctx, searchEnds)
	if err != nil {
		cancel()
		_ = wait() // the other error says more
		return nil, err
	}
	if err := wait(); err != nil {
		return nil, err
	}
	if n.NoBugs != nil {
		return n.search(ctx, all)
	}
	return sum, n.tryBugs(ctx, all)
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// part does the jobs that are not done yet, and returns what came of all that are done.
func part[T any](ctx context.Context, n *Night, kind, said string, workers int, jobs []Job[T], out *[]T) error {
	limited, cancel := n.until(ctx, firstEnds)
	defer cancel()
	key := func(i int) string { return kind + " " + jobs[i].Name }
	err := pool.Each(limited, len(jobs), workers, func(ctx context.Context, i int) error {
		var there T
		if n.has(key(i), &there) {
			return nil
		}
		v, err := jobs[i].Do(ctx)
		if err != nil {
			return err
		}
		return n.keep(key(i), v)
	}, func(done int) { n.tell(Status{Part: said, Done: done, Jobs: len(jobs)}) })
	for i := range jobs {
		var v T
		if n.has(key(i), &v) {
			*out = append(*out, v)
		}
	}
	return n.over(ctx, limited, err)
}

// over is the error of a part, of which the end of its time is none.
func (n *Night) over(ctx, limited context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return nil
	}
	return err
}

func (n *Night) has(key string, into any) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.get(key, into)
}

func (n *Night) keep(key string, v any) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.put(key, n.Used(), v)
}

func (n *Night) tell(s Status) {
	if n.Progress != nil {
		s.Left = n.Length - n.Used()
		n.Progress(s)
	}
}

func (n *Night) task() search.Task {
	return search.Task{Seed: n.Seed, Cases: n.Cases, Cluster: n.Cluster}
}

// shard is what is kept of one.
type shard struct {
	Result *search.Result `json:"result,omitempty"`
	Error  string         `json:"error,omitempty"`
	Ended  time.Duration  `json:"ended"` // of the night's time
}

// The keys of the search: of when it began, and of each shard.
const (
	searchKey = "search"
	shardKey  = "shard "
)

// search does shards until that share of the night is over.
func (n *Night) search(ctx context.Context, end float64) (*Sum, error) {
	limited, cancel := n.until(ctx, end)
	defer cancel()
	sum := NewSum()
	done := map[int]bool{}
	for key := range n.done {
		var i int
		var s shard
		if !strings.HasPrefix(key, shardKey) || !n.get(key, &s) {
			continue
		}
		if _, err := fmt.Sscan(key[len(shardKey):], &i); err == nil {
			done[i] = true
			sum.Add(s.of(i))
		}
	}
	before := sum.Cases
	if !n.has(searchKey, new(time.Duration)) {
		if err := n.keep(searchKey, n.Used()); err != nil {
			return nil, err
		}
	}
	h := Hunt{Ground: n.Ground, Task: n.task(), Crew: n.Crew, Workers: n.Workers}
	err := h.Do(limited, UpTo(n.Shards, func(i int) bool { return done[i] || n.Skip != nil && n.Skip(i) }), func(d Done) error {
		if err := n.keep(fmt.Sprint(shardKey, d.Shard), shard{d.Result, said(d.Error), n.Used()}); err != nil {
			return err
		}
		sum.Add(d)
		n.tell(Status{Part: "part.search", Sum: sum, Before: before})
		return nil
	})
	return sum, n.over(ctx, limited, err)
}

func (s shard) of(i int) Done {
	d := Done{Shard: i, Result: s.Result}
	if s.Result == nil {
		d.Error = diag.Errorf("%s", s.Error)
	}
	return d
}

// took is how long the night has searched: from when it began until the last shard.
func (n *Night) took() time.Duration {
	var last, first time.Duration
	n.has(searchKey, &first)
	for key := range n.done {
		var s shard
		if strings.HasPrefix(key, shardKey) && n.has(key, &s) {
			last = max(last, s.Ended)
		}
	}
	return last - min(first, last)
}
