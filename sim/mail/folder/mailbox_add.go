package folder

import (
	"errors"
	"io/fs"
)

// Arrival is a message on its way into a mailbox: a new one, or one that another mailbox gives away.
type Arrival struct {
	Marks
	Name string
	Text []byte   // of a new one
	From *Mailbox // who gives it away, under the same name; nil: it is new
}

// Append adds a message that did not come through the queue. It is there as a whole or not at all,
// and outlives any crash when Append has returned nil. fs.ErrExist: the name is taken.
func (m *Mailbox) Append(name string, message []byte) error {
	_, err := m.Add([]Arrival{{Name: name, Text: message}})
	return err
}

// Add takes messages in, in this order, and returns the mailbox with them. The index is told first what
// they are to be, so that a message that is there has its flags, wherever a crash comes; each is
// there as a whole or not at all. After an error no new message is there, unless the share cannot be
// reached; what was given away may have been. A message that is to be given away but is gone is left
// out. fs.ErrExist: a name is taken.
func (m *Mailbox) Add(all []Arrival) (View, error) {
	drafts, err := m.drafts(all)
	if err != nil {
		return View{}, err
	}
	wanted := make(map[string]Marks, len(all))
	for _, a := range all {
		wanted[a.Name] = a.Marks
	}
	if _, err = m.update(false, func(*Entry) {}, all...); err == nil {
		err = m.arrive(all, drafts)
	}
	if err != nil {
		m.undo(nil, drafts)
		return View{}, err
	}
	// That they are there is written now; and if so many others have written in between that they gave up
	// waiting, what they are.
	return m.SetFlags(func(e *Entry) {
		if marks, ok := wanted[e.Name]; ok {
			e.Marks = marks
		}
	})
}

// drafts writes the new messages where nobody reads them yet.
func (m *Mailbox) drafts(all []Arrival) (drafts []string, err error) {
	for _, a := range all {
		draft := ""
		if _, err = m.file(a.Name); err == nil && a.From == nil {
			draft, err = m.draft(a.Text)
		}
		if err != nil {
			m.undo(nil, drafts)
			return nil, err
		}
		drafts = append(drafts, draft)
	}
	return drafts, nil
}

// arrive renames each to its name.
func (m *Mailbox) arrive(all []Arrival, drafts []string) error {
	var done []string
	for i, a := range all {
		from := drafts[i]
		if a.From != nil {
			from, _ = a.From.file(a.Name)
		}
		to, _ := m.file(a.Name)
		err := m.fs.Rename(from, to)
		if a.From != nil && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			m.undo(done, nil)
			return err
		}
		if a.From == nil {
			done, drafts[i] = append(done, to), ""
		}
	}
	return nil
}

// undo removes new messages and drafts of which nothing will come. If that fails, drafts are swept
// later.
func (m *Mailbox) undo(placed, drafts []string) {
	for _, name := range append(placed, drafts...) {
		if name != "" {
			_ = m.fs.Remove(name)
		}
	}
}

// Renumber gives messages new UIDs, in their order, as if they had been moved out and in again.
func (m *Mailbox) Renumber(names map[string]bool) (View, error) {
	old, err := m.View()
	if err != nil {
		return View{}, err
	}
	return m.update(false, func(e *Entry) {
		if names[e.Name] && e.UID < old.Next {
			e.UID = 0
		}
	})
}
