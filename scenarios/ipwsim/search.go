package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/nighttext"
	"ipwsim/reports/words"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// shardCases is how many cases a worker does at a time: each of them may follow those that showed something new.
const shardCases = 250

// defaultCases are those of a search that is told neither cases nor time.
const defaultCases = 2000

// searchFlags are the flags of `ipwsim search`.
type searchFlags struct {
	lang                   *langFlag
	cases, workers         int
	part                   int // -1: all
	length                 time.Duration
	seed                   uint64
	cluster, out           string
	stop, casesSet, forSet bool
}

func searchCommand(lang *langFlag) *cobra.Command {
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
			return errors.Join(nothingMore(c, args), f.check())
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
	return free(anyFolder("-o", f.out))
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
	task := search.Task{Seed: f.seed, Cases: cases, Cluster: where.name, Stop: f.stop}
	begun := time.Now()
	sum, err := f.hunt(c, where, task, n)
	interrupted := c.Context().Err() != nil // what was found until then is told all the same
	if err != nil && (!interrupted || sum.Cases == 0) {
		return err
	}
	s := sum.Searched(task)
	s.Took = time.Since(begun)
	for i := range s.Broken {
		s.Broken[i].Rerun = partAgain(task, s.Broken[i].Shard, where.dir)
	}
	if err := where.tell(context.WithoutCancel(c.Context()), s, f.out); err != nil {
		return err
	}
	if err := nighttext.Search(c.OutOrStdout(), s, f.lang.page(c.OutOrStdout())); err != nil {
		return err
	}
	switch {
	case interrupted:
		return err
	case s.Bad():
		return errFindings
	}
	return nil
}

// partAgain is the command that does a part again.
func partAgain(t search.Task, shard int, dir string) string {
	text := fmt.Sprintf("ipwsim search --seed %d --part %d --cases %d", t.Seed, shard, t.Cases)
	if dir != "" {
		text += " --cluster " + quoted(dir)
	}
	return text
}

var errStopped = errors.New("stopped")

// hunt searches until all n shards are done, or the time is over, or something is found and the search is to stop.
func (f *searchFlags) hunt(c *cobra.Command, where *ground, task search.Task, n int) (*night.Sum, error) {
	crew, err := pool.Hire(f.workers, workerName, searches)
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
	defer bar.end()
	h := night.Hunt{Ground: where.Ground, Task: task, Crew: crew, Workers: f.workers}
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

// tell gives each failure its title, and writes its scenario into the folder, if there is one.
func (g *ground) tell(ctx context.Context, s *searched.Search, dir string) error {
	for i := range s.Failures {
		x := &s.Failures[i]
		if err := g.entitle(ctx, x); err != nil {
			return err
		}
		if dir == "" {
			continue
		}
		path := filepath.Join(dir, x.Name+".txtar")
		if err := disk.WriteBytes(path, []byte(x.Text)); err != nil {
			return err
		}
		x.Rerun = "ipwsim run " + quoted(path)
		if g.dir != "" {
			x.Rerun += " --cluster " + quoted(g.dir)
		}
	}
	return nil
}

// ground is where a search takes place, and how its scenarios are run again.
type ground struct {
	search.Ground
	name string // of the cluster; "": drawn ones
	dir  string // of one that is not shipped
	find func(string) (fs.FS, error)
}

var wordOnly = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// findGround is that of --cluster: a folder or a shipped cluster; "" for drawn ones.
func findGround(dir string) (*ground, error) {
	g := &ground{find: finder{}.find}
	if dir == "" {
		return g, nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && slices.Contains(shippedClusters(), dir) {
		g.name = dir
		return g, nil
	}
	files, err := folder(dir)
	if err != nil {
		return nil, err
	}
	bp, problems := cluster.Load(files, ".")
	if bp == nil {
		return nil, below(dir, problems).Err()
	}
	g.dir, g.name = dir, "our-cluster"
	if path, err := filepath.Abs(dir); err == nil && wordOnly.MatchString(filepath.Base(path)) {
		g.name = filepath.Base(path)
	}
	g.find = finder{override: files}.find
	g.Own = g.name
	g.Files, err = (&script.Script{Cluster: g.name}).ClusterFiles(g.find)
	return g, err
}

// entitle has the failure's scenario say in its first lines what goes wrong, as a run of it shows.
func (g *ground) entitle(ctx context.Context, f *searched.Failure) error {
	say := func(l words.Lang) string { return l.Say("search.crashes", f.Kind) }
	if f.Check != search.Crash {
		s, problems := script.Parse(f.Name+".txtar", []byte(f.Text))
		if err := problems.Err(); err != nil {
			return err
		}
		run, err := script.Run(ctx, s, script.Options{Cluster: g.find})
		if err != nil {
			return err
		}
		o, found := objection(run, f)
		say = func(l words.Lang) string {
			if !found {
				return l.Say("search.gone")
			}
			return words.Teller{Lang: l, Facts: run.Facts}.Objection(o)
		}
	}
	f.Title = finding.Phrase{En: words.Safe(say(words.English)), Ja: words.Safe(say(words.Japanese))}
	lines := strings.SplitN(f.Text, "\n", 3) // two were the titles
	f.Text = "# " + f.Title.En + "\n# ja: " + f.Title.Ja + "\n" + lines[2]
	return nil
}

// objection is that to the run which the failure is of, or else the first.
func objection(run *finding.Run, f *searched.Failure) (finding.Objection, bool) {
	all := run.Objections()
	if len(all) == 0 {
		return finding.Objection{}, false
	}
	i := slices.IndexFunc(all, func(o finding.Objection) bool {
		return o.Result != nil && o.Result.ID == f.Check || o.Expectation != nil && f.Check == "" && o.Expectation.Text == f.Kind
	})
	o := all[max(0, i)]
	if o.Expectation != nil {
		e := *o.Expectation
		e.Line = 0 // a title speaks of no line
		o.Expectation = &e
	}
	return o, true
}

// searchBar says how far a search is.
type searchBar struct {
	meter
	before int           // cases that were done before
	shards int           // of all; below 0: as many as there is time for
	length time.Duration // that there is
	done   int
}

func newSearchBar(w io.Writer, lang words.Lang, shards int, length time.Duration) *searchBar {
	return &searchBar{meter: newMeter(w, lang), shards: shards, length: length}
}

// show is called after each shard.
func (b *searchBar) show(s *night.Sum) {
	b.done++
	b.tell(func(took time.Duration) string { return b.line(s, took) })
}

// line says how far it is after some time.
func (b *searchBar) line(s *night.Sum, took time.Duration) string {
	rate, _ := rateOf(s.Cases-b.before, 0, took)
	left := max(0, b.length-took).Round(time.Second)
	if b.shards >= 0 {
		_, left = rateOf(max(1, b.done), b.shards-b.done, took)
	}
	return b.Say("progress.search", s.Cases, rate, s.Reached(), len(search.Probes), s.Failures(), left)
}
