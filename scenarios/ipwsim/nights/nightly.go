// Package nights has the commands that look for what breaks a cluster: searches, whole nights of them, what nights came
// to, and all that can happen up to a bound.
package nights

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/nightpage"
	"ipwsim/reports/nighttext"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/study"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// nightFlags are the flags of `ipwsim nightly`.
type nightFlags struct {
	lang                *cli.Lang
	length              time.Duration
	cases, workers      int
	seed                uint64
	cluster, out, since string
	seedSet, casesSet   bool
	shardText           string
	shard               study.Shard // of the night that is done; its N is 0 for all
}

// NightlyCommand is `ipwsim nightly`.
func NightlyCommand(lang *cli.Lang) *cobra.Command {
	f := nightFlags{lang: lang}
	c := &cobra.Command{
		Use:   "nightly --for TIME -o DIR",
		Short: "A night of search, which proves that it can see",
		Long: `nightly runs the shipped scenarios, follows all that can happen to two watchers
up to a bound, as ipwsim explore does, and measures speed. Then it searches
programs with known bugs, at most 15 % of its time, to show that it would find
them, and fuzzes where the source and Go are, at most 5 %. With all that is left
it searches for what breaks a cluster, as ipwsim search does. With --cluster it
searches on that cluster only.

What was done is kept in DIR: whoever is interrupted or killed gives the same
command again, and the night goes on until its time is used. It ends with a page
(index.html), junit.xml, nightly.json (see ipwsim schema nightly), and each
failure as a scenario in stories. A folder that holds a night that is over takes
the next one, and says what is new since.

The seed is drawn from the date, so that each night sees other cases. Several
machines with one file system share a night: each does the search of its --shard
into the same DIR; the command without --shard does the rest, and reports all.
scenarios/study/launch/slurm.sh runs them as a Slurm job array.

Exit status: 0 nothing failed, 1 something did, 2 it could not run. A known bug
that was not caught is a weakness of the search, and no failure.`,
		Example: `  ipwsim nightly --for 1h -o nights
  ipwsim nightly --for 10m -o tonight --since nights/monday
  ipwsim nightly --for 8h --cluster ./our-cluster -o nights --lang ja
  ipwsim nightly --for 1h --seed 7 --shard 3/8 -o /shared/tonight`,
		Args: func(c *cobra.Command, args []string) error {
			f.seedSet, f.casesSet = c.Flags().Changed("seed"), c.Flags().Changed("cases")
			return errors.Join(cli.NothingMore(c, args), f.check())
		},
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	fl := c.Flags()
	fl.DurationVar(&f.length, "for", 0, "the night's time, `TIME` as 1h")
	fl.StringVarP(&f.out, "output", "o", "", "keep and report the night in this `DIR`")
	fl.StringVar(&f.cluster, "cluster", "", "draw faults only, for the cluster in this `DIR`")
	fl.Uint64Var(&f.seed, "seed", 0, "seed `N` of the search; else of the date")
	fl.IntVar(&f.cases, "cases", 0, "end the search after so many cases `N`")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "worker processes `N`")
	fl.StringVar(&f.shardText, "shard", "", "only the search of machine `I/N`, from 1/N to N/N")
	fl.StringVar(&f.since, "since", "", "say what is new since the night in this `DIR`")
	return c
}

func (f *nightFlags) check() (err error) {
	if f.shardText != "" {
		if f.shard, err = study.ParseShard(f.shardText); err != nil {
			return diag.Errorf("--shard: %w", err)
		}
	}
	switch {
	case f.length <= 0:
		return diag.Errorf("--for: found %s, expected a time above 0s, as 10m", f.length)
	case f.out == "":
		return diag.Errorf("found no -o DIR, expected the folder for the night's files")
	}
	return nil
}

