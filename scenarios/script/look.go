package script

import (
	"context"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// Look plays the scenario, whatever its own end, and shows its trace as a Run that ends at first would leave it. It goes
// on to each later time that look returns, and is over when look returns none. The trace is look's until that returns.
// Errors are Run's, a cluster that is refused, and a first time before the last step.
func Look(ctx context.Context, s *Script, opt Options, first time.Duration, look func(*cluster.Blueprint, *trace.Trace) (next time.Duration)) error {
	bp, problems, err := s.blueprint(opt.Cluster, opt.Folder)
	if err != nil {
		return err
	}
	if bp == nil {
		return problems.Err()
	}
	if s, err = s.cast(bp); err != nil {
		return err
	}
	if err := s.checkNames(bp); err != nil {
		return err
	}
	w := world.New(bp, world.Options{Scenario: s.Name, Seed: s.seed(bp, opt), Cold: s.Cold, Ties: s.Ties, Most: opt.Most})
	defer w.Close()
	if _, err := s.each(ctx, w, opt.Progress, func(_ Step, problem error) error { return problem }); err != nil {
		return err
	}
	if first < w.Now() {
		return diag.Errorf("%s: found %s to look at it, expected a time from %s on, that of the last step", s.Name, written(first), written(w.Now()))
	}
	for at, next := first, time.Duration(0); ; at = next {
		if err := s.until(ctx, w, at, opt.Progress); err != nil {
			return err
		}
		if err := w.Look(func(t *trace.Trace) { next = look(bp, t) }); err != nil {
			return diag.Errorf("%s: %w", s.Name, err)
		}
		if next <= at {
			return nil
		}
	}
}
