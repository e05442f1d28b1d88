package page

import (
	"slices"

	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// suite is what the template of many runs shows.
type suite struct {
	sheet.Head
	Said string
	Rows []suiteRow
}

type suiteRow struct {
	sheet.Badge
	Name, Title, Href string
	Figures           []figure // of each kind the worst
	Away, Whose       string   // the longest silence
	Reasons           []string
	Weak              []string // weaknesses shown on purpose
	Rerun             string
	outcome           finding.Outcome
}

// order is how the page lists the outcomes.
var order = []finding.Outcome{finding.Bad, finding.Weakness, finding.Well}

// newSuite lists the runs, those that failed first, then those that show a weakness.
func newSuite(all []*finding.Run, link func(*finding.Run) string, opt Options) *suite {
	l := opt.Lang
	v := &suite{Head: sheet.Head{Title: l.Say("page.suite-title")}}
	count := map[finding.Outcome]int{}
	for _, r := range all {
		count[r.Outcome()]++
		v.Rows = append(v.Rows, newTeller(r, opt).row(link(r)))
	}
	slices.SortStableFunc(v.Rows, func(a, b suiteRow) int { return slices.Index(order, a.outcome) - slices.Index(order, b.outcome) })
	v.Said = l.Say("suite-total", len(all), count[finding.Well], count[finding.Weakness], count[finding.Bad])
	outcome := finding.Well
	if len(all) == 0 {
		v.Said, outcome = l.Say("no-scenarios"), finding.Bad
	} else {
		outcome = v.Rows[0].outcome
	}
	v.Badge = badge(l, outcome)
	v.Meta = metaOf(l, all)
	return v
}

func (t *teller) row(href string) suiteRow {
	r := t.run
	row := suiteRow{Badge: badge(t.Lang, r.Outcome()), Name: r.Scenario, Title: t.Phrase(r.Title), Href: href, Rerun: r.Rerun, outcome: r.Outcome()}
	for _, o := range r.Objections() {
		row.Reasons = append(row.Reasons, t.Objection(o))
	}
	for i := range r.Results {
		if c := &r.Results[i]; c.Expected && c.Verdict == finding.Fail {
			row.Weak = append(row.Weak, c.ID)
		}
	}
	if r.Facts == nil {
		return row
	}
	if o := r.Facts.Worst(); o != nil {
		row.Away, row.Whose = t.length(o.Length(), o.Open), o.Client
	}
	all := r.Figures()
	slices.SortStableFunc(all, worse)
	for _, kind := range []finding.OutageKind{finding.FailoverKind, finding.GiveBackKind} {
		if i := slices.IndexFunc(all, func(f finding.Figure) bool { return f.Name == kind }); i >= 0 {
			row.Figures = append(row.Figures, t.figure(all[i]))
		}
	}
	return row
}

// metaOf is what the runs have in common.
func metaOf(l words.Lang, all []*finding.Run) (meta []string) {
	var programs, clusters []string
	for _, r := range all {
		if p := "ipwsim " + r.Program; r.Program != "" && !slices.Contains(programs, p) {
			programs = append(programs, p)
		}
		if r.Trace != nil && !slices.Contains(clusters, r.Trace.Header.Cluster) {
			clusters = append(clusters, r.Trace.Header.Cluster)
		}
	}
	for _, c := range clusters {
		meta = append(meta, l.Say("meta-cluster", c))
	}
	return append(meta, programs...)
}
