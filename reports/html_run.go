package reports

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// runPage is what the template of a run's page shows.
type runPage struct {
	htmlFrame
	Scenario  string
	Lead      string // what this is about, for one who has never seen it
	Said      []string
	Reasons   []string
	Weak      []string // failed checks that the scenario is there to show
	Warnings  []string
	Figures   []figureRow
	Outages   []outageCard
	More      string // outages left out
	Mail      []mailLine
	MailHosts string
	Chart     *chart
	ChartTo   string
	Story     []storyRow
	StoryCut  string
	Windows   []frameWindow
	FrameCut  string
	Beliefs   []beliefRow
	Checks    []checkRow
	Scripts   []transcript
	Meta      string
	Rerun     string
	Captures  string // the command that makes the captures, where there are none
	Terms     []term
}

type figureRow struct {
	Name, Note, Path, Value, Promise, Outcome string
	Bad                                       bool
	Bullet                                    *bullet
}

// bullet is a figure on a scale with its band, in percent.
type bullet struct {
	From, Width, At string
	Low, High       string // the scale's ends
}

type outageCard struct {
	Title, When, Cause, End, Saw string
	From, To                     string // seconds, for the timeline
	Parts                        []partRow
}

type partRow struct {
	X, W, Class, Name, Time, Share, Why string
}

type beliefRow struct{ When, Host, Text string }

type checkRow struct {
	ID, Word, Class, Title string
	Sentences              []string
}

type transcript struct {
	Title string
	Lines []preLine
}

type preLine struct {
	Note bool
	Text string
}

type term struct{ Name, Text string }

// runView gathers a run's page.
func runView(r Result, opt Options) runPage {
	l := language(opt.Lang)
	title := r.Title
	if title == "" {
		title = r.Scenario
	}
	p := newPage(Options{Lang: opt.Lang, Full: opt.Full, Width: 100})
	v := runPage{
		htmlFrame: newFrame(l, title, r.Passed()),
		Scenario:  r.Scenario, Warnings: r.Warnings, Rerun: r.Rerun, Meta: p.meta(r),
		Figures: figureRows(p, r.Figures), Checks: checkRows(p, r), Terms: terms(l),
	}
	for _, o := range r.objections(l) {
		v.Reasons = append(v.Reasons, o.text)
	}
	for _, c := range r.Checks {
		if c.verdict() == Fail && c.Expected {
			v.Weak = append(v.Weak, c.ID+": "+c.sentence())
		}
	}
	if r.Trace == nil {
		return v
	}
	v.Lead = lead(l, r)
	v.Said = said(l, r)
	v.Mail, v.MailHosts = p.mailLines(r.Mail), mailHostsLine(l, r.Trace)
	v.Said = append(v.Said, mailSaid(p, r)...)
	if r.Mail != nil {
		v.Terms = append(v.Terms, term{l.say(htmlTermShare), l.say(htmlTermShareText)}, term{l.say(htmlTermStages), l.say(htmlTermStagesText)})
	}
	switch {
	case v.Passed && len(r.Expectations) > 0:
		v.Said = append(v.Said, l.say(htmlAllHeld))
	case v.Passed:
		v.Said = append(v.Said, l.say(htmlNoDemand))
	}
	v.Outages, v.More = outageCards(p, r)
	v.Windows = frameWindows(l, r)
	if r.FramesCut > 0 {
		v.FrameCut = l.say(htmlFramesCut, l.stamp(r.FramesCut))
	}
	if r.Captures == "" && len(v.Windows) > 0 && r.Rerun != "" {
		v.Captures = r.Rerun + " --pcap captures"
	}
	if r.Trace.End > 0 {
		v.Chart = timelineChart(l, r, v.Windows)
		v.ChartTo = bare(r.Trace.End)
	}
	v.Story, v.StoryCut = story(l, r, v.Windows)
	v.Beliefs = beliefRows(p, r)
	v.Scripts = transcripts(p, r)
	return v
}

// clock is the simulated wall clock at t.
func clock(r Result, t time.Duration) string {
	return r.Trace.Header.Epoch.Add(t).Format("15:04:05")
}

// when is a moment in both clocks.
func (l lang) when(r Result, t time.Duration) string {
	return l.say(htmlWhen, l.say(inSeconds, shortly(t)), clock(r, t))
}

