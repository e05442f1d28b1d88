package reports

import (
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

// Random results, as far from sense as the types allow.

func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "active", "client", "要求がタイムアウトしました。", "\x1b[31m", "\xff", "]]>",
			"a very long word: " + `\\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12\hvt162EPST12`,
			"ｶﾅ　全角", "e\u0301", "two\nlines"}),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

func durations() *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.Map(rapid.Int64Range(-100_000, 700_000), func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }),
		rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) }),
	)
}

func addresses() *rapid.Generator[netip.Addr] {
	return rapid.SampledFrom([]netip.Addr{{}, vip, clientIP, netip.MustParseAddr("fe80::1%\x1b[31m zone")})
}

func verdicts() *rapid.Generator[Verdict] {
	return rapid.SampledFrom([]Verdict{Pass, Fail, Inconclusive, NotApplicable, "", "sure"})
}

func bodies() *rapid.Generator[trace.Body] {
	return rapid.Custom(func(t *rapid.T) trace.Body {
		id, s := rapid.IntRange(0, 1).Draw(t, "id"), words().Draw(t, "text")
		switch rapid.IntRange(0, 12).Draw(t, "kind") {
		case 10:
			return trace.MailAccept{From: s, To: rapid.SliceOfN(words(), 0, 2).Draw(t, "to"), MessageID: s}
		case 11:
			return trace.MailSend{To: s, Try: id, Stage: rapid.SampledFrom([]string{"", "dot", s}).Draw(t, "stage"),
				Code: rapid.SampledFrom([]int{0, 250, 451}).Draw(t, "code"), Text: s, Took: durations().Draw(t, "took")}
		case 12:
			return trace.MailSession{Service: s, End: "broken", Took: durations().Draw(t, "took")}
		case 9:
			state := rapid.SampledFrom([]trace.TaskState{trace.TaskStarted, trace.TaskFinished, trace.TaskSkipped,
				trace.TaskTerminated, trace.TaskState(s)})
			trigger := rapid.SampledFrom([]string{trace.TriggerStartup, "event IPWCS 100", s})
			return trace.Task{Name: s, State: state.Draw(t, "state"), Trigger: trigger.Draw(t, "trigger")}
		case 0:
			return trace.Fault{Verb: s, Args: rapid.SliceOfN(words(), 0, 2).Draw(t, "args")}
		case 1:
			return trace.PingStart{ID: id, Target: addresses().Draw(t, "target"), Bytes: rapid.Int().Draw(t, "bytes")}
		case 2:
			return trace.PingEnd{ID: id, Sent: rapid.Int().Draw(t, "sent"), Received: rapid.Int().Draw(t, "received")}
		case 3:
			return trace.Watch{VIP: addresses().Draw(t, "vip"), State: s, Why: s}
		case 4:
			return trace.Log{Text: s}
		case 5:
			return trace.Command{Line: s, Exit: id, Took: durations().Draw(t, "took")}
		case 6:
			return trace.Event{Source: s, ID: 100, Text: s}
		}
		outcome := rapid.SampledFrom([]trace.PingOutcome{trace.Replied, trace.TimedOut, trace.HostUnreachable,
			trace.GeneralFailure, trace.PingOutcome(s)})
		return trace.PingLine{ID: id, Outcome: outcome.Draw(t, "outcome"), From: addresses().Draw(t, "from"),
			RTT: durations().Draw(t, "rtt"), TTL: rapid.Int().Draw(t, "ttl")}
	})
}

func traces() *rapid.Generator[*trace.Trace] {
	return rapid.Custom(func(t *rapid.T) *trace.Trace {
		tr := &trace.Trace{End: durations().Draw(t, "end")}
		tr.Header.Epoch = time.Unix(rapid.Int64Range(-1e11, 1e11).Draw(t, "epoch"), 0).UTC()
		tr.Header.Nodes = []trace.Node{{Role: "active"}, {Role: words().Draw(t, "role")}}
		tr.Header.VIPs = make([]trace.VIP, rapid.IntRange(0, 2).Draw(t, "vips"))
		for range rapid.IntRange(0, 30).Draw(t, "records") {
			b := bodies().Draw(t, "body")
			at, host := durations().Draw(t, "at"), words().Draw(t, "host")
			for range rapid.SampledFrom([]int{1, 1, 12}).Draw(t, "times") {
				tr.Add(at, host, b)
			}
		}
		return tr
	})
}

func beliefs() *rapid.Generator[Belief] {
	return rapid.Custom(func(t *rapid.T) Belief {
		d := func(name string) time.Duration { return durations().Draw(t, name) }
		misled := rapid.Custom(func(t *rapid.T) Misled {
			return Misled{durations().Draw(t, "from"), durations().Draw(t, "to"), rapid.SliceOfN(words(), 0, 2).Draw(t, "holders")}
		})
		return Belief{Host: words().Draw(t, "host"), VIP: addresses().Draw(t, "vip"), Whose: words().Draw(t, "whose"),
			From: d("from"), To: d("to"), Open: rapid.Bool().Draw(t, "open"), Wrong: rapid.SliceOfN(misled, 0, 9).Draw(t, "wrong")}
	})
}

