package script

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// judge holds expectations against a finished run.
type judge struct {
	trace    *trace.Trace // nil: nothing was run
	facts    *facts.Facts
	results  []finding.Result
	problems diag.List
}

// judge says whether the expectation holds, and what was seen.
func (j *judge) judge(e *Expect) (bool, []finding.Note) {
	if j.trace == nil && e.What != "problem" {
		return false, note("seen.refused")
	}
	x, _ := lookupExpectation(e.What)
	ok, seen := x.check(j, e)
	if e.Limit != nil {
		return true, append(seen, note("seen.one-seed")...)
	}
	return ok != e.Not, seen
}

func note(kind finding.Kind) []finding.Note { return []finding.Note{{Kind: kind}} }

// text is a note of words that are somebody else's.
func text(s string) []finding.Note { return []finding.Note{{Kind: "seen.text", Text: s}} }

// end is when the expectation's stretch ends.
func (j *judge) end(e *Expect) time.Duration {
	if e.To == 0 {
		return j.trace.End
	}
	return e.To
}

// banded judges measured times: there must be some, and all must lie in the band.
func banded(e *Expect, what finding.Kind, all []finding.Note) (bool, []finding.Note) {
	if len(all) == 0 {
		return what == "outage" && e.Own != nil, []finding.Note{{Kind: "seen.none", Text: string(what)}} // none is quicker still
	}
	if len(e.Args) == 0 {
		return true, all[:1]
	}
	ok := true
	for _, m := range all {
		ok = ok && !m.Open && e.Band.Holds(m.Time)
	}
	return ok, all
}

// measured is a time of a client and a VIP.
func (j *judge) measured(client string, o finding.Note) finding.Note {
	o.Kind, o.Client = "seen.time", client
	if len(j.facts.Header.VIPs) == 1 {
		o.VIP = netip.Addr{}
	}
	return o
}

// hint tells of what began before the stretch: a step between it and the expectation began a new one.
func (j *judge) hint(e *Expect, at []time.Duration) *finding.Note {
	for _, t := range slices.Backward(at) {
		if t < e.From && e.begun != 0 {
			return &finding.Note{Kind: "hint.stretch", Text: e.What, At: t, Until: e.From, N: e.begun}
		}
	}
	return nil
}

func (j *judge) failover(e *Expect) (bool, []finding.Note) {
	var all []finding.Note
	var at []time.Duration
	for _, o := range j.facts.Outages() {
		if o.Kind != finding.FailoverKind || !e.About(o.Client, o.VIP) {
			continue
		}
		at = append(at, o.From)
		if e.Covers(o.From) {
			all = append(all, j.measured(o.Client, finding.Note{VIP: o.VIP, Time: o.Length(), Open: o.Open}))
		}
	}
	if len(all) == 0 && !e.Not {
		e.Hint = j.hint(e, at)
	}
	return banded(e, "failover", all)
}

func (j *judge) failback(e *Expect) (bool, []finding.Note) {
	var all []finding.Note
	var at []time.Duration
	for i := range j.facts.Failbacks {
		f := &j.facts.Failbacks[i]
		if !e.About(f.Client, f.VIP) {
			continue
		}
		at = append(at, f.From)
		if e.Covers(f.From) {
			all = append(all, j.measured(f.Client, finding.Note{VIP: f.VIP, Time: f.Length(), Open: f.Open}))
		}
	}
	if len(all) == 0 && !e.Not {
		e.Hint = j.hint(e, at)
	}
	return banded(e, "failback", all)
}

// outage judges the longest of each client.
func (j *judge) outage(e *Expect) (bool, []finding.Note) {
	var longest []finding.Note
	var at []time.Duration
	for _, o := range j.facts.Outages() {
		if !e.About(o.Client, o.VIP) {
			continue
		}
		at = append(at, o.From)
		if !e.Covers(o.From) {
			continue
		}
		m := j.measured(o.Client, finding.Note{VIP: o.VIP, Time: o.Length(), Open: o.Open})
		i := slices.IndexFunc(longest, func(l finding.Note) bool { return l.Client == o.Client })
		switch {
		case i < 0:
			longest = append(longest, m)
		case longer(m, longest[i]):
			longest[i] = m
		}
	}
	if len(longest) == 0 && !e.Not {
		e.Hint = j.hint(e, at)
	}
	return banded(e, "outage", longest)
}

// longer puts a time that never ended above all that did.
func longer(a, b finding.Note) bool {
	if a.Open != b.Open {
		return a.Open
	}
	return a.Time > b.Time
}

// each judges every VIP that the expectation is about: all must do, or with `no` one is enough to break it.
func (j *judge) each(e *Expect, judge func(vip int) (bool, finding.Note)) (ok bool, seen []finding.Note) {
	ok = !e.Not
	for v, vip := range j.facts.Header.VIPs {
		if !e.About(e.Client, vip.Address) {
			continue
		}
		one, n := judge(v)
		if len(j.facts.Header.VIPs) > 1 {
			n.VIP = vip.Address
		}
		seen = append(seen, n)
		if one == e.Not {
			ok = e.Not
		}
	}
	return ok, seen
}

func (j *judge) holder(e *Expect) (bool, []finding.Note) {
	end := j.end(e)
	return j.each(e, func(v int) (bool, finding.Note) {
		var all []string
		for _, n := range j.facts.Nodes {
			if reaches(n.VIPs[v].Held, end) {
				all = append(all, n.Role)
			}
		}
		seen := finding.Note{Kind: "seen.held", Text: strings.Join(all, ", ")}
		if len(all) == 0 {
			seen.Kind = "seen.held-none"
		}
		switch e.Args[0] {
		case "none":
			return len(all) == 0, seen
		case "both":
			return len(all) == 2, seen
		}
		return len(all) == 1 && all[0] == e.Args[0], seen
	})
}

