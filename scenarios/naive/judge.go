package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Judge gives the verdicts of P1 to P9 on a trace. P10 and P11 are of what watchers and machines do, and follow from no facts.
func Judge(t *trace.Trace) []finding.Result { return Read(t).Judge() }

// Judge gives the verdicts of P1 to P9.
func (r *Run) Judge() []finding.Result {
	checks := []func() finding.Result{r.p1, r.p2, r.p3, r.p4, r.p5, r.p6, r.p7, r.p8, r.p9}
	results := make([]finding.Result, len(checks))
	for i, check := range checks {
		results[i] = check()
		results[i].ID = "P" + string(rune('1'+i))
	}
	return results
}

// cases are what a check looked at.
type cases struct {
	good             int
	findings, others []finding.Finding
}

func (c *cases) pass() { c.good++ }

func (c *cases) fail(n finding.Note) {
	c.findings = append(c.findings, finding.Finding{Note: n, Verdict: finding.Fail})
}

func (c *cases) unfinished(n finding.Note) {
	c.findings = append(c.findings, finding.Finding{Note: n, Verdict: finding.Inconclusive})
}

func (c *cases) leave(n finding.Note, why *finding.Note) {
	n.Because = why
	c.others = append(c.others, finding.Finding{Note: n, Verdict: finding.NotApplicable})
}

// leaveUnused tells of each pair that is not judged.
func (c *cases) leaveUnused(r *Run) {
	for _, u := range r.uses {
		if u.Never {
			c.leave(finding.Note{Kind: "unused", Client: u.Client, VIP: u.VIP}, nil)
		}
	}
}

// result is the verdict: a failed case counts most, then an unfinished one, then a good one.
func (c *cases) result(none finding.Kind) finding.Result {
	has := func(v finding.Verdict) bool {
		return slices.ContainsFunc(c.findings, func(f finding.Finding) bool { return f.Verdict == v })
	}
	res := finding.Result{Verdict: finding.NotApplicable, Judged: c.good, Findings: c.findings, Left: c.others}
	for _, f := range c.findings {
		if f.Verdict == finding.Fail {
			res.Judged++
		}
	}
	switch {
	case has(finding.Fail):
		res.Verdict = finding.Fail
	case has(finding.Inconclusive):
		res.Verdict = finding.Inconclusive
	case c.good > 0:
		res.Verdict = finding.Pass
	case slices.ContainsFunc(c.others, func(f finding.Finding) bool { return f.Kind != "unused" }):
		res.Reason = &finding.Note{Kind: "all-left", Because: &c.others[0].Note}
	default:
		res.Reason = &finding.Note{Kind: none}
	}
	return res
}

// without is the result of a check that has no data.
func without(what finding.Note) finding.Result {
	return finding.Result{Verdict: finding.Inconclusive, Reason: &finding.Note{Kind: "no-data", Because: &what}}
}

// nobody says what is missing of a client, a VIP and a node that was on.
func (r *Run) nobody() finding.Kind {
	on := slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool {
		return r.node(rec.Host) >= 0 && rec.Body == trace.Body(trace.Power{State: trace.On})
	})
	switch {
	case len(r.h.Clients) == 0:
		return "missing.client"
	case len(r.vips) == 0:
		return "missing.vip"
	case !on:
		return "missing.power"
	}
	return ""
}

// unanswered says what is missing of a client that used a VIP and was answered.
func (r *Run) unanswered() finding.Kind {
	if what := r.nobody(); what != "" {
		return what
	}
	what := finding.Kind("missing.use")
	for _, u := range r.uses {
		switch {
		case !u.Never && len(u.Answered) > 0:
			return ""
		case !u.Never:
			what = "missing.answer"
		}
	}
	return what
}

// unheld says which VIP no node ever came to hold.
func (r *Run) unheld() *finding.Note {
	if len(r.vips) == 0 {
		return &finding.Note{Kind: "missing.vip"}
	}
	for _, vip := range r.vips {
		held := slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool {
			b, ok := rec.Body.(trace.Address)
			return ok && r.node(rec.Host) >= 0 && b.IP == vip && b.State == trace.Preferred
		})
		if !held {
			return &finding.Note{Kind: "missing.holder", VIP: vip}
		}
	}
	return nil
}

