package page

import (
	"fmt"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// view is what the template of a run's page shows.
type view struct {
	sheet.Head
	*teller
	Scenario string
	Network  *network
	Worst    *worst
	Said     []string // beside the worst
	Reasons  []string // why the run is bad
	Weak     []string // weaknesses shown on purpose
	Warnings []string
	Lead     string // what this is about, for one who has never seen it
	Figures  []figure
	More     string // figures left out
	Outages  []card
	MoreCard string
	Mail     []words.MailLine
	Hosts    string // that mail needs
	Chart    *chart.Chart
	Story    []event
	MoreTold string
	Frames   frames
	Beliefs  []belief
	Checks   []check
	Scripts  []seen
	Rerun    string
	Terms    []word
}

func newView(r *finding.Run, opt Options) *view {
	t := newTeller(r, opt)
	v := &view{teller: t, Scenario: r.Scenario, Rerun: r.Rerun, Checks: t.checks(), Warnings: t.warnings()}
	v.Head = sheet.Head{Title: title(opt.Lang, r), Badge: badge(opt.Lang, r.Outcome()), Meta: t.meta()}
	for _, o := range r.Objections() {
		v.Reasons = append(v.Reasons, t.Objection(o))
	}
	for _, c := range r.Weaknesses() {
		v.Weak = append(v.Weak, t.Result(c))
	}
	switch {
	case r.Refused:
		v.Said = append(v.Said, t.Say("page.refused"))
	case r.Outcome() == finding.Bad:
	case len(r.Expectations) > 0:
		v.Said = append(v.Said, t.Say("page.all-held"))
	default:
		v.Said = append(v.Said, t.Say("page.no-demand"))
	}
	if r.Trace == nil {
		return v
	}
	v.happened()
	return v
}

// happened fills in what a run that took place has to show.
func (v *view) happened() {
	t, r := v.teller, v.run
	v.Network, v.Worst, v.Lead = t.network(), t.worst(), t.lead()
	v.Said = append(t.said(), v.Said...)
	v.Figures, v.More = t.figures()
	v.Outages, v.MoreCard = t.cards()
	if m := r.Facts.Mail; m != nil {
		v.Mail, v.Hosts = t.Mail(m), t.hosts()
	}
	v.Frames = t.frames()
	if r.Trace.End > 0 {
		v.Chart = t.timeline(v.Frames.Windows)
	}
	v.Story, v.MoreTold = t.story(v.Frames.Windows)
	v.Beliefs, v.Scripts, v.Terms = t.beliefs(), t.scripts(), t.terms()
}

// meta says which run this was: when, by what, of which cluster.
func (t *teller) meta() (all []string) {
	r := t.run
	if !r.Date.IsZero() {
		all = append(all, t.Say("page.run-on", r.Date.Format("2006-01-02 15:04")))
	}
	if h := t.header(); h != nil {
		all = append(all, t.Say("page.started", start(h)), t.Say("meta-length", t.Stamp(r.Trace.End)),
			t.Say("meta-cluster", h.Cluster))
	}
	if !r.Refused { // nothing was drawn
		all = append(all, t.Say("meta-seed", r.Seed))
	}
	if r.File != "" {
		all = append(all, r.File)
	}
	all = append(all, program(r))
	if r.Hash != "" {
		all = append(all, t.Say("meta-hash", r.Hash))
	}
	return all
}

// header is the trace's, or nil.
func (t *teller) header() *trace.Header {
	if t.run.Trace == nil {
		return nil
	}
	return &t.run.Trace.Header
}

// warnings are problems of the files, and events since virtual time 0 that started nothing. A skipped repetition
// after the start of Windows is no loss: the one under way does the same.
func (t *teller) warnings() (all []string) {
	for _, p := range t.run.Problems {
		all = append(all, t.Problem(p))
	}
	if t.Facts == nil {
		return all
	}
	for _, x := range t.Facts.Tasks {
		if x.At >= 0 && x.State == trace.TaskSkipped && x.Trigger != trace.TriggerStartup {
			text := t.Say("task-swallowed", x.Host, x.Name, x.Trigger, t.Stamp(x.At), t.Trigger(x.By), t.Stamp(x.Since))
			all = append(all, t.Say("warning", text))
		}
	}
	return all
}

// lead says what it is all about.
func (t *teller) lead() string {
	h := t.header()
	if len(h.VIPs) == 0 || len(h.Nodes) < 2 {
		return ""
	}
	var vips []string
	for _, v := range h.VIPs {
		vips = append(vips, v.Address.String())
	}
	return t.Say("page.lead", t.list(vips), h.Nodes[0].Role, h.Nodes[1].Role, t.Length(t.run.Trace.End), t.clock(0))
}

// check is an expectation of the scenario, or a check of every run.
type check struct {
	ID, Word, Class, Title string
	Code                   bool // the title is a line of the scenario
	Sentences              []string
}

func (t *teller) checks() (all []check) {
	for i := range t.run.Expectations {
		e := &t.run.Expectations[i]
		row := check{ID: t.Say("page.line", e.Line), Word: t.Verdict(finding.Pass), Class: "pass", Title: e.Text, Code: true,
			Sentences: []string{t.Say("seen-line", t.Seen(e))}}
		switch {
		case !e.OK:
			row.Word, row.Class = t.Verdict(finding.Fail), "fail"
		case e.Limit != nil:
			row.Word, row.Class = t.Verdict(finding.NotApplicable), ""
		}
		all = append(all, row)
	}
	for i := range t.run.Results {
		all = append(all, t.check(&t.run.Results[i]))
	}
	return all
}

// check is one check with what it found, and what it left unjudged.
func (t *teller) check(c *finding.Result) check {
	const most = 5
	row := check{ID: c.ID, Word: t.Verdict(c.Verdict), Title: t.Say("check." + c.ID)}
	switch {
	case c.Bad():
		row.Class = "fail"
	case c.Verdict == finding.Pass:
		row.Class = "pass"
	case c.Verdict == finding.Fail:
		row.Word, row.Class = t.Say("verdict-expected"), "weak"
	}
	row.Sentences = t.Cases(c)
	if n := len(row.Sentences); n > most && !t.opt.Full {
		row.Sentences = append(row.Sentences[:most], t.Say("more-lines", n-most))
	}
	return row
}

// belief is a stretch in which somebody's ARP entry led past the holder.
type belief struct{ When, Host, Text string }

func (t *teller) beliefs() (rows []belief) {
	const most, briefly = 40, 100 * time.Millisecond
	for i := range t.Facts.Beliefs {
		b := &t.Facts.Beliefs[i]
		for _, w := range b.Wrong {
			if w.Length() >= briefly && w.To > 0 && (len(rows) < most || t.opt.Full) {
				rows = append(rows, belief{t.when(w.From), b.Host, t.Misled(t.run.Trace, b, w)})
			}
		}
	}
	return rows
}

// word is one that the page explains.
type word struct{ Name, Text string }

func (t *teller) terms() (all []word) {
	names := []string{"vip", "answer", "nodes", "watcher", "states", "arp", "pipe", "capture", "codes"}
	if t.Facts.Mail != nil {
		names = append(names, "share", "stages")
	}
	for _, name := range names {
		all = append(all, word{t.Say("page.term-" + name), t.Say(fmt.Sprintf("page.term-%s-text", name))})
	}
	return all
}
