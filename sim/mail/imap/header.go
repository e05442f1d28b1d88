package imap

import (
	"bytes"
	"slices"
	"strings"
)

// fields hands on each field of the header: its name in lower case ("" for a line that is none), and its
// lines as they are. It ends when f says so.
func (p *part) fields(f func(name string, lines []byte) bool) {
	for rest := p.header; len(rest) > 0; {
		n := lineLength(rest)
		if len(bytes.TrimRight(rest[:n], "\r\n")) == 0 {
			return
		}
		for n < len(rest) && (rest[n] == ' ' || rest[n] == '\t') {
			n += lineLength(rest[n:])
		}
		name, _, ok := bytes.Cut(rest[:n], []byte(":"))
		name = bytes.TrimRight(name, " \t")
		if !ok || bytes.ContainsAny(name, " \t\r\n") {
			name = nil
		}
		if !f(strings.ToLower(string(name)), rest[:n]) {
			return
		}
		rest = rest[n:]
	}
}

// field is the value of the first field of that name, given in lower case, its line breaks taken out.
func (p *part) field(name string) (value string, ok bool) {
	p.fields(func(n string, lines []byte) bool {
		if n == name {
			_, v, _ := bytes.Cut(lines, []byte(":"))
			value, ok = unfold(v), true
		}
		return !ok
	})
	return value, ok
}

func unfold(value []byte) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "", "\n", "").Replace(string(value)))
}

// only is the header with these fields, or with all but these.
func (p *part) only(names []string, these bool) []byte {
	var b []byte
	p.fields(func(name string, lines []byte) bool {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) == these {
			b = append(b, lines...)
		}
		return true
	})
	return append(b, "\r\n"...)
}
