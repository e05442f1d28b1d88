package words

import (
	"fmt"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// NightOutcome is what a night comes to.
func (l Lang) NightOutcome(n *searched.Night) (finding.Outcome, string) {
	var all []string
	add := func(key string, n int) {
		if n > 0 {
			all = append(all, l.Say(key, n))
		}
	}
	add("search.found", len(n.Search.Failures)+len(n.Search.Broken))
	if n.Search.Cases == 0 {
		all = append(all, l.Say("search.no-case"))
	}
	add("night.scenarios-failed", len(n.FailedScenarios()))
	add("night.open", len(n.Open()))
	add("night.fuzz-failed", len(n.FailedFuzz()))
	if n.Blind() {
		add("night.blind", len(n.Search.Missed()))
	}
	add("night.unseen", len(n.Unseen()))
	add("night.untried", n.Untried())
	add("night.scenarios-unrun", n.Unrun)
	add("night.unexplored", n.Unexplored)
	if len(all) == 0 {
		all = []string{l.Say("search.nothing")}
	}
	return n.Outcome(), strings.Join(all, l.Say("semicolon"))
}

// nightForm is how a night is called: by when it began.
const nightForm = "2006-01-02 15:04"

// NightLength is how long a night was, of how much time.
func (l Lang) NightLength(n *searched.Night) string {
	return l.Say("night.length", n.Begun.Format(nightForm), l.Length(n.Used.Round(time.Second)), l.Length(n.Length), n.Workers)
}

// NightScenarios counts the scenarios by what they came to.
func (l Lang) NightScenarios(n *searched.Night) string {
	count := map[finding.Outcome]int{}
	for _, s := range n.Scenarios {
		count[s.Outcome]++
	}
	text := l.Say("night.scenarios", len(n.Scenarios), count[finding.Well], count[finding.Weakness], count[finding.Bad])
	if n.Unrun > 0 {
		text += l.Say("sentence-gap") + l.Say("night.unrun", n.Unrun)
	}
	return text
}

// NightBugs says how many known bugs were caught, or why none was tried.
func (l Lang) NightBugs(n *searched.Night) string {
	caught, tried := 0, 0
	for _, b := range n.Bugs {
		if b.Tried {
			tried++
		}
		if b.Caught {
			caught++
		}
	}
	var all []string
	if len(n.Bugs) > 0 {
		all = append(all, l.Say("night.bugs", len(n.Bugs), tried, caught))
	}
	if n.NoBugs != "" {
		all = append(all, l.Because(n.NoBugs))
	}
	return strings.Join(all, l.Say("sentence-gap"))
}

// BugResult is what came of a known bug.
func (l Lang) BugResult(b searched.Bug) string {
	switch {
	case !b.Tried:
		return l.Say("night.bug-untried")
	case !b.Caught:
		return l.Say("night.bug-missed", b.Cases, l.Tenths(b.Took))
	}
	return l.Say("night.bug-caught", b.Cases, l.Tenths(b.Took), l.CaughtBy(b))
}

// CaughtBy is the check, or another thing, that caught a known bug.
func (l Lang) CaughtBy(b searched.Bug) string {
	switch {
	case b.Error != "":
		return b.Error
	case b.Check == "":
		return b.By
	}
	return b.Check
}

// NightFuzz says how many targets were fuzzed, or why none was.
func (l Lang) NightFuzz(n *searched.Night) string {
	if n.NoFuzz != "" {
		return l.Say("night.not-fuzzed", l.Because(n.NoFuzz))
	}
	return l.Say("night.fuzzed", len(n.Fuzz), n.Targets, len(n.FailedFuzz()))
}

// BenchResult is a bench beside its floor.
func (l Lang) BenchResult(b searched.Bench) string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
	return l.Say("night.bench", b.Name, fmt.Sprintf("%.1f", b.Ratio()), ms(b.Time), ms(b.Floor))
}

// NightNews is what is new since the last night, and what it knew and this one has not seen; nothing where there is
// none to compare with.
func (l Lang) NightNews(n *searched.Night) (all []string) {
	if n.Since == "" {
		return nil
	}
	since := n.Since
	if at, err := time.Parse(time.RFC3339, since); err == nil {
		since = at.Format(nightForm)
	}
	var fresh []string
	for _, f := range n.Search.Failures {
		if f.New {
			fresh = append(fresh, f.Name)
		}
	}
	for _, one := range []struct {
		key   string
		names []string
	}{{"night.new", fresh}, {"night.gone", n.Gone}} {
		names := l.Say("night.none")
		if len(one.names) > 0 {
			names = strings.Join(one.names, l.Say("comma"))
		}
		all = append(all, l.Say(one.key, since, names))
	}
	return all
}

// NightExplored counts the clusters whose ways were all followed, by whether they hold.
func (l Lang) NightExplored(n *searched.Night) string {
	text := l.Say("night.explored", len(n.Explored), len(n.Explored)-len(n.Open()))
	if n.Unexplored > 0 {
		text += l.Say("sentence-gap") + l.Say("night.unrun", n.Unexplored)
	}
	return text
}

// ExploredCase is the cluster of an exploration.
func (l Lang) ExploredCase(e *searched.Explored) string {
	return l.Say("night.explored-one", l.Seconds(e.Interval), l.Seconds(e.PingTimeout), e.VIPs)
}

// ExploredResult is what came of an exploration, in a word, and how it breaks, if it does.
func (l Lang) ExploredResult(e *searched.Explored) (word, how string) {
	switch {
	case e.Rule != "":
		return l.Say("night.breaks"), l.Say("night.broke", e.Rule, l.Phrase(e.Title), e.After, l.Seconds(e.At))
	case !e.Complete:
		return l.Say("night.cut"), ""
	}
	return l.Say("night.holds"), ""
}

// ShareRow is a part of a night with what it took of its cores' time.
type ShareRow struct{ Part, Seconds, Percent string }

var shareKeys = map[string]string{
	searched.PartBuild: "night.share.build", searched.PartScenarios: "night.share.scenario", searched.PartExplore: "night.share.explore",
	searched.PartBenches: "night.share.bench", searched.PartSearch: "night.share.search", searched.PartBugs: "night.share.bug",
	searched.PartFuzz: "night.share.fuzz",
}

// NightShares says where a night's core time went: a sentence, and a row for each part that took any.
func (l Lang) NightShares(n *searched.Night) (string, []ShareRow) {
	var done time.Duration
	for _, s := range n.Shares {
		done += s.Took
	}
	all := max(done, time.Duration(n.Workers)*n.Used) // other machines had cores of their own
	var rows []ShareRow
	add := func(key string, took time.Duration) {
		if took > 0 {
			rows = append(rows, ShareRow{l.Say(key), Tenths(took), fmt.Sprintf("%.1f %%", 100*took.Seconds()/all.Seconds())})
		}
	}
	for _, s := range n.Shares {
		add(shareKeys[s.Part], s.Took)
	}
	add("night.share-rest", all-done)
	return l.Say("night.shares", l.Length(all.Round(time.Second)), n.Workers), rows
}
