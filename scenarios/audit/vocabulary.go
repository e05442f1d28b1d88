package audit

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// kind is a part of the vocabulary: what happens, and what mends it.
type kind struct {
	kind  audited.FaultKind
	rate  float64       // a year; all are assumed
	lasts time.Duration // in the mean
	begin []string      // as a scenario says it; % is the thing it happens to
	end   []string
	what  func(*cluster.Blueprint) []string // the things; nil: it needs none
}

// The longest mean length of faults that are paired: longer ones are seldom, and their runs long.
const longestPaired = 15 * time.Minute

// mostThings is how many things of a kind are played.
const mostThings = 4

// vocabulary is what happens in the field to two Windows machines, their cables and switches. The rates are assumed:
// nobody publishes any for such clusters. They are those of a machine room that is looked after: a cable or a power supply
// each year or two, an update each month, a backup by snapshot each week.
var vocabulary = []kind{
	{kind: audited.CableActive, rate: 1, lasts: 10 * time.Minute, begin: []string{"unplug active"}, end: []string{"plug active"}},
	{kind: audited.CableStandby, rate: 1, lasts: 10 * time.Minute, begin: []string{"unplug standby"}, end: []string{"plug standby"}},
	{kind: audited.FlapActive, rate: 4, lasts: 2 * time.Second, begin: []string{"unplug active"}, end: []string{"plug active"}},
	{kind: audited.PowerActive, rate: 0.5, lasts: 15 * time.Minute, begin: []string{"power-off active"}, end: []string{"power-on active"}},
	{kind: audited.PowerStandby, rate: 0.5, lasts: 15 * time.Minute, begin: []string{"power-off standby"}, end: []string{"power-on standby"}},
	{kind: audited.PowerBoth, rate: 0.5, lasts: 10 * time.Minute, begin: []string{"power-off active", "power-off standby"}, end: []string{"power-on active", "power-on standby"}},
	{kind: audited.UpdateActive, rate: 12, lasts: 5 * time.Minute, begin: []string{"shutdown active"}, end: []string{"power-on active"}},
	{kind: audited.UpdateStandby, rate: 12, lasts: 5 * time.Minute, begin: []string{"shutdown standby"}, end: []string{"power-on standby"}},
	{kind: audited.FreezeActive, rate: 52, lasts: 10 * time.Second, begin: []string{"freeze active"}, end: []string{"resume active"}},
	{kind: audited.FreezeStandby, rate: 52, lasts: 10 * time.Second, begin: []string{"freeze standby"}, end: []string{"resume standby"}},
	{kind: audited.StopWatcher, rate: 4, lasts: 10 * time.Minute, begin: []string{"stop-service active"}, end: []string{"start-service active"}},
	{kind: audited.CrashWatcher, rate: 0.5, lasts: 15 * time.Minute, begin: []string{"kill-service active"}, end: []string{"start-service active"}},
	{kind: audited.RepairActive, rate: 0.3, lasts: 2 * time.Hour, begin: []string{"power-off active"}, end: []string{"power-on active"}},
	{kind: audited.SwitchRestart, rate: 1, lasts: 2 * time.Minute, begin: []string{"power-off %"}, end: []string{"power-on %"}, what: switches},
	{kind: audited.TrunkCut, rate: 0.5, lasts: 10 * time.Minute, begin: []string{"unplug %"}, end: []string{"plug %"}, what: trunks},
	{kind: audited.RouterCable, rate: 0.5, lasts: 10 * time.Minute, begin: []string{"unplug %"}, end: []string{"plug %"}, what: routerCables},
	{kind: audited.TeamActive, rate: 1, lasts: 10 * time.Minute, begin: []string{"team-failover active"}, end: []string{"team-failover active"}, what: team(cluster.Active)},
	{kind: audited.TeamStandby, rate: 1, lasts: 10 * time.Minute, begin: []string{"team-failover standby"}, end: []string{"team-failover standby"}, what: team(cluster.Standby)},
	{kind: audited.MailDiesActive, rate: 1, lasts: 15 * time.Minute, begin: []string{"kill-mail active"}, end: []string{"start-mail active"}, what: mail},
	{kind: audited.ShareCrash, rate: 2, lasts: 5 * time.Minute, begin: []string{"share-crash"}, end: []string{"share-boot"}, what: mail},
	{kind: audited.Calm, lasts: time.Hour},
}

