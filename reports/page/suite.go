package page

import (
	"slices"
	"strings"

	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
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
	for _, c := range r.Weaknesses() {
		row.Weak = append(row.Weak, c.ID)
	}
	if r.Facts == nil {
		return row
	}
	if o := r.Facts.Worst(); o != nil {
		row.Away, row.Whose = t.length(o.Length(), o.Open), o.Client
	}
	all := r.Figures()
	slices.SortStableFunc(all, worse)
	for _, name := range []finding.FigureName{finding.Failovers, finding.Failbacks} {
		if i := slices.IndexFunc(all, func(f finding.Figure) bool { return f.Name == name }); i >= 0 {
			row.Figures = append(row.Figures, t.figure(all[i]))
		}
	}
	return row
}

// metaOf says which runs these were; of many of a kind the first.
func metaOf(l words.Lang, all []*finding.Run) (meta []string) {
	const most = 4
	add := func(of func(r *finding.Run) string) {
		var seen []string
		for _, r := range all {
			if text := of(r); text != "" && !slices.Contains(seen, text) {
				seen = append(seen, text)
			}
		}
		if len(seen) > most {
			seen = append(seen[:most], "…")
		}
		meta = append(meta, seen...)
	}
	of := func(say func(h *trace.Header) string) func(r *finding.Run) string {
		return func(r *finding.Run) string {
			if r.Trace == nil {
				return ""
			}
			return say(&r.Trace.Header)
		}
	}
	add(of(func(h *trace.Header) string { return l.Say("page.started", start(h)) }))
	add(of(func(h *trace.Header) string { return l.Say("meta-cluster", h.Cluster) }))
	add(func(r *finding.Run) string { return l.Say("meta-seed", r.Seed) })
	add(program)
	return meta
}

// start is the simulated date and time of virtual time 0.
func start(h *trace.Header) string { return h.Epoch.Format("2006-01-02 15:04:05 -0700") }

// program is ipwsim and its version.
func program(r *finding.Run) string { return strings.TrimSpace("ipwsim " + r.Program) }
