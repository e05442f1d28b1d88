// Package check judges a run by its facts: P1 to P11 of the rules. Each check is a function of the facts alone.
package check

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Check is one rule of what must hold.
type Check struct {
	ID    string
	judge func(*facts.Facts) finding.Result
}

// Run judges the facts.
func (c Check) Run(f *facts.Facts) finding.Result {
	r := c.judge(f)
	r.ID = c.ID
	return r
}

// Checks are all of them, in the order of the rules.
var Checks = []Check{
	{"P1", failoverTime},
	{"P2", failbackTime},
	{"P3", oneHolder},
	{"P4", alwaysAnswered},
	{"P5", mailOnce},
	{"P6", cleanStop},
	{"P7", returnedByCycle},
	{"P8", nobodyWaits},
	{"P9", noTakeOver},
	{"P10", keepsRules},
	{"P11", keepsAddresses},
}

// IDs are the names of the checks.
func IDs() (ids []string) {
	for _, c := range Checks {
		ids = append(ids, c.ID)
	}
	return ids
}

// ByID finds a check by its ID, as "P1".
func ByID(id string) (Check, bool) {
	i := slices.IndexFunc(Checks, func(c Check) bool { return c.ID == id })
	if i < 0 {
		return Check{}, false
	}
	return Checks[i], true
}

// All runs every check.
func All(f *facts.Facts) []finding.Result {
	all := make([]finding.Result, len(Checks))
	for i, c := range Checks {
		all[i] = c.Run(f)
	}
	return all
}

// Passed says whether every check passed or provably had nothing to judge. No results at all is no pass.
func Passed(all []finding.Result) bool {
	for _, r := range all {
		if r.Verdict != finding.Pass && r.Verdict != finding.NotApplicable {
			return false
		}
	}
	return len(all) > 0
}

// tally gathers the cases of one check. One failed case fails the check; else one unfinished case leaves it
// inconclusive; else one judged case passes it.
type tally struct {
	finding.Result
	failed, unsure bool
}

func (y *tally) pass() { y.Judged++ }

func (y *tally) fail(n finding.Note) {
	y.Judged++
	y.failed = true
	y.Findings = append(y.Findings, finding.Finding{Note: n, Verdict: finding.Fail})
}

func (y *tally) unfinished(n finding.Note) {
	y.unsure = true
	y.Findings = append(y.Findings, finding.Finding{Note: n, Verdict: finding.Inconclusive})
}

// leave notes a case that is not this check's to judge.
func (y *tally) leave(n finding.Note) {
	y.Left = append(y.Left, finding.Finding{Note: n, Verdict: finding.NotApplicable})
}

// result gives the verdict; none is the reason when there was no case at all.
func (y *tally) result(none finding.Kind) finding.Result {
	switch {
	case y.failed:
		y.Verdict = finding.Fail
	case y.unsure:
		y.Verdict = finding.Inconclusive
	case y.Judged > 0:
		y.Verdict = finding.Pass
	case slices.ContainsFunc(y.Left, func(f finding.Finding) bool { return f.Kind != unused }):
		y.Verdict, y.Reason = finding.NotApplicable, &finding.Note{Kind: "all-left", N: len(y.Left), Because: &y.Left[0].Note}
	default:
		y.Verdict, y.Reason = finding.NotApplicable, &finding.Note{Kind: none}
	}
	return y.Result
}

// noData is the result of a check that cannot see what it would judge.
func noData(what finding.Note) finding.Result {
	return finding.Result{Verdict: finding.Inconclusive, Reason: &finding.Note{Kind: "no-data", Because: &what}}
}

// unseen says what is missing for any client to have used any VIP and seen it answered, or nil.
func unseen(f *facts.Facts) *finding.Note {
	if why := empty(f); why != nil {
		return why
	}
	used := false
	for _, p := range f.Pairs {
		used = used || !p.Never
		if !p.Never && len(p.Answered) > 0 {
			return nil
		}
	}
	if !used {
		return &finding.Note{Kind: "missing.use"}
	}
	return &finding.Note{Kind: "missing.answer"}
}

// empty says what is missing for a client, a VIP and a node to be spoken of, or nil.
func empty(f *facts.Facts) *finding.Note {
	switch {
	case len(f.Header.Clients) == 0:
		return &finding.Note{Kind: "missing.client"}
	case len(f.Header.VIPs) == 0:
		return &finding.Note{Kind: "missing.vip"}
	case !f.Powered:
		return &finding.Note{Kind: "missing.power"}
	}
	return nil
}

// unheld names the first VIP that no node ever held, or says what else is missing, or nil.
func unheld(f *facts.Facts) *finding.Note {
	if len(f.Header.VIPs) == 0 {
		return &finding.Note{Kind: "missing.vip"}
	}
	for v, held := range f.Held {
		if !held {
			return &finding.Note{Kind: "missing.holder", VIP: f.Header.VIPs[v].Address}
		}
	}
	return nil
}