func lead(l lang, r Result) string {
	h := r.Trace.Header
	if len(h.VIPs) == 0 || len(h.Nodes) < 2 {
		return ""
	}
	var vips []string
	for _, v := range h.VIPs {
		vips = append(vips, address(v.Address))
	}
	return l.say(htmlLead, strings.Join(vips, l.say(comma)), h.Nodes[0].Role, h.Nodes[1].Role, l.length(r.Trace.End), clock(r, 0))
}

// figureRows show each figure beside its band.
func figureRows(p *page, all []Figure) []figureRow {
	var rows []figureRow
	for _, f := range all {
		row := figureRow{Name: f.name(p.lang), Path: f.path(), Value: f.amount(p.lang), Promise: p.promise(f),
			Outcome: p.outcome(f), Bad: f.Promised() && !f.Kept(), Bullet: bulletOf(p.lang, f)}
		switch f.Name {
		case "failover":
			row.Note = p.say(htmlFailoverNote)
		case "failback":
			row.Note = p.say(htmlFailbackNote)
		}
		if d := p.detail(f, false); d != "" {
			row.Path += p.say(comma) + d
		}
		rows = append(rows, row)
	}
	return rows
}

// bulletOf places the value and its band on a scale that shows both well; nil without a promise.
func bulletOf(l lang, f Figure) *bullet {
	if !f.Promised() {
		return nil
	}
	value, least, most := f.Value.Seconds(), f.BandMin.Seconds(), f.BandMax.Seconds()
	if f.BandMax == 0 {
		most = max(value, least) * 1.2
	}
	low, high := min(value, least), max(value, most)
	margin := max((high-low)*0.4, 0.1)
	low = math.Floor(max(0, low-margin))
	high = max(math.Ceil(high+margin), low+1) // a scale has a length, whatever the figures
	share := func(s float64) float64 { return min(1, max(0, (s-low)/(high-low))) }
	return &bullet{From: percent(share(least)), Width: percent(max(0, share(most)-share(least))), At: percent(share(value)),
		Low: strconv.FormatFloat(low, 'f', -1, 64), High: l.say(inSeconds, strconv.FormatFloat(high, 'f', -1, 64))}
}

func beliefRows(p *page, r Result) []beliefRow {
	const most = 40
	var rows []beliefRow
	for _, b := range r.Beliefs {
		for _, w := range b.Wrong {
			if w.To-w.From >= 100*time.Millisecond && w.To > 0 && len(rows) < most {
				rows = append(rows, beliefRow{p.lang.when(r, w.From), b.Host, p.misled(r, b, w)})
			}
		}
	}
	return rows
}

// checkRows are the expectations of the scenario and the checks of every run.
func checkRows(p *page, r Result) []checkRow {
	var rows []checkRow
	for _, e := range r.Expectations {
		row := checkRow{ID: p.say(htmlLine, e.Line), Word: p.say(verdictPass), Class: "pass", Title: e.Text, Sentences: []string{p.say(seenLine, e.seen(p.lang))}}
		if !e.OK {
			row.Word, row.Class = p.say(verdictFail), "fail"
		}
		rows = append(rows, row)
	}
	for _, c := range r.Checks {
		row := checkRow{ID: c.ID, Word: p.checkWord(c), Class: "none", Title: c.Title, Sentences: c.Sentences}
		_, bad := c.objection(p.lang)
		switch {
		case bad:
			row.Class = "fail"
		case c.verdict() == Pass:
			row.Class = "pass"
		case c.verdict() == Fail:
			row.Class = "shown"
		}
		if c.Reason != "" {
			row.Sentences = append(append([]string{}, row.Sentences...), p.say(reason, c.Reason))
		}
		rows = append(rows, row)
	}
	return rows
}

func terms(l lang) []term {
	var all []term
	for _, k := range [][2]key{
		{htmlTermVIP, htmlTermVIPText}, {htmlTermAnswer, htmlTermAnswerText}, {htmlTermNodes, htmlTermNodesText}, {htmlTermWatcher, htmlTermWatcherText},
		{htmlTermStates, htmlTermStatesText}, {htmlTermARP, htmlTermARPText}, {htmlTermPipe, htmlTermPipeText}, {htmlTermCapture, htmlTermCaptureText},
		{htmlTermCodes, htmlTermCodesText},
	} {
		all = append(all, term{l.say(k[0]), l.say(k[1])})
	}
	return all
}
