package world

import (
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
)

// impairAll disturbs cables from the start.
func (w *World) impairAll(all []cluster.Impaired) {
	for _, i := range all {
		if err := w.Disturb(i.Cable, i.From, Impaired(i.Impairment)); err != nil {
			panic("world: a blueprint's impairment: " + err.Error())
		}
	}
}

// Impaired makes a cable disturb frames so, and as before cut or not.
func Impaired(i cluster.Impairment) func(*wire.Impairment) {
	return func(now *wire.Impairment) {
		*now = wire.Impairment{
			Loss: i.Loss / 100, Latency: i.Latency, Jitter: i.Jitter,
			Duplicate: i.Duplicate / 100, Reorder: i.Reorder / 100, Hold: i.Hold, Cut: now.Cut,
		}
	}
}
