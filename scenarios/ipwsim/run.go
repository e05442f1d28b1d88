package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ipwsim/reports"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
)

// runFlags are the flags of `ipwsim run`.
type runFlags struct {
	cluster, lang, junit, pcap string
	seed                       uint64
	seedSet                    bool
	json, full, hash, all      bool
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [flags] FILE|NAME|DIR...",
		Short: "Run scenarios and report what was seen",
		Long: `run runs scenario files (FILE.txtar), shipped scenarios by name (see
ipwsim list), or every scenario of a folder. One scenario is reported at
length, several with one line each.

Exit status: 0 all held, 1 findings, 2 could not run.`,
		Example: `  ipwsim run cable-pull
  ipwsim run cable-pull --cluster ./our-cluster --seed 7
  ipwsim run cable-pull --lang ja
  ipwsim run --all --junit results.xml
  ipwsim run split-brain --pcap captures && tshark -r captures/client.pcapng`,
		RunE: func(c *cobra.Command, args []string) error {
			f.seedSet = c.Flags().Changed("seed")
			if f.lang != "en" && f.lang != "ja" {
				return fmt.Errorf("--lang %q: expected en or ja", f.lang)
			}
			if f.all {
				args = append(args, scenarios.Names()...)
			}
			if len(args) == 0 {
				return errors.New("name a scenario, a file or a folder, or say --all; `ipwsim list` lists the shipped ones")
			}
			return run(c, args, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.cluster, "cluster", "", "run on the cluster in this `DIR` instead of the scenario's own")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of everything random, instead of the scenario's or the cluster's")
	fl.StringVar(&f.lang, "lang", "en", "language of the report: en or ja")
	fl.BoolVar(&f.json, "json", false, "print JSON instead of text")
	fl.StringVar(&f.junit, "junit", "", "write JUnit XML to this `FILE` as well")
	fl.StringVar(&f.pcap, "pcap", "", "capture every cable into this `DIR`, one pcapng each")
	fl.BoolVar(&f.full, "full", false, "leave nothing out of transcripts and logs")
	fl.BoolVar(&f.hash, "hash", false, "print the SHA-256 over all frames and trace records")
	fl.BoolVar(&f.all, "all", false, "run every shipped scenario")
	return c
}

func run(c *cobra.Command, args []string, f runFlags) error {
	sources, err := load(args, f.cluster)
	if err != nil {
		return err
	}
	results, runErr := runAll(c.Context(), sources, f, newProgress(c.ErrOrStderr(), len(sources)))
	if len(results) == 0 {
		return runErr
	}
	if err := errors.Join(write(c.OutOrStdout(), results, f), runErr); err != nil {
		return err
	}
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
				results[i], errs[i] = runOne(ctx, sources[i], f, len(sources) > 1)
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
	var all []reports.Result
	for _, r := range results {
		if r != nil {
			all = append(all, *r)
		}
	}
	return all, errors.Join(errs...)
}

func runOne(ctx context.Context, src source, f runFlags, many bool) (*reports.Result, error) {
	opt := script.Options{Cluster: src.find, Hash: f.hash, PcapDir: f.pcap}
	if f.seedSet {
		opt.Seed = &f.seed
	}
	if f.pcap != "" && many {
		opt.PcapDir = filepath.Join(f.pcap, src.script.Name)
	}
	out, err := script.Run(ctx, src.script, opt)
	if err != nil {
		return nil, err
	}
	r := result(src, f, out)
	return &r, nil
}

// write prints the report and writes the JUnit file.
func write(w io.Writer, results []reports.Result, f runFlags) error {
	if f.junit != "" {
		if err := writeFile(f.junit, func(w io.Writer) error { return reports.JUnit(w, results) }); err != nil {
			return err
		}
	}
	opt := reports.Options{Lang: f.lang, Color: color(w), Full: f.full}
	switch {
	case f.json:
		return reports.JSON(w, results)
	case len(results) == 1:
		return reports.Text(w, results[0], opt)
	}
	return reports.TextSuite(w, results, opt)
}

// writeFile writes to a temporary file beside path and renames it: path is whole or as it was.
func writeFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone after the rename
	if err := errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// color says whether to use colour: on a terminal, unless NO_COLOR is set.
func color(w io.Writer) bool {
	_, no := os.LookupEnv("NO_COLOR")
	return !no && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
