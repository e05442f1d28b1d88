// Package collected reads what an administrator exports on a cluster's machines: the output of Windows' own commands,
// English or Japanese, tasks, registry exports and copies of files. It takes nothing for granted: each value has the
// file and the line that it stands on.
package collected

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// Place is where something stands: a file and its line, from 1; line 0 is the whole file.
type Place struct {
	File string
	Line int
}

// String is the place as file:line.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// Value is a text and where it stands. The zero Value was not found.
type Value struct {
	Text string
	Place
}

// Found says whether there is such a value.
func (v Value) Found() bool { return v.File != "" }

// MaxBytes is the largest output of a command that is read: a firewall of a terminal server has some thousand rules.
const MaxBytes = 16 << 20

// mostLines bounds its lines: a rule of the firewall has some fifteen.
const mostLines = 1_000_000

// document is a decoded file.
type document struct {
	file    string
	lines   []string
	unended bool // the last line has no line end
}

// decode cuts a file into lines: CP932, UTF-8 or UTF-16 of either byte order, as a console or an editor wrote it. A character that cannot be
// read is a warning: it may stand in a name that nobody asks for.
func decode(file string, data []byte) (d document, problems diag.List) {
	d.file = file
	if problems = text.CheckSizeUpTo(file, int64(len(data)), MaxBytes, diag.Say("the output of one command")); problems != nil {
		return d, problems
	}
	enc := text.Detect(data)
	if enc == text.UTF16BE || enc == text.UTF16Bare { // as some editors and tools save it
		data, enc = text.LittleEndian(data), text.UTF16LE
	}
	lines, unread := text.Decode(file, data, enc)
	if len(lines) > mostLines {
		problems.Errorf(file, mostLines+1, "found %d lines; expected at most %d", len(lines), mostLines)
		return d, problems
	}
	for _, p := range unread {
		p.Severity = diag.Warning
		problems = append(problems, p)
	}
	for _, l := range lines {
		d.lines = append(d.lines, strings.TrimRight(l.Text, "\r")) // cmd.exe's >> of UTF-16 doubles it
		d.unended = l.End == ""
	}
	d.whole(&problems)
	return d, problems
}

func (d document) at(i int) Place { return Place{d.file, i + 1} }

// labelled is a line of ipconfig, netsh or systeminfo: a label, perhaps dots, a colon and a value.
var labelled = regexp.MustCompile(`^ *([^.:]*[^.: ])[ .]*:[ \t]*(.*?)[ \t]*$`)

// label splits such a line.
func label(line string) (name, value string, ok bool) {
	if m := labelled.FindStringSubmatch(line); m != nil {
		return m[1], m[2], true
	}
	return "", "", false
}

// isOne compares without case.
func isOne(s string, of ...string) bool {
	for _, o := range of {
		if strings.EqualFold(s, o) {
			return true
		}
	}
	return false
}

// address reads an IPv4 address with a remark behind it, as 192.168.10.200(Preferred).
func address(s string) (netip.Addr, bool) {
	s, _, _ = strings.Cut(s, "(")
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	return a, err == nil && a.Is4()
}

// macPattern is a MAC as Windows writes it.
var macPattern = regexp.MustCompile(`^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){5}$`)

// prefixOf is the network length of a mask.
func prefixOf(mask netip.Addr) (bits int, ok bool) {
	b := mask.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	for ; n&(1<<31) != 0; n <<= 1 {
		bits++
	}
	return bits, n == 0
}
