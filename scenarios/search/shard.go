package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Task is a shard of a search: so many cases from a seed. The same task has the same answer.
type Task struct {
	Seed    uint64 `json:"seed"`
	Shard   int    `json:"shard"`
	Cases   int    `json:"cases"`
	Cluster string `json:"cluster,omitempty"` // "": drawn ones
	Stop    bool   `json:"stop,omitempty"`    // at the first failure
	Whole   bool   `json:"whole,omitempty"`   // failures are told as they were found, not made small
	Keep    bool   `json:"keep,omitempty"`    // its cases are told, to be given to others
	Given   []Kept `json:"given,omitempty"`   // the cases, in place of new ones
}

// Kept is a case as it was drawn.
type Kept struct {
	Number int    `json:"number"` // of all of its seed
	Case   Case   `json:"case"`
	Asked  []int  `json:"asked,omitempty"`  // the switches of known bugs, or of mutants, that its run asked
	Digest string `json:"digest,omitempty"` // of its trace; "": it crashed
}

// Asking are those of the cases that asked the switch of a known bug or a mutant. The others go with it as without.
func Asking(kept []Kept, number int) []Kept {
	return slices.DeleteFunc(slices.Clone(kept), func(k Kept) bool { return !slices.Contains(k.Asked, number) })
}

// asked are the switches of known bugs that were asked since it was last called, in a program that has such; nil: none has.
var asked func() []int

// Story is a failure made small.
type Story struct {
	Failure
	Case   int    `json:"case"`   // that it was found in, of its shard
	Faults int    `json:"faults"` // left
	Text   string `json:"text"`   // a scenario that fails by itself
}

// Result is what came of a shard.
type Result struct {
	Cases    int            `json:"cases"`
	Runs     int            `json:"runs"` // with those that made failures small, and those done twice
	Virtual  time.Duration  `json:"virtual"`
	Hopeless map[string]int `json:"hopeless,omitempty"` // cases judged for what always holds only, by why
	Probes   map[Probe]int  `json:"probes"`
	Failed   int            `json:"failed"` // cases
	Stories  []Story        `json:"stories,omitempty"`
	Twice    int            `json:"twice"` // cases that were run twice, and came out the same
	Kept     []Kept         `json:"kept,omitempty"`
}

// mailEvery is of how many cases one has mail: it takes the time of seven others. It has no parent and is none, for what
// steers the search is the watchers.
const mailEvery = 12

func hasMail(number int) bool { return number%mailEvery == 0 }

// childPercent is how many cases have a parent, once there is any.
const childPercent = 45

// longParent is how long a case may be that has children: they take as long as it did.
const longParent = 6 * time.Minute

// exercisePercent is how many cases end with a switch and back.
const exercisePercent = 40

// twicePercent is how many of the cases are run twice.
const twicePercent = 5

// searcher does a task.
type searcher struct {
	ground
	Result
	task    Task
	ctx     context.Context
	known   []Failure
	parents []parent
	seen    map[string]bool
}

// parent is a case that showed what none before it had, and when things happened in it.
type parent struct {
	world   World
	faults  []Fault
	moments []time.Duration
}

// Search does a task. An error is one of the tool: a case that cannot be run, or that comes out otherwise when it is run
// again; the interrupt is one, too.
func Search(ctx context.Context, find func(string) (fs.FS, error), t Task) (*Result, error) {
	s := &searcher{ground: ground{find}, task: t, ctx: ctx, seen: map[string]bool{}}
	s.Hopeless, s.Probes = map[string]int{}, map[Probe]int{}
	stop := func() bool { return t.Stop && s.Failed > 0 }
	for i := 0; i < t.Cases && t.Given == nil && !stop(); i++ {
		if err := s.one(t.Shard*t.Cases + i); err != nil {
			return nil, err
		}
	}
	for i := 0; i < len(t.Given) && !stop(); i++ {
		if err := s.given(t.Given[i]); err != nil {
			return nil, err
		}
	}
	return &s.Result, nil
}

