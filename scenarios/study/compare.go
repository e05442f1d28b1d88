package study

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// Side is one of two cells that are compared.
type Side struct {
	Name string // as the user calls it
	Show string // the arguments of `ipwsim study show`, less the seed
	Plan studied.Plan
	Cell studied.Cell
	Rows studied.Rows
}

// party is the side, with whose failovers it tells of.
func (s *Side) party() studied.Party {
	return studied.Party{Name: s.Name, Show: s.Show, Client: s.Plan.Client, VIP: addressText(s.Plan.VIP), For: failovers(s.Rows).For}
}

// addressText is an address, or "" for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// shown is how many of the seeds that differ most are named.
const shown = 3

// Compare pairs the runs of two cells by seed.
func Compare(a, b Side) (*studied.Comparison, error) {
	all, _ := pairs(a.Rows, b.Rows, failoverOf)
	c := &studied.Comparison{A: a.party(), B: b.party(), Changed: changes(&a, &b),
		Failover: paired(a.Rows, b.Rows, failoverOf), Failback: paired(a.Rows, b.Rows, failbackOf)}
	if c.Failover.Pairs+c.Failover.Unknown == 0 {
		return nil, diag.Errorf("%s and %s have no seed with a failover in common; expected studies with the same --seed", a.Name, b.Name)
	}
	for _, p := range farthest(all, shown) {
		if p.diff != 0 {
			c.Most = append(c.Most, studied.SeedPair{Seed: p.seed, A: p.a, B: p.b})
		}
	}
	return c, nil
}

// changes are the settings of the sides that differ, by their names in cells.json and plan.json.
func changes(a, b *Side) []studied.Change {
	left, right := settingsOf(a), settingsOf(b)
	changed := []studied.Change{}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if left[name] != right[name] {
			changed = append(changed, studied.Change{Setting: name, A: left[name], B: right[name]})
		}
	}
	return changed
}

// settingsOf are a side's settings as text.
func settingsOf(s *Side) map[string]string {
	c := &s.Cell
	return map[string]string{
		"client": s.Plan.Client, "vip": addressText(s.Plan.VIP), "phase": short(s.Plan.Phase),
		"fault": string(c.Fault), "interval": short(c.Interval), "ping-timeout": short(c.PingTimeout),
		"release-time": fmt.Sprint(c.ReleaseTime), "netsh": short(c.NetshMin) + ".." + short(c.NetshMax),
		"address detection": short(c.Tentative), "profile": c.Profile, "watcher": cmp.Or(c.Watcher, string(cluster.IPWCS)), "loss": fmt.Sprintf("%g%%", c.Loss),
		"values": strings.Join(c.Values, " "),
	}
}

// SideOfStudy is a cell of a study, which lies in dir.
func SideOfStudy(s *studied.Study, dir string, cell int) (Side, error) {
	if cell < 0 || cell >= len(s.Cells) {
		return Side{}, diag.Errorf("%s: found cell %d, expected 0 to %d", dir, cell, len(s.Cells)-1)
	}
	name := dir
	if text := s.Describe(s.Cells[cell].Values, studied.Every); text != "" {
		name += ": " + text
	}
	return Side{name, fmt.Sprintf("%s --cell %d", dir, cell), s.Plan, s.Cells[cell], s.Rows.Of(cell)}, nil
}

// Match pairs the cells of two studies with the same axes: those with the same values. Two studies of one cell
// each match always.
func Match(a, b *studied.Study) ([][2]int, error) {
	if len(a.Cells) == 1 && len(b.Cells) == 1 {
		return [][2]int{{0, 0}}, nil
	}
	names := func(axes []studied.Axis) (all []string) {
		for _, x := range axes {
			all = append(all, x.Name)
		}
		return all
	}
	if !slices.Equal(names(a.Axes), names(b.Axes)) {
		return nil, diag.Errorf("the studies have other axes (%s; %s); expected the same, or --cells",
			strings.Join(names(a.Axes), ", "), strings.Join(names(b.Axes), ", "))
	}
	var all [][2]int
	for i := range a.Cells {
		for j := range b.Cells {
			if slices.Equal(a.Cells[i].Values, b.Cells[j].Values) {
				all = append(all, [2]int{i, j})
			}
		}
	}
	if len(all) == 0 {
		return nil, diag.Errorf("the studies have no cell with the same values; expected some, or --cells")
	}
	return all, nil
}

