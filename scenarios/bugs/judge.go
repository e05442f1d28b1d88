package bugs

import "context"

// Story is a scenario that fails in a program with a bug or a mutant switched on.
type Story struct {
	Case   int    // of its shard that it was found in, from 0
	By     string // what it fails by: a check; "" for an expectation
	Faults int    // that it has
	Text   string
}

// Search looks through a shard of cases, from 0, in a program with a bug or a mutant switched on: how many there were, and
// what has failed, in the order of the cases. The same shard is the same cases, whatever is switched on.
type Search func(ctx context.Context, shard int) (cases int, found []Story, err error)

// Verdict is what came of looking for a bug or a mutant.
type Verdict struct {
	Caught bool
	Cases  int   // a night needs to catch it; or that were tried in vain
	Story  Story // that caught it
}

// Judge searches until the bug is caught, or at least so many cases were tried.
func Judge(ctx context.Context, most int, search Search, failsSound func(context.Context, Story) (bool, error)) (v Verdict, err error) {
	for shard := 0; err == nil && !v.Caught && v.Cases < most; shard++ {
		err = v.Look(ctx, shard, search, failsSound)
	}
	return v, err
}

// Look looks through one more shard. The bug is caught by a story that the sound program does not fail by the same: what
// fails there too shows nothing. What else of it fails there is no matter, for a story was made small with the bug at
// hand.
func (v *Verdict) Look(ctx context.Context, shard int, search Search, failsSound func(context.Context, Story) (bool, error)) error {
	cases, found, err := search(ctx, shard)
	if err != nil {
		return err
	}
	for _, s := range found {
		fails, err := failsSound(ctx, s)
		if err != nil {
			return err
		}
		if !fails {
			*v = Verdict{Caught: true, Cases: v.Cases + s.Case + 1, Story: s}
			return nil
		}
	}
	v.Cases += cases
	return nil
}