// given runs and judges a case that was drawn before.
func (s *searcher) given(d Kept) error {
	p, err := s.place(d.Case.World)
	if err != nil {
		return err
	}
	run, f, err := s.count(d.Number, &d.Case, p)
	if err != nil || f == nil {
		return err
	}
	return s.tell(d.Number, d.Case, run, *f)
}

// count plays a case that counts, and keeps it if the task wants that.
func (s *searcher) count(number int, c *Case, p *place) (*finding.Run, *Failure, error) {
	if asked != nil {
		asked() // by the one before
	}
	run, f, err := s.play(c, p)
	if err != nil {
		return nil, nil, err
	}
	s.Cases++
	if f != nil {
		s.Failed++
	}
	if !s.task.Keep {
		return run, f, nil
	}
	kept := Kept{Number: number, Case: *c}
	if run != nil {
		kept.Digest, err = digest(run)
	}
	if asked != nil {
		kept.Asked = asked()
	}
	s.Kept = append(s.Kept, kept)
	return run, f, err
}

// one draws, runs and judges a case.
func (s *searcher) one(number int) error {
	c, p, err := s.draw(number)
	if err != nil {
		return err
	}
	run, f, err := s.count(number, &c, p)
	if err != nil {
		return err
	}
	s.Virtual += c.End
	if c.Hopeless != "" {
		s.Hopeless[c.Hopeless]++
	}
	if run == nil {
		return s.tell(number, c, run, *f)
	}
	seen := look(run.Trace)
	for probe, n := range seen.probes {
		s.Probes[probe] += n
	}
	s.keep(&c, seen)
	if number%(100/twicePercent) == 0 {
		if err := s.again(number, &c, p, run); err != nil {
			return err
		}
	}
	if f != nil {
		return s.tell(number, c, run, *f)
	}
	return nil
}

// draw makes the case of the number: of new tapes, or a child of one that showed something new.
func (s *searcher) draw(number int) (Case, *place, error) {
	d := tape(s.task.Seed, number, faultTape)
	if len(s.parents) > 0 && !hasMail(number) && d.chance(childPercent) {
		// The latest are of the rarest.
		from := s.parents[max(0, len(s.parents)-1-d.below(min(len(s.parents), 20)))]
		p, err := s.place(from.world)
		if err != nil {
			return Case{}, nil, err
		}
		w := from.world
		if d.chance(30) {
			w.Seed = d.Uint64() >> 44
		}
		return newCase(w, p, from.child(drawing{d, p}), d.chance(exercisePercent)), p, nil
	}
	w := drawWorld(s.task.Seed, number)
	if s.task.Cluster != "" {
		w = World{Cluster: s.task.Cluster, Seed: w.Seed, Ties: w.Ties}
	}
	p, err := s.place(w)
	if err != nil {
		return Case{}, nil, err
	}
	return drawing{d, p}.fresh(w), p, nil
}

// fresh is a case of the world that has no parent.
func (d drawing) fresh(w World) Case {
	faults := drawFaults(d)
	return newCase(w, d.place, faults, d.chance(exercisePercent) || d.place.remembers)
}

// child is the parent's schedule with one thing changed: mostly another fault at a moment that matters.
func (f *parent) child(d drawing) []Fault {
	all := slices.Clone(f.faults)
	change := d.below(10)
	switch {
	case change == 0 && len(all) > 1: // one less
		i := d.below(len(all))
		all = slices.Delete(all, i, i+1)
	case change == 1 && len(all) > 0: // one elsewhere
		all[d.below(len(all))].At = f.moment(d)
	default:
		at := f.moment(d)
		new, ok := drawFault(d, at)
		if !ok {
			break
		}
		all = append(all, new)
		if back, ok := new.mended(d); ok && d.chance(50) && back.At < 2*d.span() {
			all = append(all, back)
		}
	}
	sortFaults(all)
	return all
}

