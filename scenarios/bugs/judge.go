package bugs

import "context"

// Story is a scenario that fails in a program with a bug or a mutant switched on.
type Story struct {
	Case int // of its shard that it was found in, from 0
	Text string
}

// Search looks through a shard of cases, from 0, in a program with a bug or a mutant switched on: how many there were, and
// what has failed, in the order of the cases. The same shard is the same cases, whatever is switched on.
type Search func(ctx context.Context, shard int) (cases int, found []Story, err error)

// Verdict is what came of looking for a bug or a mutant.
type Verdict struct {
	Caught bool
	Cases  int    // a night needs to catch it; or that were tried in vain
	Story  string // that caught it
}

// Judge searches until the bug is caught, or at least so many cases were tried. It is caught by a story that passes in the
// sound program: what fails there too shows nothing.
func Judge(ctx context.Context, most int, search Search, sound func(ctx context.Context, story string) (passes bool, err error)) (v Verdict, err error) {
	for shard := 0; v.Cases < most; shard++ {
		cases, found, err := search(ctx, shard)
		if err != nil {
			return v, err
		}
		for _, s := range found {
			passes, err := sound(ctx, s.Text)
			if err != nil {
				return v, err
			}
			if passes {
				return Verdict{Caught: true, Cases: v.Cases + s.Case + 1, Story: s.Text}, nil
			}
		}
		v.Cases += cases
	}
	return v, nil
}
