package check

import (
	"slices"

	"ipwsim/sim/trace"
)

// Failover is an outage begun by the loss of the node that answered, and ended by another
// node's answer. For a pulled cable it begins with the pull, for a shutdown with the release.
type Failover struct {
	Outage
	Lost  string `json:"lost"`
	Taker string `json:"taker,omitempty"` // "" while the outage is open
}

// Failovers gives every failover a client saw, by time, those still open at the end included.
func Failovers(t *trace.Trace) []Failover {
	var all []Failover
	for _, o := range Outages(t) {
		if f, ok := FailoverOf(o); ok {
			all = append(all, f)
		}
	}
	return all
}

// FailoverOf is the outage as a failover; false when it is none.
func FailoverOf(o Outage) (Failover, bool) {
	back := slices.ContainsFunc(o.After, func(n string) bool { return slices.Contains(o.Before, n) })
	if o.Loss == NotLost || back {
		return Failover{}, false
	}
	f := Failover{Outage: o, Lost: o.Before[0]}
	if !o.Open {
		f.Taker = o.After[0]
	}
	return f, true
}
