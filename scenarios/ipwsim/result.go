package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/reports"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/script"
	"ipwsim/sim/trace"
)

// result turns a run's outcome into what reports read; cluster is that of --cluster.
func result(src source, cluster string, out *script.Outcome) reports.Result {
	s := src.script
	r := reports.Result{
		Scenario: s.Name, File: s.File, Title: s.Title,
		Seed: out.Seed, Hash: out.Hash, Trace: out.Trace, Refused: out.Trace == nil,
		Rerun:    rerun(src.arg, cluster, out),
		Warnings: warnings(src, out),
	}
	for _, v := range out.Expects {
		r.Expectations = append(r.Expectations, reports.Expectation{
			Line: v.Expect.Line, Text: v.Expect.Text(), OK: v.OK, Seen: v.Seen,
		})
	}
	for _, c := range out.Checks {
		r.Checks = append(r.Checks, checked(c, out.Expected(c.ID)))
	}
	if out.Trace != nil {
		r.Figures = figures(out)
		r.Outages = outages(out.Trace)
		r.Mail = mailOf(out.Trace)
		r.Beliefs = beliefs(out.Trace)
		r.Lanes = lanes(out.Trace)
		r.Frames, r.FramesCut = framesOf(out.Frames), out.FramesCut
	}
	return r
}

// warnings are those of the scenario's file, and the cluster's problems that the scenario does not
// expect. Where nothing was run, the expected ones are all there is to tell.
func warnings(src source, out *script.Outcome) []string {
	var all []string
	for _, p := range src.warnings {
		all = append(all, sentence(p))
	}
	for _, p := range out.Problems {
		told := slices.ContainsFunc(out.Expects, func(v script.Verdict) bool { return v.Expect.Foretells(p) })
		switch {
		case p.Severity == diag.Error:
			all = append(all, "the cluster is refused: "+sentence(p))
		case !told:
			all = append(all, sentence(p))
		}
	}
	return all
}

// sentence is the problem with its place, without its severity.
func sentence(p diag.Problem) string {
	place := strings.TrimSuffix(diag.Problem{File: p.File, Line: p.Line}.String(), "error: ")
	return place + p.Message
}

// rerun is the command that runs the scenario again.
func rerun(arg, cluster string, out *script.Outcome) string {
	words := []string{"go run ./scenarios/ipwsim run", quoted(arg)}
	if cluster != "" {
		words = append(words, "--cluster", quoted(cluster))
	}
	if out.Trace != nil {
		words = append(words, fmt.Sprint("--seed ", out.Seed))
	}
	return strings.Join(words, " ")
}

// quoted is the word as a shell reads it.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t\n'\"\\$`&|;<>()*?[]#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func checked(c check.Result, expected bool) reports.Check {
	r := reports.Check{ID: c.ID, Title: c.Title, Verdict: reports.Verdict(c.Verdict), Reason: c.Reason, Expected: expected}
	for _, f := range append(c.Findings, c.Left...) {
		r.Sentences = append(r.Sentences, f.Sentence)
	}
	return r
}

// figures are the failovers and failbacks, each with the band the scenario promises for it.
func figures(out *script.Outcome) []reports.Figure {
	var all []reports.Figure
	for _, f := range check.Failovers(out.Trace) {
		fig := reports.Figure{
			Name: "failover", Client: f.Client, VIP: f.VIP, From: f.From, To: f.To,
			Value: f.Length(), Open: f.Open, Silent: f.Length(), By: f.Taker,
		}
		fig.BandMin, fig.BandMax = band(out, "failover", f.From)
		all = append(all, fig)
	}
	for _, f := range check.Failbacks(out.Trace) {
		fig := reports.Figure{
			Name: "failback", Client: f.Client, VIP: f.VIP, From: f.From, To: f.To,
			Value: f.Length(), Open: f.Open, Silent: f.Silent, By: f.Master,
		}
		fig.BandMin, fig.BandMax = band(out, "failback", f.From)
		all = append(all, fig)
	}
	return all
}

// band is what the scenario expects of a figure that began at t; zeros when nothing.
func band(out *script.Outcome, what string, t time.Duration) (lo, hi time.Duration) {
	for _, v := range out.Expects {
		e := v.Expect
		if e.What == what && !e.Not && e.Covers(t) {
			return e.Min, e.Max
		}
	}
	return 0, 0
}

// lanes are the rows of the timeline: each VIP's state on each node, and what each client gets.
func lanes(t *trace.Trace) []reports.Lane {
	var all []reports.Lane
	for _, v := range t.Header.VIPs {
		holdings := check.Holders(t, v.Address)
		for _, n := range t.Header.Nodes {
			lane := reports.Lane{Label: fmt.Sprintf("%s %v", n.Role, v.Address), Host: n.Role, VIP: v.Address}
			for _, h := range holdings {
				if h.Node == n.Role {
					lane.Spans = append(lane.Spans, reports.Span{From: h.From, To: h.To, State: string(h.State)})
				}
			}
			all = append(all, lane)
		}
		for _, c := range t.Header.Clients {
			lane := reports.Lane{Label: c.Name + " answered", Host: c.Name, VIP: v.Address, Client: true}
			for _, s := range check.Answered(t, c.Name, v.Address) {
				lane.Spans = append(lane.Spans, reports.Span{From: s.From, To: s.To, State: "answered"})
			}
			all = append(all, lane)
		}
	}
	return all
}
