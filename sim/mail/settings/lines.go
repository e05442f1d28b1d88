package settings

import (
	"net/netip"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// reader goes through the lines of a file: CP932 or UTF-8, CRLF or LF.
type reader struct {
	file     string
	line     int // the one being read, from 1
	problems diag.List
}

func (r *reader) errorf(format string, args ...any) {
	r.problems.Errorf(r.file, r.line, format, args...)
}

func (r *reader) warnf(format string, args ...any) {
	r.problems.Warnf(r.file, r.line, format, args...)
}

// each calls f with every line that is not blank. When the problems hold an error then, nothing read
// is to be used.
func (r *reader) each(data []byte, f func(line string)) {
	if r.problems = text.CheckSize(r.file, data, diag.Say("the file of one mail server")); r.problems != nil {
		return
	}
	enc := text.Detect(data)
	if enc.IsUTF16() {
		r.problems.Errorf(r.file, 0, "the file is %s; expected it saved as ANSI (CP932) or UTF-8", enc)
		return
	}
	lines, problems := text.Decode(r.file, data, enc)
	if len(lines) > mostLines {
		r.problems.Errorf(r.file, mostLines+1, "found %d lines; expected at most %d", len(lines), mostLines)
		return
	}
	r.problems = problems
	broken := map[int]bool{} // lines: what they say is not known
	for _, p := range problems {
		broken[p.Line] = true
	}
	for i, line := range lines {
		r.line = i + 1
		switch problem := text.Invisible(line.Text); {
		case broken[r.line] || strings.Trim(line.Text, blanks) == "":
		case problem != nil:
			r.errorf("%w", problem)
		default:
			f(line.Text)
		}
	}
	r.problems.Sort()
}

const blanks = " \t"

// mostLines is of one file: each is held against the others.
const mostLines = 20_000

// words parts a line at spaces and tabs.
func words(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(blanks, r) })
}

// hostAddress reads the IPv4 address of one machine (C4), or says what is wrong with it.
func hostAddress(s string) (a netip.Addr, problem error) {
	const expected = "; expected an IPv4 address, as in 192.168.0.2"
	a, err := netip.ParseAddr(s)
	switch {
	case err != nil && strings.Contains(s, "/"):
		problem = diag.Errorf("has a mask" + expected)
	case err != nil:
		problem = diag.Errorf("is not an address" + expected)
	case !a.Is4():
		problem = diag.Errorf("is an IPv6 address; expected IPv4, the only one that the cluster supports")
	case !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast() && !a.IsLoopback(), a.As4()[0] == 0, a.As4()[0] >= 240:
		problem = diag.Errorf("is no machine's address" + expected)
	default:
		return a, nil
	}
	return netip.Addr{}, diag.Errorf("%s %w", text.Quote(s), problem)
}
