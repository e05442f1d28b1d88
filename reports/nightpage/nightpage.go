// Package nightpage is the HTML page of a night of search: what failed with its scenario first, then how much was
// searched, and what the search is worth.
package nightpage

import (
	"embed"
	"fmt"
	"io"
	"sync"

	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

//go:embed night.html
var files embed.FS

//go:embed night.css
var style string

var layout = sync.OnceValue(func() *sheet.Layout { return sheet.New(style, "", files) })

// Write writes the page of a night. Like every page it needs nothing but itself.
func Write(w io.Writer, n *searched.Night, l words.Lang) error {
	return layout().Write(w, l, "night", newView(n, l))
}

// view is what the template shows.
type view struct {
	sheet.Head
	Said       string
	Length     string
	News       []string
	Failures   []failure
	Broken     []failure
	Searched   []string
	Safety     []searched.Count
	OnlySafety string
	Scenarios  string
	Failed     []failedScenario
	Explored   string
	Ways       []exploredRow
	Shares     string
	ShareRows  []words.ShareRow
	Bugs       string
	BugRows    []bugRow
	Fuzz       string
	FuzzRows   []searched.Fuzz
	Benches    []string
	Probes     []searched.Count
	Again      string
}

type failure struct {
	sheet.Badge
	ID, Title, Where, Text, Rerun string
	New                           bool
}

type failedScenario struct {
	Name, Title string
	Reasons     []string
}

type bugRow struct {
	sheet.Badge
	Name, Kind, Title, Cases, Seconds, Check string
}

type exploredRow struct {
	sheet.Badge
	Case, How, Departures, States, Transitions, Rerun, Text string
}

var classes = map[finding.Outcome]string{finding.Well: "pass", finding.Weakness: "weak", finding.Bad: "fail"}

func newView(n *searched.Night, l words.Lang) *view {
	outcome, said := l.NightOutcome(n)
	v := &view{
		Said: said, Length: l.NightLength(n), News: l.NightNews(n), Searched: l.Searched(n.Search), Scenarios: l.NightScenarios(n),
		Bugs: l.NightBugs(n), Fuzz: l.NightFuzz(n), FuzzRows: n.FailedFuzz(), Probes: n.Search.Probes, Again: n.Again,
	}
	v.Head = sheet.Head{Title: l.Say("night.page-title"), Badge: sheet.Badge{Class: classes[outcome], Word: l.Outcome(outcome)}}
	v.Meta = []string{l.Say("meta-seed", n.Search.Seed), n.Program}
	bad := sheet.Badge{Class: "fail", Word: l.Outcome(finding.Bad)}
	for i := range n.Search.Failures {
		f := &n.Search.Failures[i]
		v.Failures = append(v.Failures, failure{bad, f.Name, l.Phrase(f.Title), l.FoundIn(f), f.Text, f.Rerun, f.New})
	}
	for _, b := range n.Search.Broken {
		v.Failures = append(v.Failures, failure{Badge: bad, Title: l.Say("search.broken", b.Shard, b.Error), Rerun: b.Rerun})
	}
	v.OnlySafety = l.Say("search.safety", searched.Total(n.Search.Safety))
	for _, c := range n.Search.Safety {
		v.Safety = append(v.Safety, searched.Count{Name: l.Because(c.Name), Count: c.Count})
	}
	for _, s := range n.FailedScenarios() {
		one := failedScenario{Name: s.Name, Title: l.Phrase(s.Title)}
		for _, why := range s.Reasons {
			one.Reasons = append(one.Reasons, l.Phrase(why))
		}
		v.Failed = append(v.Failed, one)
	}
	if len(n.Explored)+n.Unexplored > 0 {
		v.Explored = l.NightExplored(n)
	}
	for i := range n.Explored {
		v.Ways = append(v.Ways, newExploredRow(&n.Explored[i], l))
	}
	if len(n.Shares) > 0 {
		v.Shares, v.ShareRows = l.NightShares(n)
	}
	for _, b := range n.Bugs {
		v.BugRows = append(v.BugRows, newBugRow(b, l))
	}
	for _, b := range n.Benches {
		v.Benches = append(v.Benches, l.BenchResult(b))
	}
	return v
}

func newBugRow(b searched.Bug, l words.Lang) bugRow {
	row := bugRow{Name: b.Name, Kind: b.Kind, Title: l.Phrase(b.Title), Cases: fmt.Sprint(b.Cases), Seconds: words.Tenths(b.Took)}
	switch {
	case !b.Tried:
		row.Badge, row.Cases, row.Seconds = sheet.Badge{Word: l.Say("night.bug-untried")}, "", ""
	case b.Caught:
		row.Badge, row.Check = sheet.Badge{Class: "pass", Word: l.Say("night.caught")}, l.CaughtBy(b)
	default:
		row.Badge = sheet.Badge{Class: "weak", Word: l.Say("night.missed")}
	}
	return row
}

func newExploredRow(e *searched.Explored, l words.Lang) exploredRow {
	word, how := l.ExploredResult(e)
	class := "pass"
	if !e.Holds() {
		class = "fail"
	}
	return exploredRow{
		sheet.Badge{Class: class, Word: word}, l.ExploredCase(e), how, fmt.Sprint(e.Departures), fmt.Sprint(e.States), fmt.Sprint(e.Transitions), e.Rerun, e.Text,
	}
}
