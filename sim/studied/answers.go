package studied

import (
	"net/netip"
	"time"

	"ipwsim/core/diag"
)

// Answers are what a study says: summary.json, and what texts and pages are made of.
type Answers struct {
	Kind       string     `json:"ipwsim"` // "study"
	Version    int        `json:"version"`
	Study      string     `json:"study"` // key of the plan: what its rows depend on
	Client     string     `json:"client,omitempty"`
	VIP        netip.Addr `json:"vip,omitzero"`
	Confidence float64    `json:"confidence"` // of every interval
	Rates      Rates      `json:"rates"`
	Promise    [2]float64 `json:"promise"` // the band of Answer.Band, seconds
	Own        Own        `json:"own"`
	Today      []int      `json:"today"` // the cells whose settings are the cluster's own
	Cells      []Answer   `json:"cells"`
	Frontiers  []Frontier `json:"frontiers"` // one for each condition, such as a loss or a fault
	Want       *Want      `json:"want,omitempty"`
}

// Own are the cluster's own settings, under the first condition.
type Own struct {
	Interval    time.Duration `json:"interval"`
	PingTimeout time.Duration `json:"ping_timeout"`
	ReleaseTime int           `json:"release_time"` // intervals
}

// Answer is what the runs of a cell say, and what was counted and searched for it.
type Answer struct {
	Cell     int      `json:"cell"` // -1: the study has no such cell
	Values   []string `json:"values"`
	Runs     int      `json:"runs"`
	Failover Times    `json:"failover"`          // seconds
	Failback Times    `json:"failback"`          // seconds
	Band     Share    `json:"band"`              // of failovers, within Answers.Promise
	ByRule   *Span    `json:"by_rule,omitempty"` // where W14 puts every failover; nil: it does not decide alone
	False    False    `json:"false_takeovers"`
	Outage   Outage   `json:"outage_per_year"` // seconds
	Worst    Worst    `json:"worst_found"`
}

// Longest is the longest failover that was seen, sampled or searched; nil when there was none.
func (a *Answer) Longest() *Time {
	sampled, searched := a.Failover.Worst, a.Worst.Failover
	if sampled != nil && sampled.Longer(searched) {
		return sampled
	}
	return searched
}

// Time is a time in seconds, or a lower bound of it.
type Time struct {
	Seconds float64 `json:"seconds"`
	AtLeast bool    `json:"at_least,omitempty"` // it lies among runs that ended without an answer
}

// Longer says whether the time is longer than another, or was without an answer where the other was not. Any time
// is longer than none.
func (t *Time) Longer(other *Time) bool {
	return other == nil || t.Seconds > other.Seconds || t.AtLeast && !other.AtLeast
}

// Span is from Least to Most seconds.
type Span struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// Has says whether a time in seconds lies in the span. One that had not ended by then does not.
func (s *Span) Has(seconds float64, open bool) bool {
	return !open && s.Least <= seconds && seconds <= s.Most
}

// Quantile is a quantile of a cell's runs and its 95 % confidence interval, which assumes nothing of their
// distribution. Low or High is nil when there are too few runs, or too many without an answer, to bound it.
type Quantile struct {
	Value *Time `json:"value"` // nil: no run
	Low   *Time `json:"low"`
	High  *Time `json:"high"`
}

// Times are what the runs of a cell say of a time.
type Times struct {
	Runs    int      `json:"runs"`   // in which it was measured
	Open    int      `json:"open"`   // of Runs, those that ended without an answer
	Median  Quantile `json:"median"` // 50 %
	P95     Quantile `json:"p95"`
	P99     Quantile `json:"p99"`
	Worst   *Time    `json:"worst"`   // the longest; nil: no run
	Beyond  float64  `json:"beyond"`  // with 95 %, at most this part of all runs would be longer than Worst
	Mean    *Time    `json:"mean"`    // nil: no run
	Margin  float64  `json:"margin"`  // Mean is known to so many seconds, by the normal distribution
	For     []Who    `json:"for"`     // whose times they are, most runs first
	Typical *Typical `json:"typical"` // nil: no run
}

// Who is a client and a VIP, and in how many runs they fared worst.
type Who struct {
	Client string `json:"client"`
	VIP    string `json:"vip"`
	Runs   int    `json:"runs"`
}