func switches(bp *cluster.Blueprint) (all []string) {
	for _, s := range bp.Switches {
		all = append(all, s.Name)
	}
	return all
}

func trunks(bp *cluster.Blueprint) (all []string) {
	for _, t := range bp.Trunks {
		all = append(all, t.Name())
	}
	return all
}

func routerCables(bp *cluster.Blueprint) (all []string) {
	for _, r := range bp.Routers {
		for _, i := range r.Interfaces {
			all = append(all, r.Cable(i))
		}
	}
	return all
}

func team(role string) func(*cluster.Blueprint) []string {
	return func(bp *cluster.Blueprint) []string {
		if bp.Node(role).Team == nil {
			return nil
		}
		return []string{""}
	}
}

// mail is there where somebody can write.
func mail(bp *cluster.Blueprint) []string {
	if !canMail(bp) {
		return nil
	}
	return []string{""}
}

// fault is one that can happen to the cluster.
type fault struct {
	audited.Fault
	begin, end []string
}

// faultsOf are those of the cluster, and what of the vocabulary is left out. given are the user's rates, by name of the
// fault or of its kind.
func faultsOf(bp *cluster.Blueprint, given map[string]float64) (all []fault, left []audited.Left) {
	for _, k := range vocabulary {
		things := []string{""}
		if k.what != nil {
			things = k.what(bp)
		}
		switch more := len(things) - mostThings; {
		case len(things) == 0:
			left = append(left, audited.Left{Kind: k.kind, Why: audited.NoSuchThing})
		case more > 0:
			left, things = append(left, audited.Left{Kind: k.kind, Why: audited.TooMany, More: more}), things[:mostThings]
		}
		for _, what := range things {
			all = append(all, k.of(what, bp, given))
		}
	}
	return all, left
}

// of is the kind's fault of one thing.
func (k kind) of(what string, bp *cluster.Blueprint, given map[string]float64) fault {
	f := fault{Fault: audited.Fault{Name: audited.FaultName(k.kind), Kind: k.kind, What: what, Rate: k.rate, Source: audited.Assumed, Lasts: k.lasts}}
	if what != "" {
		f.Name += audited.FaultName(":" + what)
	}
	if k.kind == audited.Calm { // two release cycles are in it (W18)
		for _, n := range bp.Nodes {
			f.Lasts = min(max(f.Lasts, 2*n.Settings.ReleaseCycle()+10*time.Minute), 3*time.Hour)
		}
		f.Rate = float64(365*24*time.Hour) / float64(f.Lasts)
	}
	for _, name := range []string{string(k.kind), string(f.Name)} {
		if rate, is := given[name]; is && k.kind != audited.Calm {
			f.Rate, f.Source = rate, audited.Given
		}
	}
	fill := func(lines []string) (all []string) {
		for _, line := range lines {
			all = append(all, strings.ReplaceAll(line, "%", what))
		}
		return all
	}
	f.begin, f.end = fill(k.begin), fill(k.end)
	for _, line := range f.begin {
		f.Steps = append(f.Steps, "0s "+line)
	}
	for _, line := range f.end {
		f.Steps = append(f.Steps, f.Lasts.String()+" "+line)
	}
	return f
}

// paired says whether the fault is played in pairs.
func (f *fault) paired() bool {
	return f.Kind != audited.Calm && !f.Kind.OfMail() && f.Lasts <= longestPaired
}

// Kinds are the names of the vocabulary whose rates can be set, in its order.
func Kinds() (all []string) {
	for _, k := range vocabulary {
		if k.kind != audited.Calm {
			all = append(all, string(k.kind))
		}
	}
	return all
}

// RateOf is what the vocabulary assumes for a kind; false where there is no such kind.
func RateOf(name string) (rate float64, found bool) {
	i := slices.IndexFunc(vocabulary, func(k kind) bool { return string(k.kind) == name && k.kind != audited.Calm })
	if i < 0 {
		return 0, false
	}
	return vocabulary[i].rate, true
}
