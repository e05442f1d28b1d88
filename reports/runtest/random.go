package runtest

import (
	"net/netip"
	"slices"
	"time"

	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// VIP and Client are addresses as they stand in runs at random, beside worse ones.
var (
	VIP    = netip.MustParseAddr("192.168.10.202")
	Client = netip.MustParseAddr("192.168.10.150")
)

// Texts are texts of any sort.
func Texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "active", "client", "要求がタイムアウトしました。", "\x1b[31m", "\xff", "]]>", "{client", "%d%!", "<b>&amp;", "::error::",
			"a very long word: " + `\\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12`,
			"ｶﾅ　全角", "e\u0301", "two\nlines", "\u202eturned",
		}),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

// Times are times of any sort.
func Times() *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.Map(rapid.Int64Range(-100_000, 700_000), func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }),
		rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) }),
	)
}

func addresses() *rapid.Generator[netip.Addr] {
	return rapid.SampledFrom([]netip.Addr{{}, VIP, Client, netip.MustParseAddr("fe80::1%\x1b[31m zone")})
}

// word is one of those that the type knows, or any.
func word[T ~string](t *rapid.T, label string, known ...T) T {
	if len(known) == 0 || rapid.IntRange(0, 3).Draw(t, label+" unknown") == 0 {
		return T(Texts().Draw(t, label))
	}
	return rapid.SampledFrom(known).Draw(t, label)
}

// some are a few of what the function draws.
func some[T any](t *rapid.T, label string, most int, draw func(*rapid.T) T) []T {
	return rapid.SliceOfN(rapid.Custom(draw), 0, most).Draw(t, label)
}

func texts(t *rapid.T, label string, most int) []string {
	return rapid.SliceOfN(Texts(), 0, most).Draw(t, label)
}

// drawer draws plain values.
type drawer struct{ *rapid.T }

func (d drawer) text(label string) string        { return Texts().Draw(d.T, label) }
func (d drawer) time(label string) time.Duration { return Times().Draw(d.T, label) }
func (d drawer) addr(label string) netip.Addr    { return addresses().Draw(d.T, label) }
func (d drawer) yes(label string) bool           { return rapid.Bool().Draw(d.T, label) }
func (d drawer) few(label string) int            { return rapid.IntRange(-1, 5).Draw(d.T, label) }
func (d drawer) any(label string) int            { return rapid.Int().Draw(d.T, label) }

// Runs are runs at random, as far from sense as their types allow. Three things hold in them as in any run, since
// whoever makes runs promises them: there are facts where there is a trace; each task of the trace is among the
// facts; whoever ends an outage has a name.
func Runs() *rapid.Generator[*finding.Run] {
	return rapid.Custom(func(t *rapid.T) *finding.Run {
		d := drawer{t}
		r := &finding.Run{
			Scenario: d.text("scenario"), File: d.text("file"), Title: finding.Phrase{En: d.text("title"), Ja: d.text("title_ja")},
			Rerun: d.text("rerun"), Program: d.text("program"), Refused: d.yes("refused"), Captures: d.text("captures"),
			Played:       finding.Played{Seed: rapid.Uint64().Draw(t, "seed"), Hash: d.text("hash"), FramesCut: d.time("cut")},
			Results:      some(t, "results", 3, result),
			Expectations: some(t, "expectations", 3, expectation),
			Problems:     some(t, "problems", 2, problem),
		}
		if rapid.IntRange(0, 9).Draw(t, "traced") > 0 {
			r.Trace = traces(t)
			r.Facts = facts(t, r.Trace)
			r.Frames = some(t, "frames", 6, frame)
		}
		return r
	})
}

func problem(t *rapid.T) diag.Problem {
	d := drawer{t}
	return diag.Problem{
		File: d.text("file"), Line: d.any("line"), Severity: rapid.SampledFrom([]diag.Severity{diag.Error, diag.Warning}).Draw(t, "severity"), Message: d.text("message"),
	}
}

// verdict is one of the verdicts, since documents know no others; and so it is with outcomes, obstacles and the like.
func verdict(t *rapid.T) finding.Verdict {
	return rapid.SampledFrom([]finding.Verdict{finding.Pass, finding.Fail, finding.Inconclusive, finding.NotApplicable}).Draw(t, "verdict")
}

