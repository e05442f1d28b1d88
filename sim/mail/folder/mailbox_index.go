package folder

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Flags are a message's IMAP4 flags that last.
type Flags uint8

// The flags of RFC 3501, section 2.3.2, less \Recent.
const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
)

// Marks are what a mailbox remembers of a message beside its UID.
type Marks struct {
	Flags    Flags
	Keywords []string  // each once, in any case of letters; sorted
	Date     time.Time // its INTERNALDATE if that is not the file's
}

// Has says whether the message has the keyword, in any case of letters.
func (m *Marks) Has(keyword string) bool {
	return slices.ContainsFunc(m.Keywords, func(k string) bool { return strings.EqualFold(k, keyword) })
}

// SetKeywords gives the message these keywords.
func (m *Marks) SetKeywords(all []string) {
	m.Keywords = nil
	for _, k := range all {
		if !m.Has(k) {
			m.Keywords = append(m.Keywords, k)
		}
	}
	slices.Sort(m.Keywords)
}

// Equal says whether two are the same marks.
func (m Marks) Equal(o Marks) bool {
	return m.Flags == o.Flags && slices.Equal(m.Keywords, o.Keywords) && m.Date.Equal(o.Date)
}

// Entry is a message as IMAP4 sees it.
type Entry struct {
	Message
	Marks
	UID uint32
}

// Received is the message's INTERNALDATE.
func (e *Entry) Received() time.Time {
	if e.Date.IsZero() {
		return e.Time.UTC()
	}
	return e.Date
}

// View is a mailbox as IMAP4 sees it: the messages by UID. No UID is ever given to a second message,
// and a message keeps its UID, as long as Validity stays.
type View struct {
	Validity uint32
	Next     uint32 // above every UID given so far
	Recent   uint32 // from this UID on, nobody has claimed the messages
	Messages []Entry
}

// index says which UIDs and flags the messages have: the content of a generation.
type index struct {
	validity, next, recent uint32
	entries                []indexEntry // by UID
}

type indexEntry struct {
	Marks
	uid     uint32
	name    string
	awaited int // it was not there yet when this was written, nor for so many generations before; 0: it was
}

// View lists the mailbox and gives UIDs to messages that have none.
func (m *Mailbox) View() (View, error) { return m.update(false, func(*Entry) {}) }

// Claim is View for a session that has selected the mailbox: messages from Recent on are \Recent to it,
// and to no later one (RFC 3501, section 2.3.2).
func (m *Mailbox) Claim() (View, error) { return m.update(true, func(*Entry) {}) }

// SetFlags changes marks: change sees each message and may set them.
func (m *Mailbox) SetFlags(change func(*Entry)) (View, error) { return m.update(false, change) }

// maxAwaited is for how many generations a message is awaited: who announced it may have died.
const maxAwaited = 200

func (m *Mailbox) update(claim bool, change func(*Entry), awaited ...Arrival) (View, error) {
	for range tries {
		old, number, err := m.index.newest()
		if err != nil {
			return View{}, err
		}
		if number == 0 {
			old = index{validity: m.validity, next: 1, recent: 1}
		}
		messages, err := m.List()
		if err != nil {
			return View{}, err
		}
		view, fresh, changed, err := old.apply(messages, change, awaited)
		if err != nil {
			return View{}, err
		}
		if claim && len(view.Messages) > 0 && view.Messages[len(view.Messages)-1].UID >= fresh.recent {
			fresh.recent, changed = view.Next, true
		}
		if !changed && number > 0 {
			return view, nil
		}
		if fresh.validity == 0 {
			if fresh.validity, err = m.clock(); err != nil {
				return View{}, err
			}
			view.Validity = fresh.validity
		}
		done, err := m.index.publish(number+1, fresh, fresh.marshal())
		if err != nil || done {
			return view, err
		}
	}
	return View{}, m.index.crowded()
}

// apply makes the view of the messages that are there, and the index for it; changed when that says more
// than the old one. That a message is gone need not be written: its UID stays below next.
func (x index) apply(messages []Message, change func(*Entry), awaited []Arrival) (v View, fresh index, changed bool, err error) {
	fresh = index{validity: x.validity, next: x.next, recent: x.recent}
	known := make(map[string]indexEntry, len(x.entries))
	for _, e := range x.entries {
		known[e.name] = e
	}
	v = View{Validity: x.validity, Recent: x.recent}
	for _, msg := range messages {
		old, ok := known[msg.Name]
		e := Entry{Message: msg, Marks: old.Marks, UID: old.uid}
		if ok {
			change(&e)
			// The UID of one that was awaited is its own only when that has been written.
			changed = changed || e.UID != old.uid || !e.Marks.Equal(old.Marks) || old.awaited > 0
		}
		v.Messages = append(v.Messages, e)
	}
	for i := range v.Messages {
		e := &v.Messages[i]
		if e.UID != 0 {
			continue
		}
		if e.UID, err = fresh.give(); err != nil {
			return v, x, false, err
		}
		changed = true
		if _, ok := known[e.Name]; !ok {
			change(e)
		}
	}
	slices.SortFunc(v.Messages, func(a, b Entry) int { return int(int64(a.UID) - int64(b.UID)) })
	for _, e := range v.Messages {
		fresh.entries = append(fresh.entries, indexEntry{Marks: e.Marks, uid: e.UID, name: e.Name})
	}
	there := func(name string) bool {
		return slices.ContainsFunc(v.Messages, func(e Entry) bool { return e.Name == name })
	}
	v.Next = fresh.next
	var coming []indexEntry
	for _, a := range awaited {
		if !there(a.Name) {
			coming, changed = append(coming, indexEntry{Marks: a.Marks, name: a.Name}), true
		}
	}
	for _, e := range x.entries {
		if e.awaited > 0 && e.awaited < maxAwaited && !there(e.name) && !slices.ContainsFunc(coming, func(c indexEntry) bool { return c.name == e.name }) {
			coming = append(coming, e)
			v.Next = min(v.Next, e.uid)
		}
	}
	if !changed {
		return v, x, false, nil
	}
	// What is still on its way comes after all that has got a UID, so that nobody passes over it.
	v.Next = fresh.next
	for _, e := range coming {
		if e.uid, err = fresh.give(); err != nil {
			return v, x, false, err
		}
		e.awaited++
		fresh.entries = append(fresh.entries, e)
	}
	return v, fresh, true, nil
}

// give is the next UID.
func (x *index) give() (uint32, error) {
	if x.next == 1<<32-1 {
		return 0, errors.New("the mailbox has no UIDs left")
	}
	x.next++
	return x.next - 1, nil
}
