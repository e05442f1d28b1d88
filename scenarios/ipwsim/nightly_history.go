package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"ipwsim/scenarios/history"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/searched"
)

// measuredSeeds are under how many seeds of its own a night measures a switch and back, for the history.
const measuredSeeds = 300

// remember adds the night to the history of its folder.
func (f *nightFlags) remember(ctx context.Context, where *ground, n *searched.Night, p night.Plan) error {
	samples, err := f.measure(ctx, where, p)
	if err != nil {
		return err
	}
	h, err := history.Open(filepath.Join(f.out, historyFile))
	if err != nil {
		return err
	}
	_, err = h.Add(nightOf(n, p, samples))
	if closed := h.Close(); err == nil {
		err = closed
	}
	return err
}

// measure runs a switch and back under many seeds: the guide's own test, or the one for any cluster.
func (f *nightFlags) measure(ctx context.Context, where *ground, p night.Plan) ([]history.Sample, error) {
	name, cluster := "cable-pull", ""
	if where.name != "" {
		name, cluster = "any-cable", f.cluster
	}
	first := 1 + p.Seed%(math.MaxUint64/measuredSeeds)*measuredSeeds
	set, err := seeds.Parse(fmt.Sprintf("%d..%d", first, first+measuredSeeds-1))
	if err != nil {
		return nil, err
	}
	flags := runFlags{cluster: cluster, workers: f.workers, set: set}
	sources, _, err := load([]string{name}, flags)
	if err != nil {
		return nil, err
	}
	all, err := seedsOf(ctx, sources, flags, &seedBar{})
	if err != nil {
		return nil, err
	}
	return history.SamplesOf(all[0]), nil
}

// nightOf is the night as the history has it.
func nightOf(n *searched.Night, p night.Plan, samples []history.Sample) history.Night {
	s := n.Search
	h := history.Night{
		ID: fmt.Sprintf("%s seed %d %s", p.Begun.UTC().Format(time.RFC3339Nano), p.Seed, p.Program), Date: n.Begun, Version: n.Program,
		Seed: p.Seed, Cluster: cmp.Or(p.Sum, "drawn"), Cases: int64(s.Cases), Samples: samples,
	}
	for _, b := range n.Benches {
		h.Samples = append(h.Samples, history.Sample{Name: b.Name, Unit: history.Ratio, Values: []float64{b.Ratio()}})
	}
	for _, b := range n.Bugs {
		if b.Tried {
			h.Bugs = append(h.Bugs, history.Bug{Name: b.Name, Cases: int64(b.Cases), Caught: b.Caught})
		}
	}
	for _, c := range s.Probes {
		h.Probes = append(h.Probes, history.Probe{Name: c.Name, Cases: int64(c.Count)})
	}
	for _, x := range s.Failures {
		h.Failures = append(h.Failures, history.Failure{Signature: x.Name, Cases: int64(x.Shards), Story: filepath.Join(night.StoriesDir, x.Name+".txtar")})
	}
	return h
}
