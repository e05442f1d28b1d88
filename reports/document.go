package reports

import (
	"strconv"
	"time"
)

// document puts the results in the form of the JSON report. No list in it is null.
func document(all []Result) Document {
	d := Document{Kind: "result", Version: Version, Results: []Entry{}}
	d.Summary.Total = len(all)
	for _, r := range all {
		e := entry(r)
		if e.Verdict == Pass {
			d.Summary.Passed++
		}
		d.Results = append(d.Results, e)
	}
	d.Summary.Failed = d.Summary.Total - d.Summary.Passed
	d.Passed = d.Summary.Total > 0 && d.Summary.Failed == 0
	return d
}

func entry(r Result) Entry {
	e := Entry{
		Scenario: r.Scenario,
		File:     r.File,
		Title:    r.Title,
		Verdict:  Pass,
		Seed:     strconv.FormatUint(r.Seed, 10),
		Hash:     r.Hash,
		Rerun:    r.Rerun,

		Reasons:      []ReasonEntry{},
		Figures:      []FigureEntry{},
		Outages:      []OutageEntry{},
		Beliefs:      []BeliefEntry{},
		Tasks:        taskEntries(r.Trace),
		Mail:         mailEntry(r.Mail),
		Checks:       []CheckEntry{},
		Expectations: []ExpectationEntry{},
		Warnings:     append([]string{}, r.Warnings...),
	}
	if r.Trace != nil {
		e.Length = Seconds(r.Trace.End)
	}
	for _, o := range r.objections(english) {
		e.Verdict = Fail
		e.Reasons = append(e.Reasons, ReasonEntry{o.kind, o.text})
	}
	for _, f := range r.Figures {
		e.Figures = append(e.Figures, figureEntry(f))
	}
	for _, o := range r.Outages {
		e.Outages = append(e.Outages, outageEntry(o))
	}
	for _, b := range r.Beliefs {
		e.Beliefs = append(e.Beliefs, beliefEntry(b))
	}
	for _, c := range r.Checks {
		e.Checks = append(e.Checks, CheckEntry{c.ID, c.Title, c.verdict(), c.Expected, append([]string{}, c.Sentences...), c.Reason})
	}
	for _, x := range r.Expectations {
		e.Expectations = append(e.Expectations, ExpectationEntry(x))
	}
	return e
}

func figureEntry(f Figure) FigureEntry {
	e := FigureEntry{
		Name:   f.Name,
		Client: f.Client,
		From:   Seconds(f.From),
		Value:  Seconds(f.Value),
		Open:   f.Open,
		Silent: Seconds(f.Silent),
		By:     f.By,
	}
	if f.VIP.IsValid() {
		e.VIP = f.VIP.String()
	}
	if !f.Open {
		e.To = seconds(f.To)
	}
	if f.Promised() {
		ok := f.Kept()
		e.Kept = &ok
		e.Band = &BandEntry{Min: Seconds(f.BandMin)}
		if f.BandMax != 0 {
			e.Band.Max = seconds(f.BandMax)
		}
	}
	return e
}

func seconds(d time.Duration) *Seconds {
	s := Seconds(d)
	return &s
}