// someKinds are kinds of notes of each sort.
var someKinds = []finding.Kind{
	"p1.late", "p2.late", "p3.both", "p5.doubled", "p6.left-behind", "p7.waits", "p8.waits", "p8.unfinished", "p9.taken", "all-left", "no-data",
	"why.fault", "why.pipe", "seen.time", "seen.delivery", "hint.stretch", "copy.box", "unused",
}

// Notes are notes at random.
func Notes() *rapid.Generator[finding.Note] {
	return rapid.Custom(func(t *rapid.T) finding.Note { return note(t, 2) })
}

func note(t *rapid.T, deep int) finding.Note {
	d := drawer{t}
	n := finding.Note{
		Kind: word(t, "kind", someKinds...), Client: d.text("client"), Node: d.text("node"), Peer: d.text("peer"), VIP: d.addr("vip"),
		At: d.time("at"), Until: d.time("until"), Time: d.time("time"), Silent: d.time("silent"), Open: d.yes("open"), Want: band(t),
		Rules: texts(t, "rules", 2), Loss: loss(t), What: obstacle(t),
		Fault: d.few("fault"), N: d.any("n"), Text: d.text("text"),
	}
	if d.yes("caused") {
		n.Cause = new(cause(t))
	}
	if deep > 0 && d.yes("because") {
		n.Because = new(note(t, deep-1))
	}
	if deep > 0 {
		n.Parts = some(t, "parts", 2, func(t *rapid.T) finding.Note { return note(t, deep-1) })
	}
	return n
}

func band(t *rapid.T) finding.Band {
	return finding.Band{Least: drawer{t}.time("least"), Most: drawer{t}.time("most")}
}

func loss(t *rapid.T) finding.Loss {
	return rapid.SampledFrom([]finding.Loss{finding.NotLost, finding.LostPower, finding.LostFrozen, finding.LostPath}).Draw(t, "loss")
}

func obstacle(t *rapid.T) finding.Obstacle {
	return rapid.SampledFrom(finding.Obstacles).Draw(t, "what")
}

func cause(t *rapid.T) finding.Cause {
	d := drawer{t}
	kinds := []finding.CauseKind{finding.ByFault, finding.ByCycle, finding.ByGiveBack, finding.ByTaking, finding.ByConflict, finding.ByCache, finding.ByNobody}
	return finding.Cause{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: d.time("at"), Node: d.text("node"), Fault: d.few("fault"), Rule: d.text("rule"),
	}
}

func result(t *rapid.T) finding.Result {
	d := drawer{t}
	r := finding.Result{
		ID: word(t, "id", "P1", "P2", "P5", "P9"), Verdict: verdict(t), Expected: d.yes("expected"), Judged: d.any("judged"),
		Findings: some(t, "findings", 2, found), Left: some(t, "left", 2, found),
	}
	if d.yes("reasoned") {
		r.Reason = new(note(t, 1))
	}
	return r
}

func found(t *rapid.T) finding.Finding { return finding.Finding{Note: note(t, 1), Verdict: verdict(t)} }

func expectation(t *rapid.T) finding.Expectation {
	d := drawer{t}
	e := finding.Expectation{
		Line: d.any("line"), Text: d.text("text"), What: word(t, "what", "failover", "failback", "holder"), Client: d.text("client"),
		VIP: d.addr("vip"), Band: band(t), From: d.time("from"), To: d.time("to"), OK: d.yes("ok"),
		Seen: some(t, "seen", 2, func(t *rapid.T) finding.Note { return note(t, 1) }),
	}
	if d.yes("hinted") {
		e.Hint = new(note(t, 0))
	}
	if d.yes("limited") {
		e.Limit = &finding.Limit{Quantile: "p99", Below: d.time("below")}
	}
	return e
}

func frame(t *rapid.T) finding.Frame {
	d := drawer{t}
	return finding.Frame{
		At: d.time("at"), From: d.text("from"), To: d.text("to"), Cast: d.yes("cast"), Kind: finding.FrameKind(d.text("kind")), Text: d.text("text"),
		Sent: finding.Place{Cable: d.text("cable"), Number: d.any("number")}, Lost: d.text("lost"),
		Reached: some(t, "reached", 3, func(t *rapid.T) finding.Arrival {
			d := drawer{t}
			return finding.Arrival{Station: d.text("station"), Place: finding.Place{Cable: d.text("cable"), Number: d.any("number")}}
		}),
	}
}

