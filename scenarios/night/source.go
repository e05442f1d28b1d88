package night

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios/bugs"
	"ipwsim/sim/searched"
)

// Source is the program's own source, with the Go toolchain.
type Source struct {
	Root    string
	Targets []Target
}

// Target is what can be fuzzed.
type Target struct{ Package, Name string }

// fuzzed is what fuzzes a target, in a package's tests.
var fuzzed = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// FindSource finds the source in this folder or above it.
func FindSource() (*Source, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, diag.Errorf("there is no Go toolchain")
	}
	root, err := bugs.Root()
	if err != nil {
		return nil, err
	}
	s := &Source{Root: root}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := disk.Read(path, disk.MostCluster)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		for _, m := range fuzzed.FindAllSubmatch(text, -1) {
			s.Targets = append(s.Targets, Target{"./" + filepath.ToSlash(dir), string(m[1])})
		}
		return err
	})
	return s, err
}

// How long a target is fuzzed at least, and at most.
const (
	leastFuzz = 5 * time.Second
	mostFuzz  = time.Minute
)

// core is where the packages of the watcher are, whose targets come first.
const core = "./core"

// order is that in which the targets are fuzzed: the watcher's first, then others each night.
func (s *Source) order(seed uint64) (all []Target) {
	var rest []Target
	for _, t := range s.Targets {
		if t.Package == core || strings.HasPrefix(t.Package, core+"/") {
			all = append(all, t)
		} else {
			rest = append(rest, t)
		}
	}
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(rest)) {
		all = append(all, rest[i])
	}
	return all
}

// fuzz fuzzes as many targets as there is time for.
func (n *Night) fuzz(ctx context.Context, dir string, out *[]searched.Fuzz) error {
	if n.NoSource != nil {
		return nil
	}
	limited, cancel := n.limit(ctx, fuzzShare, searched.PartFuzz)
	defer cancel()
	all := n.Source.order(n.Seed)
	for i, t := range all {
		key := under(searched.PartFuzz, t.Package, t.Name)
		var f searched.Fuzz
		if !n.has(key, &f) {
			n.tell(Status{Part: "part.fuzz", Done: i, Jobs: len(all)})
			deadline, _ := limited.Deadline()
			length := min(max(time.Until(deadline)/time.Duration(len(all)-i), leastFuzz), mostFuzz)
			var cost time.Duration
			f, cost = n.Source.fuzz(limited, dir, t, length)
			if limited.Err() != nil && !f.Failed {
				break
			}
			if err := n.keep(key, cost, f); err != nil {
				return err
			}
		}
		*out = append(*out, f)
	}
	return n.over(ctx, limited, nil)
}

// fuzz fuzzes one target, with its package's program, which is in the folder or is built into it. cost is what it took of
// all cores. What fails when the time is over has been stopped.
func (s *Source) fuzz(ctx context.Context, dir string, t Target, length time.Duration) (f searched.Fuzz, cost time.Duration) {
	f = searched.Fuzz{Package: t.Package, Target: t.Name}
	program := filepath.Join(dir, strings.ReplaceAll(strings.TrimPrefix(t.Package, "./"), "/", "-")+".test")
	var text []byte
	var err error
	if !disk.Exists(program) {
		build := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "-fuzz", "^"+t.Name+"$", t.Package)
		build.Dir, build.WaitDelay = s.Root, time.Second
		text, err = build.CombinedOutput()
		cost += costOf(build)
	}
	if err == nil {
		run := exec.CommandContext(ctx, program, "-test.run=^$", "-test.fuzz=^"+t.Name+"$", "-test.fuzztime="+length.String(),
			"-test.fuzzminimizetime=20x", "-test.fuzzcachedir="+filepath.Join(dir, "cache"))
		run.Dir, run.WaitDelay = filepath.Join(s.Root, t.Package), time.Second
		run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
		begun := time.Now()
		text, err = run.CombinedOutput()
		f.Took = time.Since(begun)
		cost += costOf(run)
	}
	f.Failed = err != nil && ctx.Err() == nil
	if f.Failed {
		f.Output = string(text[max(0, len(text)-mostOutput):])
	}
	return f, cost
}

// costOf is what a process that has ended, and those that it waited for, took of all cores.
func costOf(c *exec.Cmd) time.Duration {
	if c.ProcessState == nil { // it was never started
		return 0
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// mostOutput is how much is kept of what a failing target prints.
const mostOutput = 4000
