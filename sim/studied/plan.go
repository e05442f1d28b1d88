// Package studied is what came of a what-if study, as data: its plan and cells, a row for each run, and what these say.
// Nothing here is a sentence; reports put it into words.
package studied

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// Axis is a setting that varies, with its values in order, as their parsers write them.
type Axis struct {
	Name    string   `json:"name"`
	Values  []string `json:"values"`
	Setting bool     `json:"setting"` // an operator chooses it; else it is a condition he has to live with
}

// Plan is a study: every combination of the axes' values is a cell, and each cell is run with the same seeds (common
// random numbers).
type Plan struct {
	Cluster   string        `json:"cluster"`          // as the user named its folder; "" for the guide's
	Client    string        `json:"client,omitempty"` // whose waits count; "": in each run those of whoever fares worst
	VIP       netip.Addr    `json:"vip,omitzero"`     // of which VIP; the zero Addr: in each run of the worst
	Axes      []Axis        `json:"axes"`             // the first varies slowest
	Runs      int           `json:"runs"`             // of each cell, the least with Precision
	Precision time.Duration `json:"precision"`        // 0, or how wide the median failover's confidence interval may be
	MaxRuns   int           `json:"max_runs"`         // of a cell, with Precision
	Seed      uint64        `json:"seed"`             // base seed
	Phase     time.Duration `json:"phase"`            // of every fault, from a run's time 0; 0: another one for each seed
	Horizon   time.Duration `json:"horizon"`          // how long a run waits for an answer; 0: by the cell

	FailoverOnly bool `json:"failover_only"` // a run ends with the failover
}

// Table says whether the study has one run of each cell: it is no sample, and says nothing of chance.
func (p *Plan) Table() bool { return p.Runs == 1 && p.Precision == 0 }

// Describe is the values of some of the axes with their names, "interval 5s, loss 1%"; "" where there is none.
func (p *Plan) Describe(values []string, of func(axis int) bool) string {
	var words []string
	for i, a := range p.Axes {
		if of(i) {
			words = append(words, a.Name+" "+values[i])
		}
	}
	return strings.Join(words, ", ")
}

// RowAxis is the axis whose values can name the rows of a table, under titles of the others' values: the last that
// varies; -1: there is none.
func (p *Plan) RowAxis() int {
	for i, a := range slices.Backward(p.Axes) {
		if len(a.Values) > 1 {
			return i
		}
	}
	return len(p.Axes) - 1
}

// Every is any axis, for Describe.
func Every(int) bool { return true }

// Cell is one combination of the axes' values, with what of it the arithmetic needs.
type Cell struct {
	Index  int      `json:"cell"`
	Values []string `json:"values"` // of each axis

	Fault       Fault         `json:"fault"`
	Interval    time.Duration `json:"interval"`     // of the slave, which takes over
	PingTimeout time.Duration `json:"ping_timeout"` // the same
	ReleaseTime int           `json:"release_time"` // the same; intervals
	NetshMin    time.Duration `json:"netsh_min"`    // the same
	NetshMax    time.Duration `json:"netsh_max"`
	Tentative   time.Duration `json:"tentative"`         // the same: of an address it adds (H3)
	Profile     string        `json:"profile"`           // the same: its Windows version
	Watcher     string        `json:"watcher,omitempty"` // "": IPWatcher
	Loss        float64       `json:"loss"`              // percent of frames, the most of any cable

	Horizon time.Duration `json:"horizon"` // how long a run waits for an answer
}

// Fault is what happens to the VIP's holder in a run.
type Fault string

// The faults of a study, each with its return.
const (
	Unplug   Fault = "unplug"   // the cable is pulled, and plugged in again
	Shutdown Fault = "shutdown" // in order; the machine is switched on again
	Power    Fault = "power"    // the power fails; the machine is switched on again
	Freeze   Fault = "freeze"   // a snapshot; the machine goes on
)

// Faults are all faults of a study.
var Faults = []Fault{Unplug, Shutdown, Power, Freeze}

// Study is a finished study: what reports of it are made of.
type Study struct {
	Plan
	Cells   []Cell
	Rows    Rows // by cell and seed
	Answers *Answers
}

// Version is that of all files of a study.
const Version = trace.Version

// First are all cells, or where they are more than so many, first those of today's settings, wanted or on a frontier,
// and of the others as many as there is room for.
func (a *Answers) First(most int) (all []int) {
	first := func(i int) bool {
		return slices.Contains(a.Today, i) || a.Want != nil && slices.Contains(a.Want.Cells, i) ||
			slices.ContainsFunc(a.Frontiers, func(f Frontier) bool { return slices.Contains(f.Cells, i) })
	}
	for _, round := range []bool{true, false} {
		for i := range a.Cells {
			if len(all) < most && first(i) == round {
				all = append(all, i)
			}
		}
	}
	slices.Sort(all)
	return all
}
