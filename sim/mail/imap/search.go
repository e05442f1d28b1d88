package imap

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/mail/folder"
)

// candidate is a message that SEARCH looks at.
type candidate struct {
	*message
	number uint32
	last   *message
	count  uint32
	read   func() *part // its text, parsed; of one that is gone, an empty one
}

// test says whether a message is looked for.
type test func(c *candidate) bool

// searchParser reads SEARCH's keys.
type searchParser struct {
	*parser
	charset string
	depth   int
}

// maxSearchDepth bounds keys in keys. Inferred.
const maxSearchDepth = 50

func (s *session) search(p *parser, byUID bool) error {
	sp := &searchParser{parser: p, charset: "UTF-8"}
	p.space()
	if rest, ok := cutFold(p.rest, "CHARSET "); ok {
		p.rest = rest
		sp.charset = p.astring("a character set")
		p.space()
		if _, ok := toUTF8(sp.charset, nil); !ok {
			return no("BADCHARSET (US-ASCII UTF-8 ISO-2022-JP Shift_JIS EUC-JP)", "this character set is not known")
		}
	}
	all := []test{sp.key()}
	for p.err == nil && p.skip(' ') && p.peek() != '\r' && p.peek() != '\n' {
		all = append(all, sp.key())
	}
	if err := p.end(); err != nil {
		return err
	}
	found, err := s.find(both(all))
	if err != nil {
		return err
	}
	line := "* SEARCH"
	for _, i := range found {
		n := int64(i + 1)
		if byUID {
			n = int64(s.selected.view[i].UID)
		}
		line += " " + itoa(n)
	}
	s.line("%s", line)
	return nil
}

