package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"ipwsim/sim/cluster"
)

// Side is one of two cells that are compared.
type Side struct {
	Name string // as the user calls it
	Show string // the arguments of `ipwsim study show`, less the seed
	Cell Cell
	Rows []Row
}

// Comparison is what lies between two cells with the same seeds: B less A.
type Comparison struct {
	A        string     `json:"a"`
	B        string     `json:"b"`
	Changed  []Change   `json:"changed"`
	Failover Paired     `json:"failover"`
	Failback Paired     `json:"failback"`
	Most     []SeedPair `json:"differ_most"` // by failover
}

// Change is a setting that differs.
type Change struct {
	Setting string `json:"setting"`
	A       string `json:"a"`
	B       string `json:"b"`
}

// SeedPair is a seed with the failover of each side, and what shows it.
type SeedPair struct {
	Seed  uint64 `json:"seed"`
	A     Time   `json:"a"`
	B     Time   `json:"b"`
	ShowA string `json:"show_a"`
	ShowB string `json:"show_b"`
}

// shown is how many of the seeds that differ most are named.
const shown = 3

// Compare pairs the runs of two cells by seed.
func Compare(a, b Side) (*Comparison, error) {
	all, _ := pairs(a.Rows, b.Rows, failoverOf)
	c := &Comparison{A: a.Name, B: b.Name, Changed: changes(a.Cell, b.Cell),
		Failover: paired(a.Rows, b.Rows, failoverOf), Failback: paired(a.Rows, b.Rows, failbackOf)}
	if c.Failover.Pairs+c.Failover.Unknown == 0 {
		return nil, fmt.Errorf("%s and %s have no seed with a failover in common; expected studies with the same --seed", a.Name, b.Name)
	}
	for _, p := range farthest(all, shown) {
		if p.diff != 0 {
			c.Most = append(c.Most, SeedPair{p.seed, p.a, p.b, fmt.Sprint(a.Show, " --seed ", p.seed), fmt.Sprint(b.Show, " --seed ", p.seed)})
		}
	}
	return c, nil
}

// changes are the settings of the cells that differ, by their names in cells.json.
func changes(a, b Cell) []Change {
	left, right := settingsOf(a), settingsOf(b)
	var names []string
	for name := range left {
		names = append(names, name)
	}
	slices.Sort(names)
	changed := []Change{}
	for _, name := range names {
		if left[name] != right[name] {
			changed = append(changed, Change{name, left[name], right[name]})
		}
	}
	return changed
}

// settingsOf are a cell's settings as text.
func settingsOf(c Cell) map[string]string {
	return map[string]string{
		"fault": string(c.Fault), "interval": short(c.Interval), "ping-timeout": short(c.PingTimeout),
		"release-time": fmt.Sprint(c.ReleaseTime), "netsh": short(c.NetshMin) + ".." + short(c.NetshMax),
		"address detection": short(c.Tentative), "profile": c.Profile, "loss": fmt.Sprintf("%g%%", c.Loss),
		"values": strings.Join(c.Values, " "),
	}
}

// Side is a cell of the results, which lie in dir.
func (r *Results) Side(dir string, cell int) (Side, error) {
	if cell < 0 || cell >= len(r.Cells) {
		return Side{}, fmt.Errorf("%s: found cell %d, expected 0 to %d", dir, cell, len(r.Cells)-1)
	}
	name := dir
	if len(r.Axes) > 0 {
		p := Plan{Axes: r.Axes}
		name += ": " + p.Describe(&r.Cells[cell])
	}
	return Side{name, fmt.Sprintf("%s --cell %d", dir, cell), r.Cells[cell], rowsOf(r.Rows, cell)}, nil
}

// Match pairs the cells of two studies with the same axes: those with the same values. Two studies of one cell
// each match always.
func Match(a, b *Results) ([][2]int, error) {
	if len(a.Cells) == 1 && len(b.Cells) == 1 {
		return [][2]int{{0, 0}}, nil
	}
	names := func(axes []Axis) (all []string) {
		for _, x := range axes {
			all = append(all, x.Name)
		}
		return all
	}
	if !slices.Equal(names(a.Axes), names(b.Axes)) {
		return nil, fmt.Errorf("the studies have other axes (%s; %s); expected the same, or --cells",
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
		return nil, errors.New("the studies have no cell with the same values; expected some, or --cells")
	}
	return all, nil
}

// SideOf runs a cluster as it is, with the seeds of a study.
func SideOf(ctx context.Context, name string, bp *cluster.Blueprint, runs int, seed uint64, opt Options) (Side, error) {
	d := NewDraft()
	d.Runs, d.Seed = runs, seed
	p, problems := d.Plan(bp)
	if err := problems.Err(); err != nil {
		return Side{}, err
	}
	rows := make([]Row, runs)
	err := parallel(ctx, runs, opt.Workers, func(k int) { rows[k] = Run(&p.cells[0], p.SeedOf(k)) })
	return Side{name, name, p.cells[0], rows}, err
}

// JSON writes comparisons.
func JSON(w io.Writer, all []*Comparison) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(all)
}

// Text writes the comparison in lines of 80 columns.
func (c *Comparison) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "A  %s\nB  %s\n", c.A, c.B)
	for _, ch := range c.Changed {
		if ch.Setting != "values" {
			fmt.Fprintf(&b, "   %s: %s, then %s\n", ch.Setting, ch.A, ch.B)
		}
	}
	b.WriteString("\n" + paragraph("B less A, s, of the same seed: how many are longer and shorter, the sign test's p, median and mean with 95 % confidence intervals:") + "\n")
	t := newTable([]string{"", "pairs", "+ / -", "p", "median", "", "mean", ""})
	for _, one := range []struct {
		name string
		p    Paired
	}{{"failover", c.Failover}, {"failback", c.Failback}} {
		p := one.p
		t.add(one.name, fmt.Sprint(p.Pairs), fmt.Sprintf("%d/%d", p.Longer, p.Shorter), fmt.Sprintf("%.1g", p.Significance),
			signed(p.Median), span(p.Low, p.High), signed(p.Mean), span(p.MeanLow, p.MeanHigh))
	}
	b.WriteString(t.String())
	if n := c.Failover.Unknown + c.Failback.Unknown; n > 0 {
		fmt.Fprintf(&b, "%d pairs say nothing: runs without an answer.\n", n)
	}
	b.WriteString("\n" + paragraph(c.Failover.verdict()))
	for i, s := range c.Most {
		if i == 0 {
			b.WriteString("\nSeeds whose failover differs most:\n")
		}
		fmt.Fprintf(&b, "  seed %d: %s, then %s\n    ipwsim study show %s\n    ipwsim study show %s\n", s.Seed, timeText(&s.A), timeText(&s.B), s.ShowA, s.ShowB)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// verdict is the failover's difference in a sentence.
func (p Paired) verdict() string {
	switch {
	case p.Longer+p.Shorter == 0 && p.Pairs > 0:
		return "Failover is the same for every seed."
	case p.Significance > 0.05:
		return "Failover: no significant difference."
	case p.Longer > p.Shorter:
		return "Failover is significantly longer in B."
	}
	return "Failover is significantly shorter in B."
}

func signed(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%+.2f", roundZero(*v))
}

// roundZero keeps -0.00 out of the text.
func roundZero(v float64) float64 {
	if math.Abs(v) < 0.005 {
		return 0
	}
	return v
}

func span(low, high *float64) string {
	if low == nil && high == nil {
		return ""
	}
	return "[" + signed(low) + " " + signed(high) + "]"
}
