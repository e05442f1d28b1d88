// Package diag is how ipwsim speaks about bad input: every problem found, each with its place.
package diag

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a problem stops the work.
type Severity int

// An Error stops the work; a Warning is printed and the work goes on.
const (
	Error Severity = iota
	Warning
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// A Problem is one thing wrong with one place of an input.
type Problem struct {
	File     string // as the user named it; "" when the input has no name
	Line     int    // from 1; 0 when the problem has no line
	Severity Severity
	Message  string // what was found and what was expected, one line, in English
	Said     Text   // the same, to be said in another language; the zero Text when it is not known
	Kind     string // of a fault that can be played all the same; "": of no kind
}

// String is the form compilers use: file:line: severity: message.
func (p Problem) String() string { return fmt.Sprintf("%s%s: %s", p.Place(), p.Severity, p.Message) }

// Error is the same.
func (p Problem) Error() string { return p.String() }

// Place is where the problem is, with the colon and the blank before what it is; "" for nowhere.
func (p Problem) Place() string {
	switch {
	case p.File != "" && p.Line > 0:
		return fmt.Sprintf("%s:%d: ", p.File, p.Line)
	case p.File != "":
		return p.File + ": "
	case p.Line > 0:
		return fmt.Sprintf("line %d: ", p.Line)
	}
	return ""
}

// List is every problem of an input, in the order found.
type List []Problem

// Errorf adds an error. Line 0 means the whole file.
func (l *List) Errorf(file string, line int, format string, args ...any) {
	l.add(file, line, Error, "", Say(format, args...))
}

// Once drops the last problem if it is told already by those of its line that stand before it: a loop comes to a line more
// than once.
func (l *List) Once() {
	all := *l
	last := all[len(all)-1]
	for i := len(all) - 2; i >= 0 && all[i].File == last.File && all[i].Line == last.Line; i-- {
		if all[i].Message == last.Message {
			*l = all[:len(all)-1]
			return
		}
	}
}

// Warnf adds a warning. Line 0 means the whole file.
func (l *List) Warnf(file string, line int, format string, args ...any) {
	l.add(file, line, Warning, "", Say(format, args...))
}

// Kindf adds an error of a kind.
func (l *List) Kindf(kind, file string, line int, format string, args ...any) {
	l.add(file, line, Error, kind, Say(format, args...))
}

// most is how many problems a list takes one by one: a large file may be wrong in each line.
const most = 5000

func (l *List) add(file string, line int, s Severity, kind string, t Text) {
	switch n := len(*l); {
	case n > most && (s == Warning || (*l)[n-1].Severity == Error):
		return
	case n == most:
		kind, t = "", Say("found %d problems up to here; those that follow are not told", n)
	}
	*l = append(*l, Problem{file, line, s, t.Error(), t, kind})
}

// Without is the list without the errors of these kinds.
func (l List) Without(kinds ...string) List {
	return slices.DeleteFunc(slices.Clone(l), func(p Problem) bool { return slices.Contains(kinds, p.Kind) })
}

// Count returns how many problems have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, p := range l {
		if p.Severity == s {
			n++
		}
	}
	return n
}

// Sort orders the list by file, then line, keeping the order found within a line.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
}

// Err returns nil when the list holds no error, else the whole list as one error.
func (l List) Err() error {
	if l.Count(Error) == 0 {
		return nil
	}
	return l
}

// InLine is the whole list in one line.
func (l List) InLine() Text {
	args := make([]any, len(l))
	for i, p := range l {
		args[i] = p
	}
	format := strings.TrimSuffix(strings.Repeat("%w; ", len(l)), "; ")
	return Say(format, args...)
}

// Error prints one problem a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Of returns the problems an error carries: its own List, or the error as a single problem.
func Of(err error) List {
	var l List
	if errors.As(err, &l) || err == nil {
		return l
	}
	l.Errorf("", 0, "%w", err)
	return l
}
