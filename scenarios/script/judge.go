package script

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

// judge holds expectations against a finished run.
type judge struct {
	outcome *Outcome
	vip     netip.Addr // the first: the one single-VIP expectations speak of
}

func (j *judge) judge(e Expect) (bool, string) {
	if j.outcome.Trace == nil && e.What != "problem" {
		return false, "nothing was run: the cluster's files have errors"
	}
	x, _ := lookupExpectation(e.What)
	ok, seen := x.check(j, e)
	return ok != e.Not, seen
}

// end is when the expectation's stretch ends.
func (j *judge) end(e Expect) time.Duration {
	if e.To == 0 {
		return j.outcome.Trace.End
	}
	return e.To
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) + " s" }

// banded judges measured times: there must be some, and all must lie in the band.
func banded(e Expect, what string, all []measured) (bool, string) {
	if len(all) == 0 {
		return false, "no " + what + " began in this stretch"
	}
	if len(e.Args) == 0 {
		return true, all[0].text()
	}
	var texts []string
	ok := true
	for _, m := range all {
		texts = append(texts, m.text())
		ok = ok && !m.open && m.d >= e.Min && m.d <= e.Max
	}
	return ok, strings.Join(texts, ", ")
}

type measured struct {
	client string
	d      time.Duration
	open   bool
}

// longer puts one that never ended above all that did.
func (m measured) longer(o measured) bool {
	if m.open != o.open {
		return m.open
	}
	return m.d > o.d
}

func (m measured) text() string {
	if m.open {
		return fmt.Sprintf("%s for %s, not over when the run ended", seconds(m.d), m.client)
	}
	return fmt.Sprintf("%s for %s", seconds(m.d), m.client)
}

func (j *judge) failover(e Expect) (bool, string) {
	var all []measured
	for _, f := range check.Failovers(j.outcome.Trace) {
		if e.Covers(f.From) {
			all = append(all, measured{f.Client, f.Length(), f.Open})
		}
	}
	return banded(e, "failover", all)
}

func (j *judge) failback(e Expect) (bool, string) {
	var all []measured
	for _, f := range check.Failbacks(j.outcome.Trace) {
		if e.Covers(f.From) {
			all = append(all, measured{f.Client, f.Length(), f.Open})
		}
	}
	return banded(e, "failback", all)
}

func (j *judge) outage(e Expect) (bool, string) {
	var longest []measured
	for _, o := range check.Outages(j.outcome.Trace) {
		if !e.Covers(o.From) {
			continue
		}
		m := measured{o.Client, o.Length(), o.Open}
		i := slices.IndexFunc(longest, func(l measured) bool { return l.client == o.Client })
		switch {
		case i < 0:
			longest = append(longest, m)
		case m.longer(longest[i]):
			longest[i] = m
		}
	}
	return banded(e, "outage", longest)
}

// holders are the nodes with the VIP Preferred at the end of the stretch.
func (j *judge) holders(e Expect) []string {
	var all []string
	end := j.end(e)
	for _, h := range check.Holders(j.outcome.Trace, j.vip) {
		if h.State == trace.Preferred && h.From < end && h.To >= end {
			all = append(all, h.Node)
		}
	}
	return all
}

func (j *judge) holder(e Expect) (bool, string) {
	all := j.holders(e)
	seen := "held by " + list(all)
	if len(all) == 0 {
		seen = "held by none"
	}
	switch e.Args[0] {
	case "none":
		return len(all) == 0, seen
	case "both":
		return len(all) == 2, seen
	}
	return len(all) == 1 && all[0] == e.Args[0], seen
}

func (j *judge) answered(e Expect) (bool, string) {
	end := j.end(e)
	for _, s := range check.Answered(j.outcome.Trace, e.Args[0], j.vip) {
		if s.From < end && s.To >= end {
			return true, "answered by " + list(s.By)
		}
	}
	return false, "not answered"
}

func (j *judge) state(e Expect) (bool, string) {
	state, end := trace.Absent, j.end(e)
	for _, h := range check.Holders(j.outcome.Trace, j.vip) {
		if h.Node == e.Args[0] && h.From < end && h.To >= end {
			state = h.State
		}
	}
	return string(state) == e.Args[1], string(state)
}

// some looks for a record of a host within the stretch.
func (j *judge) some(e Expect, host string, match func(trace.Body) bool) (time.Duration, bool) {
	for _, r := range j.outcome.Trace.Records {
		if r.Host == host && e.Covers(r.At) && match(r.Body) {
			return r.At, true
		}
	}
	return 0, false
}

func (j *judge) conflict(e Expect) (bool, string) {
	at, ok := j.some(e, e.Args[0], func(b trace.Body) bool {
		a, isAddress := b.(trace.Address)
		return isAddress && a.IP == j.vip && a.State == trace.Duplicate
	})
	return ok, occurred(ok, at)
}

func (j *judge) event(e Expect) (bool, string) {
	id, _ := strconv.Atoi(e.Args[1]) // Parse has seen to it
	at, ok := j.some(e, e.Args[0], func(b trace.Body) bool {
		ev, isEvent := b.(trace.Event)
		return isEvent && ev.Source == "IPWCS" && ev.ID == id
	})
	return ok, occurred(ok, at)
}

func (j *judge) log(e Expect) (bool, string) {
	at, ok := j.some(e, e.Args[0], func(b trace.Body) bool {
		l, isLog := b.(trace.Log)
		return isLog && strings.Contains(l.Text, strings.Join(e.Args[1:], " "))
	})
	return ok, occurred(ok, at)
}

func (j *judge) pipe(e Expect) (bool, string) {
	var answers []string
	want := strings.Join(e.Args[1:], " ")
	_, ok := j.some(e, e.Args[0], func(b trace.Body) bool {
		p, isPipe := b.(trace.Pipe)
		if isPipe && !slices.Contains(answers, p.Answer) {
			answers = append(answers, p.Answer)
		}
		return isPipe && strings.Contains(p.Answer, want)
	})
	if len(answers) == 0 {
		return ok, "no request ended in this stretch"
	}
	return ok, list(answers)
}

func occurred(ok bool, at time.Duration) string {
	if !ok {
		return "not in this stretch"
	}
	return "at " + seconds(at)
}

// transcript looks for the outcomes in their order, others between them or not.
func (j *judge) transcript(e Expect) (bool, string) {
	want := e.Args[1:]
	var seen []string
	for _, r := range j.outcome.Trace.Records {
		l, isLine := r.Body.(trace.PingLine)
		if !isLine || r.Host != e.Args[0] || !e.Covers(r.At) {
			continue
		}
		o := string(l.Outcome)
		if len(seen) == 0 || seen[len(seen)-1] != o {
			seen = append(seen, o)
		}
		if len(want) > 0 && o == want[0] {
			want = want[1:]
		}
	}
	if len(seen) == 0 {
		return e.Not, "no ping line in this stretch" // no data: false, and so is its opposite
	}
	return len(want) == 0, strings.Join(seen, " ")
}

func (j *judge) finding(e Expect) (bool, string) {
	for _, r := range j.outcome.Checks {
		if r.ID == e.Args[0] {
			return r.Verdict == check.Fail, fmt.Sprintf("%s: %s", r.ID, r.Verdict)
		}
	}
	return false, "no such check"
}

func (j *judge) problem(e Expect) (bool, string) {
	problems := j.outcome.Problems
	if told := matching(problems, e); len(told) > 0 {
		return true, told[0].String()
	}
	if len(problems) == 0 {
		return false, "the cluster's files have no problem"
	}
	return false, "other problems: " + strings.ReplaceAll(problems.Error(), "\n", "; ")
}
