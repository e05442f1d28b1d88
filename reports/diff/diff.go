// Package diff says where two runs part: which settings differ, and which record of their traces first.
package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Difference is where two traces part.
type Difference struct {
	Settings []Setting // of the headers, in their order
	Same     int       // records that are the same, from the beginning on
	Parted   bool      // a record after them differs, or one trace has no more
	Records  [2][]trace.Record
	Common   []trace.Record // the last that are the same
	Fault    *trace.Record  // the last fault before the parting; nil: none
	Ends     [2]time.Duration
}

// Setting is a value of the headers that differs, as JSON; "" where a trace does not have it.
type Setting struct {
	Name   string // as "nodes[0].interval"
	Values [2]string
}

// context is how many records a difference shows before and after the parting.
const context = 3

// Traces compares two traces record by record: the worlds are deterministic, so what differs first is
// where their ways part, and all that follows may differ because of it.
func Traces(a, b *trace.Trace) (Difference, error) {
	d := Difference{Ends: [2]time.Duration{a.End, b.End}}
	var err error
	if d.Settings, err = settings(a.Header, b.Header); err != nil {
		return d, err
	}
	next, stop := iter.Pull(b.All())
	defer stop()
	for one := range a.All() {
		other, more := next()
		if !more {
			break
		}
		if same, err := equal(*one, *other); err != nil {
			return d, err
		} else if !same {
			break
		}
		d.Same++
		if _, ok := one.Body.(trace.Fault); ok {
			d.Fault = one
		}
	}
	d.Parted = d.Same < max(a.Len(), b.Len())
	from := max(0, d.Same-context)
	d.Common = some(a, from, d.Same-from)
	for i, t := range []*trace.Trace{a, b} {
		d.Records[i] = some(t, d.Same, context)
	}
	return d, nil
}

// some are up to n records from the one of that number on.
func some(t *trace.Trace, from, n int) (all []trace.Record) {
	if n == 0 {
		return nil
	}
	for r := range t.From(from) {
		if all = append(all, *r); len(all) == n {
			break
		}
	}
	return all
}

// Any says whether the traces differ at all.
func (d Difference) Any() bool {
	return len(d.Settings) > 0 || d.Parted || d.Ends[0] != d.Ends[1]
}

func equal(a, b trace.Record) (bool, error) {
	if a.At != b.At || a.Host != b.Host || a.Body.Kind() != b.Body.Kind() {
		return false, nil
	}
	x, errA := json.Marshal(a.Body)
	y, errB := json.Marshal(b.Body)
	if errA != nil {
		return false, errA
	}
	return bytes.Equal(x, y), errB
}

// settings compares the headers value by value.
func settings(a, b trace.Header) ([]Setting, error) {
	x, err := flat(a)
	if err != nil {
		return nil, err
	}
	y, err := flat(b)
	if err != nil {
		return nil, err
	}
	var all []Setting
	names := slices.Collect(maps.Keys(x))
	for name := range y {
		if _, both := x[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if x[name] != y[name] {
			all = append(all, Setting{name, [2]string{x[name], y[name]}})
		}
	}
	return all, nil
}

// flat is every value of the header by its path.
func flat(h trace.Header) (map[string]string, error) {
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // a seed does not fit a float
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	all := map[string]string{}
	flatten(all, "", tree)
	return all, nil
}

func flatten(all map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if path != "" {
				name = path + "." + name
			}
			flatten(all, name, x)
		}
	case []any:
		for i, x := range v {
			flatten(all, fmt.Sprintf("%s[%d]", path, i), x)
		}
	default:
		all[path] = fmt.Sprint(v)
	}
}
