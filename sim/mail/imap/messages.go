package imap

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/mail/folder"
)

// Refusals that several commands give.
var (
	errReadOnly  = no("NOPERM", "the mailbox was opened by EXAMINE")
	errGone      = no("EXPUNGEISSUED", "some of the messages have been deleted by another session")
	errTryCreate = no("TRYCREATE", "there is no such mailbox")
)

func (s *session) unselect(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	s.selected = nil
	return nil
}

func (s *session) close(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	if !s.selected.readOnly {
		if err := s.purge(nil, false); err != nil {
			return err
		}
	}
	s.selected = nil
	return nil
}

func (s *session) expunge(p *parser, byUID bool) error {
	uids := set{{1, 0}}
	if byUID {
		p.space()
		uids = p.set()
	}
	if err := p.end(); err != nil {
		return err
	}
	if s.selected.readOnly {
		return errReadOnly
	}
	return s.purge(uids, true)
}

// purge deletes what is marked \Deleted, of some UIDs or (nil) of all, and tells of it or not.
func (s *session) purge(uids set, tell bool) error {
	m := s.selected
	v, err := m.look(false)
	if err != nil {
		return err
	}
	marked := map[uint32]bool{}
	for _, e := range v.Messages {
		marked[e.UID] = e.Flags&folder.Deleted != 0
	}
	if uids == nil {
		uids = set{{1, 0}}
	}
	places := m.choose(uids, true)
	for _, i := range slices.Backward(places) { // the numbers before stay
		if !marked[m.view[i].UID] {
			continue
		}
		if err := s.remove(m.view[i].Name); err != nil {
			return err
		}
		s.drop(i, tell)
	}
	return nil
}

// drop takes a message out of the client's view.
func (s *session) drop(i int, tell bool) {
	s.selected.view = slices.Delete(s.selected.view, i, i+1)
	if tell {
		s.line("* %d EXPUNGE", i+1)
	}
}

