package folder

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An index file, a line each: what it is, the UIDVALIDITY, the next UID, the first UID that is \Recent if
// there is one, then the messages by UID: UID, flags as letters ("-" for none), file, and where there
// are any the INTERNALDATE ("-" for the file's) and keywords. "+" behind the UID: not there yet, and for how
// many generations.
//
//	ipwsim mailbox index 1
//	validity 1738912767
//	next 44
//	recent 42
//	41 SA 20250207161930-000001-hvt162EPST11.001
//	42 - 20250207161931-000002-hvt162EPST11.001 - $Forwarded
//	43+1 S imap-hvt162epst11-20250207161931-000001 2025-02-01T08:00:00+09:00
const indexHeader = "ipwsim mailbox index 1"

// flagLetters are in the order of the bits.
const flagLetters = "SAFDT"

func (x *index) marshal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nvalidity %d\nnext %d\n", indexHeader, x.validity, x.next)
	if x.recent != x.next {
		fmt.Fprintf(&b, "recent %d\n", x.recent)
	}
	for _, e := range x.entries {
		fmt.Fprint(&b, e.uid)
		if e.awaited > 0 {
			fmt.Fprintf(&b, "+%d", e.awaited)
		}
		fmt.Fprintf(&b, " %s %s", e.Flags.letters(), e.name)
		if !e.Date.IsZero() {
			b.WriteString(" " + e.Date.Format(time.RFC3339))
		} else if len(e.Keywords) > 0 {
			b.WriteString(" -")
		}
		for _, k := range e.Keywords {
			b.WriteString(" " + k)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func (f Flags) letters() string {
	s := ""
	for i, c := range flagLetters {
		if f&(1<<i) != 0 {
			s += string(c)
		}
	}
	if s == "" {
		return "-"
	}
	return s
}

// linesOf are the lines of a file, three at least: those that a file of this package begins with.
func linesOf(content string) []string {
	lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
	for len(lines) < 3 {
		lines = append(lines, "")
	}
	return lines
}

// parseIndex reads an index file; its errors name the file and line. Nobody but the services writes
// such a file, so there is nothing to be lenient about.
func parseIndex(name, content string) (index, error) {
	bad := func(line int, found, expected string) (index, error) {
		return index{}, fmt.Errorf("%s:%d: found %q, expected %s (without this file the mailbox gets a new index)", name, line, found, expected)
	}
	lines := linesOf(content)
	if lines[0] != indexHeader {
		return bad(1, lines[0], fmt.Sprintf("%q", indexHeader))
	}
	var x index
	var ok bool
	if x.validity, ok = numbered(lines[1], "validity "); !ok {
		return bad(2, lines[1], "validity and a number from 1")
	}
	if x.next, ok = numbered(lines[2], "next "); !ok {
		return bad(3, lines[2], "next and a number from 1")
	}
	x.recent = x.next
	top := 3
	if recent, ok := numbered(strings.Join(lines[3:min(4, len(lines))], ""), "recent "); ok && recent <= x.next {
		x.recent, top = recent, 4
	}
	seen := map[string]bool{}
	last := uint32(0)
	for i, line := range lines[top:] {
		e, ok := parseEntry(line)
		if !ok || e.uid <= last || e.uid >= x.next || seen[e.name] {
			return bad(i+top+1, line, fmt.Sprintf("a UID above %d and below %d, flags of %s or -, and a file not named before", last, x.next, flagLetters))
		}
		last, seen[e.name] = e.uid, true
		x.entries = append(x.entries, e)
	}
	return x, nil
}

func numbered(line, prefix string) (uint32, bool) {
	digits, ok := strings.CutPrefix(line, prefix)
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), ok && err == nil && n > 0
}

func parseEntry(line string) (e indexEntry, ok bool) {
	fields := strings.Split(line, " ")
	if len(fields) < 3 || checkMessage(fields[2]) != nil {
		return e, false
	}
	uid, generations, awaited := strings.Cut(fields[0], "+")
	if e.uid, ok = numbered(uid, ""); !ok {
		return e, false
	}
	if awaited {
		n, ok := numbered(generations, "")
		if e.awaited = int(n); !ok {
			return e, false
		}
	}
	e.name = fields[2]
	if e.Flags, ok = parseLetters(fields[1]); !ok || len(fields) == 3 {
		return e, ok
	}
	if fields[3] != "-" {
		date, err := time.Parse(time.RFC3339, fields[3])
		if err != nil {
			return e, false
		}
		e.Date = date
	}
	e.SetKeywords(fields[4:])
	return e, !slices.Contains(fields, "")
}

func parseLetters(letters string) (f Flags, ok bool) {
	if letters == "-" {
		return 0, true
	}
	for _, c := range letters {
		bit := strings.IndexRune(flagLetters, c)
		if bit < 0 {
			return 0, false
		}
		f |= 1 << bit
	}
	return f, letters != ""
}