// find looks at all messages; their places.
func (s *session) find(t test) (found []int, err error) {
	m := s.selected
	for i := range m.view {
		var parsed *part
		c := &candidate{message: &m.view[i], number: uint32(i + 1), last: &m.view[len(m.view)-1], count: uint32(len(m.view))}
		c.read = func() *part {
			if parsed == nil {
				text, readErr := m.box.Read(c.Name)
				if readErr != nil && !errors.Is(readErr, fs.ErrNotExist) {
					err = readErr
				}
				parsed = parse(text)
			}
			return parsed
		}
		if t(c) {
			found = append(found, i)
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func both(all []test) test {
	return func(c *candidate) bool {
		return !slices.ContainsFunc(all, func(t test) bool { return !t(c) })
	}
}

func cutFold(b []byte, prefix string) ([]byte, bool) {
	if len(b) < len(prefix) || !strings.EqualFold(string(b[:len(prefix)]), prefix) {
		return b, false
	}
	return b[len(prefix):], true
}

// key reads one key of RFC 3501, section 6.4.4.
func (p *searchParser) key() test {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxSearchDepth {
		p.fail("fewer keys in keys")
		return nil
	}
	if p.peek() == '(' {
		var all []test
		p.list(func() { all = append(all, p.key()) })
		if len(all) == 0 {
			p.fail("a key")
		}
		return both(all)
	}
	if b := p.peek(); b >= '0' && b <= '9' || b == '*' {
		of := p.set()
		return func(c *candidate) bool { return of.has(c.number, c.count) }
	}
	name := p.word("a key of SEARCH")
	switch name {
	case "ALL":
		return func(*candidate) bool { return true }
	case "UID":
		p.space()
		of := p.set()
		return func(c *candidate) bool { return of.has(c.UID, c.last.UID) }
	case "NOT":
		p.space()
		return not(p.key())
	case "OR":
		p.space()
		a := p.key()
		p.space()
		b := p.key()
		return func(c *candidate) bool { return a(c) || b(c) }
	case "KEYWORD":
		return p.keyword()
	case "UNKEYWORD":
		return not(p.keyword())
	case "LARGER", "SMALLER":
		p.space()
		n := p.number()
		return func(c *candidate) bool { return name == "LARGER" && c.Size > n || name == "SMALLER" && c.Size < n }
	case "BODY", "TEXT":
		text := fold(p.text())
		return func(c *candidate) bool { return c.read().contains(text, name == "TEXT") }
	case "HEADER", "BCC", "CC", "FROM", "SUBJECT", "TO":
		field := strings.ToLower(name)
		if name == "HEADER" {
			p.space()
			field = strings.ToLower(p.astring("a field"))
		}
		text := fold(strings.Join(strings.Fields(p.text()), " "))
		return func(c *candidate) bool { return c.read().headerHas(field, text) }
	}
	return p.flagOrDate(name)
}

func not(t test) test { return func(c *candidate) bool { return !t(c) } }

func (p *searchParser) keyword() test {
	p.space()
	k := p.atom("a keyword", isAtom)
	return func(c *candidate) bool { return c.Has(k) }
}

// text reads a space and a string in the character set.
func (p *searchParser) text() string {
	p.space()
	s, _ := toUTF8(p.charset, []byte(p.astring("a string")))
	return s
}

func (p *searchParser) flagOrDate(name string) test {
	recent := func(c *candidate) bool { return c.recent }
	switch name {
	case "RECENT":
		return recent
	case "OLD":
		return not(recent)
	case "NEW":
		return func(c *candidate) bool { return c.recent && c.Flags&folder.Seen == 0 }
	}
	for _, f := range flagNames {
		has := func(c *candidate) bool { return c.Flags&f.bit != 0 }
		switch flag := strings.ToUpper(f.name[1:]); name {
		case flag:
			return has
		case "UN" + flag:
			return not(has)
		}
	}
	of := func(c *candidate) (int, bool) { return day(c.Received()), true }
	which, sent := strings.CutPrefix(name, "SENT")
	if sent {
		of = func(c *candidate) (int, bool) { return c.read().sent() }
	}
	if which != "BEFORE" && which != "ON" && which != "SINCE" {
		p.fail("a key of SEARCH, not " + name)
		return nil
	}
	p.space()
	t, err := time.Parse("2-Jan-2006", p.astring("a date"))
	if err != nil {
		p.fail("a date as 7-Feb-2025")
	}
	limit := day(t)
	return func(c *candidate) bool {
		d, ok := of(c)
		return ok && (which == "BEFORE" && d < limit || which == "ON" && d == limit || which == "SINCE" && d >= limit)
	}
}

// day is a date that can be compared, its time and zone left out, as RFC 3501 wants.
func day(t time.Time) int { return t.Year()*10000 + int(t.Month())*100 + t.Day() }

var dateForm = regexp.MustCompile(`(\d{1,2})[ -]+([A-Za-z]{3})[a-z]*[ -]+(\d{4})`)

// sent is the day in the Date field.
func (p *part) sent() (int, bool) {
	value, _ := p.field("date")
	m := dateForm.FindStringSubmatch(value)
	if m == nil {
		return 0, false
	}
	t, err := time.Parse("2 Jan 2006", m[1]+" "+m[2]+" "+m[3])
	return day(t), err == nil
}

// addressFields hold addresses.
var addressFields = []string{"from", "sender", "reply-to", "to", "cc", "bcc"}

// headerHas says whether a field of that name holds the text; "" is in every field.
func (p *part) headerHas(field, text string) (found bool) {
	p.fields(func(name string, lines []byte) bool {
		if name == field || field == "" {
			_, value, _ := strings.Cut(string(lines), ":")
			if field == "" {
				value = string(lines)
			}
			value = unfold([]byte(value))
			readings := says(value)
			if slices.Contains(addressFields, field) { // comments may stand within an address
				for _, a := range parseAddresses(value) {
					readings = append(readings, says(a.String())...)
				}
			}
			found = slices.ContainsFunc(readings, func(s string) bool { return strings.Contains(s, text) })
		}
		return !found
	})
	return found
}

// contains says whether the text is in the words of the message, its headers included or not.
func (p *part) contains(text string, headers bool) bool {
	if headers && p.headerHas("", strings.Join(strings.Fields(text), " ")) {
		return true
	}
	switch {
	case len(p.children) > 0:
		return slices.ContainsFunc(p.children, func(c *part) bool { return c.contains(text, headers) })
	case p.message != nil:
		return p.message.contains(text, true) // its header is in the body
	case !strings.EqualFold(p.kind, "text") && !strings.EqualFold(p.kind, "multipart") && !strings.EqualFold(p.kind, "message"):
		return false
	}
	return slices.ContainsFunc(p.content(), func(s string) bool { return strings.Contains(s, text) })
}
