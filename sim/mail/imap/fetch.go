package imap

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ipwsim/sim/mail/folder"
)

// item is one that FETCH asks for.
type item struct {
	name    string // as it is answered
	section *section
	whole   bool // needs the text
}

// section is BODY[...].
type section struct {
	path       []int
	what       string // "", "HEADER", "TEXT", "MIME", "HEADER.FIELDS", "HEADER.FIELDS.NOT"
	fields     []string
	peek       bool
	from, size int64 // <from.size>
	partial    bool
}

// macros of RFC 3501, section 6.4.5.
var macros = map[string][]string{
	"FAST": {"FLAGS", "INTERNALDATE", "RFC822.SIZE"},
	"ALL":  {"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"},
	"FULL": {"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"},
}

// obsolete items are sections under another name.
var obsolete = map[string]section{
	"RFC822":        {},
	"RFC822.HEADER": {what: "HEADER", peek: true},
	"RFC822.TEXT":   {what: "TEXT"},
}

func (p *parser) items() (all []item) {
	one := func() {
		if p.peek() == '(' { // a list in a list
			p.fail("an item")
		}
		all = append(all, p.item())
	}
	if p.peek() == '(' {
		p.list(one)
		return all
	}
	one()
	if names, ok := macros[all[0].name]; ok {
		all = nil
		for _, name := range names {
			all = append(all, item{name: name, whole: name == "ENVELOPE" || name == "BODY"})
		}
	}
	return all
}

func (p *parser) item() item {
	name := strings.ToUpper(p.atom("an item", isItem))
	if o, ok := obsolete[name]; ok {
		return item{name: name, section: &o, whole: true}
	}
	switch name {
	case "FLAGS", "INTERNALDATE", "RFC822.SIZE", "UID", "FAST", "ALL", "FULL":
		return item{name: name}
	case "ENVELOPE", "BODYSTRUCTURE":
		return item{name: name, whole: true}
	case "BODY", "BODY.PEEK":
		if name == "BODY" && p.peek() != '[' {
			return item{name: name, whole: true}
		}
		sec := p.section()
		sec.peek = name == "BODY.PEEK"
		return item{name: "BODY" + sec.String(), section: sec, whole: true}
	}
	p.fail("an item of FETCH")
	return item{}
}

// maxPath is how deep a section may be asked for; no part lies deeper.
const maxPath = 2 * maxDepth

func (p *parser) section() *section {
	s := &section{}
	p.expect('[')
	for p.peek() >= '0' && p.peek() <= '9' {
		n := p.number()
		if s.path = append(s.path, int(n)); n == 0 || len(s.path) > maxPath {
			p.fail("a part")
		}
		if !p.skip('.') {
			break
		}
	}
	if p.peek() != ']' {
		s.what = p.word("a section")
	}
	switch s.what {
	case "", "HEADER", "TEXT":
	case "MIME":
		if len(s.path) == 0 {
			p.fail("a part")
		}
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		p.space()
		p.list(func() { s.fields = append(s.fields, p.astring("a field")) })
	default:
		p.fail("a section")
	}
	p.expect(']')
	if p.skip('<') {
		s.partial, s.from = true, p.number()
		p.expect('.')
		s.size = p.number()
		p.expect('>')
	}
	return s
}

// String is the section as it is answered.
func (s *section) String() string {
	var parts []string
	for _, n := range s.path {
		parts = append(parts, itoa(int64(n)))
	}
	if s.what != "" {
		parts = append(parts, s.what)
	}
	text := strings.Join(parts, ".")
	if s.fields != nil {
		var names []string
		for _, f := range s.fields {
			names = append(names, plain(f))
		}
		text += " (" + strings.Join(names, " ") + ")"
	}
	text = "[" + text + "]"
	if s.partial {
		text += fmt.Sprintf("<%d>", s.from)
	}
	return text
}

// of is the section of a message.
func (s *section) of(m *part) []byte {
	data := s.all(m)
	if s.partial { // both are the client's, of any size
		data = data[min(s.from, int64(len(data))):]
		data = data[:min(s.size, int64(len(data)))]
	}
	return data
}

