// Package audited is what an audit of a cluster came to, as data: what was played, what it costs a year, and which changes
// were tried. The engine makes it; reports put it into words.
package audited

import (
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
)

// Kind is the kind of the document.
const Kind = "audit"

// Audit is all that was found out about one cluster.
type Audit struct {
	Program string `json:"program"` // the version of ipwsim
	Cluster string `json:"cluster"` // its name
	Folder  string `json:"folder"`  // as the user named it: a folder, or a shipped cluster
	Rerun   string `json:"rerun"`   // the command that makes this audit again, to the byte

	Plan    Plan    `json:"plan"`
	Faults  []Fault `json:"faults"`   // that can happen to this cluster, in the order of the vocabulary
	LeftOut []Left  `json:"left_out"` // of the vocabulary: what cannot, or was not played, and why

	Year    Cost    `json:"year"`    // of all single faults, and of what pairs cost beyond theirs
	Rows    []Row   `json:"rows"`    // single faults and pairs; what costs most first
	Stories []Story `json:"stories"` // of the rows that cost most, at most ten, in their order
	Lint    []Lint  `json:"lint"`    // what check says of the files; of errors those alone that can be played

	Mail *MailNow `json:"mail,omitempty"` // nil: none was played

	// What to change, to be worked through from the first: mends, then choices, what gains most first; then likewise what gains
	// once all of these are made. Each is told as those before it leave it to be made.
	Todo  []Tried `json:"todo"`
	Tried []Tried `json:"tried"` // changes that were tried and gain nothing, or cost

	// What the list gains together: the mends that gain by themselves, these and the choices, and with what gains once they are
	// made; [] where it has one change.
	Followed []Followed `json:"followed"`

	Final  bool    `json:"final"`  // with all of Todo made, all that could then be changed was tried, and gains nothing
	Beyond []Tried `json:"beyond"` // what was tried so; [] where nothing was, or Final is false
}

