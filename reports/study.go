package reports

import (
	"slices"
	"time"
)

// StudyVersion is the version of a study's data files and of its summary.json. It changes when a column or
// field changes its meaning or its type, or goes.
const StudyVersion = 1

// Study is a finished study as its page shows it. A page is made from it alone.
type Study struct {
	Cluster string      // in words
	Axes    []StudyAxis // the first varies slowest
	Cells   []StudyCell // every combination of the axes' values, in order

	Band       [2]float64 // promised for failover, seconds
	Confidence float64    // of every interval, 0 to 1
	Assumed    string     // the rates of a year, in words
	Method     string     // how false take-overs were counted, in words
	Frontiers  []StudyFrontier
	Want       *StudyWant // nil: nothing was wanted
	Today      string     // the cluster's own settings, in words

	Commands  []string // that make the study again
	FirstSeed uint64   // every cell's first; the next follow by one
	Key       string   // hash of what the rows depend on
	Files     []StudyFile
	Columns   []StudyFile // of the data files
}

// StudyAxis is a setting that varies.
type StudyAxis struct {
	Name    string
	Values  []string
	Setting bool // an operator chooses it; else it is a condition he has to live with
}

// StudyCell is one combination of the axes' values, and what came of it.
type StudyCell struct {
	Values   []string // of each axis
	Runs     int
	Failover StudyTimes
	Failback StudyTimes
	Band     StudyShare // of failovers, within Study.Band
	False    StudyFalse
	Outage   StudyOutage
	Worst    StudyWorst
	Today    bool // these are the cluster's own settings
}

// StudyTime is a time in seconds, or a lower bound of it.
type StudyTime struct {
	Seconds float64
	AtLeast bool // a run ended without an answer
}

// StudyQuantile is a quantile and the interval it lies in; nil is not known.
type StudyQuantile struct{ Value, Low, High *StudyTime }

// StudyTimes are what the runs of a cell say of a time.
type StudyTimes struct {
	Sample           []StudyTime // of each run in which it was measured
	Median, P95, P99 StudyQuantile
	Worst            *StudyTime // the longest seen, sampled or searched; nil: none
}

// StudyShare is a part of runs, 0 to 1, and the interval it lies in.
type StudyShare struct {
	Runs            int // of how many; 0: nothing is known
	Part, Low, High float64
}

// StudyFalse is how often a year a healthy VIP is taken.
type StudyFalse struct {
	Loss   float64 // by lost polls
	Freeze float64 // because the holder was frozen
	Split  float64 // of Loss, at most, with two holders after it
}

// Sum is a year's, of both causes.
func (f StudyFalse) Sum() float64 { return f.Loss + f.Freeze }

// StudyOutage is how many seconds a year a client waits.
type StudyOutage struct {
	Faults  float64 // by faults
	Margin  float64 // Faults is known to so much
	Release float64 // by release cycles (W18)
	Open    bool    // a lower bound
}

// Sum is a year's, of both.
func (o StudyOutage) Sum() float64 { return o.Faults + o.Release }

// StudyWorst is the longest failover that a search found.
type StudyWorst struct {
	Failover *StudyTime    // nil: none
	Bound    float64       // by arithmetic (W14), seconds
	Phase    time.Duration // of the fault, from the run's time 0
	Netsh    time.Duration // every netsh command took so long
	Command  string        // that shows its transcript
	Page     string        // address of its page, or ""
}

// StudyFrontier is the cells of a condition that no other beats in both outage and false take-overs.
type StudyFrontier struct {
	Condition string
	All       []int // of the condition
	Cells     []int // of All, those on the frontier
}

// StudyWant is which setting keeps a promise.
type StudyWant struct {
	Clauses   []StudyClause
	Settings  int         // how many there are
	Setting   string      // the fastest that keeps all; "": none is sure to
	Cells     []int       // of Setting, one for each condition
	Confirmed string      // verdict of a study of it alone: kept, unsure or broken
	Verdict   string      // of today's setting
	Fresh     []StudyCell // the setting with fresh seeds, for each condition
	Today     []StudyCell // the cluster's own settings under the same conditions
}

// StudyClause is a part of a promise.
type StudyClause struct {
	Text   string
	Kept   int // by so many settings
	Unsure int // of so many more runs decide
}

// StudyFile is a file beside the page, or a column of one, with what it is.
type StudyFile struct{ Name, Doc string }

// First are all cells, or where they are more than so many, first those of today's settings, wanted or on a
// frontier, and of the others as many as there is room for.
func (s *Study) First(most int) (all []int) {
	first := func(i int) bool {
		return s.Cells[i].Today || s.Want != nil && slices.Contains(s.Want.Cells, i) ||
			slices.ContainsFunc(s.Frontiers, func(f StudyFrontier) bool { return slices.Contains(f.Cells, i) })
	}
	for _, round := range []bool{true, false} {
		for i := range s.Cells {
			if len(all) < most && first(i) == round {
				all = append(all, i)
			}
		}
	}
	slices.Sort(all)
	return all
}
