package night

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/searched"
)

var errNoTime = diag.Errorf("known bugs are not tried: there was no time to build them")

// Source is the program's own source, with the Go toolchain.
type Source struct {
	Root    string
	Targets []Target
}

// Target is what can be fuzzed.
type Target struct{ Package, Name string }

// fuzzed is a line of the Makefile that fuzzes a target.
var fuzzed = regexp.MustCompile(`(?m)^\tgo test (\./\S+) -fuzz (Fuzz\w+)`)

// FindSource finds the source in this folder or above it.
func FindSource() (*Source, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, diag.Errorf("there is no Go toolchain")
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		mod, _ := disk.Read(filepath.Join(dir, "go.mod"), disk.MostPlan)
		if bytes.HasPrefix(mod, []byte("module ipwsim\n")) {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil, diag.Errorf("the source of ipwsim is not in this folder, nor above it")
		}
		dir = up
	}
	makefile, err := disk.Read(filepath.Join(dir, "Makefile"), disk.MostPlan)
	if err != nil {
		return nil, err
	}
	s := &Source{Root: dir}
	for _, m := range fuzzed.FindAllStringSubmatch(string(makefile), -1) {
		s.Targets = append(s.Targets, Target{m[1], m[2]})
	}
	return s, nil
}

// fuzzTime is how long a target is fuzzed at least, and at most.
const (
	leastFuzz = 5 * time.Second
	mostFuzz  = time.Minute
)

// fuzz fuzzes as many targets as there is time for, other ones first each night.
func (n *Night) fuzz(ctx context.Context, out *[]searched.Fuzz) error {
	if n.NoSource != nil {
		return nil
	}
	limited, cancel := n.until(ctx, 1)
	defer cancel()
	all := n.Source.Targets
	order := rand.New(rand.NewPCG(n.Seed, 0)).Perm(len(all))
	for i, which := range order {
		t := all[which]
		key := "fuzz " + t.Package + " " + t.Name
		var f searched.Fuzz
		if !n.has(key, &f) {
			n.tell(Status{Part: "part.fuzz", Done: i, Jobs: len(all)})
			deadline, _ := limited.Deadline()
			length := min(max(time.Until(deadline)/time.Duration(len(all)-i), leastFuzz), mostFuzz)
			var done bool
			if f, done = n.Source.fuzz(limited, t, length); !done {
				break
			}
			if err := n.keep(key, f); err != nil {
				return err
			}
		}
		*out = append(*out, f)
	}
	return n.over(ctx, limited, nil)
}

// fuzz fuzzes one target; false when its time was over before it began.
func (s *Source) fuzz(ctx context.Context, t Target, length time.Duration) (f searched.Fuzz, done bool) {
	f = searched.Fuzz{Package: t.Package, Target: t.Name}
	dir, err := os.MkdirTemp("", "ipwsim-fuzz")
	if err != nil {
		return f, false
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "fuzz.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "-fuzz", "^"+t.Name+"$", t.Package)
	build.Dir, build.WaitDelay = s.Root, time.Second
	text, err := build.CombinedOutput()
	if ctx.Err() != nil {
		return f, false
	}
	if err == nil {
		run := exec.CommandContext(ctx, program, "-test.run=^$", "-test.fuzz=^"+t.Name+"$", "-test.fuzztime="+length.String(),
			"-test.fuzzminimizetime=20x", "-test.fuzzcachedir="+filepath.Join(dir, "cache"))
		run.Dir, run.WaitDelay = filepath.Join(s.Root, t.Package), time.Second
		run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
		begun := time.Now()
		text, err = run.CombinedOutput()
		f.Took = time.Since(begun)
	}
	f.Failed = err != nil && ctx.Err() == nil
	if f.Failed {
		f.Output = string(text[max(0, len(text)-mostOutput):])
	}
	return f, true
}

// mostOutput is how much is kept of what a failing target prints.
const mostOutput = 4000