// Label is the cluster's name, and the folder's where that is another: a changed copy of a cluster has its name still.
func (a *Audit) Label() string {
	folder := strings.TrimRight(a.Folder, `/\`)
	folder = folder[strings.LastIndexAny(folder, `/\`)+1:]
	if strings.Trim(folder, ".") == "" || folder == a.Cluster {
		return a.Cluster
	}
	return a.Cluster + " (" + folder + ")"
}

// Good says whether there is nothing to change.
func (a *Audit) Good() bool { return len(a.Todo) == 0 && len(a.Lint) == 0 && !a.Mail.Bad() }

// MailNow is how mail fares as the cluster is, with nothing else wrong: at the worst of the runs, some of which are a while
// after a boot of that node.
type MailNow struct {
	Here MailCost  `json:"here"`           // while the active node has the VIPs
	Left *MailCost `json:"left,omitempty"` // where the active node should have them and has none, as after its boot; nil: it has
	Away MailCost  `json:"away"`           // while the standby has them
	Part float64   `json:"part_away"`      // of a year in which it has, 0 to 1
}

// Bad says whether messages are lost, come twice, or cannot be read; of no mail it says no.
func (m *MailNow) Bad() bool {
	return m != nil && (m.Here.Bad() || m.Left != nil && m.Left.Bad() || m.Away.Bad())
}

// Bad says whether some are lost, come twice, or cannot be read.
func (c MailCost) Bad() bool { return c.Lost > 0 || c.Doubled > 0 || c.Unread > 0 }

// ToChange is how many things are to be changed: those of the list, and what has to be mended before.
func (a *Audit) ToChange() int {
	first, _ := a.Split()
	return len(a.Todo) + len(first)
}

// Split parts what check says: first what no change answers, where mail is lost or doubled whatever is changed, for it may be
// why; then the rest.
func (a *Audit) Split() (first, rest []Lint) {
	stays := a.mailStaysBad()
	for _, x := range a.Lint {
		if stays && len(x.Answered) == 0 {
			first = append(first, x)
		} else {
			rest = append(rest, x)
		}
	}
	return first, rest
}

// Played parts what was tried besides the list: first what was played, then what could not be, for the changed files are
// refused.
func (a *Audit) Played() (played, refused []Tried) {
	for _, t := range a.Tried {
		if t.Verdict == Unplayed {
			refused = append(refused, t)
		} else {
			played = append(played, t)
		}
	}
	return played, refused
}

// mailStaysBad says whether mail is lost or doubled now, and is so with all changes of the list.
func (a *Audit) mailStaysBad() bool {
	var after *MailGain
	switch n := len(a.Followed); {
	case n > 0:
		after = a.Followed[n-1].Mail
	case len(a.Todo) == 1:
		after = a.Todo[0].Mail
	}
	return a.Mail.Bad() && (after == nil || after.After.Bad() || after.AwayAfter.Bad())
}

// Plan is what was played. All else follows from it and the cluster's files.
type Plan struct {
	Seed  uint64 `json:"seed,string"`
	Quick bool   `json:"quick"` // fewer draws, and no pairs

	Draws      int `json:"draws"`       // of each single fault: moments, lengths and all chance
	PairDraws  int `json:"pair_draws"`  // of each pair; 0: none was played
	TriedDraws int `json:"tried_draws"` // of each single fault under each change: the first of Draws; if Quick, two where nobody waits
	Runs       int `json:"runs"`        // that all of it took
	MailRuns   int `json:"mail_runs"`   // of Runs, with mail; 0: the cluster has no mail files

	Clients []string `json:"clients"`                // that use the VIPs; the mean is theirs
	Like    int      `json:"clients_like,omitempty"` // further ones that are like them: they are there, and use no VIP
	VIPs    []string `json:"vips"`

	// Assumed are the clients whose kind no file tells: in each second draw they are taken for an As.
	Assumed []string `json:"assumed"`
	As      string   `json:"as,omitempty"` // a profile; "": none is assumed

	// Boots are how long Windows of the nodes takes to boot, as far as no file tells: a fault that boots them costs as much.
	Boots []Boot `json:"assumed_boots,omitempty"`
	// Unknown are keys of cluster.toml that decide who is healed and heard, and that init has assumed: no export says them.
	Unknown []string `json:"unknown,omitempty"`

	Mail    Traffic `json:"mail"`    // that costs are counted for
	Weights Weights `json:"weights"` // what is held against what
}

// Boot is how long a node takes from power on until it is up, as assumed.
type Boot struct {
	Node  string        `json:"node"` // its role
	Takes time.Duration `json:"takes"`
}

// Traffic is what people send and get, as far as costs hang on it.
type Traffic struct {
	Messages float64 `json:"messages_per_year"` // that a person gets from and sends to other domains
	Source   Source  `json:"source"`
}

// Weights say how much of a year's silence something else is worth.
type Weights struct {
	Doubled float64 `json:"doubled"` // seconds, of a message that comes twice
	Lost    float64 `json:"lost"`    // seconds, of a message that is lost, or cannot be read
	Late    float64 `json:"late"`    // seconds, of one second by which a message is taken later
	Moved   float64 `json:"moved"`   // seconds, of a VIP that moves: connections hang (H14)
}

// Source is where a number is from.
type Source string

// The sources.
const (
	Assumed Source = "assumed" // by us: set it for your place
	Given   Source = "given"   // on the command line
)

// FaultName is what can happen, in a word: the kind, and the thing it happens to where there can be several, as
// "cable-active" or "switch:sw1". Kind takes it apart.
type FaultName string

// FaultKind is a kind of thing that happens in the field.
type FaultKind string

// The vocabulary. Calm is a stretch in which nothing happens: what a cluster loses then, it loses all year long.
const (
	Calm           FaultKind = "calm"
	CableActive    FaultKind = "cable-active"   // its cable is out
	CableStandby   FaultKind = "cable-standby"  //
	FlapActive     FaultKind = "flap-active"    // its link goes for a second or so
	PowerActive    FaultKind = "power-active"   // its power is cut
	PowerStandby   FaultKind = "power-standby"  //
	PowerBoth      FaultKind = "power-both"     // both nodes' power is cut, and comes back at once
	UpdateActive   FaultKind = "update-active"  // it is shut down in order and started again
	UpdateStandby  FaultKind = "update-standby" //
	FreezeActive   FaultKind = "freeze-active"  // a backup freezes it for seconds
	FreezeStandby  FaultKind = "freeze-standby" //
	StopWatcher    FaultKind = "stop-watcher"   // the active node's watcher is stopped by hand, and started again
	CrashWatcher   FaultKind = "crash-watcher"  // its process dies, and is found dead and started
	RepairActive   FaultKind = "repair-active"  // the active node is away for hours
	SwitchRestart  FaultKind = "switch"         // a switch restarts
	TrunkCut       FaultKind = "trunk"          // a cable between switches is out
	RouterCable    FaultKind = "router-cable"   // a router's cable is out
	TeamActive     FaultKind = "team-active"    // the other card of its team takes over
	TeamStandby    FaultKind = "team-standby"   //
	ShareCrash     FaultKind = "share"          // the share's machine crashes and boots; with mail alone
	MailDiesActive FaultKind = "mail-dies"      // the active node's mail services die; with mail alone
)

// OfMail says whether it shows in mail alone: it is played with mail, and neither in pairs nor for changes of something
// else.
func (k FaultKind) OfMail() bool { return k == MailDiesActive || k == ShareCrash }

// Fault is one that can happen to the cluster.
type Fault struct {
	Name   FaultName     `json:"name"`
	Kind   FaultKind     `json:"kind"`
	What   string        `json:"what,omitempty"` // the switch, trunk or cable; "" where the kind says it
	Steps  []string      `json:"steps"`          // as lines of a scenario, with times after the fault
	Rate   float64       `json:"per_year"`
	Source Source        `json:"source"`
	Lasts  time.Duration `json:"lasts"`  // until it is mended, in the mean: a draw has half to one and a half times as long
	Window time.Duration `json:"window"` // from it until all was whole again, in the mean of the draws: another within it makes a pair
}

// Left is a part of the vocabulary that was not played.
type Left struct {
	Kind FaultKind `json:"kind"`
	What string    `json:"what,omitempty"` // of the cluster: that thing alone
	Why  LeftWhy   `json:"why"`
	More int       `json:"more,omitempty"` // of a kind that was played: so many further things of it
}

// LeftWhy is why.
type LeftWhy string

// The reasons.
const (
	NoSuchThing LeftWhy = "no such thing" // the cluster has none
	TooMany     LeftWhy = "too many"      // there are more of the kind than are played
	Never       LeftWhy = "never"         // its rate is 0, as given
)

// Estimate is a mean over draws with its 95 % confidence interval: Student's t over the draws of each fault, by Welch; of
// times that are never below 0 cut off there.
type Estimate struct {
	Value   float64 `json:"value"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	AtLeast bool    `json:"at_least,omitempty"` // some runs ended before it was over: a lower bound
}

// Sure says whether the interval lies on one side of zero.
func (e Estimate) Sure() bool { return e.Low > 0 || e.High < 0 }

// Cost is what something costs: seconds in which a client has no mail from a VIP. Silence is not counted while a node
// serves mail and only its firewall keeps echo requests out.
type Cost struct {
	Mean   Estimate   `json:"mean"`            // of all clients and VIPs, seconds
	Worst  *UseCost   `json:"worst,omitempty"` // the client and VIP that fare worst; nil: nobody waits
	Uses   []UseCost  `json:"uses"`            // each client with each VIP, worst first
	Parts  []PartCost `json:"parts"`           // what the mean is made of, most first
	Echo   float64    `json:"echo_only"`       // besides, in the mean: only echo requests went unanswered, seconds
	Switch float64    `json:"switches"`        // how often a VIP went from node to node, in the mean of the VIPs
}

// UseCost is the cost for one client and VIP.
type UseCost struct {
	Client  string  `json:"client"`
	VIP     string  `json:"vip"`
	Seconds float64 `json:"seconds"`
	AtLeast bool    `json:"at_least,omitempty"`
}

// PartCost is what stood in the way, and for how long in the mean.
type PartCost struct {
	What    finding.Obstacle `json:"what"`
	Seconds float64          `json:"seconds"`
}

// Row is a single fault, or a pair of them: the second comes while the first is not over.
type Row struct {
	Faults  []FaultName `json:"faults"` // one or two
	Rate    float64     `json:"per_year"`
	Runs    int         `json:"runs"`
	Each    Cost        `json:"each"`    // of one such happening
	Year    Estimate    `json:"year"`    // Rate times Each.Mean; of a pair, times what is beyond the two alone
	Longest *Longest    `json:"longest"` // the longest silence that was seen; nil: there was none
}

// Longest is a silence with the draw that has it.
type Longest struct {
	UseCost
	Draw int    `json:"draw"` // from 0
	Seed uint64 `json:"seed,string"`
}

// Story is a run that shows a row.
type Story struct {
	Row     int    `json:"row"`      // its place in Rows
	Name    string `json:"name"`     // of its file, without the ending
	Text    string `json:"scenario"` // a .txtar file, for `ipwsim run`
	Rerun   string `json:"rerun"`    // the command that runs it, once the file is written
	Assumed bool   `json:"assumed"`  // the clients of Plan.Assumed are taken for Plan.As in it

	Title   finding.Phrase `json:"title"`
	Outages []Outage       `json:"outages"` // the longest of each client and VIP, longest first, at most ten

	Run *finding.Run `json:"-"` // for pages: diagrams and timelines are made of it
}

// Facts are those of the story's run; nil where it is not there any more.
func (s *Story) Facts() *finding.Facts {
	if s.Run == nil {
		return nil
	}
	return s.Run.Facts
}

// Outage is a silence of a story with its cause.
type Outage struct {
	*finding.Outage
	Advice finding.Advice `json:"advice,omitempty"`
}

// Severity is how check tells it.
func (l *Lint) Severity() diag.Severity {
	if l.Error {
		return diag.Error
	}
	return diag.Warning
}

// Lint is what check says of a file.
type Lint struct {
	File    string    `json:"file"`
	Line    int       `json:"line,omitempty"`  // 0: the whole file
	Error   bool      `json:"error,omitempty"` // check refuses the cluster for it
	Message string    `json:"message"`         // in English
	Said    diag.Text `json:"-"`               // the same, to be said in another language

	Answered []int `json:"answered"` // places in Todo of the changes that answer it, from 0
}
