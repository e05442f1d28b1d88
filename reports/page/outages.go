package page

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// figure is a measured failover or failback.
type figure struct {
	Name, Note, Whose, Time string
	Promise, Expected       judged
	Bullet                  *bullet
}

// bullet is a figure on a scale with its promise, in percent.
type bullet struct {
	From, Width, At string
	Low, High       string // the scale's ends
	Bad             bool
}

// figures are those of the run, of each kind the worst, and how many are left out.
func (t *teller) figures() (rows []figure, more string) {
	const most = 8
	all := t.run.Figures()
	left := 0
	for _, name := range []finding.FigureName{finding.Failovers, finding.Failbacks} {
		var own []finding.Figure
		for _, f := range all {
			if f.Name == name {
				own = append(own, f)
			}
		}
		if len(own) > most && !t.opt.Full {
			slices.SortStableFunc(own, worse)
			own, left = own[:most], left+len(own)-most
		}
		for _, f := range own {
			rows = append(rows, t.figure(f))
		}
	}
	if left > 0 {
		more = t.Say("more-figures", left)
	}
	return rows, more
}

// worse puts the figures first that broke what was expected or promised, and the longest of equal ones.
func worse(a, b finding.Figure) int {
	bad := func(f finding.Figure) int {
		switch {
		case f.Open:
			return 3
		case f.Expected != nil && !f.Expected.Band.Holds(f.Time):
			return 2
		case f.Most > 0 && !f.Kept(f.Time, f.Open):
			return 1
		}
		return 0
	}
	return cmp.Or(bad(b)-bad(a), cmp.Compare(b.Time, a.Time))
}

func (t *teller) figure(f finding.Figure) figure {
	row := figure{
		Name: t.FigureName(f.Name), Note: t.Say("page." + string(f.Name) + "-note"), Time: t.length(f.Time, f.Open),
		Promise: t.promised(f.Promise, f.Time, f.Open), Expected: t.expected(f.Expected, f.Time, f.Open), Bullet: t.bullet(f),
	}
	who := []string{f.Client + " → " + f.VIP.String()}
	if f.Silent != f.Time {
		who = append(who, t.Say("silent-for", t.Length(f.Silent)))
	}
	if f.Pings > 0 {
		who = append(who, t.Say("figure-pings", t.Length(f.Pings)))
	}
	if by := t.AnsweredBy(f); by != "" {
		who = append(who, by)
	}
	row.Whose = t.list(who)
	return row
}

// bullet places the figure and its promise on a scale that shows both well; nil without a promise.
func (t *teller) bullet(f finding.Figure) *bullet {
	if f.Most == 0 {
		return nil
	}
	value, least, most := f.Time.Seconds(), f.Least.Seconds(), f.Most.Seconds()
	low, high := min(value, least), max(value, most)
	margin := max((high-low)*0.4, 0.1)
	low = math.Floor(max(0, low-margin))
	high = max(math.Ceil(high+margin), low+1) // a scale has a length, whatever the figures
	share := func(s float64) float64 { return min(1, max(0, (s-low)/(high-low))) }
	return &bullet{
		From: chart.Percent(share(least)), Width: chart.Percent(share(most) - share(least)), At: chart.Percent(share(value)),
		Low: strconv.FormatFloat(low, 'f', -1, 64), High: t.Say("in-seconds", strconv.FormatFloat(high, 'f', -1, 64)),
		Bad: !f.Kept(f.Time, f.Open),
	}
}

// card is outages that are alike, or one.
type card struct {
	Title, When, End string
	Cause, Also, Saw string
	Clashes          []string
	From, To         string // seconds, for the timeline
	Parts            []part
	Holds            string
}

// part of an outage, in percent of its length.
type part struct {
	X, W, Class, Name, Time, Share, Why string
}

// cards show the outages, those alike as one; of many the longest, in order of time.
func (t *teller) cards() (cards []card, more string) {
	const most = 12
	groups := finding.Group(t.Facts)
	if n := len(groups); n > most && !t.opt.Full {
		slices.SortStableFunc(groups, func(a, b []*finding.Outage) int { return cmp.Compare(b[0].Length(), a[0].Length()) })
		groups = groups[:most]
		slices.SortStableFunc(groups, func(a, b []*finding.Outage) int { return cmp.Compare(a[0].From, b[0].From) })
		more = t.Say("page.more-outages", most, n)
	}
	explained := map[finding.Obstacle]bool{}
	for _, g := range groups {
		cards = append(cards, t.card(g, explained))
	}
	return cards, more
}

func (t *teller) card(group []*finding.Outage, explained map[finding.Obstacle]bool) card {
	o := group[0]
	c := card{
		Title: t.Say("page.outage-title", o.Client, o.VIP, t.length(o.Length(), o.Open)), When: t.span(o), Cause: t.Cause(&o.Cause),
		Also: t.also(o.Also), From: words.Bare(max(0, o.From)), To: words.Bare(o.To), Parts: t.parts(o, explained),
	}
	for _, x := range t.Facts.ClashesIn(&t.run.Trace.Header, o) {
		c.Clashes = append(c.Clashes, t.Clash(&x))
	}
	if len(group) > 1 {
		c.Title = t.Say("page.outages-title", len(group), o.Client, o.VIP, t.Length(o.Length()))
		c.When = t.Say("page.outages-when", t.times(group))
		c.To = words.Bare(group[len(group)-1].To)
	}
	if !o.Open && len(o.After) > 0 {
		c.End = t.Say("page.ended-by", t.list(o.After))
	}
	var saw []string
	for _, s := range o.Saw {
		saw = append(saw, t.Say("lines-of", s.Lines, t.Say("outcome."+string(s.Outcome))))
	}
	c.Saw = t.list(saw)
	if o.Holds > 0 {
		c.Holds = t.Say("page.cache-holds", t.Length(o.Holds))
	}
	return c
}

// times are when the outages of a group began, shortened.
func (t *teller) times(group []*finding.Outage) string {
	const most = 8
	var all []string
	for _, o := range group[:min(most, len(group))] {
		all = append(all, t.Say("in-seconds", words.Shortly(o.From)))
	}
	if len(group) > most {
		all = append(all, "…", t.Say("in-seconds", words.Shortly(group[len(group)-1].From)))
	}
	return t.list(all)
}

// also names the other faults in force when something began.
func (t *teller) also(faults []int) string {
	var all []string
	for _, id := range faults {
		all = append(all, t.Fault(id))
	}
	return t.list(all)
}

// parts lay out what an outage is made of, one behind the other. Each is explained once on a page.
func (t *teller) parts(o *finding.Outage, explained map[finding.Obstacle]bool) (rows []part) {
	at := 0.0
	for _, p := range o.Parts {
		if p.Time < time.Millisecond || o.Length() <= 0 {
			continue // no more than a few frames on their way
		}
		share := p.Time.Seconds() / o.Length().Seconds()
		row := part{X: chart.Percent(at), W: chart.Percent(share), Class: "o-" + strings.ReplaceAll(string(p.What), " ", "-"),
			Name: t.Part(p), Time: t.Seconds(p.Time), Share: percent(share)}
		if !explained[p.What] {
			row.Why, explained[p.What] = t.Explained(p.What), true
		}
		rows = append(rows, row)
		at += share
	}
	return rows
}

// percent is a share in words.
func percent(share float64) string {
	if share > 0 && share < 0.01 {
		return "<1%"
	}
	return strconv.Itoa(int(share*100+0.5)) + "%"
}
