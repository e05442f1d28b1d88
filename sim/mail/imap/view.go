package imap

import (
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/mail/folder"
)

// selected is the mailbox that the client works on.
type selected struct {
	name     string
	box      *folder.Mailbox
	readOnly bool // by EXAMINE
	validity uint32
	next     uint32    // messages below it are in the view, or were
	view     []message // what the client knows: sequence number 1 is the first
	keywords []string  // that the client has been told of
	ids      map[string]string
}

// message is one that the client knows.
type message struct {
	folder.Entry
	recent bool
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// sel is SELECT, or EXAMINE.
func (s *session) sel(p *parser, readOnly bool) error {
	name, wrong := p.mailbox()
	if err := p.end(); err != nil {
		return err
	}
	s.selected = nil
	if wrong != nil {
		return mailboxTrouble(wrong)
	}
	box, err := s.account.Boxes.Open(name)
	if err != nil {
		return mailboxTrouble(err)
	}
	m := &selected{name: name, box: box, readOnly: readOnly, ids: map[string]string{}}
	v, err := m.look(true)
	if err != nil {
		return err
	}
	m.validity, m.next = v.Validity, v.Next
	recent, unseen := 0, 0
	for i, e := range v.Messages {
		m.view = append(m.view, message{e, e.UID >= v.Recent})
		recent += int(toInt(e.UID >= v.Recent))
		if unseen == 0 && e.Flags&folder.Seen == 0 {
			unseen = i + 1
		}
		m.learn(e.Keywords)
	}
	s.line("* %d EXISTS", len(m.view))
	s.line("* %d RECENT", recent)
	if unseen > 0 {
		s.line("* OK [UNSEEN %d] First unseen message", unseen)
	}
	s.line("* OK [UIDVALIDITY %d] UIDs valid", m.validity)
	s.line("* OK [UIDNEXT %d] Predicted next UID", m.next)
	s.code = "[READ-WRITE] "
	if readOnly {
		s.code = "[READ-ONLY] "
	}
	s.selected = m
	s.tellFlags()
	return nil
}

// look reads the mailbox as it is now; claim takes what is \Recent, if the client may.
func (m *selected) look(claim bool) (folder.View, error) {
	if claim && !m.readOnly {
		return m.sure(m.box.Claim())
	}
	return m.sure(m.box.View())
}

// change is look, with marks changed.
func (m *selected) change(f func(*folder.Entry)) (folder.View, error) {
	return m.sure(m.box.SetFlags(f))
}

// sure refuses a mailbox that got another UIDVALIDITY meanwhile: it is not the one that the client
// selected.
func (m *selected) sure(v folder.View, err error) (folder.View, error) {
	if err == nil && m.validity != 0 && v.Validity != m.validity {
		err = no("UNAVAILABLE", "the mailbox has new UIDs, select it again")
	}
	return v, err
}

// poll tells what others did to the mailbox. That the share cannot be reached now undoes no command.
func (s *session) poll(allowExpunge bool) {
	if s.selected == nil {
		return
	}
	m := s.selected
	v, err := m.look(true)
	if err != nil {
		return
	}
	there := make(map[uint32]folder.Entry, len(v.Messages))
	for _, e := range v.Messages {
		there[e.UID] = e
	}
	for i := len(m.view) - 1; i >= 0; i-- { // from the end: the numbers before stay
		now, ok := there[m.view[i].UID]
		switch {
		case !ok && allowExpunge:
			m.view = slices.Delete(m.view, i, i+1)
			s.line("* %d EXPUNGE", i+1)
		case ok && !now.Marks.Equal(m.view[i].Marks):
			m.view[i].Entry = now
			s.learn(now.Keywords)
			s.line("* %d FETCH (UID %d FLAGS (%s))", i+1, now.UID, m.view[i].flags())
		}
	}
	before := len(m.view)
	for _, e := range v.Messages {
		if e.UID >= m.next {
			m.view = append(m.view, message{e, e.UID >= v.Recent})
			s.learn(e.Keywords)
		}
	}
	m.next = max(m.next, v.Next)
	if len(m.view) > before {
		s.line("* %d EXISTS", len(m.view))
		s.line("* %d RECENT", m.recent())
	}
}

func (m *selected) recent() (n int) {
	for _, e := range m.view {
		n += int(toInt(e.recent))
	}
	return n
}

// choose returns the places in the view that the client named, in order. Numbers that are not there name
// nothing.
func (m *selected) choose(of set, byUID bool) (places []int) {
	last := uint32(len(m.view))
	if byUID && last > 0 {
		last = m.view[last-1].UID
	}
	for i, e := range m.view {
		n := uint32(i + 1)
		if byUID {
			n = e.UID
		}
		if of.has(n, last) {
			places = append(places, i)
		}
	}
	return places
}

var flagNames = []struct {
	bit  folder.Flags
	name string
}{
	{folder.Answered, `\Answered`},
	{folder.Flagged, `\Flagged`},
	{folder.Deleted, `\Deleted`},
	{folder.Seen, `\Seen`},
	{folder.Draft, `\Draft`},
}

const systemFlags = `\Answered \Flagged \Deleted \Seen \Draft`

// flags are the message's, as IMAP writes them.
func (m *message) flags() string {
	var all []string
	for _, n := range flagNames {
		if m.Flags&n.bit != 0 {
			all = append(all, n.name)
		}
	}
	if m.recent {
		all = append(all, `\Recent`)
	}
	return strings.Join(append(all, m.Keywords...), " ")
}

// Limits on keywords. Inferred.
const (
	maxKeyword  = 100 // bytes
	maxKeywords = 50  // of a message
)

// flag reads one into marks. \Recent is nobody's to give.
func (p *parser) flag(marks *folder.Marks) {
	if !p.skip('\\') {
		k := p.atom("a flag", isAtom)
		if len(k) > maxKeyword || len(marks.Keywords) >= maxKeywords {
			p.fail("fewer and shorter keywords")
		}
		marks.SetKeywords(append(slices.Clone(marks.Keywords), k))
		return
	}
	name := `\` + p.atom("a flag", isAtom)
	i := slices.IndexFunc(flagNames, func(n struct {
		bit  folder.Flags
		name string
	}) bool {
		return strings.EqualFold(n.name, name)
	})
	if i < 0 {
		p.fail("one of " + systemFlags + " or a keyword")
		return
	}
	marks.Flags |= flagNames[i].bit
}

// learn notes keywords; true when some are new.
func (m *selected) learn(keywords []string) (news bool) {
	for _, k := range keywords {
		if !slices.Contains(m.keywords, k) {
			m.keywords, news = append(m.keywords, k), true
		}
	}
	return news
}

// learn tells the client of keywords before they are used.
func (s *session) learn(keywords []string) {
	if s.selected.learn(keywords) {
		s.tellFlags()
	}
}

func (s *session) tellFlags() {
	all := strings.Join(append([]string{systemFlags}, s.selected.keywords...), " ")
	s.line("* FLAGS (%s)", all)
	if s.selected.readOnly {
		all = ""
	} else {
		all += ` \*`
	}
	s.line("* OK [PERMANENTFLAGS (%s)] Permanent flags", all)
}
