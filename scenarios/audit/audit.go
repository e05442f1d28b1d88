// Package audit says what an expert would of a cluster: it plays what happens in the field on a copy of its files, counts
// what that costs a year, and tries what could be changed.
package audit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// Options are what is audited, and how.
type Options struct {
	Name    string             // of the cluster, as a scenario has it
	Folder  string             // as the user named it
	Files   map[string][]byte  // of the cluster, by their paths below its folder
	Seed    uint64             // of all that is drawn
	Quick   bool               // fewer draws, no pairs
	Rates   map[string]float64 // a year, by the name of a kind of fault, or of one fault as "switch:sw1"
	Marks   []string           // in comments behind what init has assumed, in each language that it speaks
	Workers int                // at least 1
	Crew    *pool.Crew         // of so many processes that Serve; nil: all in this process

	Progress func(done, total int) // is told of runs, one call at a time; nil: nobody is

	only    []audited.FaultKind  // for tests: of the vocabulary; nil: all of it
	changes []audited.ChangeKind // for tests: of the changes; nil: all
}

// plan is an audit in the making.
type plan struct {
	Options
	seed   uint64
	name   string
	files  files // of the whole cluster
	bp     *cluster.Blueprint
	lint   diag.List
	either bool // there are clients whose kind is assumed

	clients    []string // that use the VIPs
	asIs       []int    // clients of the file that are assumed, from 0
	resting    []int    // clients of the file that are like others and use no VIP here, from 0
	faults     []fault
	candidates []candidate
	listed     []int         // of them, in the order of the list
	beyond     []stratum     // what pairs cost beyond their faults
	lead       time.Duration // before the first fault of a run

	base   files   // the files without mail, once bare has made them
	worlds []files // what differs from the cluster's files without mail
	index  map[string]int

	changed map[string][]byte // cluster.toml as it is played

	out *audited.Audit
}

// as is what clients are taken for whose kind no file tells: the kind that hears of no switch (N4).
const as = "ad-client"

// What is counted, unless it is measured: how much mail a person has, and what it is worth.
var (
	traffic = audited.Traffic{Messages: 5000, Source: audited.Assumed}
	weights = audited.Weights{Doubled: 1, Lost: 600, Late: 0.001, Moved: 15}
)

// Run audits the cluster. One that check refuses, and that cannot be played as it is, is an error, a diag.List; so is the
// end of the context. The same options but for Workers, Crew and Progress give the same audit.
func Run(ctx context.Context, opt Options) (*audited.Audit, error) {
	p := &plan{Options: opt, seed: opt.Seed, name: opt.Name, files: opt.Files, index: map[string]int{}}
	bp, problems := p.files.load()
	if bp == nil {
		return nil, problems.Err()
	}
	if err := p.begin(bp, problems); err != nil {
		return nil, err
	}
	p.propose()
	p.lead = p.quiet()
	b := p.agenda()
	outcomes, err := p.play(ctx, b, nil, 0)
	if err != nil {
		return nil, err
	}
	p.sum(b, outcomes)
	if outcomes, err = p.follow(ctx, b, outcomes); err != nil {
		return nil, err
	}
	return p.out, p.tell(ctx, b, outcomes)
}

// begin finds out what is there to be played.
func (p *plan) begin(bp *cluster.Blueprint, problems diag.List) error {
	p.bp, p.lint = bp, problems
	for _, c := range bp.Clients {
		if !c.Idle {
			p.clients = append(p.clients, c.Name)
		}
	}
	if len(p.clients) == 0 {
		return diag.Errorf("all clients of the cluster are idle; expected one that uses the VIPs")
	}
	all := len(p.clients)
	p.sample()
	o := &audited.Audit{Cluster: bp.Name, Folder: p.Folder, Plan: audited.Plan{Seed: p.seed, Quick: p.Quick, Clients: p.clients, Like: all - len(p.clients), Mail: traffic, Weights: weights}}
	p.out = o
	for i, c := range bp.Clients {
		if !c.Idle && i < p.files.tables("client") && p.files.assumed(table{"client", i}, "profile", p.Marks) && c.Profile.Name != as {
			p.asIs = append(p.asIs, i)
			if !slices.Contains(p.resting, i) {
				o.Plan.Assumed = append(o.Plan.Assumed, c.Name)
			}
		}
	}
	for _, n := range bp.Nodes {
		if p.files.assumed(table{"node." + n.Role, 0}, "boot", p.Marks) {
			o.Plan.Boots = append(o.Plan.Boots, audited.Boot{Node: n.Role, Takes: n.Boot})
		}
	}
	o.Plan.Unknown = p.unknown()
	if p.either = len(p.asIs) > 0; p.either {
		o.Plan.As = as
	}
	for _, vip := range bp.VIPs {
		o.Plan.VIPs = append(o.Plan.VIPs, vip.String())
	}
	for _, x := range problems {
		o.Lint = append(o.Lint, audited.Lint{File: x.File, Line: x.Line, Error: x.Severity == diag.Error, Message: x.Message, Said: x.Said})
	}
	p.faults, o.LeftOut = faultsOf(bp, p.Rates)
	if err := p.known(); err != nil {
		return err
	}
	p.faults = slices.DeleteFunc(p.faults, p.leaves)
	p.size()
	return nil
}

