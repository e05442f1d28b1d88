package night

import (
	"context"
	"fmt"
	"iter"
	"os"
	"sync"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/bugs"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// How much of a night's time each of its parts has at most; the search has all that is left. One that needs less, or
// cannot be done, leaves its time to the search.
const (
	firstShare = 0.10 // shipped scenarios; explorations; benches
	bugShare   = 0.15
	fuzzShare  = 0.05
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
	Explore   []Job[searched.Explored]
	Benches   []Job[searched.Bench]
	Bugs      []Bug
	Build     func(ctx context.Context, out string) error               // of a program with all bugs
	Fails     func(ctx context.Context, story bugs.Story) (bool, error) // whether this program fails one by the same
	NoBugs    error                                                     // why they are not tried; nil: they are
	Source    *Source
	NoSource  error // why there is no source to fuzz; nil: there is
	Progress  func(Status)

	// WorkerArgs make a program be a worker that calls search.Serve.
	WorkerArgs []string

	mu      sync.Mutex // of the folder
	start   time.Time
	before  int                                   // cases that were done before
	program string                                // with the bugs, and ...
	drawn   map[int]func() ([]search.Kept, error) // ... its cases by shard
}

// Used is how much of the night's time is over.
func (n *Night) Used() time.Duration { return n.used + time.Since(n.start) }

// limit is a context that ends with the night, or with a share of its time that parts have together; what they have had
// before counts.
func (n *Night) limit(ctx context.Context, share float64, parts ...string) (context.Context, context.CancelFunc) {
	had := time.Duration(0)
	for _, p := range parts {
		had += n.costOf(p) / time.Duration(n.Workers)
	}
	left := n.Length - closing(n.Length) - n.Used()
	return context.WithTimeout(ctx, min(left, time.Duration(share*float64(n.Length))-had))
}

// Run does what is left to do in the time that is left. After an interrupt it returns the context's error: what was done
// by then is kept.
func (n *Night) Run(ctx context.Context) (*searched.Night, error) {
	n.start = time.Now()
	n.Workers = max(1, n.Workers)
	out := &searched.Night{Begun: n.Begun, Length: n.Length, Workers: n.Workers}
	dir, err := os.MkdirTemp("", "ipwsim-night")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	sum := n.searchedBefore()
	if err := n.parts(ctx, dir, sum, out); err != nil {
		return nil, err
	}
	out.Bugs, out.NoBugs, out.NoFuzz = n.bugs(), said(n.NoBugs), said(n.NoSource)
	out.Search = sum.Searched(n.task())
	out.Search.Took = n.costOf(searched.PartSearch) / time.Duration(n.Workers)
	out.Unrun = len(n.Scenarios) - len(out.Scenarios)
	out.Unexplored = len(n.Explore) - len(out.Explored)
	if n.NoSource == nil {
		out.Targets = len(n.Source.Targets)
	}
	for _, p := range searched.Parts {
		out.Shares = append(out.Shares, searched.Share{Part: p, Took: n.costOf(p)})
	}
	out.Used = n.Used()
	return out, nil
}

// parts does one part after the other. The program with the bugs is built beside the first; while it is not there yet,
// there is always something to search. What is measured is measured alone.
func (n *Night) parts(ctx context.Context, dir string, sum *Sum, out *searched.Night) error {
	ctx, cancel := context.WithCancel(ctx)
	built, wait := n.build(ctx, dir)
	defer func() { cancel(); <-built }() // the folder is not closed while it is written
	for _, do := range []func() error{
		func() error {
			return part(ctx, n, searched.PartScenarios, "part.scenario", n.Workers, n.Scenarios, &out.Scenarios)
		},
		func() error {
			return part(ctx, n, searched.PartExplore, "part.explore", n.Workers, n.Explore, &out.Explored)
		},
		func() error { return n.search(ctx, sum, built) },
		wait,
		func() error { return part(ctx, n, searched.PartBenches, "part.bench", 1, n.Benches, &out.Benches) },
		func() error {
			if n.NoBugs != nil {
				return nil
			}
			return n.tryBugs(ctx)
		},
		func() error { return n.fuzz(ctx, dir, &out.Fuzz) },
		func() error { return n.search(ctx, sum, nil) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// part does the jobs that are not done yet, and returns what came of all that are done.
func part[T any](ctx context.Context, n *Night, name, said string, workers int, jobs []Job[T], out *[]T) error {
	limited, cancel := n.limit(ctx, firstShare, name)
	defer cancel()
	key := func(i int) string { return under(name, jobs[i].Name) }
	err := pool.Each(limited, len(jobs), workers, func(ctx context.Context, i int) error {
		var there T
		if n.has(key(i), &there) {
			return nil
		}
		begun := time.Now()
		v, err := jobs[i].Do(ctx)
		if err != nil {
			return err
		}
		return n.keep(key(i), time.Since(begun), v)
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

func (n *Night) keep(key string, cost time.Duration, v any) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.put(key, n.Used(), cost, v)
}

// costOf is what a part has cost by now.
func (n *Night) costOf(part string) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cost[part]
}

// under is the key of something done in a part.
func under(part string, of ...any) string {
	for _, x := range of {
		part += fmt.Sprint(" ", x)
	}
	return part
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
}

// searchedBefore is the sum of the shards that are done, by this process or another.
func (n *Night) searchedBefore() *Sum {
	sum := NewSum()
	for i := range n.doneShards() {
		var s shard
		n.has(under(searched.PartSearch, i), &s)
		sum.Add(s.of(i))
	}
	n.before = sum.Cases
	return sum
}

// doneShards are those that are done.
func (n *Night) doneShards() map[int]bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := map[int]bool{}
	for key := range n.done {
		var i int
		if _, err := fmt.Sscanf(key, searched.PartSearch+" %d", &i); err == nil {
			all[i] = true
		}
	}
	return all
}

// search does shards until the night's time is over, or, where there is such a channel, until that is closed: then those
// under way are done.
func (n *Night) search(ctx context.Context, sum *Sum, until <-chan struct{}) error {
	limited, cancel := n.limit(ctx, 1)
	defer cancel()
	done := n.doneShards()
	left := UpTo(n.Shards, func(i int) bool { return done[i] || n.Skip != nil && n.Skip(i) })
	h := Hunt{Ground: n.Ground, Task: n.task(), Crew: n.Crew, Workers: n.Workers}
	err := h.Do(limited, whileOpen(until, left), func(d Done) error {
		if err := n.keep(under(searched.PartSearch, d.Shard), d.Took, shard{d.Result, said(d.Error)}); err != nil {
			return err
		}
		sum.Add(d)
		n.tell(Status{Part: "part.search", Sum: sum, Before: n.before})
		return nil
	})
	return n.over(ctx, limited, err)
}

// whileOpen are the numbers until the channel is closed; a nil one never is.
func whileOpen(c <-chan struct{}, all iter.Seq[int]) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range all {
			select {
			case <-c:
				return
			default:
			}
			if !yield(i) {
				return
			}
		}
	}
}

func (s shard) of(i int) Done {
	d := Done{Shard: i, Result: s.Result}
	if s.Result == nil {
		d.Error = diag.Errorf("%s", s.Error)
	}
	return d
}