func figures() *rapid.Generator[Figure] {
	return rapid.Custom(func(t *rapid.T) Figure {
		d := func(name string) time.Duration { return durations().Draw(t, name) }
		return Figure{Name: rapid.SampledFrom([]string{"failover", "failback", "x\x00"}).Draw(t, "name"),
			Client: words().Draw(t, "client"), VIP: addresses().Draw(t, "vip"), From: d("from"), To: d("to"), Value: d("value"),
			Open: rapid.Bool().Draw(t, "open"), BandMin: d("min"), BandMax: d("max"), Silent: d("silent"), By: words().Draw(t, "by")}
	})
}

func lanes() *rapid.Generator[Lane] {
	return rapid.Custom(func(t *rapid.T) Lane {
		span := rapid.Custom(func(t *rapid.T) Span {
			state := rapid.OneOf(words(), rapid.SampledFrom([]string{"preferred", "tentative", "duplicate", "answered"}))
			return Span{durations().Draw(t, "from"), durations().Draw(t, "to"), state.Draw(t, "state")}
		})
		return Lane{Label: words().Draw(t, "label"), Spans: rapid.SliceOfN(span, 0, 8).Draw(t, "spans"),
			Host: words().Draw(t, "host"), VIP: addresses().Draw(t, "vip"), Client: rapid.Bool().Draw(t, "client")}
	})
}

func frames() *rapid.Generator[Frame] {
	return rapid.Custom(func(t *rapid.T) Frame {
		w := func(name string) string { return words().Draw(t, name) }
		arrival := rapid.Custom(func(t *rapid.T) Arrival {
			return Arrival{words().Draw(t, "station"), words().Draw(t, "file"), rapid.Int().Draw(t, "number")}
		})
		return Frame{At: durations().Draw(t, "at"), From: w("from"), To: w("to"), Cast: rapid.Bool().Draw(t, "cast"), Kind: w("kind"),
			Text: w("text"), File: w("file"), Number: rapid.Int().Draw(t, "number"), Lost: w("lost"), Reached: rapid.SliceOfN(arrival, 0, 3).Draw(t, "reached")}
	})
}

func results() *rapid.Generator[Result] {
	return rapid.Custom(func(t *rapid.T) Result {
		w := func(name string) string { return words().Draw(t, name) }
		check := rapid.Custom(func(t *rapid.T) Check {
			return Check{words().Draw(t, "id"), words().Draw(t, "title"), verdicts().Draw(t, "verdict"),
				rapid.Bool().Draw(t, "expected"), rapid.SliceOfN(words(), 0, 2).Draw(t, "sentences"), words().Draw(t, "reason")}
		})
		expectation := rapid.Custom(func(t *rapid.T) Expectation {
			return Expectation{rapid.Int().Draw(t, "line"), words().Draw(t, "text"), rapid.Bool().Draw(t, "ok"), words().Draw(t, "seen")}
		})
		r := Result{Scenario: w("scenario"), File: w("file"), Title: w("title"), Seed: rapid.Uint64().Draw(t, "seed"),
			Hash: w("hash"), Rerun: w("rerun"),
			Checks:       rapid.SliceOfN(check, 0, 3).Draw(t, "checks"),
			Expectations: rapid.SliceOfN(expectation, 0, 3).Draw(t, "expectations"),
			Figures:      rapid.SliceOfN(figures(), 0, 4).Draw(t, "figures"),
			Beliefs:      rapid.SliceOfN(beliefs(), 0, 3).Draw(t, "beliefs"),
			Outages:      rapid.SliceOfN(outages(), 0, 3).Draw(t, "outages"),
			Lanes:        rapid.SliceOfN(lanes(), 0, 3).Draw(t, "lanes"),
			Warnings:     rapid.SliceOfN(words(), 0, 2).Draw(t, "warnings"),
			Frames:       rapid.SliceOfN(frames(), 0, 6).Draw(t, "frames"),
			FramesCut:    durations().Draw(t, "cut")}
		if rapid.IntRange(0, 9).Draw(t, "traced") > 0 {
			r.Trace = traces().Draw(t, "trace")
		}
		return r
	})
}

func outages() *rapid.Generator[Outage] {
	return rapid.Custom(func(t *rapid.T) Outage {
		part := rapid.Custom(func(t *rapid.T) Part {
			return Part{words().Draw(t, "name"), durations().Draw(t, "time"), rapid.IntRange(0, 9).Draw(t, "lines")}
		})
		return Outage{Client: words().Draw(t, "client"), From: durations().Draw(t, "from"), To: durations().Draw(t, "to"),
			Open: rapid.Bool().Draw(t, "open"), Cause: words().Draw(t, "cause"),
			Parts: rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), Saw: rapid.SliceOfN(part, 0, 3).Draw(t, "saw")}
	})
}
