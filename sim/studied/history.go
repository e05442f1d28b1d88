package studied

import (
	"math"
	"slices"
	"time"
)

// Night is what one night came to. Nights of one Cluster are held against each other.
type Night struct {
	ID      string    `json:"id"` // its own: what is there already is not added again
	Date    time.Time `json:"date"`
	Version string    `json:"version"` // of the program
	Seed    uint64    `json:"seed,string"`
	Cluster string    `json:"cluster"` // hash of its files
	Cases   int64     `json:"cases"`   // that the search ran

	Samples  []NightSample  `json:"samples"`
	Bugs     []NightBug     `json:"bugs"`
	Probes   []NightProbe   `json:"probes"`
	Failures []NightFailure `json:"failures"`
}

// NightSample is a figure that was measured again and again, each time independent of the others: under seeds of this night
// alone, or in repetitions of a benchmark. More is worse. A time that was not over is math.Inf(1).
type NightSample struct {
	Name   string    `json:"name"` // as "cable-pull failover"
	Unit   string    `json:"unit"` // Seconds or Ratio
	Values []float64 `json:"-"`
}

// The units of samples.
const (
	Seconds = "s"
	Ratio   = "x" // of a benchmark to its floor
)

// NightBug is a known bug that the search was to catch.
type NightBug struct {
	Name   string `json:"name"`
	Cases  int64  `json:"cases"` // tried, up to the one that caught it
	Caught bool   `json:"caught"`
}

// NightProbe is a point of interest, and in how many cases it was reached.
type NightProbe struct {
	Name  string `json:"name"`
	Cases int64  `json:"cases"`
}

// NightFailure is what cases failed at, by its signature, and in how many.
type NightFailure struct {
	Signature string `json:"signature"`
	Cases     int64  `json:"cases"`
	Story     string `json:"story,omitempty"` // a file that shows it
}

// Quantiles are those of the values, by rank; NaN where there are none.
func (s *NightSample) Quantiles(parts ...float64) (all []float64) {
	sorted := slices.Sorted(slices.Values(s.Values))
	for _, q := range parts {
		if len(sorted) == 0 {
			all = append(all, math.NaN())
			continue
		}
		all = append(all, sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)])
	}
	return all
}

// NightTest is a test of significance.
type NightTest string

// The tests.
const (
	MannWhitney NightTest = "Mann-Whitney U"
	Fisher      NightTest = "Fisher exact"
)

// NightVerdict is what the test says.
type NightVerdict string

// The verdicts.
const (
	Regression  NightVerdict = "regression"  // worse, and not by chance
	Improvement NightVerdict = "improvement" // better, and not by chance
	Same        NightVerdict = "same"        // nothing that chance does not explain
	Untested    NightVerdict = "no data"     // nothing to compare with, or too little
)

// NightKind is what is compared.
type NightKind string

// The kinds.
const (
	OfSample  NightKind = "sample"
	OfBug     NightKind = "bug"     // how often a case catches it
	OfFailure NightKind = "failure" // how often a case fails so
)

// NightChange is what the latest night says against those before it.
type NightChange struct {
	Kind    NightKind    `json:"kind"`
	Name    string       `json:"name"`
	Unit    string       `json:"unit,omitempty"`
	Test    NightTest    `json:"test"`
	P       float64      `json:"p"` // two-sided; 1 where there is no data
	Verdict NightVerdict `json:"verdict"`
	Trend   []NightPoint `json:"trend"`  // by night, as NightReport.Nights
	N       int64        `json:"n"`      // values, or cases, of the latest night
	Before  int64        `json:"before"` // of those before
}

// NightPoint is a figure of one night: a median, the cases to catch a bug, or those that failed.
type NightPoint struct {
	Value float64 `json:"value"`
	None  bool    `json:"none,omitempty"`     // it has none
	Open  bool    `json:"at_least,omitempty"` // a bug that was not caught, or a median of what was not over, where Value is 0
}

// NightReport is what the latest night says. Nights of another cluster are left out, and those before it of the same seed:
// what they found is no chance of its own.
type NightReport struct {
	Nights      []Night       `json:"nights"` // of the cluster, by date
	Latest      *Night        `json:"-"`      // of Nights; nil: there is none
	Left        int           `json:"left_out"`
	Compared    int           `json:"compared"`    // how many nights the latest is held against
	Comparisons int           `json:"comparisons"` // tests made
	Alpha       float64       `json:"alpha"`       // of each test
	Changes     []NightChange `json:"changes"`     // what is worse first
	New         []string      `json:"new"`         // failures of the latest night that no night before it had
	Gone        []string      `json:"gone"`        // probes that it did not reach and the night before did
}

// Worse says whether something is a regression.
func (r *NightReport) Worse() bool {
	return slices.ContainsFunc(r.Changes, func(c NightChange) bool { return c.Verdict == Regression })
}

// Sample is the night's of the name; nil for none.
func (n *Night) Sample(name string) *NightSample {
	i := slices.IndexFunc(n.Samples, func(s NightSample) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &n.Samples[i]
}

// Bug is the night's of the name; nil for none.
func (n *Night) Bug(name string) *NightBug {
	i := slices.IndexFunc(n.Bugs, func(b NightBug) bool { return b.Name == name })
	if i < 0 {
		return nil
	}
	return &n.Bugs[i]
}

// Failed is in how many cases the night saw the failure.
func (n *Night) Failed(signature string) (cases int64) {
	for _, f := range n.Failures {
		if f.Signature == signature {
			cases += f.Cases
		}
	}
	return cases
}

// Reached is how many probes the night reached, and how many it knows.
func (n *Night) Reached() (reached, known int) {
	for _, p := range n.Probes {
		if p.Cases > 0 {
			reached++
		}
	}
	return reached, len(n.Probes)
}
