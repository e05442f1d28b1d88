package collected

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// Task is a task of Task Scheduler, as far as it decides when it runs.
type Task struct {
	Commands []string // what it starts, with arguments
	Cut      []Cut    // what it is to start and does not
	Bare     []string // likewise: batch files that it looks for in Windows' own folder
	Enabled  bool
	Triggers []Trigger // those that are enabled
	Off      []Trigger // those that are disabled
	Principal
	Exported  time.Time     // the latest that its file may have been written, by its time in the file system; the zero Time: not known
	Limit     time.Duration // after which it is ended; 0: never
	Instances string        // what becomes of a start while it runs, as IgnoreNew; "": not said, which is that
	Idle      bool          // it starts only if the machine is idle
	Network   bool          // it starts only if there is a network
	Listed    bool          // a list of tasks has it, which does not say on which event
	Place
}

// Trigger starts a task.
type Trigger struct {
	Kind    string        // its element: BootTrigger, EventTrigger, CalendarTrigger, ...
	Selects []Select      // of an EventTrigger
	Delay   time.Duration // before it starts the task
	Every   time.Duration // then again; 0: not
	For     time.Duration // that long; 0: without end
	Start   string        // a time before which it starts nothing; "": none
	End     string        // a time after which it starts nothing; "": none
}

// Select are entries of an event log.
type Select struct {
	Log   string // "": not said
	Query string // XPath
}

// Ended says whether it has ended at a time of the machine's own clock. Where its end is in another zone's time, it has if
// it ended a day before.
func (t Trigger) Ended(at time.Time) bool {
	if end, err := time.Parse("2006-01-02T15:04:05", t.End); err == nil {
		return end.Before(at)
	}
	end, err := time.Parse(time.RFC3339, t.End)
	return err == nil && end.Before(at.Add(-24*time.Hour))
}

// Begins says whether it begins behind a time only, of the machine's own clock in whichever zone. Where its start is in a
// zone's own time, it does if it begins a day behind: archives may shift the times of files.
func (t Trigger) Begins(at time.Time) bool {
	if start, err := time.Parse("2006-01-02T15:04:05", t.Start); err == nil {
		return start.After(at.UTC().Add(farEast))
	}
	start, err := time.Parse(time.RFC3339, t.Start)
	return err == nil && start.After(at.Add(24*time.Hour))
}

// farEast is how far clocks are ahead of UTC at the most.
const farEast = 14 * time.Hour

// Boot says whether it fires at the start of Windows.
func (t Trigger) Boot() bool { return t.Kind == "BootTrigger" }

// Event says whether it fires by entries of event logs.
func (t Trigger) Event() bool { return t.Kind == "EventTrigger" }

// WatcherLog is the event log that the watcher writes to.
const WatcherLog = "Application"

// Match is how a trigger takes the watcher's event 100.
type Match struct {
	Is       bool     // it fires by that, as far as is known
	Log      string   // where it looks for that: the watcher's, if it looks there
	Query    string   // by which it does, or would
	Unknown  []string // what else it asks for, and nobody knows of the event
	Computer string   // where it would fire, if that is another; "": it is none
}

// Log100 says whether it is one for the watcher's event 100 on the computer of that name; "": it is not known.
func (t Trigger) Log100(host string) (m Match) {
	for _, s := range t.Selects {
		v, by := filter{host: host}.pass(s.Query)
		switch elsewhere, _ := (filter{anyHost: true}).pass(s.Query); {
		case v != fails:
			m = Match{Is: true, Log: s.Log, Query: s.Query}
			if v == unsure {
				m.Unknown = by.unknown
			}
		case elsewhere != fails && !m.Is:
			m = Match{Computer: by.computer, Query: s.Query}
		}
		if m.Is && (m.Log == "" || isOne(m.Log, WatcherLog)) {
			m.Log = WatcherLog
			return m
		}
	}
	return m
}

// Near100 is what it waits for, where that is not the watcher's event 100, but was most likely meant to be: the watcher's,
// or one of that ID; "": it is something else.
func (t Trigger) Near100() string {
	for _, s := range t.Selects {
		if strings.Contains(strings.ToUpper(s.Query), "IPW") || event100.MatchString(s.Query) {
			return s.Query
		}
	}
	return ""
}

// On100 says whether the watcher's event 100 starts the task.
func (t Task) On100() bool {
	return slices.ContainsFunc(t.Triggers, func(t Trigger) bool { m := t.Log100(""); return m.Is && m.Log == WatcherLog })
}

// Meant are all commands that it is to start, also those that cannot.
func (t Task) Meant() []string {
	all := append(slices.Clone(t.Commands), t.Bare...)
	for _, c := range t.Cut {
		all = append(all, c.Whole())
	}
	return all
}

// Boot says whether the start of Windows starts it.
func (t Task) Boot() bool { return slices.ContainsFunc(t.Triggers, Trigger.Boot) }

var event100 = regexp.MustCompile(`EventID\s*=\s*100\b`)

