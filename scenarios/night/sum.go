package night

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ipwsim/scenarios/search"
	"ipwsim/sim/searched"
)

// Sum is what came of shards, whatever their order.
type Sum struct {
	search.Result
	failures map[key]*found
	broken   map[int]string
}

// key is what failures have in common that are one.
type key struct{ check, kind, why string }

func keyOf(f search.Failure) key { return key{f.Check, f.Kind, f.Why} }

// found is a failure with its smallest story.
type found struct {
	search.Story
	shard, shards int
}

// NewSum is that of no shard.
func NewSum() *Sum {
	return &Sum{
		Result:   search.Result{Hopeless: map[string]int{}, Probes: map[search.Probe]int{}},
		failures: map[key]*found{}, broken: map[int]string{},
	}
}

// Add adds a shard.
func (s *Sum) Add(d Done) {
	if d.Error != nil {
		s.broken[d.Shard] = d.Error.Error()
		return
	}
	r := d.Result
	s.Cases += r.Cases
	s.Runs += r.Runs
	s.Virtual += r.Virtual
	s.Failed += r.Failed
	s.Twice += r.Twice
	for why, n := range r.Hopeless {
		s.Hopeless[why] += n
	}
	for p, n := range r.Probes {
		s.Probes[p] += n
	}
	for _, story := range r.Stories {
		one := &found{story, d.Shard, 1}
		k := keyOf(story.Failure)
		if old := s.failures[k]; old != nil {
			if old.smaller(one) {
				old.shards++
				continue
			}
			one.shards += old.shards
		}
		s.failures[k] = one
	}
}

// smaller says whether it is the better story, of two the one of the lower shard.
func (f *found) smaller(o *found) bool {
	return cmp.Or(cmp.Compare(f.Faults, o.Faults), cmp.Compare(len(f.Text), len(o.Text)), cmp.Compare(f.shard, o.shard), cmp.Compare(f.Case, o.Case)) < 0
}

// Failures is how many distinct ones there are.
func (s *Sum) Failures() int { return len(s.failures) + len(s.broken) }

// Reached is how many of the probes were. Another watcher than IPWatcher has reasons that are none.
func (s *Sum) Reached() (n int) {
	for _, p := range search.Probes {
		if s.Probes[p] > 0 {
			n++
		}
	}
	return n
}

// Searched is the sum for reports.
func (s *Sum) Searched(t search.Task) *searched.Search {
	out := &searched.Search{
		Seed: t.Seed, Cluster: t.Cluster, Cases: s.Cases, Runs: s.Runs, Twice: s.Twice, Failed: s.Failed, Virtual: s.Virtual,
	}
	for _, p := range search.Probes {
		out.Probes = append(out.Probes, searched.Count{Name: string(p), Count: s.Probes[p]})
	}
	for _, why := range slices.Sorted(maps.Keys(s.Hopeless)) {
		out.Safety = append(out.Safety, searched.Count{Name: why, Count: s.Hopeless[why]})
	}
	slices.SortStableFunc(out.Safety, func(a, b searched.Count) int { return b.Count - a.Count })
	for _, k := range slices.SortedFunc(maps.Keys(s.failures), key.compare) {
		f := s.failures[k]
		out.Failures = append(out.Failures, searched.Failure{
			Check: f.Check, Kind: f.Kind, Why: f.Why, At: f.At, Shard: f.shard, Case: f.Case, Faults: f.Faults, Shards: f.shards, Text: f.Text,
		})
	}
	name(out.Failures)
	for _, shard := range slices.Sorted(maps.Keys(s.broken)) {
		out.Broken = append(out.Broken, searched.Broken{Shard: shard, Error: s.broken[shard]})
	}
	return out
}

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.check, o.check), cmp.Compare(k.kind, o.kind), cmp.Compare(k.why, o.why))
}

var noName = regexp.MustCompile(`[^a-z0-9]+`)

// name gives each failure a name of its own, as its file may have.
func name(all []searched.Failure) {
	taken := map[string]bool{}
	for i := range all {
		f := &all[i]
		text := f.Kind
		if f.Check == "" || f.Check == search.Crash {
			text = f.Check + " " + f.Kind
		}
		if f.Why != "" {
			text += " " + f.Why
		}
		base := strings.Trim(noName.ReplaceAllString(strings.ToLower(text), "-"), "-")
		base = strings.Trim(base[:min(len(base), 60)], "-")
		f.Name = base
		for n := 2; taken[f.Name]; n++ {
			f.Name = fmt.Sprint(base, "-", n)
		}
		taken[f.Name] = true
	}
}
