package reports

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"ipwsim/sim/trace"
)

// Perfetto writes the runs' timelines in the Trace Event Format
// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which ui.perfetto.dev
// and Chrome open: a process a run, a thread a lane, from virtual time 0 to the end.
func Perfetto(w io.Writer, all []Result) error {
	doc := traceEvents{Events: []traceEvent{}, Unit: "ms", Other: map[string]string{"ipwsim": "timeline", "version": strconv.Itoa(Version)}}
	for i, r := range all {
		e := &eventer{r: r, process: i + 1, busy: map[int]time.Duration{}}
		doc.Events = append(doc.Events, e.events()...)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// traceEvents is the format's object form.
type traceEvents struct {
	Events []traceEvent      `json:"traceEvents"`
	Unit   string            `json:"displayTimeUnit"`
	Other  map[string]string `json:"otherData"`
}

// traceEvent is one event of the format.
type traceEvent struct {
	Name     string         `json:"name"`
	Category string         `json:"cat"`
	Phase    string         `json:"ph"`
	At       micros         `json:"ts"`
	Length   *micros        `json:"dur,omitempty"`
	Process  int            `json:"pid"`
	Thread   int            `json:"tid"`
	Scope    string         `json:"s,omitempty"`
	Args     map[string]any `json:"args,omitempty"`
}

// The phases used here, and the scope of an instant that is drawn over the whole process.
const (
	complete = "X"
	instant  = "i"
	metadata = "M"

	aboutCategory = "__metadata" // as Chrome's own

	wholeProcess = "p"
	oneThread    = "t"
)

// micros is a time in microseconds, exact to the nanosecond.
type micros time.Duration

// MarshalJSON writes the number without exponent.
func (m micros) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%03d", int64(m)/1000, int64(m)%1000), nil
}

// eventer makes the events of one run.
type eventer struct {
	r       Result
	process int
	threads int
	busy    map[int]time.Duration // until when each thread has a span
	all     []traceEvent
}

func (e *eventer) events() []traceEvent {
	e.name("process_name", 0, safe(e.r.Scenario))
	e.add(traceEvent{Name: "process_labels", Phase: metadata, Args: map[string]any{"labels": verdictWord(e.r)}})
	e.add(traceEvent{Name: "process_sort_index", Phase: metadata, Args: map[string]any{"sort_index": e.process}})
	if e.r.Trace == nil {
		return e.all
	}
	e.faults()
	e.lanes("vip", e.r.Lanes)
	e.outages()
	e.lanes("watcher", watchLanes(e.r.Trace))
	e.lanes("power", powerLanes(e.r.Trace))
	e.lanes("link", linkLanes(e.r.Trace))
	e.beliefs()
	e.pings()
	e.mail()
	return e.all
}

func verdictWord(r Result) string {
	if r.Passed() {
		return string(Pass)
	}
	return string(Fail)
}

func (e *eventer) add(x traceEvent) {
	x.Process = e.process
	if x.Phase == metadata {
		x.Category = aboutCategory
	}
	e.all = append(e.all, x)
}

// name gives the process or a thread its name.
func (e *eventer) name(what string, thread int, name string) {
	e.add(traceEvent{Name: what, Phase: metadata, Thread: thread, Args: map[string]any{"name": name}})
}

// thread begins a lane, below those before it.
func (e *eventer) thread(name string) int {
	e.threads++
	e.name("thread_name", e.threads, safe(name))
	e.add(traceEvent{Name: "thread_sort_index", Phase: metadata, Thread: e.threads, Args: map[string]any{"sort_index": e.threads}})
	return e.threads
}

// span adds the part of a span that lies within the run, if there is any. The spans of a thread do not
// overlap: a later one waits for an earlier's end.
func (e *eventer) span(thread int, category, name string, from, to time.Duration, args map[string]any) {
	from, to = max(0, from, e.busy[thread]), min(to, e.r.Trace.End)
	if to <= from {
		return
	}
	e.busy[thread] = to
	length := micros(to - from)
	e.add(traceEvent{
		Name: eventName(name), Category: category, Phase: complete, At: micros(from), Length: &length, Thread: thread, Args: args,
	})
}

func (e *eventer) instant(thread int, category, name, scope string, at time.Duration, args map[string]any) {
	if at < 0 || at > e.r.Trace.End {
		return
	}
	e.add(traceEvent{Name: eventName(name), Category: category, Phase: instant, At: micros(at), Thread: thread, Scope: scope, Args: args})
}

// eventName makes a name harmless, and never empty: the format wants one.
func eventName(s string) string {
	if s == "" {
		return "?"
	}
	return safe(s)
}

// lanes are threads with a lane's spans each.
func (e *eventer) lanes(category string, all []Lane) {
	for _, l := range all {
		thread := e.thread(l.Label)
		for _, s := range slices.SortedStableFunc(slices.Values(l.Spans), func(a, b Span) int { return cmp.Compare(a.From, b.From) }) {
			e.span(thread, category, s.State, s.From, s.To, nil)
		}
	}
}

// faults are drawn over all lanes.
func (e *eventer) faults() {
	thread := e.thread("faults")
	for _, r := range e.r.Trace.Records {
		if b, ok := r.Body.(trace.Fault); ok {
			e.instant(thread, "fault", faultText(b), wholeProcess, r.At, nil)
		}
	}
}
