package studied

import (
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
)

// Seeds is what came of one scenario under many seeds. A seed is text: it does not fit the numbers of every JSON reader.
type Seeds struct {
	Scenario string `json:"scenario"`
	File     string `json:"file"`
	Title    string `json:"title"`
	TitleJa  string `json:"title_ja,omitempty"`
	Cluster  string `json:"cluster"`
	Program  string `json:"program"` // the version of ipwsim

	Asked   string `json:"seeds"` // as the command line has them
	Total   int    `json:"total"` // so many
	Done    int    `json:"done"`  // of them; fewer where it was interrupted
	Passed  int    `json:"passed"`
	Weak    int    `json:"weakness"`
	Failed  int    `json:"failed"`
	NoWorld int    `json:"could_not_run"` // of Done

	Figures []Spread    `json:"figures"` // of each name that of all clients and VIPs first
	Limits  []SeedLimit `json:"limits"`  // of the scenario
	Reasons []SeedCause `json:"reasons"` // why seeds failed, or which weaknesses they showed
	Worst   *WorstSeed  `json:"worst"`   // nil: none was run

	Problems diag.List `json:"-"` // of the files, that nobody expected
}

// Good says whether every seed was run, none failed, and every limit is kept.
func (s *Seeds) Good() bool { return s.Whole() && !s.Bad() }

// Whole says whether every seed was run.
func (s *Seeds) Whole() bool { return s.Done == s.Total && s.Done > 0 }

// Bad says whether a seed failed or could not be run, or a limit is not kept.
func (s *Seeds) Bad() bool {
	return s.Failed > 0 || s.NoWorld > 0 || slices.ContainsFunc(s.Limits, func(l SeedLimit) bool { return !l.OK })
}

// The names of figures beside finding.Failovers and finding.Failbacks: the longest time in which a VIP was not answered, 0
// where it always was; and that of outages less what kept ping alone out (H8), where that makes a difference.
const (
	Silence     finding.FigureName = "silence"
	MailSilence finding.FigureName = "mail_silence"
)

// Spread is how a figure spreads over the seeds. Each seed counts once, with the longest of its times.
type Spread struct {
	Name   finding.FigureName `json:"name"`
	Client string             `json:"client"` // "": whoever fared worst
	VIP    string             `json:"vip"`    // "": the worst of all
	Seeds  int                `json:"n"`      // in which it was measured
	Open   int                `json:"open"`   // of them, those in which it was not over when the run ended
	Min    *Time              `json:"min"`
	Median Quantile           `json:"median"`
	P95    Quantile           `json:"p95"`
	P99    Quantile           `json:"p99"`
	Max    *Time              `json:"max"`
	Seed   string             `json:"worst_seed"` // of Max

	Times []Time `json:"-"` // by seed
}

// SeedLimit is a limit of the scenario, held against all seeds. The figure decides; Sure says that its interval does
// not reach the limit, so that more seeds would hardly change the verdict.
type SeedLimit struct {
	Line     int           `json:"line"`
	Text     string        `json:"text"` // as the scenario has it
	Quantile string        `json:"quantile"`
	Below    time.Duration `json:"below"`
	Seeds    int           `json:"n"` // in which such a time was measured
	Value    Quantile      `json:"value"`
	OK       bool          `json:"ok"`
	Sure     bool          `json:"sure"`
}

// SeedCause is a reason why seeds ended as they did.
type SeedCause struct {
	Outcome finding.Outcome `json:"outcome"` // Bad or Weakness
	Kind    SeedCauseKind   `json:"kind"`
	Name    string          `json:"name,omitempty"` // of the check or the figure, or the expectation as the scenario has it
	Line    int             `json:"line,omitempty"` // of the expectation
	Seeds   int             `json:"n"`
	First   string          `json:"first_seed"`
	Rerun   string          `json:"rerun"` // the command that shows it
}

// SeedCauseKind is what a cause is about.
type SeedCauseKind string

// The kinds of causes.
const (
	NoData      SeedCauseKind = "no data"     // nothing was judged
	Expectation SeedCauseKind = "expectation" // of the scenario
	FailedCheck SeedCauseKind = "check"       // it failed
	UndecidedCk SeedCauseKind = "undecided"   // a check could not decide
	LatePromise SeedCauseKind = "promise"     // a figure took longer than the maker, or the settings, promise
)

// WorstSeed is the seed that ends worst: of those that failed, else of all, the one with the longest silence.
type WorstSeed struct {
	Seed    string          `json:"seed"`
	Outcome finding.Outcome `json:"outcome"`
	Silence *Time           `json:"silence"` // nil: nobody waited
	Rerun   string          `json:"rerun"`   // the command that shows it
}