// moment is one at which something happened in the parent, or shortly before or after it.
func (f *parent) moment(d drawing) time.Duration {
	at := one(d.draws, f.moments...)
	at += one(d.draws, 0, 0, -time.Microsecond, time.Microsecond, -time.Millisecond, time.Millisecond, d.upTo(time.Second), d.upTo(d.timeout), d.upTo(d.interval), -d.upTo(time.Second))
	return min(max(at, time.Millisecond), 2*d.span())
}

// keep makes the case a parent if it showed what none had shown before it.
func (s *searcher) keep(c *Case, seen *sight) {
	fresh := false
	for what := range seen.features {
		fresh = fresh || !s.seen[what]
		s.seen[what] = true
	}
	if !fresh || c.World.Mail || len(c.Faults) > 12 || c.End > longParent {
		return
	}
	until := c.HealAt
	var moments []time.Duration
	for _, at := range seen.moments {
		if at <= until+30*time.Second {
			moments = append(moments, at)
		}
	}
	if len(moments) > 0 {
		s.parents = append(s.parents, parent{c.World, c.Faults, moments})
	}
}

// play runs a case and says how it failed, if it did. One that crashes has no run.
func (s *searcher) play(c *Case, p *place) (run *finding.Run, f *Failure, err error) {
	if err := s.ctx.Err(); err != nil {
		return nil, nil, err
	}
	s.Runs++
	defer func() {
		if broken := recover(); broken != nil {
			run, f, err = nil, crashOf(broken), nil
		}
	}()
	run, err = s.run(s.ctx, c, p)
	switch {
	case err == nil:
		return run, failureOf(run, c.Hopeless != ""), nil
	case s.ctx.Err() != nil:
		return nil, nil, err
	}
	return nil, crashOf(err), nil // a world that came to no end
}

// again runs the case once more: the trace must be the same to the byte.
func (s *searcher) again(number int, c *Case, p *place, first *finding.Run) error {
	second, _, err := s.play(c, p)
	if err != nil {
		return err
	}
	if second == nil {
		return diag.Errorf("case %d of seed %d crashed when it was run again", number, s.task.Seed)
	}
	a, err := digest(first)
	if err != nil {
		return err
	}
	b, err := digest(second)
	switch {
	case err != nil:
		return err
	case a != b:
		return diag.Errorf("case %d of seed %d came out otherwise when it was run again", number, s.task.Seed)
	}
	s.Twice++
	return nil
}

func digest(run *finding.Run) (string, error) {
	sum := sha256.New()
	err := run.Trace.Write(sum)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// tell makes a failure small, unless one of its kind was told before. No check loses on the way what it decides by: a
// program without the fault must pass.
func (s *searcher) tell(number int, c Case, run *finding.Run, f Failure) error {
	if slices.ContainsFunc(s.known, f.same) {
		return nil
	}
	s.known = append(s.known, f)
	if s.task.Whole {
		p, err := s.place(c.World)
		if err != nil {
			return err
		}
		s.Stories = append(s.Stories, s.storyOf(number, &c, p, run, &f))
		return nil
	}
	var broken error
	replan := func(c Case) (Case, error) {
		p, err := s.place(c.World)
		if err != nil {
			return Case{}, err
		}
		return c.planned(p, c.Pull > 0), nil
	}
	small := shrink(c, replan, func(try *Case) (*trace.Trace, bool) {
		p, err := s.place(try.World)
		if err != nil || broken != nil {
			return nil, false
		}
		small, now, err := s.play(try, p)
		if err != nil {
			broken = cmp.Or(broken, s.ctx.Err())
			return nil, false
		}
		is := now != nil && now.same(f) && undecided(small) <= undecided(run)
		if small == nil {
			return nil, is
		}
		return small.Trace, is
	})
	if broken != nil {
		return broken
	}
	story, err := s.story(number, small)
	if err == nil {
		s.Stories = append(s.Stories, story)
	}
	return err
}
