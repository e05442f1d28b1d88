package search

import (
	"context"
	"io/fs"

	"ipwsim/core/diag"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
)

// ground is where cases run: the cluster's files, found by name.
type ground struct {
	find func(name string) (fs.FS, error)
}

// place is the cluster of a world.
func (g *ground) place(w World) (*place, error) {
	base, err := g.find(w.base())
	if err != nil {
		return nil, err
	}
	bp, problems := cluster.Load(cluster.Overlay(base, w.files()), ".")
	if bp == nil {
		return nil, diag.Errorf("a drawn cluster is refused: %w", problems.Err())
	}
	return placeOf(bp), nil
}

// mostEvents is how busy a case may be: far more than those with mail are.
const mostEvents = 5_000_000

// run runs a case.
func (g *ground) run(ctx context.Context, c *Case, p *place) (*finding.Run, error) {
	s, problems := script.Parse("search.txtar", []byte(c.text(p, "A case of the search")))
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return script.Run(ctx, s, script.Options{Cluster: g.find, Most: mostEvents})
}
