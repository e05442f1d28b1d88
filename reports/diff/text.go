package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
)

// File is one of the runs' files that differs.
type File struct {
	Name string // "": the scenario's
	Only int    // 1 or 2: only that run has it
}

// page is a difference being written.
type page struct {
	*term.Page
	words.Teller
	Difference
}

// Text writes a difference for a terminal. Names are those of the two runs; files are those of theirs that differ.
func Text(w io.Writer, names [2]string, files []File, d Difference, opt term.Options) error {
	p := page{term.New(opt), words.Teller{Lang: opt.Lang}, d}
	p.head(names, files)
	if d.Parted {
		p.parting()
		p.records()
	}
	return p.Flush(w)
}

func (p page) head(names [2]string, files []File) {
	if !p.Any() && len(files) == 0 {
		p.Para(term.Good, p.Say("diff.same")+"  ", p.Say("diff.both", names[0], names[1], p.Same))
		return
	}
	p.Para(term.Bad, p.Say("diff.different"), "")
	p.Para(term.Plain, "  -  ", names[0])
	p.Para(term.Plain, "  +  ", names[1])
	var rows [][2]string
	for _, f := range files {
		rows = append(rows, [2]string{p.Say("diff.file"), p.file(f)})
	}
	for _, s := range p.Settings {
		rows = append(rows, [2]string{p.Say("diff.setting"), fmt.Sprintf("%s: %s | %s", s.Name, p.orNone(s.Values[0]), p.orNone(s.Values[1]))})
	}
	if p.Ends[0] != p.Ends[1] {
		rows = append(rows, [2]string{p.Say("diff.end"), p.Stamp(p.Ends[0]) + " | " + p.Stamp(p.Ends[1])})
	}
	p.rows(rows)
	if !p.Parted {
		p.Para(term.Plain, "  ", p.Say("diff.all-same", p.Same))
	}
}

// rows writes names with what they stand for below each other.
func (p page) rows(rows [][2]string) {
	wide := 0
	for _, r := range rows {
		wide = max(wide, term.Columns(r[0]))
	}
	for _, r := range rows {
		p.Para(term.Plain, "  "+term.Pad(r[0], wide)+"  ", r[1])
	}
}

func (p page) file(f File) string {
	name := f.Name
	if name == "" {
		name = p.Say("diff.scenario")
	}
	switch f.Only {
	case 1:
		return p.Say("diff.first-only", name)
	case 2:
		return p.Say("diff.second-only", name)
	}
	return name
}

func (p page) orNone(s string) string {
	if s == "" {
		return p.Say("diff.none")
	}
	return s
}

// parting says where the traces part, and what led to it.
func (p page) parting() {
	p.Section(p.Say("diff.first"))
	at, host := p.where()
	p.rows([][2]string{
		{p.Say("diff.record"), p.Say("diff.record-number", p.Same+1, p.Same)},
		{p.Say("diff.when"), p.Stamp(at)},
		{p.Say("diff.where"), p.place(host)},
		{p.Say("diff.what"), p.what()},
		{p.Say("diff.cause"), p.cause()},
	})
}

// where is the time and the host of the earlier of the two records.
func (d Difference) where() (time.Duration, string) {
	var first *trace.Record
	for _, side := range d.Records {
		if len(side) > 0 && (first == nil || side[0].At < first.At) {
			first = &side[0]
		}
	}
	return first.At, first.Host
}

// what tells in which way the two records differ.
func (p page) what() string {
	if len(p.Records[0]) == 0 || len(p.Records[1]) == 0 {
		return p.Say("diff.one-ends")
	}
	a, b := p.Records[0][0], p.Records[1][0]
	switch {
	case a.Host != b.Host || a.Body.Kind() != b.Body.Kind():
		return p.Say("diff.kind-of", a.Body.Kind(), p.place(a.Host)) + " | " + p.Say("diff.kind-of", b.Body.Kind(), p.place(b.Host))
	case a.At != b.At:
		return p.Say("diff.later", a.Body.Kind(), p.Seconds(max(a.At, b.At)-min(a.At, b.At)))
	}
	return p.Say("diff.says-else", a.Body.Kind())
}

// cause is what can be known of the cause: a fault that one run only has, else the settings that differ, and the
// last fault that both had.
func (p page) cause() string {
	last := p.Say("diff.no-fault")
	if p.Difference.Fault != nil {
		last = p.Say("diff.last-fault", p.did(p.Difference.Fault.Body.(trace.Fault)), p.Stamp(p.Difference.Fault.At))
	}
	for _, side := range p.Records {
		if len(side) == 0 {
			continue
		}
		if f, ok := side[0].Body.(trace.Fault); ok {
			return p.Say("diff.fault-differs", p.did(f), p.Stamp(side[0].At)) + p.Say("semicolon") + last
		}
	}
	if len(p.Settings) > 0 {
		var names []string
		for _, s := range p.Settings {
			names = append(names, s.Name)
		}
		return p.Say("diff.settings-differ", strings.Join(names, p.Say("comma"))) + p.Say("semicolon") + last
	}
	return p.Say("diff.no-setting") + p.Say("semicolon") + last
}

// did is what a fault did, in words.
func (p page) did(f trace.Fault) string {
	return p.Did(&finding.Fault{Fault: f, Said: verb.Said(f)})
}

// records shows the records around the parting.
func (p page) records() {
	p.Section(p.Say("diff.around"))
	p.lines("   ", term.Plain, p.Common)
	for i, mark := range []string{"-  ", "+  "} {
		p.lines(mark, term.Bad, p.Records[i])
		if len(p.Records[i]) < context {
			p.Para(term.Note, mark, p.Say("diff.the-end", p.Stamp(p.Ends[i])))
		}
	}
}

func (p page) lines(mark string, st term.Style, all []trace.Record) {
	for _, r := range all {
		lead := mark + term.PadLeft(p.Stamp(r.At), 11) + "  " + term.Pad(term.Cut(p.place(r.Host), 12), 7) + "  "
		p.Para(st, lead, strings.TrimSpace(r.Body.Kind()+" "+recordText(r.Body)))
	}
}

// recordText is what the record says: each field's name and its value in JSON, of a time with its unit. A field that is called
// as the record needs no name.
func recordText(b trace.Body) string {
	raw, err := json.Marshal(b)
	if err != nil {
		return err.Error()
	}
	times := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(b)) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		times[name] = f.Type == reflect.TypeFor[time.Duration]()
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	var parts []string
	for {
		name, err := dec.Token()
		field, is := name.(string)
		if err != nil || !is && name != json.Delim('{') {
			return strings.Join(parts, ", ")
		} else if !is {
			continue
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err.Error()
		}
		said := string(value)
		if n, err := strconv.ParseInt(said, 10, 64); err == nil && times[field] {
			said = time.Duration(n).String() // all of it: what differs may be small
		}
		if field != b.Kind() {
			said = field + " " + said
		}
		parts = append(parts, said)
	}
}

func (p page) place(host string) string {
	if host == "" {
		return p.Say("diff.network")
	}
	return host
}
