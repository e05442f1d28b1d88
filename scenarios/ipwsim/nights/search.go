package nights

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/nighttext"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/search"
)

// Searchers search on shipped clusters, and on one that they are told of.
var Searchers = cli.Trade{Name: "search", Serve: func(in io.Reader, out io.Writer) error {
	return search.Serve(in, out, func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) })
}}

// shardCases is how many cases a worker does at a time: each of them may follow those that showed something new.
const shardCases = 250

// defaultCases are those of a search that is told neither cases nor time.
const defaultCases = 2000

// searchFlags are the flags of `ipwsim search`.
type searchFlags struct {
	lang                   *cli.Lang
	cases, workers         int
	part                   int // -1: all
	length                 time.Duration
	seed                   uint64
	cluster, out           string
	stop, casesSet, forSet bool
}

// SearchCommand is `ipwsim search`.
func SearchCommand(lang *cli.Lang) *cobra.Command {
	f := searchFlags{lang: lang, part: -1}
	c := &cobra.Command{
		Use:   "search [flags]",
		Short: "Look for what breaks a cluster: drawn worlds and faults",
		Long: `search draws clusters with their settings, and schedules of faults, and runs
them. While faults last it demands what always holds; then it undoes them, and
demands that the cluster comes back in time. What fails is made as small as it
can be, and told as a scenario that fails by itself: with -o as a file to keep,
else as text.

The same seed finds the same. One in twenty cases is run twice, and must come
out the same to the byte.

Exit status: 0 nothing was found, 1 something was, 2 it could not run.`,
		Example: `  ipwsim search
  ipwsim search --for 10m --seed 7 -o found
  ipwsim search --cases 50000 --cluster ./our-cluster -o found
  ipwsim search --stop --lang ja`,
		Args: func(c *cobra.Command, args []string) error {
			f.casesSet, f.forSet = c.Flags().Changed("cases"), c.Flags().Changed("for")
			return errors.Join(cli.NothingMore(c, args), f.check())
		},
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	fl := c.Flags()
	fl.IntVar(&f.cases, "cases", defaultCases, "so many cases `N` at least")
	fl.DurationVar(&f.length, "for", 0, "as many as there is `TIME` for, as 10m")
	fl.Uint64Var(&f.seed, "seed", 1, "seed `N` of all that is drawn")
	fl.StringVar(&f.cluster, "cluster", "", "draw faults only, for the cluster in this `DIR`")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "worker processes `N`")
	fl.StringVarP(&f.out, "output", "o", "", "write what fails into this `DIR`, a scenario each")
	fl.BoolVar(&f.stop, "stop", false, "stop at the first failure")
	fl.IntVar(&f.part, "part", -1, "only part `N`, from 0 on, which has --cases cases")
	fl.Lookup("part").DefValue = ""
	return c
}

func (f *searchFlags) check() error {
	switch {
	case f.casesSet && f.forSet:
		return diag.Errorf("--for: found --cases too, expected one of them")
	case f.forSet && f.part >= 0:
		return diag.Errorf("--for: found --part too, expected one of them")
	case f.forSet && f.length <= 0:
		return diag.Errorf("--for: found %s, expected a time above 0s, as 10m", f.length)
	}
	return cli.Free(cli.AnyFolder("-o", f.out))
}

// shards are how many there are, below 0 as many as there is time for, and the cases of each.
func (f *searchFlags) shards() (n, cases int) {
	switch {
	case f.forSet:
		return -1, shardCases
	case f.part >= 0 && !f.casesSet:
		return f.part + 1, shardCases
	case f.part >= 0:
		return f.part + 1, f.cases
	}
	return parted(f.cases)
}

// leastParts is in how many parts cases are done that are few.
const leastParts = 8

// parted are so many cases, or a few more, in parts that are alike.
func parted(cases int) (n, each int) {
	each = min(shardCases, (cases+leastParts-1)/leastParts)
	n = (cases + each - 1) / each
	return n, (cases + n - 1) / n
}

