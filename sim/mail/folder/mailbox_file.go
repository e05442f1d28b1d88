package folder

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// An index file, a line each: what it is, the UIDVALIDITY, the next UID, then the messages by UID,
// each with its UID, its flags as letters ("-" for none), and its file.
//
//	ipwsim mailbox index 1
//	validity 1738912767
//	next 43
//	41 SA 20250207161930-000001-hvt162EPST11.001
//	42 - 20250207161931-000002-hvt162EPST11.001
const indexHeader = "ipwsim mailbox index 1"

// flagLetters are in the order of the bits.
const flagLetters = "SAFDT"

func (v *View) marshal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nvalidity %d\nnext %d\n", indexHeader, v.Validity, v.Next)
	for _, e := range v.Messages {
		fmt.Fprintf(&b, "%d %s %s\n", e.UID, e.Flags.letters(), e.Name)
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

// parseIndex reads an index file; its errors name the file and line. Nobody but the services writes
// such a file, so there is nothing to be lenient about.
func parseIndex(name, content string) (index, error) {
	bad := func(line int, found, expected string) (index, error) {
		return index{}, fmt.Errorf("%s:%d: found %q, expected %s (without this file the mailbox gets a new index)", name, line, found, expected)
	}
	lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
	for len(lines) < 3 {
		lines = append(lines, "")
	}
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
	seen := map[string]bool{}
	last := uint32(0)
	for i, line := range lines[3:] {
		e, ok := parseEntry(line)
		if !ok || e.uid <= last || e.uid >= x.next || seen[e.name] {
			return bad(i+4, line, fmt.Sprintf("a UID above %d and below %d, flags of %s or -, and a file not named before", last, x.next, flagLetters))
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
	uid, rest, _ := strings.Cut(line, " ")
	letters, name, _ := strings.Cut(rest, " ")
	if e.uid, ok = numbered(uid, ""); !ok || checkMessage(name) != nil || letters == "" {
		return e, false
	}
	e.name = name
	if letters == "-" {
		return e, true
	}
	for _, c := range letters {
		bit := strings.IndexRune(flagLetters, c)
		if bit < 0 {
			return e, false
		}
		e.flags |= 1 << bit
	}
	return e, true
}
