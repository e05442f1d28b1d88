package search

import (
	"fmt"
)

// story tells a small case: less its attempts at what cannot be done, so that each line of it does something.
func (s *searcher) story(number int, c Case) (Story, error) {
	p, err := s.place(c.World)
	if err != nil {
		return Story{}, err
	}
	_, f, err := s.play(&c, p)
	if err != nil {
		return Story{}, err
	}
	if f == nil {
		return Story{}, fmt.Errorf("a case that failed does not fail any more")
	}
	// What heals nothing is left out, one after the other.
	for i := 0; i < len(c.Heals); {
		less := c
		less.Heals = append(append([]Fault{}, c.Heals[:i]...), c.Heals[i+1:]...)
		_, now, err := s.play(&less, p)
		switch {
		case s.ctx.Err() != nil:
			return Story{}, err
		case err == nil && now != nil && now.same(*f):
			c = less
		default: // it is needed, be it only for the switch and back
			i++
		}
	}
	return s.storyOf(number, &c, p, f), nil
}

// storyOf is the case as a scenario, with how it failed.
func (s *searcher) storyOf(number int, c *Case, p *place, f *Failure) Story {
	what := f.Kind
	if f.Check != "" {
		what = f.Check + ": " + f.Kind
	}
	return Story{
		Failure: *f, Case: number, Faults: len(c.Faults),
		Text: c.text(p, "Found by the search: "+what, "ja: 探索で見つかった: "+what, fmt.Sprintf("at %v; by seed %d, case %d", f.At, s.task.Seed, number)),
	}
}
