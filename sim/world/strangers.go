package world

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/host"
	"ipwsim/sim/cluster"
	"ipwsim/sim/stranger"
)

// buildStranger builds a station that has no part in the cluster, and plugs it in (N7).
//
// Inferred: it runs from the start, and no fault takes its power; its cable can be pulled. It announces what it takes
// once, unless it was there before the cluster.
func (w *World) buildStranger(s cluster.Stranger) {
	dad := host.DADPolicy{Announcements: 1}
	if s.Detects {
		dad = windowsDAD
	}
	built := stranger.New(w.net, stranger.Config{
		Name: s.Name, Seed: w.env.Seed, Address: s.Address, MAC: s.MAC, Gateway: s.Gateway, Neighbor: s.Profile.Policy, DAD: dad,
		Has: s.Has, All: s.Answers.All, Answers: s.Answers.Of, Record: w.env.Record,
	})
	w.plug(s.Name, built.Port(), s.Switch)
	w.strangers = append(w.strangers, built)
	built.Start()
}

// windowsDAD is how a station detects as Windows does (H3).
var windowsDAD = host.DADPolicy{Probes: 3, Interval: time.Second, Announcements: 1, Answers: true}

// Stranger returns the stranger with the name.
func (w *World) Stranger(name string) (*stranger.Stranger, error) {
	for _, s := range w.strangers {
		if s.Name() == name {
			return s, nil
		}
	}
	return nil, diag.Errorf("no stranger is named %q", name)
}