// noisy is the first noise at some time between that the client meets, or of "" nodes, as a reason.
func (r *Run) noisy(client string, from, to time.Duration) *finding.Note {
	return r.noisySince(client, 0, from, to)
}

// noisySince also counts what ended so long before: a poll that a switch sent astray is over after its timeout.
func (r *Run) noisySince(client string, before, from, to time.Duration) *finding.Note {
	for _, n := range r.noises() {
		early := from - before
		if before > 0 && n.kind == "why.astray" {
			early = from
			for _, node := range r.nodes {
				until := r.slowed(node.Role, from).PingTimeout
				if node.Watcher != nil {
					until = r.slowed(node.Role, from).Watcher.Settles
				}
				early = min(early, from-until-latency)
			}
		}
		if n.from > to || n.to < early || n.client != "" && n.client != client {
			continue
		}
		if n.kind == "why.astray" {
			return &finding.Note{Kind: n.kind, Node: n.rule}
		}
		if n.cable != "" {
			return &finding.Note{Kind: n.kind, Text: n.cable}
		}
		return &finding.Note{Kind: n.kind, Text: n.rule}
	}
	return nil
}

// interference is the first fault strictly between the times that touches what the case depends on, as a reason.
func (r *Run) interference(from, to time.Duration, client string, vip netip.Addr, depends map[string][]trace.Part) *finding.Note {
	for _, rec := range r.t.Records {
		f, ok := rec.Body.(trace.Fault)
		if ok && from < rec.At && rec.At < to && slices.ContainsFunc(f.Touches, func(t trace.Touch) bool { return r.matters(t, client, vip, depends) }) {
			return &finding.Note{Kind: "why.fault", Fault: f.ID, At: rec.At}
		}
	}
	return nil
}

func (r *Run) matters(t trace.Touch, client string, vip netip.Addr, depends map[string][]trace.Part) bool {
	if t.Part == trace.AddressPart && t.End != vip.String() { // another VIP's
		return false
	}
	switch t.Part {
	case trace.FramesPart, trace.StrangerPart:
		return true
	case trace.LinkPart, trace.CutPart, trace.QualityPart, trace.PortPart:
		return r.couldBeBetween(t.Of, client)
	case trace.PowerPart, trace.RunPart:
		if t.Of == client || !newState(r.h).isMachine(t.Of) {
			return true
		}
	}
	return slices.Contains(depends[t.Of], t.Part)
}

// couldBeBetween says whether the cable can be between the client and the nodes: it leads to no other client, and to no
// machine that is neither.
func (r *Run) couldBeBetween(cable, client string) bool {
	for _, c := range r.h.Cables {
		if c.Name != cable {
			continue
		}
		others := slices.ContainsFunc(r.h.Others, func(o trace.Other) bool { return o.Name == c.A || o.Name == c.B })
		clients := slices.ContainsFunc(r.h.Clients, func(o trace.Client) bool {
			return o.Name != client && (o.Name == c.A || o.Name == c.B)
		})
		return !others && !clients
	}
	return false
}

// beyondGuide says why the maker's times do not speak of these machines.
func (r *Run) beyondGuide(client string, vip netip.Addr) *finding.Note {
	c := r.client(client)
	if !c.Address.Contains(vip) {
		return &finding.Note{Kind: "why.router", Client: client}
	}
	if c.Profile != "windows-modern" {
		return &finding.Note{Kind: "why.client", Client: client, Text: c.Profile}
	}
	for _, n := range r.h.Nodes {
		if n.Profile != "srv-2012plus" && n.Watcher == nil {
			return &finding.Note{Kind: "why.server", Node: n.Role, Text: n.Profile}
		}
	}
	return nil
}

func (r *Run) client(name string) *trace.Client {
	return &r.h.Clients[r.clientAt(name)]
}

func (r *Run) clientAt(name string) int {
	return slices.IndexFunc(r.h.Clients, func(c trace.Client) bool { return c.Name == name })
}