func (f *nightFlags) run(c *cobra.Command) error {
	where, err := findGround(f.cluster)
	if err != nil {
		return err
	}
	p, err := f.plan(where)
	if err != nil {
		return err
	}
	last, err := f.lastNight()
	if err != nil {
		return err
	}
	dir := f.out
	if f.shard.N > 0 {
		dir = night.ShardDir(f.out, f.shard.I, f.shard.N)
	}
	folder, err := night.Open(dir, p, f.seedSet)
	if err != nil {
		return err
	}
	defer folder.Close()
	n, err := f.hunt(c, where, folder)
	if errors.Is(err, context.Canceled) {
		return f.interrupted()
	}
	if err != nil || f.shard.N > 0 {
		return err
	}
	if last == nil {
		if last, err = readNight(filepath.Join(f.out, night.LastFile)); err != nil {
			return err
		}
	}
	n.Compare(last)
	n.Program = cli.Program()
	n.Again = f.again(folder.Plan, where)
	if err := f.remember(c.Context(), where, n, folder.Plan); err != nil {
		if c.Context().Err() != nil {
			return f.interrupted()
		}
		return err
	}
	return f.report(c, where, n, folder.Plan)
}

func (f *nightFlags) interrupted() error {
	return diag.Errorf("interrupted: what was done is in %s; the same command goes on from there", f.out)
}

// partOf is so much of what a night of ten minutes or more has as a shorter one has time for, at least that much.
func (f *nightFlags) partOf(whole, least uint64) uint64 {
	return max(min(whole, uint64(float64(whole)*f.length.Minutes()/10)), min(whole, least))
}

// plan is what the night is of.
func (f *nightFlags) plan(where *ground) (night.Plan, error) {
	now := cli.Today()
	p := night.Plan{Version: night.Version, Seed: f.seed, Cluster: where.Name, Cases: int(f.partOf(shardCases, 10)), Begun: now}
	if !f.seedSet {
		p.Seed = uint64(now.Year()*10000 + int(now.Month())*100 + now.Day())
	}
	if f.casesSet {
		_, p.Cases = parted(f.cases)
	}
	if len(where.Files) > 0 {
		var all []byte
		for _, name := range slices.Sorted(maps.Keys(where.Files)) {
			all = binary.AppendUvarint(append(all, name...), uint64(len(where.Files[name])))
			all = append(all, where.Files[name]...)
		}
		p.Sum = disk.Sum(all)
	}
	var err error
	p.Program, err = program()
	return p, err
}

// program is the SHA-256 of the program that runs.
var program = sync.OnceValues(func() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	data, err := disk.Read(self, disk.MostResult)
	return disk.Sum(data), err
})

// lastNight is the night of --since; nil: none is given.
func (f *nightFlags) lastNight() (*searched.Night, error) {
	if f.since == "" {
		return nil, nil
	}
	n, err := readNight(filepath.Join(f.since, night.ResultFile))
	if err == nil && n == nil {
		err = diag.Errorf("--since: found no %s in %s, expected the folder of a night that is over", night.ResultFile, f.since)
	}
	return n, err
}

// readNight reads of an earlier night what the next is held against; nil where there is no file.
func readNight(path string) (*searched.Night, error) {
	data, err := disk.Read(path, disk.MostResult)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var doc struct {
		Begun  time.Time
		Search *struct {
			Failures []struct{ Name, Check, Kind, Why string }
		}
	}
	if json.Unmarshal(data, &doc) != nil || doc.Search == nil {
		return nil, diag.Errorf("%s: not what a night writes", path)
	}
	n := &searched.Night{Begun: doc.Begun, Search: &searched.Search{}}
	for _, x := range doc.Search.Failures {
		n.Search.Failures = append(n.Search.Failures, searched.Failure{Name: x.Name, Check: x.Check, Kind: x.Kind, Why: x.Why})
	}
	return n, nil
}

// again is the command that does the night again.
func (f *nightFlags) again(p night.Plan, where *ground) string {
	text := fmt.Sprintf("ipwsim nightly --for %s --seed %d -o new-folder", f.length, p.Seed)
	if f.cluster != "" {
		text += " --cluster " + cli.Quoted(f.cluster)
	}
	if f.casesSet {
		text += fmt.Sprint(" --cases ", f.cases)
	}
	return text
}

