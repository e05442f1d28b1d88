package folder

import (
	"bytes"
	"fmt"
	"strings"
)

// A catalogue file, a line each: what it is, the next id, the highest UIDVALIDITY given, then the
// mailboxes, each with its id, its UIDVALIDITY, its use ("-" for none) and its name, then the names
// that are subscribed to, sorted.
//
//	ipwsim mailboxes 1
//	next 3
//	validity 1738912768
//	box 1 1738912767 \Sent Sent
//	box 2 1738912768 - 案件/山田
//	subscribed Sent
const catalogueHeader = "ipwsim mailboxes 1"

func (c *catalogue) marshal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nnext %d\nvalidity %d\n", catalogueHeader, c.next, c.validity)
	for _, x := range c.boxes {
		use := x.use
		if use == "" {
			use = "-"
		}
		fmt.Fprintf(&b, "box %d %d %s %s\n", x.id, x.validity, use, x.name)
	}
	for _, name := range c.subscribed {
		fmt.Fprintf(&b, "subscribed %s\n", name)
	}
	return b.Bytes()
}

// parseCatalogue reads such a file; its errors name the file and line.
func parseCatalogue(name, content string) (catalogue, error) {
	bad := func(line int, found, expected string) (catalogue, error) {
		return catalogue{}, fmt.Errorf("%s:%d: found %q, expected %s (without this file only INBOX is there)", name, line, found, expected)
	}
	lines := linesOf(content)
	if lines[0] != catalogueHeader {
		return bad(1, lines[0], fmt.Sprintf("%q", catalogueHeader))
	}
	var c catalogue
	var ok bool
	if c.next, ok = numbered(lines[1], "next "); !ok {
		return bad(2, lines[1], "next and a number from 1")
	}
	if c.validity, ok = numbered(lines[2], "validity "); !ok && lines[2] != "validity 0" {
		return bad(3, lines[2], "validity and a number")
	}
	ids := map[uint32]bool{}
	for i, line := range lines[3:] {
		if !c.parseLine(line, ids) {
			return bad(i+4, line, fmt.Sprintf("a mailbox with an id below %d that is its own, a UIDVALIDITY of at most %d, its use or -, and a new name; or a name subscribed to", c.next, c.validity))
		}
	}
	return c, nil
}

func (c *catalogue) parseLine(line string, ids map[uint32]bool) bool {
	if name, ok := strings.CutPrefix(line, "subscribed "); ok {
		kept, err := mailboxName(name)
		last := len(c.subscribed) - 1
		c.subscribed = append(c.subscribed, name)
		return err == nil && kept == name && (last < 0 || c.subscribed[last] < name)
	}
	fields := strings.SplitN(line, " ", 5)
	if len(fields) < 5 || fields[0] != "box" {
		return false
	}
	id, ok1 := numbered(fields[1], "")
	validity, ok2 := numbered(fields[2], "")
	kept, err := mailboxName(fields[4])
	if !ok1 || !ok2 || ids[id] || id >= c.next || validity > c.validity || err != nil || kept != fields[4] || kept == Inbox || c.find(kept) >= 0 {
		return false
	}
	ids[id] = true
	b := boxEntry{id: id, validity: validity, use: fields[3], name: kept}
	if b.use == "-" {
		b.use = ""
	}
	c.boxes = append(c.boxes, b)
	return b.use == "" || strings.HasPrefix(b.use, `\`)
}
