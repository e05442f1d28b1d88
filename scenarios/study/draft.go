package study

import (
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// place is where a plan's values stand, for messages: a file with a line, or a flag.
type place func(key string) (file string, line int)

// axisText is an axis as the user wrote it.
type axisText struct {
	name, values string
}

// resolve reads the values of an axis: parted by commas, each one value or a range from..to/step. They
// come out as the cells write them. Every problem is reported.
func resolve(text axisText, bp *cluster.Blueprint, problems *diag.List, at place) studied.Axis {
	a := studied.Axis{Name: text.name, Setting: isChosen(text.name)}
	file, line := at(text.name)
	complain := func(format string, args ...any) {
		problems.Errorf(file, line, "%s: %w", text.name, diag.Say(format, args...))
	}
	set, err := lookup(text.name, bp)
	if err != nil {
		problems.Errorf(file, line, "%w", err)
		return a
	}
	for item := range strings.SplitSeq(text.values, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			complain("found %q with an empty value, expected values parted by commas", text.values)
			continue
		}
		values, err := expand(item)
		if err != nil {
			complain("%w", err)
			continue
		}
		for _, v := range values {
			canonical, err := set(v, &Cell{blueprint: copyOf(bp)})
			switch {
			case err != nil:
				complain("%w", err)
			case slices.Contains(a.Values, canonical):
				complain("found %s twice, expected each value once", canonical)
			default:
				a.Values = append(a.Values, canonical)
			}
		}
	}
	return a
}

// expand makes a range from..to/step a list; both ends belong to it. What has no step is one value.
func expand(item string) ([]string, error) {
	ends, stepText, isRange := strings.Cut(item, "/")
	if !isRange {
		return []string{item}, nil
	}
	fromText, toText, both := strings.Cut(ends, "..")
	from, unit, ok1 := number(fromText)
	to, unit2, ok2 := number(toText)
	step, unit3, ok3 := number(stepText)
	if !both || !ok1 || !ok2 || !ok3 {
		return nil, diag.Errorf("%.60q is no range; expected from..to/step, as 10..60/10 or 0%%..5%%/1%%", item)
	}
	if unit != unit2 || unit != unit3 {
		return nil, diag.Errorf("%.60q mixes units; expected the same after each number", item)
	}
	n := math.Floor((to-from)/step + 1e-9)
	if !(step > 0) || to < from || n >= MaxCells {
		return nil, diag.Errorf("%.60q has no values, or too many; expected the least, the most, and a step above 0", item)
	}
	var values []string
	for i := range int(n) + 1 {
		v := math.Round((from+float64(i)*step)*1e9) / 1e9
		values = append(values, strconv.FormatFloat(v, 'f', -1, 64)+unit)
	}
	return values, nil
}

// number is a number with what follows it.
func number(s string) (v float64, unit string, ok bool) {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if i < 0 {
		i = len(s)
	}
	v, err := strconv.ParseFloat(s[:i], 64)
	return v, s[i:], err == nil
}

// Draft is a plan as the user wrote it, by flags or in a file: nothing of it is checked.
type Draft struct {
	Cluster   string
	Client    string // "": whoever fares worst
	VIP       string // the same
	Axes      []axisText
	Runs      int    // LeftOut or 1 to MaxRuns
	Precision string // "": left out
	MaxRuns   int    // the same
	Seed      uint64
	Phase     string // "": left out
	Horizon   string // the same

	FailoverOnly bool
	at           place
}

// Defaults of a plan.
const (
	DefaultRuns    = 1000 // without a precision
	DefaultLeast   = 100  // with one
	DefaultMaxRuns = 100_000
	DefaultSeed    = 1
)

// LeftOut stands for a number that the user did not give.
const LeftOut = math.MinInt

// Add adds an axis with its values, as from a flag.
func (d *Draft) Add(name, values string) { d.Axes = append(d.Axes, axisText{name, values}) }

// NewDraft is a plan to be written by flags.
func NewDraft() *Draft {
	return &Draft{Seed: DefaultSeed, Runs: LeftOut, MaxRuns: LeftOut, at: func(string) (string, int) { return "", 0 }}
}

// Plan checks the draft against the cluster. All problems come at once.
func (d *Draft) Plan(bp *cluster.Blueprint) (*Plan, diag.List) {
	var problems diag.List
	complain := func(key, format string, args ...any) {
		file, line := d.at(key)
		problems.Errorf(file, line, "%s: %w", key, diag.Say(format, args...))
	}
	p := &Plan{Plan: studied.Plan{
		Cluster: d.Cluster, Client: d.Client, Seed: d.Seed, Runs: d.Runs, MaxRuns: d.MaxRuns, FailoverOnly: d.FailoverOnly,
	}}
	if d.VIP != "" {
		vip, err := netip.ParseAddr(d.VIP)
		if err != nil {
			complain("vip", "found %.60q, expected an address", d.VIP)
		}
		p.VIP = vip
	}
	p.Precision = d.time("precision", d.Precision, time.Millisecond, time.Hour, complain)
	p.Phase = d.time("phase", d.Phase, time.Millisecond, 24*time.Hour, complain)
	p.Horizon = d.time("horizon", d.Horizon, time.Second, 30*24*time.Hour, complain)
	p.counts(d, complain)
	if d.Seed > MaxSeed {
		complain("seed", "found %d, expected 0 to %d", d.Seed, uint64(MaxSeed))
	}
	seen := map[string]bool{}
	for _, text := range d.Axes {
		if seen[text.name] {
			complain(text.name, "found the axis twice, expected it once")
			continue
		}
		seen[text.name] = true
		p.Axes = append(p.Axes, resolve(text, bp, &problems, d.at))
	}
	if problems.Err() == nil {
		p.complete(bp, &problems, d.at)
	}
	problems.Sort()
	if problems.Err() != nil {
		return nil, problems
	}
	return p, problems
}

// counts are how many runs a cell gets.
func (p *Plan) counts(d *Draft, complain func(key, format string, args ...any)) {
	for _, one := range []struct {
		key string
		n   int
	}{{"runs", d.Runs}, {"max-runs", d.MaxRuns}} {
		if one.n != LeftOut && (one.n < 1 || one.n > MaxRuns) {
			complain(one.key, "found %d, expected 1 to %d", one.n, MaxRuns)
		}
	}
	if d.Precision == "" {
		if d.MaxRuns != LeftOut {
			complain("max-runs", "has no effect without precision; expected both, or runs")
		}
		if p.Runs == LeftOut {
			p.Runs = DefaultRuns
		}
		p.MaxRuns = p.Runs
		return
	}
	if p.Runs == LeftOut {
		p.Runs = DefaultLeast
	}
	if p.MaxRuns == LeftOut {
		p.MaxRuns = max(DefaultMaxRuns, p.Runs)
	}
	if p.MaxRuns < p.Runs {
		complain("max-runs", "found %d, fewer than the %d runs of every cell; expected more", p.MaxRuns, p.Runs)
	}
}

func (d *Draft) time(key, text string, least, most time.Duration, complain func(key, format string, args ...any)) time.Duration {
	if text == "" {
		return 0
	}
	v, err := duration(text, least, most)
	if err != nil {
		complain(key, "%w", err)
	}
	return v
}
