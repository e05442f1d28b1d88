package cluster

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// field is one value with its place. ok is false when it is missing or was refused, which has
// then been reported: checks that need the value pass over it.
type field[T any] struct {
	v    T
	line int
	ok   bool
}

// section reads the keys of one table, remembering which it was asked for.
type section struct {
	doc      document
	path     string // of the table in the document, with indexes; "" for the top
	label    string // the same as a reader knows it, without indexes
	values   map[string]any
	known    []string
	problems *diag.List
}

func (s *section) errorf(line int, format string, args ...any) {
	s.problems.Errorf(s.doc.file, line, format, args...)
}

// line is where the table starts; 0 for the top.
func (s *section) line() int { return s.doc.line(s.path) }

func (s *section) lineOf(key string) int { return s.doc.line(join(s.path, key)) }

// get reads one key: convert turns the decoder's value into T or says what is wrong with it.
func get[T any](s *section, key string, convert func(any) (T, error)) field[T] {
	f, present := optional(s, key, convert)
	if !present && !s.doc.asked.keys[askedKey{s.line(), key}] {
		s.errorf(s.line(), "%s is missing", join(s.label, key))
	}
	return f
}

// getOr is get for a key that may be left out.
func getOr[T any](s *section, key string, missing T, convert func(any) (T, error)) field[T] {
	f, present := optional(s, key, convert)
	if !present {
		return field[T]{missing, s.line(), true}
	}
	return f
}

func optional[T any](s *section, key string, convert func(any) (T, error)) (f field[T], present bool) {
	s.known = append(s.known, key)
	raw, present := s.values[key]
	if !present {
		return f, false
	}
	f.line = s.lineOf(key)
	v, err := convert(raw)
	if err != nil {
		s.errorf(f.line, "%s: %w", join(s.label, key), err)
		return f, true
	}
	f.v, f.ok = v, true
	return f, true
}

// table opens [key], or reports that it is missing or no table.
func (s *section) table(key string) (section, bool) {
	label := join(s.label, key)
	f, present := optional(s, key, toTable(diag.Say(" %w", diag.Say("that begins with [%s]", label))))
	if !present {
		s.errorf(s.line(), "there is no [%s]; expected one", label)
	}
	return s.open(join(s.path, key), label, f.v), f.ok
}

// What a file may have of one kind, so that its problems can be held: more of it tells nothing new.
const (
	mostTables  = 20_000
	mostUnknown = 100 // keys of a table that are reported
)

// tables opens every [[key]]; there may be none. ok is false when some could not be opened. More than
// mostTables are refused: each may have several problems.
func (s *section) tables(key string) (all []section, ok bool) {
	label := join(s.label, key)
	begin := diag.Say(" %w", diag.Say("that begins with [[%s]]", label))
	f := getOr(s, key, nil, func(v any) ([]any, error) {
		switch v := v.(type) {
		case []any:
			return v, nil
		case map[string]any:
			return nil, diag.Errorf("expected a table%s, not with [%s]", begin, label)
		}
		return nil, diag.Errorf("expected a table%s, not %s", begin, describe(v))
	})
	ok = f.ok
	if len(f.v) > mostTables {
		s.errorf(f.line, "found %d [[%s]]; expected at most %d", len(f.v), label, mostTables)
		return nil, false
	}
	for i, raw := range f.v {
		path := element(join(s.path, key), i)
		values, err := toTable(begin)(raw)
		if err != nil {
			s.errorf(s.doc.line(path), "%s: %w", label, err)
			ok = false
			continue
		}
		all = append(all, s.open(path, label, values))
	}
	return all, ok
}

// toTable is any table; begin says how the reader is to write one.
func toTable(begin diag.Text) func(any) (map[string]any, error) {
	return func(v any) (map[string]any, error) {
		values, ok := v.(map[string]any)
		if !ok {
			return nil, diag.Errorf("expected a table%s, not %s", begin, describe(v))
		}
		return values, nil
	}
}

func (s *section) open(path, label string, values map[string]any) section {
	return section{doc: s.doc, path: path, label: label, values: values, problems: s.problems}
}

// close reports the keys nobody asked for, in the order they stand in the file.
func (s *section) close() {
	unknown := slices.Collect(maps.Keys(s.values))
	unknown = slices.DeleteFunc(unknown, func(key string) bool { return slices.Contains(s.known, key) })
	slices.SortFunc(unknown, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.lineOf(a), s.lineOf(b)), cmp.Compare(a, b))
	})
	if over := len(unknown) - mostUnknown; over > 0 {
		unknown = unknown[:mostUnknown]
		defer func() { s.errorf(s.line(), "and %d more unknown keys", over) }()
	}
	for _, key := range unknown {
		s.errorf(s.lineOf(key), "unknown key %.60q; expected one of %s%s",
			join(s.label, key), strings.Join(s.known, ", "), didYouMean(key, s.known))
	}
}

// as is v as a T, or an error that names both types as TOML does.
func as[T any](v any) (T, error) {
	t, ok := v.(T)
	if !ok {
		return t, diag.Errorf("expected %s, not %s", typeName(t), describe(v))
	}
	return t, nil
}

// describe shows a value short enough for a message.
func describe(v any) diag.Text {
	switch v.(type) {
	case bool:
		return diag.Say("the boolean %v", v)
	case int64:
		return diag.Say("the whole number %v", v)
	case float64:
		return diag.Say("the fractional number %v", v)
	case string:
		return diag.Say("the string %.60q", v)
	}
	return typeName(v)
}

func typeName(v any) diag.Text {
	switch v.(type) {
	case string:
		return diag.Say("a string")
	case bool:
		return diag.Say("a boolean")
	case int64:
		return diag.Say("a whole number")
	case float64:
		return diag.Say("a fractional number")
	case time.Time:
		return diag.Say("a date-time with offset")
	case []any:
		return diag.Say("a list")
	case map[string]any:
		return diag.Say("a table")
	}
	return diag.Say("a date or time without offset")
}

// didYouMean suggests one of the names, or says nothing.
func didYouMean(name string, names []string) diag.Text {
	if n, ok := diag.Nearest(name, names); ok && len(names) > 1 {
		return diag.Aside("did you mean %s?", n)
	}
	return diag.Text{}
}
