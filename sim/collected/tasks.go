package collected

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"ipwsim/core/diag"
)

// Task is a task of Task Scheduler.
type Task struct {
	Commands []string // what it starts, with arguments
	Enabled  bool
	Events   []string // subscriptions of its enabled event triggers
	Boot     bool     // it has an enabled trigger at the start of Windows
	Place
}

// On100 says whether the watcher's event 100 starts it.
func (t Task) On100() bool {
	for _, e := range t.Events {
		if event100.MatchString(e) && (strings.Contains(e, "IPWCS") || !strings.Contains(e, "Provider")) {
			return true
		}
	}
	return false
}

var event100 = regexp.MustCompile(`EventID\s*=\s*100\b`)

// taskXML is a task as Task Scheduler writes it.
type taskXML struct {
	Events   []triggerXML `xml:"Triggers>EventTrigger"`
	Boots    []triggerXML `xml:"Triggers>BootTrigger"`
	Enabled  string       `xml:"Settings>Enabled"`
	Commands []struct {
		Command   string
		Arguments string
	} `xml:"Actions>Exec"`
}

type triggerXML struct {
	Enabled      string
	Subscription string
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
	line := func() int { return 1 + bytes.Count(whole[:dec.InputOffset()], []byte("\n")) }
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all, problems
		}
		start, is := token.(xml.StartElement)
		if err == nil && (!is || start.Name.Local != "Task") {
			continue
		}
		at := line()
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
	t := Task{Enabled: on(x.Enabled), Place: at}
	for _, e := range x.Events {
		if on(e.Enabled) {
			t.Events = append(t.Events, e.Subscription)
		}
	}
	for _, b := range x.Boots {
		t.Boot = t.Boot || on(b.Enabled)
	}
	for _, c := range x.Commands {
		t.Commands = append(t.Commands, strings.TrimSpace(c.Command+" "+c.Arguments))
	}
	return t
}
