package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"ipwsim/reports/lanes"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Perfetto writes the runs' timelines in the Trace Event Format
// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which ui.perfetto.dev
// and Chrome open: a process a run, a thread a lane, from virtual time 0 to the end.
func Perfetto(w io.Writer, all []*finding.Run) error {
	doc := traceEvents{Events: []traceEvent{}, Unit: "ms", Other: map[string]string{"ipwsim": "timeline", "version": strconv.Itoa(trace.Version)}}
	for i, r := range all {
		e := &eventer{r: r, teller: words.Teller{Lang: words.English, Facts: r.Facts}, process: i + 1, busy: map[int]time.Duration{}}
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
	r       *finding.Run
	teller  words.Teller
	process int
	threads int
	busy    map[int]time.Duration // until when each thread has a span
	all     []traceEvent
}

func (e *eventer) events() []traceEvent {
	e.name("process_name", 0, words.Safe(e.r.Scenario))
	e.add(traceEvent{Name: "process_labels", Phase: metadata, Args: map[string]any{"labels": string(e.r.Outcome())}})
	e.add(traceEvent{Name: "process_sort_index", Phase: metadata, Args: map[string]any{"sort_index": e.process}})
	if e.r.Trace == nil {
		return e.all
	}
	l, t := words.English, e.r.Trace
	e.faults()
	e.lanes("vip", lanes.Holders(e.r))
	e.lanes("client", lanes.Clients(l, e.r))
	e.outages()
	e.lanes("watcher", lanes.Watchers(l, t))
	e.lanes("power", lanes.Machines(l, t))
	e.lanes("link", lanes.Cables(l, t))
	e.lanes("arp", lanes.Beliefs(l, e.r))
	e.lanes("ping", lanes.Pings(l, t))
	e.lanes("mail", lanes.Mail(l, t))
	return e.all
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
	e.name("thread_name", e.threads, words.Safe(name))
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

func (e *eventer) instant(thread int, category, name, scope string, at time.Duration) {
	if at >= 0 && at <= e.r.Trace.End {
		e.add(traceEvent{Name: eventName(name), Category: category, Phase: instant, At: micros(at), Thread: thread, Scope: scope})
	}
}

// eventName makes a name harmless, and never empty: the format wants one.
func eventName(s string) string {
	if s == "" {
		return "?"
	}
	return words.Safe(s)
}

// lanes are threads with a lane's spans and moments each.
func (e *eventer) lanes(category string, all []lanes.Lane) {
	for _, l := range all {
		thread := e.thread(l.Label)
		for _, s := range l.Spans {
			name, args := s.Text, map[string]any{"state": string(s.State)}
			if name == "" {
				name, args = lanes.Name(words.English, s.State), nil
			}
			e.span(thread, category, name, s.From, s.To, args)
		}
		for _, m := range l.Moments {
			e.instant(thread, category, m.Text, oneThread, m.At)
		}
	}
}

// faults are drawn over all lanes; those that last are a span each.
func (e *eventer) faults() {
	thread := e.thread("faults")
	for i := range e.r.Facts.Faults {
		f := &e.r.Facts.Faults[i]
		e.instant(thread, "fault", e.teller.Did(f), wholeProcess, f.At)
	}
}

// outages are a lane for each client and VIP that was silent for it: what began each silence, and what it was made of
// in seconds.
func (e *eventer) outages() {
	threads := map[string]int{}
	for _, o := range e.r.Facts.Outages() {
		label := fmt.Sprintf("%s without %s", o.Client, o.VIP)
		if threads[label] == 0 {
			threads[label] = e.thread(label)
		}
		parts := map[string]any{"kind": o.Kind, "open": o.Open}
		for _, p := range o.Parts {
			parts[string(p.What)] = p.Time.Seconds()
		}
		e.span(threads[label], "outage", e.teller.Cause(&o.Cause), o.From, o.To, parts)
	}
}
