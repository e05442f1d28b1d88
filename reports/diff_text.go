package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// DiffText writes a difference for a terminal. Names are those of the two runs; files are those of
// theirs that differ.
func DiffText(w io.Writer, names [2]string, files []string, d Difference, opt Options) error {
	p := newPage(opt)
	p.diffHead(names, files, d)
	if d.Parted {
		p.parting(d)
		p.diffRecords(d)
	}
	return p.flush(w)
}

func (p *page) diffHead(names [2]string, files []string, d Difference) {
	if !d.Any() && len(files) == 0 {
		p.para(passStyle, "SAME  ", fmt.Sprintf("%s and %s: %d records", names[0], names[1], d.Same))
		return
	}
	p.para(failStyle, "DIFFERENT  ", "")
	p.para(plain, "  -  ", names[0])
	p.para(plain, "  +  ", names[1])
	for _, f := range files {
		p.para(plain, "  file     ", f)
	}
	for _, s := range d.Settings {
		p.para(plain, "  setting  ", fmt.Sprintf("%s: %s | %s", s.Name, orNone(s.Values[0]), orNone(s.Values[1])))
	}
	if d.Ends[0] != d.Ends[1] {
		p.para(plain, "  end      ", p.stamp(d.Ends[0])+" | "+p.stamp(d.Ends[1]))
	}
	if !d.Parted {
		p.para(plain, "  ", fmt.Sprintf("all %d records are the same", d.Same))
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// parting says where the traces part, and what led to it.
func (p *page) parting(d Difference) {
	p.section("The first difference")
	p.para(plain, "  record  ", fmt.Sprintf("%d; the %d before it are the same", d.Same+1, d.Same))
	at, host := d.where()
	p.para(plain, "  when    ", p.stamp(at))
	p.para(plain, "  where   ", place(host))
	p.para(plain, "  what    ", d.what())
	p.para(plain, "  cause   ", p.diffCause(d))
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
func (d Difference) what() string {
	if len(d.Records[0]) == 0 || len(d.Records[1]) == 0 {
		return "one run has no more records"
	}
	a, b := d.Records[0][0], d.Records[1][0]
	switch {
	case a.Host != b.Host || a.Body.Kind() != b.Body.Kind():
		return fmt.Sprintf("%s of %s | %s of %s", a.Body.Kind(), place(a.Host), b.Body.Kind(), place(b.Host))
	case a.At != b.At:
		return fmt.Sprintf("%s, %s later in one", a.Body.Kind(), (max(a.At, b.At) - min(a.At, b.At)))
	}
	return a.Body.Kind() + " says something else"
}

// diffCause is what can be known of the cause: a fault that one run only has, else the settings that
// differ, and the last fault that both had.
func (p *page) diffCause(d Difference) string {
	last := "no fault came before it"
	if d.Fault != nil {
		last = fmt.Sprintf("the last fault before it is %s at %s, the same in both", faultText(d.Fault.Body.(trace.Fault)), p.stamp(d.Fault.At))
	}
	for _, side := range d.Records {
		if len(side) == 0 {
			continue
		}
		if f, ok := side[0].Body.(trace.Fault); ok {
			return fmt.Sprintf("a fault that differs: %s at %s; %s", faultText(f), p.stamp(side[0].At), last)
		}
	}
	if len(d.Settings) > 0 {
		var names []string
		for _, s := range d.Settings {
			names = append(names, s.Name)
		}
		return fmt.Sprintf("settings that differ (%s); %s", strings.Join(names, ", "), last)
	}
	return "no setting of the headers differs; " + last
}

// diffRecords shows the records around the parting.
func (p *page) diffRecords(d Difference) {
	p.section("Around it")
	p.diffLines("   ", plain, d.Common)
	for i, mark := range []string{"-  ", "+  "} {
		p.diffLines(mark, failStyle, d.Records[i])
		if len(d.Records[i]) < context {
			p.para(noteStyle, mark, "the end, at "+p.stamp(d.Ends[i]))
		}
	}
}

func (p *page) diffLines(mark string, st style, all []trace.Record) {
	for _, r := range all {
		lead := mark + padLeft(p.stamp(r.At), 11) + "  " + pad(cut(place(r.Host), 12), 7) + "  "
		p.para(st, lead, r.Body.Kind()+" "+recordText(r.Body))
	}
}

// recordText is what the record says: each field's name and its value in JSON.
func recordText(b trace.Body) string {
	raw, err := json.Marshal(b)
	if err != nil {
		return err.Error()
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	var parts []string
	for {
		name, err := dec.Token()
		if _, field := name.(string); err != nil || !field && name != json.Delim('{') {
			return strings.Join(parts, ", ")
		} else if !field {
			continue
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err.Error()
		}
		parts = append(parts, fmt.Sprintf("%s %s", name, value))
	}
}

func place(host string) string {
	if host == "" {
		return "network"
	}
	return host
}