// Typical is the run with the median time, and what it was made of.
type Typical struct {
	Seed   uint64 `json:"seed"`
	Client string `json:"client"`
	VIP    string `json:"vip"`
	Time
	Promise   [2]float64 `json:"promise"`             // for this time; 0 and 0: nothing
	Silent    float64    `json:"silent"`              // of it, how long nobody answered
	Free      float64    `json:"free"`                // of that, nobody within reach had the VIP
	Tentative float64    `json:"tentative"`           // it was tentative
	Cache     float64    `json:"cache"`               // an ARP cache led elsewhere
	PingOnly  float64    `json:"ping_only,omitempty"` // of a failover: ping alone was kept out, and mail went on
}

// Kept says whether the time keeps what was promised for it; told is false where nothing was.
func (t *Typical) Kept() (kept, told bool) {
	return !t.AtLeast && t.Promise[0] <= t.Seconds && t.Seconds <= t.Promise[1], t.Promise[1] > 0
}

// Share is a part of runs, with its Clopper-Pearson interval.
type Share struct {
	Runs int     `json:"runs"` // of how many
	Part float64 `json:"part"` // 0 to 1
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Rates are what the operator says of his year.
type Rates struct {
	Faults  float64       `json:"faults_per_year"`  // of the holder of the VIP, of the study's kind
	Repair  time.Duration `json:"repair"`           // from a fault until the master is back; nanoseconds
	Freezes float64       `json:"freezes_per_year"` // of the VIP's holder, which then goes on
	Frozen  time.Duration `json:"freeze_time"`      // how long each; nanoseconds
}

// DefaultRates are those that the user does not give.
var DefaultRates = Rates{Faults: 4, Repair: time.Hour, Frozen: 10 * time.Second}

// Year is 365 days.
const Year = 365 * 24 * time.Hour

// Check says what is wrong with the rates.
func (r Rates) Check() error {
	switch {
	case !(r.Faults >= 0 && r.Faults <= 1e6):
		return diag.Errorf("--faults-per-year: found %v, expected 0 to 1000000", r.Faults)
	case r.Repair < 0 || r.Repair > Year:
		return diag.Errorf("--repair: found %s, expected 0s to 8760h", r.Repair)
	case !(r.Freezes >= 0 && r.Freezes <= 1e6):
		return diag.Errorf("--freezes-per-year: found %v, expected 0 to 1000000", r.Freezes)
	case r.Frozen < 0 || r.Frozen > 24*time.Hour:
		return diag.Errorf("--freeze-time: found %s, expected 0s to 24h", r.Frozen)
	}
	return nil
}

// False is how often a year the watcher takes a healthy VIP, by exact counting.
type False struct {
	Miss   float64 `json:"poll_loss"`     // probability that a poll of a healthy VIP is missed
	Misses int     `json:"misses"`        // so many polls in a row make it free
	Loss   float64 `json:"by_loss"`       // a year, by lost polls
	Freeze float64 `json:"by_freezes"`    // a year, because the holder was frozen
	PerOne float64 `json:"of_a_freeze"`   // probability that a freeze is taken for a fault
	Split  float64 `json:"split_at_most"` // of Loss, a year: address detection was lost too, two nodes had the VIP
}

// Sum is a year's, of both causes.
func (f False) Sum() float64 { return f.Loss + f.Freeze }

// Outage is how many seconds a year a client waits.
type Outage struct {
	Faults  float64 `json:"faults"`             // failover, and the silence of failback
	Margin  float64 `json:"margin"`             // Faults is known to so much, with 95 %
	Release float64 `json:"release"`            // release cycles while the master is away (W18)
	Open    bool    `json:"at_least,omitempty"` // some runs had no answer: a lower bound

	OneCycle float64 `json:"of_a_release"` // how long a release cycle's outage is, in the mean
}

// Sum is a year's, of both.
func (o Outage) Sum() float64 { return o.Faults + o.Release }

// Worst is the longest failover of a cell that was found by a search over the moment of the fault and the extremes
// of netsh, in the real simulation.
type Worst struct {
	Failover *Time         `json:"failover"` // nil: no node was lost that the client was answered by
	Client   string        `json:"client"`   // whose it is
	VIP      string        `json:"vip"`
	Bound    float64       `json:"bound"` // W14, in seconds; without loss and with a client that hears of the switch
	Phase    time.Duration `json:"phase"` // of the fault; nanoseconds from the run's time 0
	Netsh    time.Duration `json:"netsh"` // what every netsh command took; nanoseconds
	Seed     uint64        `json:"seed"`
	Runs     int           `json:"runs"` // simulated in the search; 0: there was none
}

// Frontier is the cells of a condition for which no other has both less outage a year and fewer false take-overs, or
// less of one and as much of the other.
type Frontier struct {
	Condition string `json:"condition"` // the values of the axes that nobody chooses
	All       []int  `json:"all"`       // of the condition
	Cells     []int  `json:"cells"`     // of All: from the least outage to the fewest false take-overs
}

// Want is which setting keeps a promise, and what today's costs against it. A setting keeps it when it does under
// every condition of the study, such as each loss and each fault.
type Want struct {
	Clauses   []string `json:"clauses"`
	Settings  int      `json:"settings"`
	Kept      []int    `json:"kept"`            // for each clause, how many settings keep it
	Unsure    []int    `json:"unsure"`          // for each clause, of how many settings it cannot be said
	More      []More   `json:"more"`            // for each clause, what would decide all of those
	Setting   string   `json:"setting"`         // the fastest that keeps all
	Cells     []int    `json:"cells"`           // its cells, one for each condition; none: no setting is sure to
	Confirmed Verdict  `json:"confirmed"`       // what a study of it alone says, with fresh seeds
	FreshMore More     `json:"confirmed_more"`  // what would decide that, where it is unsure
	Fresh     []Answer `json:"fresh"`           // its figures
	FreshSeed uint64   `json:"fresh_base_seed"` // its base seed
	Today     []Answer `json:"today"`           // the cluster's own settings under the same conditions
	Verdict   Verdict  `json:"verdict_of_today"`
	TodayMore More     `json:"today_more"` // what would decide that, where it is unsure
}

// More is what would decide a promise where too few runs do.
type More struct {
	Runs  int  `json:"runs"`            // so many more of each cell, if they come as those so far; 0: none
	Never bool `json:"never,omitempty"` // of some cell no number of runs that a study can have
}

// Verdict is whether a cell keeps a promise.
type Verdict string

// The verdicts. A figure whose interval holds the limit is unsure.
const (
	Kept   Verdict = "kept"
	Unsure Verdict = "unsure"
	Broken Verdict = "broken"
)

// Comparison is what lies between two cells with the same seeds: B less A.
type Comparison struct {
	A        Party      `json:"a"`
	B        Party      `json:"b"`
	Changed  []Change   `json:"changed"`
	Failover Paired     `json:"failover"`
	Failback Paired     `json:"failback"`
	Most     []SeedPair `json:"differ_most"` // by failover
}

// Party is one of two cells that are compared.
type Party struct {
	Name string `json:"name"` // as the user calls it, with the cell's values
	Show string `json:"show"` // the arguments of `ipwsim study show`, less the seed

	Client string `json:"client,omitempty"` // that was asked for; "": whoever fares worst
	VIP    string `json:"vip,omitempty"`    // the same
	For    []Who  `json:"for"`              // whose failovers they are
}

// Change is a setting that differs.
type Change struct {
	Setting string `json:"setting"`
	A       string `json:"a"`
	B       string `json:"b"`
}

// SeedPair is a seed with the failover of each side.
type SeedPair struct {
	Seed uint64 `json:"seed"`
	A    Time   `json:"a"`
	B    Time   `json:"b"`
}

// Paired are the differences of a time, B's less A's of the same seed. A run without an answer was longer than one
// with an answer that came before it ended; of two such runs nothing is known.
type Paired struct {
	Pairs   int `json:"pairs"`
	Unknown int `json:"unknown"` // pairs of which nothing is known, not among Pairs
	Longer  int `json:"longer"`  // of Pairs: in B
	Shorter int `json:"shorter"` // in B

	// Significance is the sign test's p, of both sides: how likely as much unlikeness of Longer and Shorter is if
	// neither were more likely.
	Significance float64 `json:"significance"`

	Median *float64 `json:"median"` // seconds; nil: none, or it lies among runs without an answer
	Low    *float64 `json:"low"`    // its 95 % confidence interval, of order statistics; nil: not bounded
	High   *float64 `json:"high"`

	Mean     *float64 `json:"mean"`     // seconds; nil: none, or there are runs without an answer
	MeanLow  *float64 `json:"mean_low"` // its 95 % confidence interval, by bootstrap
	MeanHigh *float64 `json:"mean_high"`
}
