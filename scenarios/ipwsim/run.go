package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"ipwsim/reports"
	"ipwsim/scenarios/saved"
	"ipwsim/scenarios/script"
)

// runFlags are the flags of `ipwsim run`.
type runFlags struct {
	outputs
	cluster, pcap, save string
	seed                uint64
	seedSet             bool
	hash, all           bool
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [flags] FILE|NAME|DIR...",
		Short: "Run scenarios and report what was seen",
		Long: `run runs scenario files (FILE.txtar), shipped scenarios by name (see
ipwsim list), or every scenario of a folder. One scenario is reported at
length, several with one line each. The name field runs the table of the
field: every kind of server, ARP cache and L3 switch, with and without the cure.

Exit status: 0 all held, 1 findings, 2 could not run.`,
		Example: `  ipwsim run cable-pull
  ipwsim run cable-pull --cluster ./our-cluster --seed 7
  ipwsim run cable-pull --lang ja
  ipwsim run --all --junit results.xml --annotations
  ipwsim run cable-pull --html cable-pull.html --pcap captures
  ipwsim run cable-pull --save monday && ipwsim report monday --lang ja
  ipwsim run field
  ipwsim run split-brain --pcap captures && tshark -r captures/client.pcapng`,
		Args: func(c *cobra.Command, args []string) error {
			f.seedSet = c.Flags().Changed("seed")
			return f.check(args)
		},
		RunE: func(c *cobra.Command, args []string) error { return run(c, args, f) },
	}
	fl := c.Flags()
	fl.StringVar(&f.cluster, "cluster", "", "the cluster in this `DIR`, not the scenario's own")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of all randomness, not the scenario's `N`")
	f.outputs.flags(c)
	fl.StringVar(&f.pcap, "pcap", "", "capture every cable into this `DIR`, a pcapng each")
	fl.StringVar(&f.save, "save", "", "save what ipwsim report needs in this `DIR`")
	fl.BoolVar(&f.hash, "hash", false, "print the SHA-256 over all frames and records")
	fl.BoolVar(&f.all, "all", false, "run every shipped scenario")
	return c
}

func (f runFlags) check(args []string) error {
	if err := f.outputs.check(); err != nil {
		return err
	}
	if f.save != "" {
		if err := saved.Empty(f.save); err != nil {
			return fmt.Errorf("--save: %w", err)
		}
	}
	if len(args) == 0 && !f.all {
		return errors.New("found nothing to run, expected a scenario, a file, a folder or --all; `ipwsim list` lists the shipped scenarios")
	}
	return nil
}

func run(c *cobra.Command, args []string, f runFlags) error {
	if len(args) == 1 && args[0] == fieldName {
		return runField(c, f)
	}
	sources, err := load(args, f)
	if err != nil {
		return err
	}
	results, runErr := runAll(c.Context(), sources, f, newProgress(c.ErrOrStderr(), len(sources)))
	if len(results) == 0 {
		return runErr
	}
	if err := errors.Join(write(c.OutOrStdout(), c.ErrOrStderr(), results, f.outputs, len(sources) > 1), runErr); err != nil {
		return err
	}
	return findings(results)
}

// findings is errFindings unless every run has passed.
func findings(results []reports.Result) error {
	for _, r := range results {
		if !r.Passed() {
			return errFindings
		}
	}
	return nil
}

// runAll runs the scenarios, one world a core, and returns the results in the scenarios' order.
// After an error or an interrupt it returns those that were finished.
func runAll(ctx context.Context, sources []source, f runFlags, p *progress) ([]reports.Result, error) {
	results := make([]*reports.Result, len(sources))
	errs := make([]error, len(sources))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(len(sources), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				results[i], errs[i] = runOne(ctx, sources[i], f, i, len(sources) > 1)
				p.done(sources[i].script.Name)
			}
		})
	}
	for i := range sources {
		next <- i
	}
	close(next)
	workers.Wait()
	p.end()
	return finished(results, errs)
}

// finished are the results there are; the interrupts of a suite come as one error.
func finished(results []*reports.Result, errs []error) ([]reports.Result, error) {
	if len(results) == 1 && errs[0] != nil {
		return nil, errs[0]
	}
	var all []reports.Result
	var others []error
	for i, r := range results {
		switch {
		case r != nil:
			all = append(all, *r)
		case !errors.Is(errs[i], context.Canceled):
			others = append(others, errs[i])
		}
	}
	if len(all)+len(others) < len(results) {
		others = append(others, fmt.Errorf("interrupted: %d of %d scenarios were run", len(all)+len(others), len(results)))
	}
	return all, errors.Join(others...)
}

// runOne runs the scenario that is the nth of its command.
func runOne(ctx context.Context, src source, f runFlags, nth int, many bool) (*reports.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opt := script.Options{Cluster: src.find, Hash: f.hash, PcapDir: f.pcap, Frames: f.html != "" || f.save != ""}
	if f.seedSet {
		opt.Seed = &f.seed
	}
	save := f.save
	if many {
		opt.PcapDir, save = ownFolder(f.pcap, src), ownFolder(f.save, src)
	}
	out, err := script.Run(ctx, src.script, opt)
	if err != nil {
		return nil, err
	}
	if save != "" {
		if err := keep(save, src, f.cluster, nth, out); err != nil {
			return nil, fmt.Errorf("%s: --save: %w", src.script.Name, err)
		}
	}
	r := result(src, f.cluster, out)
	r.Captures = captures(opt.PcapDir, pageFolder(f.html, many))
	return &r, nil
}

// ownFolder is the scenario's own folder in one that is wanted.
func ownFolder(dir string, src source) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, src.script.Name)
}