// reaches says whether it was so up to the end of a stretch.
func reaches(l facts.Line, end time.Duration) bool {
	return slices.ContainsFunc(l, func(s finding.Span) bool { return s.From < end && end <= s.To })
}

func (j *judge) answered(e *Expect) (bool, []finding.Note) {
	end := j.end(e)
	return j.each(e, func(v int) (bool, finding.Note) {
		for _, p := range j.facts.Pairs {
			if p.Use.Client != e.Args[0] || p.VIP != v {
				continue
			}
			for _, s := range p.Answered {
				if s.From < end && end <= s.To {
					return true, finding.Note{Kind: "seen.answered", Text: strings.Join(s.By, ", ")}
				}
			}
		}
		return false, finding.Note{Kind: "seen.unanswered"}
	})
}

func (j *judge) state(e *Expect) (bool, []finding.Note) {
	end := j.end(e)
	return j.each(e, func(v int) (bool, finding.Note) {
		state := trace.Absent
		for _, h := range j.facts.Holdings {
			if h.Node == e.Args[0] && h.VIP == j.facts.Header.VIPs[v].Address && h.From < end && h.To >= end {
				state = h.State
			}
		}
		return string(state) == e.Args[1], finding.Note{Kind: "seen.text", Text: string(state)}
	})
}

// some looks for a record of a host within the stretch.
func (j *judge) some(e *Expect, host string, match func(trace.Body) bool) (bool, []finding.Note) {
	for r := range j.trace.All() {
		if r.Host == host && e.Covers(r.At) && match(r.Body) {
			return true, []finding.Note{{Kind: "seen.at", At: r.At}}
		}
	}
	return false, note("seen.not")
}

func (j *judge) conflict(e *Expect) (bool, []finding.Note) {
	return j.some(e, e.Args[0], func(b trace.Body) bool {
		a, is := b.(trace.Address)
		vip := slices.ContainsFunc(j.facts.Header.VIPs, func(v trace.VIP) bool { return v.Address == a.IP && e.About("", v.Address) })
		return is && vip && a.State == trace.Duplicate
	})
}

func (j *judge) event(e *Expect) (bool, []finding.Note) {
	source, last := trace.Watcher, len(e.Args)-1
	if last == 2 {
		source = e.Args[1]
	}
	id, _ := strconv.Atoi(e.Args[last]) // Parse has seen to it
	return j.some(e, e.Args[0], func(b trace.Body) bool {
		ev, is := b.(trace.Event)
		return is && ev.Source == source && ev.ID == id
	})
}

func (j *judge) log(e *Expect) (bool, []finding.Note) {
	return j.some(e, e.Args[0], func(b trace.Body) bool {
		l, is := b.(trace.Log)
		return is && strings.Contains(l.Text, strings.Join(e.Args[1:], " "))
	})
}

func (j *judge) screen(e *Expect) (bool, []finding.Note) {
	return j.some(e, e.Args[0], func(b trace.Body) bool {
		l, is := b.(trace.Console)
		return is && strings.Contains(l.Text, strings.Join(e.Args[1:], " "))
	})
}

func (j *judge) pipe(e *Expect) (bool, []finding.Note) {
	var answers []string
	want := strings.Join(e.Args[1:], " ")
	ok, _ := j.some(e, e.Args[0], func(b trace.Body) bool {
		p, is := b.(trace.Pipe)
		answer := string(p.Answer)
		if p.Error != "" {
			answer = p.Error
		}
		if is && !slices.Contains(answers, answer) {
			answers = append(answers, answer)
		}
		return is && strings.Contains(answer, want)
	})
	if len(answers) == 0 {
		return ok, note("seen.no-request")
	}
	return ok, text(strings.Join(answers, ", "))
}

// transcript looks for the outcomes in their order, others between them or not; a number is how often one stands in a
// row.
func (j *judge) transcript(e *Expect) (bool, []finding.Note) {
	want, lines := e.Args[1:], 0
	var last string
	var seen []string
	ended := func() {
		if lines == 0 {
			return
		}
		row := fmt.Sprintf("%s*%d", last, lines)
		if len(want) > 0 && want[0] == row {
			want = want[1:]
		}
		seen = append(seen, strings.TrimSuffix(row, "*1"))
	}
	for r := range j.trace.All() {
		l, is := r.Body.(trace.PingLine)
		if !is || r.Host != e.Args[0] || !e.Covers(r.At) {
			continue
		}
		o := string(l.Outcome)
		if o != last {
			ended()
			last, lines = o, 0
		}
		lines++
		if len(want) > 0 && o == want[0] {
			want = want[1:]
		}
	}
	ended()
	if len(seen) == 0 {
		return e.Not, note("seen.no-line") // no data: false, and so is its opposite
	}
	return len(want) == 0, text(strings.Join(seen, " "))
}

func (j *judge) finding(e *Expect) (bool, []finding.Note) {
	for _, r := range j.results {
		if r.ID == e.Args[0] {
			return r.Verdict == finding.Fail, []finding.Note{{Kind: "seen.check", Text: r.ID, Rules: []string{string(r.Verdict)}}}
		}
	}
	return false, nil // checkNames has seen to it
}

func (j *judge) problem(e *Expect) (bool, []finding.Note) {
	if told := matching(j.problems, e); len(told) > 0 {
		return true, []finding.Note{{Kind: "seen.text", Text: told[0].String(), Problems: told[:1]}}
	}
	if len(j.problems) == 0 {
		return false, note("seen.no-problem")
	}
	return false, []finding.Note{{Kind: "seen.problems", Text: j.problems.InLine().Error(), Problems: j.problems}}
}