// remove deletes a message for good. One that is gone already was another session's.
func (s *session) remove(name string) error {
	id, known := s.selected.ids[name]
	if !known {
		text, err := s.selected.box.Read(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		id = folder.MessageID(text)
	}
	switch err := s.selected.box.Delete(name); {
	case err == nil:
		s.expunged(name, id)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

// store changes flags.
func (s *session) store(p *parser, byUID bool) error {
	p.space()
	of := p.set()
	p.space()
	op := p.peek()
	if op == '+' || op == '-' {
		p.skip(op)
	}
	item, silent := strings.CutSuffix(p.word("FLAGS"), ".SILENT")
	if item != "FLAGS" {
		p.fail("FLAGS")
	}
	p.space()
	var given folder.Marks
	if p.peek() == '(' {
		p.list(func() { p.flag(&given) })
	} else {
		p.flag(&given)
		for p.skip(' ') {
			p.flag(&given)
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if s.selected.readOnly {
		return errReadOnly
	}
	return s.mark(of, byUID, silent, func(marks *folder.Marks) { change(marks, op, given) })
}

// change adds flags and keywords ('+'), takes them away ('-'), or sets them.
func change(marks *folder.Marks, op byte, given folder.Marks) {
	switch op {
	case '+':
		marks.Flags |= given.Flags
		marks.SetKeywords(append(slices.Clone(marks.Keywords), given.Keywords...))
	case '-':
		marks.Flags &^= given.Flags
		marks.Keywords = slices.DeleteFunc(slices.Clone(marks.Keywords), given.Has)
	default:
		marks.Flags = given.Flags
		marks.SetKeywords(given.Keywords)
	}
}

// mark changes the marks of messages, and tells unless silent.
func (s *session) mark(of set, byUID, silent bool, f func(*folder.Marks)) error {
	m := s.selected
	places := m.choose(of, byUID)
	meant := map[uint32]bool{}
	for _, i := range places {
		meant[m.view[i].UID] = true
	}
	full := false
	v, err := m.change(func(e *folder.Entry) {
		before := e.Marks
		if meant[e.UID] {
			f(&e.Marks)
		}
		if len(e.Keywords) > maxKeywords {
			e.Marks, full = before, true
		}
	})
	if err != nil {
		return err
	}
	now := map[uint32]folder.Entry{}
	for _, e := range v.Messages {
		now[e.UID] = e
	}
	gone := false
	for _, i := range places {
		e, there := now[m.view[i].UID]
		if !there {
			gone = true
			continue
		}
		m.view[i].Entry = e
		s.learn(e.Keywords)
		if silent {
			continue
		}
		uid := ""
		if byUID {
			uid = fmt.Sprintf("UID %d ", e.UID)
		}
		s.line("* %d FETCH (%sFLAGS (%s))", i+1, uid, m.view[i].flags())
	}
	switch {
	case full:
		return no("LIMIT", fmt.Sprintf("a message can have %d keywords", maxKeywords))
	case gone:
		return errGone
	}
	return nil
}

// target is where messages go; the client is told to make it if it is not there.
func (s *session) target(name string, wrong error) (*folder.Mailbox, error) {
	if wrong != nil {
		return nil, errTryCreate
	}
	box, err := s.account.Boxes.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errTryCreate
	}
	return box, err
}

func (s *session) append(p *parser) error {
	name, wrong := p.mailbox()
	p.space()
	var marks folder.Marks
	if p.peek() == '(' {
		p.list(func() { p.flag(&marks) })
		p.space()
	}
	if p.peek() == '"' {
		date := p.str()
		t, err := time.Parse("_2-Jan-2006 15:04:05 -0700", date)
		if err != nil || t.Year() < 1 || t.Year() > 9999 {
			p.fail(`a date as "07-Feb-2025 16:19:27 +0900"`)
		}
		marks.Date = t
		p.space()
	}
	if p.peek() != '{' {
		p.fail("the message as a literal")
	}
	text := p.str()
	if err := p.end(); err != nil {
		return err
	}
	box, err := s.target(name, wrong)
	if err != nil {
		return err
	}
	// Lines end in CRLF on the share.
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	v, uids, err := s.add(box, []folder.Arrival{{Name: s.NewName(), Marks: marks, Text: []byte(text)}})
	if err != nil {
		return err
	}
	s.code = fmt.Sprintf("[APPENDUID %d %s] ", v.Validity, setOf(uids))
	return nil
}

// add takes messages into a mailbox and returns the UIDs of those that are there, in order.
func (s *session) add(box *folder.Mailbox, all []folder.Arrival) (v folder.View, uids []uint32, err error) {
	v, err = box.Add(all)
	for errors.Is(err, fs.ErrExist) && all[0].From == nil { // the node has booted since it gave that name
		for i := range all {
			all[i].Name = s.NewName()
		}
		v, err = box.Add(all)
	}
	for _, a := range all {
		for _, e := range v.Messages {
			if e.Name == a.Name {
				uids = append(uids, e.UID)
			}
		}
	}
	return v, uids, err
}

// copyArguments reads those of COPY and MOVE.
func (s *session) copyArguments(p *parser, byUID bool) (places []int, box *folder.Mailbox, err error) {
	p.space()
	of := p.set()
	name, wrong := p.mailbox()
	if err := p.end(); err != nil {
		return nil, nil, err
	}
	box, err = s.target(name, wrong)
	return s.selected.choose(of, byUID), box, err
}

func (s *session) copy(p *parser, byUID bool) error {
	places, box, err := s.copyArguments(p, byUID)
	if err != nil || len(places) == 0 {
		return err
	}
	var all []folder.Arrival
	var from []uint32
	for _, i := range places {
		e := s.selected.view[i]
		text, err := s.selected.box.Read(e.Name)
		if errors.Is(err, fs.ErrNotExist) {
			return errGone
		}
		if err != nil {
			return err
		}
		marks := e.Marks
		marks.Date = e.Received()
		all = append(all, folder.Arrival{Name: s.NewName(), Marks: marks, Text: text})
		from = append(from, e.UID)
	}
	v, uids, err := s.add(box, all)
	if err != nil {
		return err
	}
	s.code = fmt.Sprintf("[COPYUID %d %s %s] ", v.Validity, setOf(from), setOf(uids))
	return nil
}

// move is RFC 6851: each message is in one of the two mailboxes at any moment.
func (s *session) move(p *parser, byUID bool) error {
	places, box, err := s.copyArguments(p, byUID)
	if err != nil || len(places) == 0 {
		return err
	}
	m := s.selected
	if m.readOnly {
		return errReadOnly
	}
	var all []folder.Arrival
	names := map[string]bool{}
	for _, i := range places {
		e := m.view[i]
		all = append(all, folder.Arrival{Name: e.Name, Marks: e.Marks, From: m.box})
		names[e.Name] = true
	}
	var v folder.View
	if box.Same(m.box) {
		v, err = box.Renumber(names)
	} else {
		v, _, err = s.add(box, all)
	}
	if err != nil {
		return err
	}
	there := map[string]uint32{}
	for _, e := range v.Messages {
		there[e.Name] = e.UID
	}
	var from, to []uint32
	for _, i := range places {
		if uid, ok := there[m.view[i].Name]; ok {
			from, to = append(from, m.view[i].UID), append(to, uid)
		}
	}
	if len(to) > 0 {
		s.line("* OK [COPYUID %d %s %s] Moved", v.Validity, setOf(from), setOf(to))
	}
	for _, i := range slices.Backward(places) {
		if _, ok := there[m.view[i].Name]; ok {
			s.drop(i, true)
		}
	}
	return nil
}