func (s *section) all(m *part) []byte {
	at := m
	if len(s.path) > 0 {
		if at = m.find(s.path); at == nil {
			return nil
		}
		switch s.what {
		case "":
			return at.body
		case "MIME":
			return at.header
		}
		if at = at.message; at == nil {
			return nil
		}
	}
	switch s.what {
	case "":
		return at.text
	case "HEADER":
		return at.header
	case "TEXT":
		return at.body
	}
	return at.only(s.fields, s.what == "HEADER.FIELDS")
}

func (s *session) fetch(p *parser, byUID bool) error {
	p.space()
	of := p.set()
	p.space()
	items := p.items()
	if err := p.end(); err != nil {
		return err
	}
	has := func(name string) func(item) bool { return func(i item) bool { return i.name == name } }
	if byUID && !slices.ContainsFunc(items, has("UID")) {
		items = slices.Insert(items, 0, item{name: "UID"})
	}
	m := s.selected
	places := m.choose(of, byUID)
	marked, err := s.markSeen(places, items)
	if err != nil {
		return err
	}
	withFlags := items
	if !slices.ContainsFunc(items, has("FLAGS")) { // RFC 3501, section 7.4.2
		at := max(slices.IndexFunc(items, func(i item) bool { return i.section != nil }), 0)
		withFlags = slices.Insert(slices.Clone(items), at, item{name: "FLAGS"})
	}
	gone := false
	for _, i := range places {
		now := items
		if marked[m.view[i].UID] {
			now = withFlags
		}
		err := s.tell(i, now)
		if errors.Is(err, fs.ErrNotExist) {
			gone = true
			continue
		}
		if err != nil {
			return err
		}
	}
	if gone {
		return errGone
	}
	return nil
}

// markSeen sets \Seen where the client reads a body without PEEK, and returns the UIDs.
func (s *session) markSeen(places []int, items []item) (map[uint32]bool, error) {
	m := s.selected
	reads := slices.ContainsFunc(items, func(i item) bool { return i.section != nil && !i.section.peek })
	marked := map[uint32]bool{}
	for _, i := range places {
		if reads && !m.readOnly && m.view[i].Flags&folder.Seen == 0 {
			marked[m.view[i].UID] = true
		}
	}
	if len(marked) == 0 {
		return nil, nil
	}
	if _, err := m.change(func(e *folder.Entry) {
		if marked[e.UID] {
			e.Flags |= folder.Seen
		}
	}); err != nil {
		return nil, err
	}
	for _, i := range places {
		if marked[m.view[i].UID] {
			m.view[i].Flags |= folder.Seen
		}
	}
	return marked, nil
}

// tell answers for one message.
func (s *session) tell(i int, items []item) error {
	e := s.selected.view[i]
	var text []byte
	if slices.ContainsFunc(items, func(i item) bool { return i.whole }) {
		var err error
		if text, err = s.selected.box.Read(e.Name); err != nil {
			return err
		}
		s.selected.ids[e.Name] = folder.MessageID(text)
	}
	_ = s.conn.SetWriteDeadline(s.Now().Add(answerTime))
	var parsed *part
	fmt.Fprintf(s.w, "* %d FETCH (", i+1)
	for n, it := range items {
		if n > 0 {
			s.w.WriteByte(' ')
		}
		s.w.WriteString(it.name + " ")
		if it.whole && parsed == nil {
			parsed = parse(text)
		}
		s.value(it, &e, parsed)
	}
	s.line(")")
	return nil
}

// value writes what was asked for.
func (s *session) value(it item, e *message, parsed *part) {
	switch it.name {
	case "UID":
		fmt.Fprint(s.w, e.UID)
	case "FLAGS":
		fmt.Fprintf(s.w, "(%s)", e.flags())
	case "INTERNALDATE":
		s.w.WriteString(e.Received().Format(`"_2-Jan-2006 15:04:05 -0700"`))
	case "RFC822.SIZE":
		fmt.Fprint(s.w, e.Size)
	case "ENVELOPE":
		writeEnvelope(s.w, parsed)
	case "BODY", "BODYSTRUCTURE":
		writeStructure(s.w, parsed, it.name == "BODYSTRUCTURE")
	default:
		data := it.section.of(parsed)
		fmt.Fprintf(s.w, "{%d}\r\n", len(data))
		_, _ = s.w.Write(data)
	}
}