// hunt does what is left of the night.
func (f *nightFlags) hunt(c *cobra.Command, where *ground, folder *night.Folder) (*searched.Night, error) {
	debug.SetGCPercent(pool.GCPercent)
	crew, err := Searchers.Hire(f.workers)
	if err != nil {
		return nil, err
	}
	defer crew.Close()
	n := &night.Night{
		Folder: folder, Length: f.length, Shards: -1, Workers: f.workers, Ground: where.search(), Crew: crew, WorkerArgs: Searchers.Args(),
	}
	if f.casesSet {
		n.Shards = (f.cases + folder.Cases - 1) / folder.Cases
	}
	bar := newNightBar(c.ErrOrStderr(), f.lang.Lang)
	defer bar.End()
	n.Progress = bar.show
	n.NoBugs = diag.Errorf("known bugs are not tried: the night is of one cluster only")
	n.NoSource = diag.Errorf("the night is of one cluster only")
	if s := f.shard; s.N > 0 {
		n.Skip = func(shard int) bool { return shard%s.N != s.I-1 }
	}
	if where.Name == "" && f.shard.N == 0 {
		n.Scenarios, err = scenarioJobs()
		if err != nil {
			return nil, err
		}
		n.Explore, n.Benches = exploreJobs(f.length), benchJobs()
		n.Source, n.NoSource = night.FindSource()
		nights, err := f.nightsBefore()
		if err != nil {
			return nil, err
		}
		n.Bugs, n.Build, n.NoBugs = knownBugs(nights)
		n.Fails = fails
	}
	return n.Run(c.Context())
}

// report writes the night's reports, last the one that says that it is over.
func (f *nightFlags) report(c *cobra.Command, where *ground, n *searched.Night, p night.Plan) error {
	stories := filepath.Join(f.out, night.StoriesDir)
	if err := os.RemoveAll(stories); err != nil {
		return err
	}
	if err := where.tell(c.Context(), n.Search, stories); err != nil {
		return err
	}
	for i := range n.Search.Broken {
		b := &n.Search.Broken[i]
		b.Rerun = partAgain(taskOf(p), b.Shard, where.Dir)
	}
	l := f.lang.Lang
	for _, one := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{night.PageFile, func(w io.Writer) error { return nightpage.Write(w, n, l) }},
		{night.JUnitFile, func(w io.Writer) error { return exchange.NightJUnit(w, n) }},
		{night.TextFile, func(w io.Writer) error { return nighttext.Night(w, n, term.Options{Lang: l}) }},
		{night.ResultFile, func(w io.Writer) error { return exchange.Night(w, n) }},
	} {
		if err := disk.Write(filepath.Join(f.out, one.name), one.write); err != nil {
			return err
		}
	}
	out := c.OutOrStdout()
	if err := nighttext.Night(out, n, f.lang.Page(out)); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("study.the-page", filepath.Join(f.out, night.PageFile)))
	if n.Outcome() == finding.Bad {
		return cli.ErrFindings
	}
	return nil
}

// nightBar says how far a night is.
type nightBar struct {
	cli.Meter
	search *searchBar
	begun  time.Time // of the search, as it goes on after another part
	cases  int       // by then; below 0: those of the night's folder
	part   string    // of the line that stands there
}

func newNightBar(w io.Writer, lang words.Lang) *nightBar {
	return &nightBar{Meter: cli.NewMeter(w, lang), begun: time.Now(), cases: -1}
}

func (b *nightBar) show(s night.Status) {
	if s.Part != b.part { // a part that has just begun may last
		b.part = s.Part
		b.Hurry()
	}
	if b.cases < 0 {
		b.cases = s.Before
	}
	if s.Sum == nil {
		b.search, b.begun = nil, time.Now()
	}
	b.Tell(func(time.Duration) string { return b.line(s) })
	if s.Sum != nil {
		b.cases = s.Sum.Cases
	}
}

func (b *nightBar) line(s night.Status) string {
	if s.Sum != nil {
		if b.search == nil {
			b.search = &searchBar{Meter: cli.Meter{Lang: b.Lang}, before: b.cases, shards: -1}
		}
		took := time.Since(b.begun)
		b.search.length = s.Left + took
		return b.search.line(s.Sum, took)
	}
	text := b.Say(s.Part)
	if s.Jobs > 0 {
		text = b.Say(s.Part, s.Done, s.Jobs)
	}
	return b.Say("night.left", text, max(0, s.Left).Round(time.Second))
}
