// Package runs has the commands that run scenarios and report what was seen: once, under many seeds, again when a file
// changes, and of runs that were saved.
package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/netstack/capture"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/finding"
)

// runFlags are the flags of `ipwsim run`.
type runFlags struct {
	outputs
	cluster, pcap, save, files string
	seed                       uint64
	seedSet                    bool
	hash, all, watch           bool
	seeds                      string
	set                        seeds.Set // of seeds; none: each scenario's own
	workers                    int
}

// RunCommand is `ipwsim run`.
func RunCommand(lang *cli.Lang) *cobra.Command {
	f := runFlags{outputs: outputs{lang: lang}}
	c := &cobra.Command{
		Use:   "run [flags] FILE|NAME|DIR...",
		Short: "Run scenarios and report what was seen",
		Long: `run runs scenario files (FILE.txtar), shipped scenarios by name (see
ipwsim list), or every scenario of a folder. One scenario is reported at
length, several with one line each.

Each ends as PASS, as FAIL, or as WEAK: all is as the scenario expects, but a
check failed as it expects, or somebody waited longer than the guide or the
settings promise, whether it expects that or not.

With --seeds each runs under all of them, over all cores: how failover, failback
and the longest silence spread, with 95 % intervals, how many seeds failed at
what, and the worst seed. ` + "`expect failover p99 < 37s`" + ` is judged so.

With --watch they run again whenever a scenario's file or one of its cluster's
folder changes, until Ctrl-C; the exit status is the last run's.

Exit status: 0 all held, 1 findings, 2 could not run.`,
		Example: `  ipwsim run cable-pull
  ipwsim run cable-pull --cluster ./our-cluster --seed 7
  ipwsim run --all --cluster ./our-cluster   what fits any cluster
  ipwsim run cable-pull --lang ja
  ipwsim run --watch our-case.txtar      again when you save a file
  ipwsim run --all --junit results.xml --annotations
  ipwsim run cable-pull --html cable-pull.html --pcap captures
  ipwsim run --all --pages pages         a page each, and index.html of all
  ipwsim run cable-pull --save monday && ipwsim report monday --lang ja
  ipwsim run cable-pull --seeds 1..1000      how its figures spread
  ipwsim run mail-step-15 --files machines   the logs and the mail at the end
  ipwsim run split-brain --pcap captures && tshark -r captures/client.pcapng
  ipwsim run split-brain --pcap all.pcapng   all cables in one file`,
		Args: func(c *cobra.Command, args []string) error {
			f.seedSet = c.Flags().Changed("seed")
			return cmp.Or(f.checkSeeds(c.Flags()), f.check(args), CheckWatch(c.Flags()))
		},
		RunE: func(c *cobra.Command, args []string) error {
			if f.watch {
				return runWatched(c, args, f)
			}
			return run(c, args, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.cluster, "cluster", "", "the cluster in this `DIR`, not the scenario's own")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of all randomness, not the scenario's `N`")
	fl.StringVar(&f.seeds, "seeds", "", "run under all these seeds, `LIST`, as 1..1000 or 1..200,7")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "with --seeds: worker processes `N`; 1: none")
	f.outputs.flags(c)
	fl.StringVar(&f.pcap, "pcap", "", "capture each cable in `DIR`, or all in one FILE.pcapng")
	fl.StringVar(&f.files, "files", "", "write into `DIR` what machines and share hold at the end")
	fl.StringVar(&f.save, "save", "", "save what ipwsim report needs in this `DIR`")
	fl.BoolVar(&f.hash, "hash", false, "print the SHA-256 over all frames and records")
	fl.BoolVar(&f.watch, "watch", false, "again when a file of it changes, until Ctrl-C")
	fl.BoolVar(&f.all, "all", false, "all shipped scenarios; with --cluster, those for any")
	return c
}

func (f runFlags) check(args []string) error {
	if err := cmp.Or(f.outputs.check(), cli.Free(f.captures(), cli.EmptyFolder("--save", f.save), cli.EmptyFolder("--files", f.files))); err != nil {
		return err
	}
	if len(args) == 0 && !f.all {
		return diag.Errorf("found nothing to run, expected a scenario, a file, a folder or --all; `ipwsim list` lists the shipped scenarios")
	}
	return nil
}

func run(c *cobra.Command, args []string, f runFlags) error {
	sources, left, err := load(args, f)
	if err != nil {
		return err
	}
	if left > 0 {
		p := term.New(f.lang.Page(c.ErrOrStderr()))
		p.Para(term.Plain, "", f.lang.Error(diag.Errorf("%d shipped scenarios are left out: each fits only the cluster that it was written for. By its name each is run all the same.", left)))
		if err := p.Flush(c.ErrOrStderr()); err != nil {
			return err
		}
	}
	if f.set.All != nil {
		return runSeeds(c, sources, f)
	}
	defer setUp(sources)()
	bar := newProgress(c.ErrOrStderr(), f.lang.Lang, len(sources))
	runs, runErr := runAll(c.Context(), sources, f, bar.done)
	bar.End()
	if len(runs) == 0 {
		return runErr
	}
	if err := errors.Join(write(c.OutOrStdout(), c.ErrOrStderr(), runs, f.outputs), runErr); err != nil {
		return err
	}
	return findings(runs)
}

// short are runs with the collector's pace of worlds: their garbage is less than what they would save.
const short = 6 * time.Hour

// progress says how many scenarios are done.
type progress struct {
	cli.Meter
	total int
}

func newProgress(w io.Writer, lang words.Lang, total int) *progress {
	if total < 2 {
		return &progress{}
	}
	return &progress{cli.NewMeter(w, lang), total}
}

func (p *progress) done(n int) {
	p.Tell(func(time.Duration) string { return fmt.Sprintf("%d / %d", n, p.total) })
}

// setUp sets the program up for the worlds, until the function it returns is called. One world is faster on one core:
// netstack's TCP processors are one a core, and hand over to each other.
func setUp(worlds []Source) (back func()) {
	percent, cores := debug.SetGCPercent(pool.GCPercent), runtime.GOMAXPROCS(0)
	if slices.ContainsFunc(worlds, func(w Source) bool { return w.Script.EndsAt() > short }) {
		debug.SetGCPercent(percent)
	}
	if len(worlds) == 1 {
		runtime.GOMAXPROCS(1)
	}
	return func() {
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(cores)
	}
}

// findings is ErrFindings when a run is bad.
func findings(runs []*finding.Run) error {
	for _, r := range runs {
		if r.Outcome() == finding.Bad {
			return cli.ErrFindings
		}
	}
	return nil
}

// runAll runs the scenarios, one world a core, and returns the runs in the scenarios' order. After an error or an
// interrupt it returns those that were finished. done is told how many are. All run in this process: workers
// would hand over whole traces, which reports need, and that costs more than they save.
func runAll(ctx context.Context, sources []Source, f runFlags, done func(int)) ([]*finding.Run, error) {
	runs, errs := make([]*finding.Run, len(sources)), make([]error, len(sources))
	err := pool.Each(ctx, len(sources), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) error {
		runs[i], errs[i] = runOne(ctx, sources[i], f, i, len(sources) > 1)
		return nil // one that cannot run keeps no other from running
	}, done)
	if len(runs) == 1 && errs[0] != nil {
		return nil, errs[0]
	}
	var all []*finding.Run
	var others []error
	for i, r := range runs {
		switch {
		case r != nil:
			all = append(all, r)
		case errs[i] != nil && !errors.Is(errs[i], context.Canceled):
			others = append(others, errs[i])
		}
	}
	if err != nil {
		others = append(others, diag.Errorf("interrupted: %d of %d scenarios were run", len(all), len(runs)))
	}
	return all, errors.Join(others...)
}

