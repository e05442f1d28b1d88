package search

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// story tells a small case: less its attempts at what cannot be done, so that each line of it does something.
func (s *searcher) story(number int, c Case) (Story, error) {
	p, err := s.place(c.World)
	if err != nil {
		return Story{}, err
	}
	run, f, err := s.play(&c, p)
	if err != nil {
		return Story{}, err
	}
	if f == nil {
		return Story{}, fmt.Errorf("a case that failed does not fail any more")
	}
	c, err = needed(c, run, f, func(c *Case) (*finding.Run, *Failure, error) { return s.play(c, p) })
	if err != nil {
		return Story{}, err
	}
	return s.storyOf(number, &c, p, run, f), nil
}

// needed is the case without what heals nothing. A check fails whatever is healed; but what a demand wants back, once all
// is well, it wants in vain of what is not healed: there only what changes nothing is left out.
func needed(c Case, run *finding.Run, f *Failure, play func(*Case) (*finding.Run, *Failure, error)) (Case, error) {
	if c.Mailed && f.Check != "" { // nor what is sent when all is well
		less := c
		less.Mailed, less.End = false, c.Settled+5*time.Second
		switch _, now, err := play(&less); {
		case err != nil:
			return c, err
		case now != nil && now.same(*f):
			c = less
		}
	}
	for i := 0; i < len(c.Heals); {
		less := c
		less.Heals = slices.Delete(slices.Clone(c.Heals), i, i+1)
		other, now, err := play(&less)
		if err != nil {
			return c, err
		}
		if now != nil && now.same(*f) && (f.Check != "" || alike(run, other)) {
			c = less
		} else { // it is needed, be it only for the switch and back
			i++
		}
	}
	return c, nil
}

// alike says whether two runs are the same to the byte; none is like none.
func alike(a, b *finding.Run) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, err1 := digest(a)
	y, err2 := digest(b)
	return err1 == nil && err2 == nil && x == y
}

// storyOf is the case as a scenario, with how its run failed; nil: it has none.
func (s *searcher) storyOf(number int, c *Case, p *place, run *finding.Run, f *Failure) Story {
	what := f.Kind
	if f.Check != "" {
		what = f.Check + ": " + f.Kind
	}
	allows := c.allows(p)
	if f.Check != "" {
		allows = alone(f.Check, allows, run)
	}
	text := c.textOf(p, allows, "Found by the search: "+what, "ja: 探索で見つかった: "+what, fmt.Sprintf("at %v; by seed %d, case %d", f.At, s.task.Seed, number))
	if f.Check != "" { // it fails whatever is demanded, and where it holds a demand would be in vain of what is not healed
		text = demand.ReplaceAllString(text, "")
	}
	return Story{Failure: *f, Case: number, Faults: len(c.Faults), Text: text}
}

// demand is a line of a scenario that demands something.
var demand = regexp.MustCompile(`(?m)^expect .*\n`)

// alone are the allowances of a story of one check: what others say of it, who may have no data where that one's fault is
// mended, is no matter.
func alone(check, allowed string, run *finding.Run) string {
	if run == nil {
		return allowed
	}
	var others []string
	for _, r := range run.Results {
		if r.ID != check {
			others = append(others, r.ID)
		}
	}
	text := "allow " + strings.Join(others, " ") + "\n"
	for line := range strings.Lines(allowed) {
		if of, until, cut := strings.Cut(line, " until "); cut && slices.Contains(strings.Fields(of), check) {
			text += "allow " + check + " until " + until
		}
	}
	return text
}
