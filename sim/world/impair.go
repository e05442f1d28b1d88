package world

import (
	"fmt"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/fault"
	"ipwsim/sim/trace"
)

// impairAll disturbs cables from the start.
func (w *World) impairAll(all []cluster.Impaired) {
	for _, i := range all {
		f := fault.Fault{Kind: fault.Impair, Target: i.Cable, From: i.From, Impairment: i.Impairment}
		if err := w.disturb(f); err != nil {
			panic("world: a blueprint's impairment: " + err.Error())
		}
	}
}

// disturb cuts, mends or impairs a cable (N1). What changes nothing is an error.
func (w *World) disturb(f fault.Fault) error {
	c, ok := w.cables[f.Target]
	if !ok {
		return fmt.Errorf("no cable is named %q", f.Target)
	}
	directions := []wire.Direction{wire.AToB, wire.BToA}
	if f.From != "" {
		d, err := c.DirectionFrom(f.From)
		if err != nil {
			return err
		}
		directions = []wire.Direction{d}
	}
	changed := false
	for _, d := range directions {
		before := c.Impairment(d)
		after := impairment(f, before)
		if after == before {
			continue
		}
		changed = true
		if err := c.Impair(d, after); err != nil {
			return err
		}
		w.env.Record("", trace.Impairment{
			Cable: c.Name(), From: c.Sender(d), Cut: after.Cut, Loss: after.Loss, Duplicate: after.Duplicate,
			Delay: after.Latency + after.Jitter + after.Hold,
		})
	}
	if !changed {
		return fmt.Errorf("the cable is so already")
	}
	return nil
}

// impairment is what the fault makes of a direction.
func impairment(f fault.Fault, i wire.Impairment) wire.Impairment {
	switch f.Kind {
	case fault.Cut:
		i.Cut = true
	case fault.Mend:
		i.Cut = false
	case fault.Impair:
		set := f.Impairment
		i = wire.Impairment{
			Loss: set.Loss / 100, Latency: set.Latency, Jitter: set.Jitter,
			Duplicate: set.Duplicate / 100, Reorder: set.Reorder / 100, Hold: set.Hold, Cut: i.Cut,
		}
	}
	return i
}