// Run runs the scenario on its own cluster.
func (s Source) Run(ctx context.Context) (*finding.Run, error) {
	return runOne(ctx, s, runFlags{}, 0, false)
}

// View runs the scenario for a look at its network: on the cluster in the folder and with the seed; "" and nil are its own.
func (s Source) View(ctx context.Context, cluster string, seed *uint64) (*finding.Run, error) {
	defer setUp([]Source{s})()
	return script.Run(ctx, s.Script, script.Options{Cluster: s.find, Folder: cluster, Seed: seed})
}

// runOne runs the scenario that is the nth of its command.
func runOne(ctx context.Context, src Source, f runFlags, nth int, many bool) (*finding.Run, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opt := script.Options{Cluster: src.find, Folder: f.cluster, Hash: f.hash, Pcap: f.pcap, FilesDir: f.files, Frames: f.html != "" || f.pages != "" || f.save != ""}
	if f.seedSet {
		opt.Seed = &f.seed
	}
	save := f.save
	if many {
		opt.Pcap, save = ownFolder(f.pcap, src), ownFolder(f.save, src)
		opt.FilesDir = ownFolder(f.files, src)
	}
	r, err := script.Run(ctx, src.Script, opt)
	if err != nil {
		return nil, err
	}
	src.tell(r, f.cluster)
	r.Date = cli.Today()
	if save != "" {
		if err := keep(save, src, f.cluster, nth, r); err != nil {
			return nil, diag.Errorf("%s: --save: %w", src.Script.Name, err)
		}
	}
	r.Captures = captures(opt.Pcap, f.pageFolder())
	return r, nil
}

// ownFolder is the scenario's own folder in one that is wanted.
func ownFolder(dir string, src Source) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, src.Script.Name)
}

// captures is where captures go.
func (f runFlags) captures() cli.Place {
	if capture.OneFile(f.pcap) {
		return cli.File("--pcap", f.pcap)
	}
	return cli.AnyFolder("--pcap", f.pcap)
}

// checkCaptures demands one scenario for one file.
func (f runFlags) checkCaptures(n int) error {
	if n > 1 && capture.OneFile(f.pcap) {
		return diag.Errorf("--pcap: found file %s, expected a folder: there are %d scenarios", f.pcap, n)
	}
	return nil
}
