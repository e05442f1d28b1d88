package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

func perfettoOf(t require.TestingT, all ...*finding.Run) []byte {
	var b bytes.Buffer
	require.NoError(t, exchange.Perfetto(&b, all))
	return b.Bytes()
}

// event is an event as the strict reader below has it; At and Length are in nanoseconds.
type event struct {
	Name, Cat, Ph, S string
	At, Length       int64
	Pid, Tid         int
	Args             map[string]any
}

// The phases of events.
const (
	complete = "X"
	instant  = "i"
	metadata = "M"
)

// readEvents reads the format's object form by its rules: which fields each phase must have, and which it may not; names
// of processes and threads before their events; complete events of a thread that do not overlap; times that lie in the
// run.
func readEvents(raw []byte) ([]event, error) {
	var doc struct {
		TraceEvents     []map[string]json.RawMessage `json:"traceEvents"`
		DisplayTimeUnit string                       `json:"displayTimeUnit"`
		OtherData       map[string]string            `json:"otherData"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if doc.TraceEvents == nil || doc.DisplayTimeUnit != "ms" && doc.DisplayTimeUnit != "ns" {
		return nil, fmt.Errorf("no traceEvents, or displayTimeUnit %q", doc.DisplayTimeUnit)
	}
	named := map[[2]int]bool{}
	busy := map[[2]int]int64{}
	var all []event
	for i, fields := range doc.TraceEvents {
		e, err := readEvent(fields)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", i, err)
		}
		place := [2]int{e.Pid, e.Tid}
		switch {
		case e.Ph == metadata && e.Name == "thread_name":
			named[place] = true
		case e.Ph == metadata:
		case !named[place]:
			return nil, fmt.Errorf("event %d: thread %d of process %d has no name", i, e.Tid, e.Pid)
		case e.Ph == complete && e.At < busy[place]:
			return nil, fmt.Errorf("event %d: overlaps the one before it", i)
		case e.Ph == complete:
			busy[place] = e.At + e.Length
		}
		all = append(all, e)
	}
	return all, nil
}

// phases are the fields that each phase must have and that it may have beside them.
var phases = map[string][2][]string{
	complete: {{"name", "cat", "ph", "ts", "dur", "pid", "tid"}, {"args"}},
	instant:  {{"name", "cat", "ph", "ts", "pid", "tid", "s"}, {"args"}},
	metadata: {{"name", "cat", "ph", "ts", "pid", "tid", "args"}, nil},
}

func readEvent(fields map[string]json.RawMessage) (e event, err error) {
	if err := json.Unmarshal(fields["ph"], &e.Ph); err != nil {
		return e, err
	}
	known, ok := phases[e.Ph]
	if !ok {
		return e, fmt.Errorf("phase %q", e.Ph)
	}
	for _, f := range known[0] {
		if fields[f] == nil {
			return e, fmt.Errorf("phase %s without %s", e.Ph, f)
		}
	}
	for f, raw := range fields {
		if !slices.Contains(append(slices.Clone(known[0]), known[1]...), f) {
			return e, fmt.Errorf("phase %s with %s", e.Ph, f)
		}
		to := map[string]any{"name": &e.Name, "cat": &e.Cat, "ph": &e.Ph, "s": &e.S, "pid": &e.Pid, "tid": &e.Tid, "args": &e.Args}[f]
		switch f {
		case "ts":
			e.At, err = nanos(raw)
		case "dur":
			e.Length, err = nanos(raw)
		default:
			err = json.Unmarshal(raw, to)
		}
		if err != nil {
			return e, fmt.Errorf("%s: %w", f, err)
		}
	}
	if e.Name == "" || e.At < 0 || e.Length < 0 || e.Pid < 1 || !slices.Contains([]string{"", "t", "p", "g"}, e.S) {
		return e, fmt.Errorf("%+v", e)
	}
	names := map[string]string{"process_name": "name", "thread_name": "name", "process_labels": "labels", "process_sort_index": "sort_index", "thread_sort_index": "sort_index"}
	if e.Ph == metadata && e.Args[names[e.Name]] == nil {
		return e, fmt.Errorf("metadata %s with %v", e.Name, e.Args)
	}
	return e, nil
}

func nanos(raw json.RawMessage) (int64, error) {
	d, err := time.ParseDuration(string(raw) + "us")
	return int64(d), err
}

// spans are the events of a thread, in words; times to the tenth of a second.
func spans(all []event, thread string) []string {
	var out []string
	tid := 0
	tenths := func(ns int64) time.Duration { return time.Duration(ns).Round(time.Second / 10) }
	for _, e := range all {
		switch {
		case e.Name == "thread_name" && e.Args["name"] == thread:
			tid = e.Tid
		case e.Ph == complete && e.Tid == tid:
			out = append(out, fmt.Sprintf("%s %v-%v", e.Name, tenths(e.At), tenths(e.At+e.Length)))
		case e.Ph == instant && e.Tid == tid:
			out = append(out, fmt.Sprintf("%s %v", e.Name, tenths(e.At)))
		}
	}
	return out
}

func TestPerfettoShowsTheTimelineOfTheTextReport(t *testing.T) {
	all, err := readEvents(perfettoOf(t, runtest.Scenario(t, "cable-pull")))
	require.NoError(t, err)
	for thread, want := range map[string][]string{
		"active 192.168.10.202":         {"preferred 0s-20s", "tentative 20s-1m20s", "duplicate 1m20s-1m20.9s", "tentative 1m24.5s-1m27.5s", "preferred 1m27.5s-1m50s"},
		"client answered":               {"answered 0s-20s", "no answer 20s-54s", "answered 54s-1m23.7s", "no answer 1m23.7s-1m27.5s", "answered 1m27.5s-1m50s"},
		"faults":                        {"the cable of active was pulled 20s", "the cable of active was plugged in 1m20s"},
		"client without 192.168.10.202": {"the cable of active was pulled (20 s) 20s-54s", "standby gave it back at 83.002 s, as its master asked (W15), after: the cable of active was plugged in (80 s) 1m23.7s-1m27.5s"},
		"watcher of standby":            {"polling 0s-50.8s", "taking 50.8s-54s", "held 54s-1m23s", "releasing 1m23s-1m23.7s", "polling 1m23.7s-1m50s"},
		"cable of active":               {"up 0s-20s", "down 20s-1m20s", "up 1m20s-1m50s"},
	} {
		require.Equal(t, want, spans(all, thread), thread)
	}
	require.Contains(t, spans(all, "client pings 192.168.10.202"), "host unreachable 35s")
	for _, e := range all {
		if e.Cat == "outage" && e.At == int64(20*time.Second) {
			require.Equal(t, "failover", e.Args["kind"])
			require.InDelta(t, 3.0, e.Args["detection"], .001, "what it is made of, in seconds")
		}
	}
}

// Each run is a process that says what it came to.
func TestPerfettoTellsAWeaknessApart(t *testing.T) {
	all, err := readEvents(perfettoOf(t, runtest.Scenario(t, "cable-pull"), runtest.Scenario(t, "ad-client"), runtest.Failing(t), &finding.Run{Scenario: "empty"}))
	require.NoError(t, err)
	labels := map[int]any{}
	for _, e := range all {
		if e.Name == "process_labels" {
			labels[e.Pid] = e.Args["labels"]
		}
	}
	require.Equal(t, map[int]any{1: "pass", 2: "weakness", 3: "fail", 4: "fail"}, labels)
}

func TestPerfettoOfAnyRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runs := rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs")
		all, err := readEvents(perfettoOf(t, runs...))
		require.NoError(t, err)
		processes := map[int]bool{}
		for _, e := range all {
			processes[e.Pid] = true
			if e.Ph != metadata {
				require.LessOrEqual(t, e.At+e.Length, int64(runs[e.Pid-1].Trace.End))
			}
		}
		require.Len(t, processes, len(runs))
	})
}

// The lanes of mail are the page's: each event at its time, and what others wrote in it made harmless.
func TestPerfettoMail(t *testing.T) {
	server := netip.AddrPortFrom(runtest.VIP, 25)
	tr := &trace.Trace{End: sec(180)}
	tr.Add(sec(-1), "active", trace.MailAccept{From: "a@example.com", To: []string{"b@example.com"}, MessageID: "0"})
	tr.Add(sec(5), "client", trace.MailSend{MessageID: "1", To: "b@example.com", Server: server, Try: 1, Stage: "dot", Code: 451, Text: "try \x1b[2J\nagain", Took: sec(1)})
	tr.Add(sec(6), "active", trace.MailAccept{From: "a@example.com", To: []string{"b@example.com"}, MessageID: "1"})
	tr.Add(sec(6), "client", trace.MailSend{MessageID: "1", To: "b@example.com", Server: server, Try: 2, Code: 250})
	all, err := readEvents(perfettoOf(t, runtest.Trace(tr)))
	require.NoError(t, err)
	require.Equal(t, []string{"accepted: from a@example.com to b@example.com, Message-ID 1 6s"}, spans(all, "accepted by active"), "none from before virtual time 0")
	require.Equal(t, []string{`to b@example.com, try 1, failed at dot after 1.0 s: 451 try \x1b[2J\x0aagain 5s`}, spans(all, "client could not send"), "none that was taken")
	for _, e := range all {
		require.True(t, e.Ph != instant || e.Cat == "mail" && e.S == "t", e)
	}
}

// The strict reader refuses what the rules do.
func TestTheReaderOfTraceEventsIsStrict(t *testing.T) {
	for _, bad := range []string{
		`{"traceEvents":null,"displayTimeUnit":"ms"}`,
		`{"traceEvents":[],"displayTimeUnit":"s"}`,
		`{"traceEvents":[{"ph":"Q"}],"displayTimeUnit":"ms"}`,
		`{"traceEvents":[{"name":"thread_name","ph":"M","ts":0,"pid":1,"tid":1}],"displayTimeUnit":"ms"}`,
		`{"traceEvents":[{"name":"a","cat":"c","ph":"X","ts":0,"dur":1,"pid":1,"tid":1}],"displayTimeUnit":"ms"}`,
		`{"traceEvents":[{"name":"a","cat":"c","ph":"i","ts":0,"pid":1,"tid":1,"s":"x"}],"displayTimeUnit":"ms"}`,
	} {
		_, err := readEvents([]byte(bad))
		require.Error(t, err, bad)
	}
	const thread = `{"name":"thread_name","cat":"__metadata","ph":"M","ts":0,"pid":1,"tid":1,"args":{"name":"a"}}`
	two := func(from string) string {
		return `{"traceEvents":[` + thread + `,{"name":"a","cat":"c","ph":"X","ts":0,"dur":2,"pid":1,"tid":1},{"name":"a","cat":"c","ph":"X","ts":` + from + `,"dur":2,"pid":1,"tid":1}],"displayTimeUnit":"ms"}`
	}
	_, err := readEvents([]byte(two("2")))
	require.NoError(t, err)
	_, err = readEvents([]byte(two("1.999")))
	require.ErrorContains(t, err, "overlaps")
}