// SideOfCluster runs a cluster as it is, or as the axes of the draft have it, each of one value, with the seeds of a study;
// of client and VIP each may be "".
func SideOfCluster(ctx context.Context, name string, bp *cluster.Blueprint, d *Draft, opt Options) (Side, error) {
	p, problems := d.Plan(bp)
	if err := problems.Err(); err != nil {
		return Side{}, err
	}
	rows, err := p.Execute(ctx, "", opt)
	return Side{name, name, p.Plan, p.cells[0].Cell, rows}, err
}

// pair is the two runs of a seed.
type pair struct {
	seed uint64
	a, b studied.Time
	diff float64 // b - a; infinite for a run without an answer
}

// pairs are the runs of seeds that both have, with the time measured in both, by seed.
func pairs(a, b studied.Rows, get func(*studied.Row) (float64, bool)) (all []pair, unknown int) {
	bySeed := map[uint64]studied.Time{}
	for _, r := range b.All() {
		if v, open := get(r); !math.IsNaN(v) {
			bySeed[r.Seed] = studied.Time{Seconds: v, AtLeast: open}
		}
	}
	for _, r := range a.All() {
		va, openA := get(r)
		other, there := bySeed[r.Seed]
		if math.IsNaN(va) || !there {
			continue
		}
		vb, openB := other.Seconds, other.AtLeast
		p := pair{r.Seed, studied.Time{Seconds: va, AtLeast: openA}, other, vb - va}
		switch {
		case openA && openB, openA && vb >= va, openB && va >= vb:
			unknown++
			continue
		case openA:
			p.diff = math.Inf(-1)
		case openB:
			p.diff = math.Inf(1)
		}
		all = append(all, p)
	}
	return all, unknown
}

// paired sums the differences up.
func paired(a, b studied.Rows, get func(*studied.Row) (float64, bool)) studied.Paired {
	all, unknown := pairs(a, b, get)
	r := studied.Paired{Pairs: len(all), Unknown: unknown, Significance: 1}
	diffs := make([]float64, len(all))
	for i, p := range all {
		diffs[i] = p.diff
		switch {
		case p.diff > 0:
			r.Longer++
		case p.diff < 0:
			r.Shorter++
		}
	}
	r.Significance = SignTest(r.Longer, r.Shorter)
	if len(diffs) == 0 {
		return r
	}
	slices.Sort(diffs)
	at := func(i int) *float64 {
		if i < 0 || i >= len(diffs) || math.IsInf(diffs[i], 0) {
			return nil
		}
		return &diffs[i]
	}
	low, high := ranks(len(diffs), 0.5)
	r.Median, r.Low, r.High = at(rankOf(len(diffs), 0.5)), at(low), at(high)
	if at(0) != nil && at(len(diffs)-1) != nil {
		r.Mean, r.MeanLow, r.MeanHigh = bootstrap(diffs)
	}
	return r
}

// SignTest is the sign test's p, of both sides: how likely as much unlikeness of the two counts is if neither were more
// likely. Of none it is 1.
func SignTest(a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	return min(1, 2*distuv.Binomial{N: float64(a + b), P: 0.5}.CDF(float64(min(a, b))))
}

// resamples of the bootstrap.
const resamples = 2000

// bootstrap is the mean and the interval of the means of samples drawn from the values with replacement, always
// the same ones.
func bootstrap(values []float64) (mean, low, high *float64) {
	random := rand.New(rand.NewPCG(1, uint64(len(values))))
	n := len(values)
	means := make([]float64, resamples)
	for i := range means {
		for range n {
			means[i] += values[random.IntN(n)] / float64(n)
		}
	}
	slices.Sort(means)
	m := 0.0
	for _, v := range values {
		m += v / float64(n)
	}
	return &m, &means[int(oneTail*resamples)], &means[resamples-1-int(oneTail*resamples)]
}

// farthest are the pairs with the largest differences, at most so many.
func farthest(all []pair, most int) []pair {
	slices.SortStableFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(math.Abs(b.diff), math.Abs(a.diff)), cmp.Compare(a.seed, b.seed))
	})
	return all[:min(most, len(all))]
}