// taskXML is a task as Task Scheduler writes it.
type taskXML struct {
	Triggers struct {
		All []triggerXML `xml:",any"`
	}
	Principals []principalXML `xml:"Principals>Principal"`
	Settings   struct {
		Enabled, ExecutionTimeLimit, MultipleInstancesPolicy, RunOnlyIfIdle, RunOnlyIfNetworkAvailable string
	}
	Commands []commandXML `xml:"Actions>Exec"`
}

type triggerXML struct {
	XMLName                      xml.Name
	Enabled, Subscription, Delay string
	StartBoundary, EndBoundary   string
	Repetition                   struct{ Interval, Duration string }
}

// queriesXML is what an event trigger subscribes to.
type queriesXML struct {
	Queries []struct {
		Path    string `xml:",attr"`
		Selects []struct {
			Path string `xml:",attr"`
			Text string `xml:",chardata"`
		} `xml:"Select"`
	} `xml:"Query"`
}

// on is XML's true, which may be left out.
func on(s string) bool { return !isOne(strings.TrimSpace(s), "false", "0") }

var xmlDeclaration = regexp.MustCompile(`<\?xml[^>]*\?>`)

// ParseTasks reads a task that Task Scheduler exported, or the output of `schtasks /query /xml`, of one or more: its
// declarations say nothing of the encoding that holds.
func ParseTasks(file string, data []byte) (all []Task, problems diag.List) {
	d, problems := decode(file, data)
	if problems.Err() != nil {
		return nil, problems
	}
	whole := []byte(xmlDeclaration.ReplaceAllStringFunc(strings.Join(d.lines, "\n"), func(s string) string {
		return strings.Repeat(" ", len(s))
	}))
	dec := xml.NewDecoder(bytes.NewReader(whole))
	line, counted := 1, int64(0)
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all, problems
		}
		start, is := token.(xml.StartElement)
		if err == nil && (!is || start.Name.Local != "Task") {
			continue
		}
		line += bytes.Count(whole[counted:dec.InputOffset()], []byte("\n"))
		counted = dec.InputOffset()
		at := line
		var t taskXML
		if err == nil {
			err = dec.DecodeElement(&t, &start)
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				at = syntax.Line
				err = errors.New(syntax.Msg)
			}
			problems.Errorf(file, at, "not valid XML: %w", diag.Word(strings.Join(strings.Fields(err.Error()), " ")))
			return nil, problems
		}
		all = append(all, t.task(Place{file, at}))
	}
}

func (x taskXML) task(at Place) Task {
	t := Task{
		Enabled: on(x.Settings.Enabled), Limit: period(x.Settings.ExecutionTimeLimit), Instances: strings.TrimSpace(x.Settings.MultipleInstancesPolicy),
		Idle: isOne(x.Settings.RunOnlyIfIdle, "true", "1"), Network: isOne(x.Settings.RunOnlyIfNetworkAvailable, "true", "1"), Place: at,
	}
	for _, one := range x.Triggers.All {
		to := &t.Triggers
		if !on(one.Enabled) {
			to = &t.Off
		}
		*to = append(*to, Trigger{
			Kind: one.XMLName.Local, Selects: selects(one.Subscription), Delay: period(one.Delay),
			Every: period(one.Repetition.Interval), For: period(one.Repetition.Duration),
			Start: strings.TrimSpace(one.StartBoundary), End: strings.TrimSpace(one.EndBoundary),
		})
	}
	for _, p := range x.Principals {
		t.Principal = p.principal()
	}
	for _, c := range x.Commands {
		t.does(c)
	}
	return t
}

// selects are those of a subscription: a list of queries or, as few tools write it, one query alone.
func selects(subscription string) (all []Select) {
	var list queriesXML
	if err := xml.Unmarshal([]byte(subscription), &list); err != nil {
		for _, m := range selectPattern.FindAllStringSubmatch(subscription, mostSelects) { // a < in it is not escaped
			all = append(all, Select{m[1], m[2]})
		}
		if all != nil {
			return all
		}
		return []Select{{"", subscription}}
	}
	for _, q := range list.Queries {
		for _, s := range q.Selects {
			all = append(all, Select{cmp.Or(s.Path, q.Path), s.Text})
		}
	}
	return all
}

var selectPattern = regexp.MustCompile(`(?s)<Select(?:\s+Path=["']([^"']*)["'])?\s*>(.*?)</Select>`)

// mostSelects bounds the parts of a subscription.
const mostSelects = 100

var periodPattern = regexp.MustCompile(`^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$`)

// period reads a length of time as XML has it, P1DT2H3M4S; 0 for another text.
func period(s string) (d time.Duration) {
	m := periodPattern.FindStringSubmatch(strings.TrimSpace(s))
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if m != nil && m[i+1] != "" {
			n, _ := strconv.Atoi(m[i+1]) // the pattern has digits, and few
			d += time.Duration(n) * unit
		}
	}
	return d
}