// traces are records of few kinds in any order, of hosts that the header knows or not.
func traces(t *rapid.T) *trace.Trace {
	d := drawer{t}
	tr := &trace.Trace{End: d.time("end")}
	tr.Header.Scenario, tr.Header.Cluster = d.text("scenario"), d.text("cluster")
	tr.Header.Epoch = time.Unix(rapid.Int64Range(-6e10, 2e11).Draw(t, "epoch"), 0).UTC()
	tr.Header.Nodes = []trace.Node{{Role: "active"}, {Role: d.text("role")}}
	tr.Header.Clients = []trace.Client{{Name: "client"}}
	tr.Header.VIPs = slices.Repeat([]trace.VIP{{Address: d.addr("vip")}}, rapid.IntRange(0, 2).Draw(t, "vips"))
	for range rapid.IntRange(0, 30).Draw(t, "records") {
		at, host, b := d.time("at"), d.text("host"), body(t)
		for range rapid.SampledFrom([]int{1, 1, 12}).Draw(t, "times") {
			tr.Add(at, host, b)
		}
	}
	return tr
}

func body(t *rapid.T) trace.Body {
	d := drawer{t}
	id := rapid.IntRange(0, 1).Draw(t, "id")
	return rapid.SampledFrom([]func() trace.Body{
		func() trace.Body {
			return trace.Fault{ID: id, Verb: word(t, "verb", "unplug", "plug"), Target: d.text("target"), Setting: d.text("setting"), Breaks: d.yes("breaks")}
		},
		func() trace.Body { return trace.PingStart{ID: id, Target: d.addr("target"), Bytes: d.any("bytes")} },
		func() trace.Body { return trace.PingEnd{ID: id, Sent: d.any("sent"), Received: d.any("received")} },
		func() trace.Body {
			outcome := word(t, "outcome", trace.Replied, trace.TimedOut, trace.HostUnreachable, trace.GeneralFailure)
			return trace.PingLine{ID: id, Outcome: outcome, From: d.addr("from"), RTT: d.time("rtt"), TTL: d.any("ttl")}
		},
		func() trace.Body {
			return trace.Watch{VIP: d.addr("vip"), State: word(t, "state", trace.Polling, trace.Held), Why: word(t, "why", trace.ByCycle), Rule: d.text("rule")}
		},
		func() trace.Body { return trace.Log{Text: d.text("text")} },
		func() trace.Body { return trace.Command{Line: d.text("line"), Exit: id, Took: d.time("took")} },
		func() trace.Body { return trace.Event{Source: d.text("source"), ID: 100, Text: d.text("text")} },
		func() trace.Body {
			state := rapid.SampledFrom([]trace.TaskState{trace.TaskStarted, trace.TaskFinished, trace.TaskSkipped, trace.TaskTerminated})
			return trace.Task{Name: d.text("name"), State: state.Draw(t, "state"), Trigger: word(t, "trigger", trace.TriggerStartup, "event IPWCS 100")}
		},
		func() trace.Body { return trace.Power{State: word(t, "state", trace.Off, trace.On, trace.Frozen)} },
		func() trace.Body { return trace.Link{Cable: d.text("cable"), Up: d.yes("up")} },
		func() trace.Body {
			return trace.Service{Name: trace.Watcher, State: word(t, "state", trace.Running, trace.Stopped)}
		},
		func() trace.Body {
			return trace.MailAccept{From: d.text("from"), To: texts(t, "to", 2), MessageID: d.text("id")}
		},
		func() trace.Body {
			return trace.MailSend{
				To: d.text("to"), Try: id, Stage: word(t, "stage", "", trace.MailStage("dot")),
				Code: rapid.SampledFrom([]int{0, 250, 451}).Draw(t, "code"), Text: d.text("text"), Took: d.time("took"),
			}
		},
		func() trace.Body {
			return trace.MailSession{Service: d.text("service"), End: trace.BrokenEnd, Took: d.time("took")}
		},
	}).Draw(t, "kind")()
}