// noisy says what disturbs the network at some time between, or nil: no time can be promised then, to the client, or of "" to
// nodes.
func noisy(f *facts.Facts, client string, from, to time.Duration) *finding.Note {
	return noisySince(f, client, 0, from, to)
}

// noisySince is noisy that heeds what was over so long before, too, but a switch's looking for a machine where it was
// only for so long as a poll that was lost by it takes to come again (N10, W11).
func noisySince(f *facts.Facts, client string, before, from, to time.Duration) *finding.Note {
	for _, n := range f.Noise {
		heeded := before
		if n.Astray != "" {
			heeded = min(before, f.PollTime(from))
		}
		switch {
		case n.From > to || from-heeded > n.To || !n.Concerns(client):
		case n.Cable != "":
			return &finding.Note{Kind: "why.noise", Text: n.Cable, Rules: []string{"N1"}}
		case n.Blocks != "":
			return &finding.Note{Kind: "why.blocks", Text: n.Blocks, Rules: []string{"N8"}}
		case n.Astray != "":
			return &finding.Note{Kind: "why.astray", Node: n.Astray, Rules: []string{"N10"}}
		case n.Twins != "":
			return &finding.Note{Kind: "why.twins", Text: n.Twins}
		default:
			return &finding.Note{Kind: "why.rule", Text: n.Rule}
		}
	}
	return nil
}

// interference is the first fault that came strictly between the two times and touches what a case depends on:
// the parts of these nodes, of their addresses only the VIP, the client, or the frames between them. What touches
// nothing of it excuses nothing.
func interference(f *facts.Facts, from, to time.Duration, client string, vip netip.Addr, depends map[string][]trace.Part) *finding.Note {
	touches := func(t trace.Touch) bool {
		switch t.Part {
		case trace.AddressPart:
			return t.End == vip.String() && slices.Contains(depends[t.Of], t.Part)
		case trace.LinkPart, trace.CutPart, trace.QualityPart, trace.PortPart:
			return between(f.Header, t.Of, client)
		case trace.FramesPart, trace.StrangerPart:
			return true
		case trace.PowerPart:
			if !f.Header.IsMachine(t.Of) { // a switch's, which may be on any way
				return true
			}
		}
		return slices.Contains(depends[t.Of], t.Part) || t.Of == client && (t.Part == trace.PowerPart || t.Part == trace.RunPart)
	}
	for i := range f.Faults {
		if one := &f.Faults[i]; from < one.At && one.At < to && slices.ContainsFunc(one.Touches, touches) {
			return &finding.Note{Kind: "why.fault", Fault: one.ID, At: one.At}
		}
	}
	return nil
}

// between says whether a cable lies on no way but the client's and the nodes': neither end is another client's or an
// outside machine's.
func between(h *trace.Header, cable, client string) bool {
	i := slices.IndexFunc(h.Cables, func(c trace.Cable) bool { return c.Name == cable })
	if i < 0 {
		return false
	}
	foreign := func(name string) bool {
		return name != client && slices.ContainsFunc(h.Clients, func(c trace.Client) bool { return c.Name == name }) ||
			slices.ContainsFunc(h.Others, func(o trace.Other) bool { return o.Name == name })
	}
	return !foreign(h.Cables[i].A) && !foreign(h.Cables[i].B)
}

// beyondGuide says why P1 and P2 do not speak of these machines, or nil.
func beyondGuide(f *facts.Facts, p *facts.Pair) *finding.Note {
	switch {
	case !p.Client.Address.Contains(p.Use.VIP):
		return &finding.Note{Kind: "why.router", Client: p.Client.Name, Rules: []string{"N4", "N5"}}
	case p.Client.Profile != "windows-modern":
		return &finding.Note{Kind: "why.client", Client: p.Client.Name, Text: p.Client.Profile, Rules: []string{"N3", "N4"}}
	}
	for _, n := range f.Header.Nodes {
		if n.Profile != "srv-2012plus" && n.Watcher == nil {
			return &finding.Note{Kind: "why.server", Node: n.Role, Text: n.Profile, Rules: []string{"H4"}}
		}
	}
	return nil
}

// used are the pairs of clients and VIPs that are judged.
func used(f *facts.Facts) (all []*facts.Pair) {
	for i := range f.Pairs {
		if !f.Pairs[i].Never {
			all = append(all, &f.Pairs[i])
		}
	}
	return all
}

// unused says of a client that it has not used a VIP.
const unused finding.Kind = "unused"

// leaveUnused notes the pairs that are not judged.
func (y *tally) leaveUnused(f *facts.Facts) {
	for i := range f.Pairs {
		if p := &f.Pairs[i]; p.Never {
			y.leave(finding.Note{Kind: unused, Client: p.Use.Client, VIP: p.Use.VIP})
		}
	}
}