// leaves says whether the fault is not played: it never happens, says the user.
func (p *plan) leaves(f fault) bool {
	if f.Rate == 0 {
		p.out.LeftOut = append(p.out.LeftOut, audited.Left{Kind: f.Kind, What: f.What, Why: audited.Never})
	}
	return f.Rate == 0 || p.only != nil && !slices.Contains(p.only, f.Kind)
}

// opening is how each run begins: errors of the files that can be played are.
func (p *plan) opening() string {
	text := "cluster " + p.name + "\n"
	for _, kind := range cluster.Playable {
		if slices.ContainsFunc(p.lint, func(x diag.Problem) bool { return x.Kind == kind }) {
			text += "expect problem " + kind + "\n"
		}
	}
	return text
}

// known refuses rates of faults that there are not.
func (p *plan) known() error {
	var names []string
	for _, f := range p.faults {
		names = append(names, string(f.Name))
	}
	var problems diag.List
	for _, name := range slices.Sorted(keysOf(p.Rates)) {
		if _, kind := RateOf(name); !kind && !slices.Contains(names, name) {
			problems.Errorf("", 0, "--rate: there is no fault %.60q%s; expected %s", name, diag.Suggest(name, slices.Compact(slices.Sorted(slices.Values(append(names, Kinds()...))))), diag.OneOf(Kinds()))
		}
	}
	return problems.Err()
}

// keysOf are the names of rates.
func keysOf(rates map[string]float64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range rates { // order: its caller sorts
			if !yield(name) {
				return
			}
		}
	}
}

// size says how often everything is played: less often where a run is more work, as with its clients, routers and VIPs.
func (p *plan) size() {
	weight := float64((2+len(p.bp.Clients)-len(p.resting)+2*len(p.bp.Routers))*len(p.bp.VIPs)) / 3 // of the guide's cluster: 1
	even := func(n float64, least int) int { return max(least, int(n)/2*2) }
	o := &p.out.Plan
	o.Draws, o.TriedDraws = even(20/math.Sqrt(weight), 6), even(12/math.Sqrt(weight), 6)
	o.PairDraws = even(4/math.Sqrt(weight), 4)
	if p.Quick {
		o.Draws, o.TriedDraws, o.PairDraws = even(8/math.Sqrt(weight), 6), even(8/math.Sqrt(weight), 6), 0
	}
}

// draws is how often the fault is played, of so many: less often where its runs are more work, as long ones and those with
// mail are.
func draws(f *fault, of int) int {
	switch {
	case f.Lasts >= longFault:
		return max(4, of/4/2*2)
	case f.Kind.OfMail():
		return max(4, of/5*2)
	}
	return of
}

// world is the place of a world among all: the files without mail, or with it.
func (p *plan) world(f files, mail, assumed bool) int {
	f = p.played(f, assumed)
	if !mail {
		f = f.withoutMail()
	}
	f = f.beyond(p.bare())
	var key strings.Builder
	for _, name := range slices.Sorted(keysIn(f)) {
		fmt.Fprintf(&key, "%s\x00%d\x00%s", name, len(f[name]), f[name])
	}
	if i, known := p.index[key.String()]; known {
		return i
	}
	p.index[key.String()] = len(p.worlds)
	p.worlds = append(p.worlds, f)
	return len(p.worlds) - 1
}

// bare are the files of the cluster as it is, without mail: what the worlds differ from.
func (p *plan) bare() files {
	if p.base == nil {
		p.base = p.files.withoutMail()
	}
	return p.base
}

func keysIn(f files) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range f { // order: its caller sorts
			if !yield(name) {
				return
			}
		}
	}
}
