package bugs

import (
	"fmt"
	"slices"
	"strings"
)

// edit is what a patch does to lines of a file: from and to are counted from 0, to is behind the last that goes.
type edit struct {
	from, to int
	lines    []string
	of       string // the bug
}

// edits finds what the patch does to the lines of a file.
func (p patch) edits(lines []string, of, on string) (all []edit, err error) {
	var old []string
	for _, l := range p.lines {
		if l.do != '+' {
			old = append(old, strings.TrimSpace(l.text))
		}
	}
	at, found := 0, 0
	for i := range len(lines) - len(old) + 1 {
		if slices.EqualFunc(old, lines[i:i+len(old)], func(a, b string) bool { return a == strings.TrimSpace(b) }) {
			at, found = i, found+1
		}
	}
	if found != 1 || len(old) == 0 {
		return nil, fmt.Errorf("bug %s: %s: found its lines %d times, expected once: %s", of, p.file, found, strings.Join(old, " / "))
	}
	for _, l := range p.lines {
		last := len(all) - 1
		switch {
		case l.do == ' ':
			at++
			continue
		case last < 0 || all[last].to != at:
			all = append(all, edit{from: at, to: at, of: of})
			last++
		}
		if l.do == '-' {
			at++
			all[last].to = at
		} else {
			all[last].lines = append(all[last].lines, strings.ReplaceAll(l.text, "BUG", on)+"\n")
		}
	}
	return all, nil
}

// apply makes the edits, of which no two may want the same line gone.
func apply(file string, lines []string, all []edit) ([]string, error) {
	slices.SortStableFunc(all, func(a, b edit) int { return a.from - b.from })
	var out []string
	next := 0
	for i, e := range all {
		if e.from < next {
			return nil, fmt.Errorf("bugs %s and %s: %s:%d: both change it", all[i-1].of, e.of, file, e.from+1)
		}
		out = append(append(out, lines[next:e.from]...), e.lines...)
		next = e.to
	}
	return append(out, lines[next:]...), nil
}