func (f *searchFlags) run(c *cobra.Command) error {
	where, err := findGround(f.cluster)
	if err != nil {
		return err
	}
	n, cases := f.shards()
	task := search.Task{Seed: f.seed, Cases: cases, Cluster: where.Name, Stop: f.stop}
	begun := time.Now()
	sum, err := f.hunt(c, where, task, n)
	interrupted := c.Context().Err() != nil // what was found until then is told all the same
	if err != nil && (!interrupted || sum.Cases == 0) {
		return err
	}
	s := sum.Searched(task)
	s.Took, s.Cut = time.Since(begun), interrupted
	for i := range s.Broken {
		s.Broken[i].Rerun = partAgain(task, s.Broken[i].Shard, where.Dir)
	}
	if err := where.tell(context.WithoutCancel(c.Context()), s, f.out); err != nil {
		return err
	}
	if err := nighttext.Search(c.OutOrStdout(), s, f.lang.Page(c.OutOrStdout())); err != nil {
		return err
	}
	switch {
	case interrupted:
		return err
	case s.Bad():
		return cli.ErrFindings
	}
	return nil
}

// partAgain is the command that does a part again.
func partAgain(t search.Task, shard int, dir string) string {
	text := fmt.Sprintf("ipwsim search --seed %d --part %d --cases %d", t.Seed, shard, t.Cases)
	if dir != "" {
		text += " --cluster " + cli.Quoted(dir)
	}
	return text
}

var errStopped = errors.New("stopped")

// hunt searches until all n shards are done, or the time is over, or something is found and the search is to stop.
func (f *searchFlags) hunt(c *cobra.Command, where *ground, task search.Task, n int) (*night.Sum, error) {
	crew, err := Searchers.Hire(f.workers)
	if err != nil {
		return nil, err
	}
	defer crew.Close()
	ctx := c.Context()
	if f.forSet {
		limited, cancel := context.WithTimeout(ctx, f.length)
		defer cancel()
		ctx = limited
	}
	sum := night.NewSum()
	parts := n
	if f.part >= 0 {
		parts = 1
	}
	bar := newSearchBar(c.ErrOrStderr(), f.lang.Lang, parts, f.length)
	defer bar.End()
	h := night.Hunt{Ground: where.search(), Task: task, Crew: crew, Workers: f.workers}
	skip := func(shard int) bool { return f.part >= 0 && shard != f.part }
	err = h.Do(ctx, night.UpTo(n, skip), func(d night.Done) error {
		sum.Add(d)
		bar.show(sum)
		if f.stop && sum.Failures() > 0 {
			return errStopped
		}
		return nil
	})
	if errors.Is(err, errStopped) || f.forSet && c.Context().Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	return sum, err
}

// searchBar says how far a search is.
type searchBar struct {
	cli.Meter
	before int           // cases that were done before
	shards int           // of all; below 0: as many as there is time for
	length time.Duration // that there is
	done   int
}

func newSearchBar(w io.Writer, lang words.Lang, shards int, length time.Duration) *searchBar {
	return &searchBar{Meter: cli.NewMeter(w, lang), shards: shards, length: length}
}

// show is called after each shard.
func (b *searchBar) show(s *night.Sum) {
	b.done++
	b.Tell(func(took time.Duration) string { return b.line(s, took) })
}

// line says how far it is after some time.
func (b *searchBar) line(s *night.Sum, took time.Duration) string {
	rate, _ := cli.RateOf(s.Cases-b.before, 0, took)
	left := max(0, b.length-took).Round(time.Second)
	if b.shards >= 0 {
		_, left = cli.RateOf(max(1, b.done), b.shards-b.done, took)
	}
	return b.Say("progress.search", s.Cases, rate, s.Reached(), len(search.Probes), s.Failures(), left)
}
