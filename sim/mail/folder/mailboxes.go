package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ipwsim/sim/share"
)

// Mailboxes are all of one user's: Inbox, which is the user's folder itself, and those that the user has
// made, each a folder of its own:
//
//	inbox/<user>/imap/folders.<generation>   which there are, and the names that are subscribed to
//	inbox/<user>/imap/box.<id>/              the messages of one, and its own imap/
//
// A mailbox is made, renamed with all below it, and deleted by one new generation of that file. An id
// is never given again, nor is a UIDVALIDITY.
type Mailboxes struct {
	files
	list generations[catalogue]
}

// Inbox is the name of the mailbox that every user has, in any case of letters.
const Inbox = "INBOX"

// Delimiter is between the levels of mailboxes' names.
const Delimiter = "/"

const boxPrefix = "box."

// Limits on what a user can make. Inferred.
const (
	MaxMailboxes   = 1000 // names that are subscribed to counted for themselves
	MaxMailboxName = 500  // bytes
)

// catalogue is which mailboxes there are beside Inbox: the content of a generation.
type catalogue struct {
	next       uint32 // id
	validity   uint32 // the highest given
	boxes      []boxEntry
	subscribed []string
}

type boxEntry struct {
	id, validity uint32
	use          string // of RFC 6154, as `\Sent`; "" for none
	name         string
}

// Listed is a mailbox, or a name that is only subscribed to.
type Listed struct {
	Name       string
	Use        string // of RFC 6154, as `\Sent`; "" for none
	There      bool
	Subscribed bool
}

// OpenMailboxes returns those of the user whose folder is dir, a path below the share's root.
func OpenMailboxes(fs share.FS, dir string) *Mailboxes {
	m := &Mailboxes{files: files{fs: fs, dir: dir}}
	m.list = generations[catalogue]{files: &m.files, prefix: "folders.", parse: parseCatalogue}
	return m
}

// mailboxName is a name as it is kept: its first level is Inbox in upper case. fs.ErrInvalid for one
// that no mailbox can have.
func mailboxName(name string) (string, error) {
	first, rest, below := strings.Cut(name, Delimiter)
	if strings.EqualFold(first, Inbox) {
		name = Inbox
		if below {
			name += Delimiter + rest
		}
	}
	bad := func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("%*\u2028\u2029", r) }
	if len(name) > MaxMailboxName || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) || slices.Contains(strings.Split(name, Delimiter), "") {
		return "", fmt.Errorf("mailbox %q: %w", name, fs.ErrInvalid)
	}
	return name, nil
}

// All lists the mailboxes by name, Inbox first, and the names that are subscribed to.
func (m *Mailboxes) All() ([]Listed, error) {
	c, _, err := m.list.newest()
	if err != nil {
		return nil, err
	}
	all := []Listed{{Name: Inbox, There: true}}
	for _, b := range c.boxes {
		all = append(all, Listed{Name: b.name, Use: b.use, There: true})
	}
	for _, name := range c.subscribed {
		if i := slices.IndexFunc(all, func(l Listed) bool { return l.Name == name }); i >= 0 {
			all[i].Subscribed = true
		} else {
			all = append(all, Listed{Name: name, Subscribed: true})
		}
	}
	slices.SortFunc(all[1:], func(a, b Listed) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Open returns the mailbox of that name; fs.ErrNotExist when there is none.
func (m *Mailboxes) Open(name string) (*Mailbox, error) {
	name, err := mailboxName(name)
	if err != nil {
		return nil, fs.ErrNotExist
	}
	if name == Inbox {
		return OpenMailbox(m.fs, m.dir), nil
	}
	c, _, err := m.list.newest()
	if err != nil {
		return nil, err
	}
	if i := c.find(name); i >= 0 {
		return m.box(c.boxes[i]), nil
	}
	return nil, fs.ErrNotExist
}

func (m *Mailboxes) box(b boxEntry) *Mailbox {
	return openMailbox(files{fs: m.fs, dir: m.boxDir(b.id), own: true}, b.validity)
}

func (m *Mailboxes) boxDir(id uint32) string { return m.at(fmt.Sprintf("%s%010d", boxPrefix, id)) }

// errFull is the error of who makes too many mailboxes.
var errFull = fmt.Errorf("more than %d mailboxes", MaxMailboxes)

// IsFull says whether an error is that the user has as many mailboxes as can be.
func IsFull(err error) bool { return errors.Is(err, errFull) }

// Create makes a mailbox, and those above it. fs.ErrExist, fs.ErrInvalid, or IsFull.
func (m *Mailboxes) Create(name, use string) error {
	name, err := mailboxName(name)
	if err != nil {
		return err
	}
	return m.change(func(c *catalogue) error {
		if name == Inbox || c.find(name) >= 0 {
			return fs.ErrExist
		}
		return m.add(c, name, use)
	})
}

// add makes the mailbox and those above it that are not there.
func (m *Mailboxes) add(c *catalogue, name, use string) error {
	levels := strings.Split(name, Delimiter)
	for i := range levels {
		level := strings.Join(levels[:i+1], Delimiter)
		if level == Inbox || c.find(level) >= 0 {
			continue
		}
		if len(c.boxes) >= MaxMailboxes {
			return errFull
		}
		now, err := m.clock() // makes the folder above, too
		if err != nil {
			return err
		}
		c.validity = max(now, c.validity+1)
		b := boxEntry{id: c.next, validity: c.validity, name: level}
		if level == name {
			b.use = use
		}
		if err := m.fs.Mkdir(m.boxDir(b.id)); err != nil && !errors.Is(err, fs.ErrExist) { // ErrExist: of one that a crash kept from being told of
			return err
		}
		c.boxes, c.next = append(c.boxes, b), c.next+1
	}
	return nil
}

// Rename gives a mailbox and all below it another name, and makes those above. Inbox stays, and the
// messages in it go to a new one of the name (RFC 3501, section 6.3.5), with their marks. fs.ErrNotExist,
// fs.ErrExist, fs.ErrInvalid, or IsFull.
func (m *Mailboxes) Rename(from, to string) error {
	from, err := mailboxName(from)
	if err != nil {
		return fs.ErrNotExist
	}
	if from == Inbox {
		return m.renameInbox(to)
	}
	if to, err = mailboxName(to); err != nil {
		return err
	}
	return m.change(func(c *catalogue) error {
		if !c.holds(from) {
			return fs.ErrNotExist
		}
		if to == Inbox || c.holds(to) {
			return fs.ErrExist
		}
		if below(to, from) {
			return fmt.Errorf("mailbox %q below itself: %w", to, fs.ErrInvalid)
		}
		if above, _, ok := cutLast(to); ok {
			if err := m.add(c, above, ""); err != nil {
				return err
			}
		}
		for i, b := range c.boxes {
			if b.name == from || below(b.name, from) {
				if c.boxes[i].name = to + b.name[len(from):]; len(c.boxes[i].name) > MaxMailboxName {
					return fs.ErrInvalid
				}
			}
		}
		return nil
	})
}

func (m *Mailboxes) renameInbox(to string) error {
	if err := m.Create(to, ""); err != nil {
		return err
	}
	target, err := m.Open(to)
	if err != nil {
		return err
	}
	inbox := OpenMailbox(m.fs, m.dir)
	v, err := inbox.View()
	if err != nil {
		return err
	}
	var all []Arrival
	for _, e := range v.Messages {
		all = append(all, Arrival{Marks: e.Marks, Name: e.Name, From: inbox})
	}
	_, err = target.Add(all)
	return err
}

// Delete deletes a mailbox for good, those below it stay; gone is told of each message. fs.ErrNotExist,
// or fs.ErrInvalid for Inbox.
func (m *Mailboxes) Delete(name string, gone func(message string, text []byte)) error {
	name, err := mailboxName(name)
	if err != nil {
		return fs.ErrNotExist
	}
	if name == Inbox {
		return fs.ErrInvalid
	}
	if err := m.change(func(c *catalogue) error {
		i := c.find(name)
		if i < 0 {
			return fs.ErrNotExist
		}
		c.boxes = slices.Delete(c.boxes, i, i+1)
		return nil
	}); err != nil {
		return err
	}
	m.sweep(gone) // if that fails, the next that is deleted sweeps again
	return nil
}

// sweep removes the folders of mailboxes that have been deleted.
func (m *Mailboxes) sweep(gone func(string, []byte)) {
	all, err := m.fs.ReadDir(m.at(""))
	c, _, err2 := m.list.newest() // after the look: an id below next that is not in it is nobody's
	if err != nil || err2 != nil {
		return
	}
	for _, f := range all {
		digits, ok := strings.CutPrefix(f.Name, boxPrefix)
		id, isID := numbered(strings.TrimLeft(digits, "0"), "")
		if !ok || !isID || id >= c.next || slices.ContainsFunc(c.boxes, func(b boxEntry) bool { return b.id == id }) {
			continue
		}
		box := m.box(boxEntry{id: id})
		messages, _ := box.List()
		for _, msg := range messages {
			text, _ := box.Read(msg.Name)
			if box.Delete(msg.Name) == nil {
				gone(msg.Name, text)
			}
		}
		index, _ := m.fs.ReadDir(box.at(""))
		for _, f := range index {
			_ = m.fs.Remove(box.at(f.Name))
		}
		_ = m.fs.Remove(box.at(""))
		_ = m.fs.Remove(box.dir)
	}
}

// Subscribe notes a name, or forgets it, whether there is such a mailbox or not. fs.ErrInvalid, or
// IsFull.
func (m *Mailboxes) Subscribe(name string, on bool) error {
	name, err := mailboxName(name)
	if err != nil {
		return err
	}
	return m.change(func(c *catalogue) error {
		i, is := slices.BinarySearch(c.subscribed, name)
		switch {
		case on == is:
			return errSame
		case on && len(c.subscribed) >= MaxMailboxes:
			return errFull
		case on:
			c.subscribed = slices.Insert(c.subscribed, i, name)
		default:
			c.subscribed = slices.Delete(c.subscribed, i, i+1)
		}
		return nil
	})
}

// errSame is a change that changes nothing.
var errSame = errors.New("no change")

// change publishes what f makes of the catalogue.
func (m *Mailboxes) change(f func(*catalogue) error) error {
	for range tries {
		c, number, err := m.list.newest()
		if err != nil {
			return err
		}
		if number == 0 {
			c = catalogue{next: 1}
		}
		c.boxes, c.subscribed = slices.Clone(c.boxes), slices.Clone(c.subscribed)
		if err := f(&c); err != nil {
			if errors.Is(err, errSame) {
				return nil
			}
			return err
		}
		done, err := m.list.publish(number+1, c, c.marshal())
		if err != nil || done {
			return err
		}
	}
	return m.list.crowded()
}

func (c *catalogue) find(name string) int {
	return slices.IndexFunc(c.boxes, func(b boxEntry) bool { return b.name == name })
}

// holds says whether there is the mailbox, or one below it.
func (c *catalogue) holds(name string) bool {
	return slices.ContainsFunc(c.boxes, func(b boxEntry) bool { return b.name == name || below(b.name, name) })
}

// below says whether a mailbox is at any level below another.
func below(name, above string) bool { return strings.HasPrefix(name, above+Delimiter) }

// cutLast parts a name from its last level.
func cutLast(name string) (above, last string, ok bool) {
	if i := strings.LastIndex(name, Delimiter); i >= 0 {
		return name[:i], name[i+1:], true
	}
	return "", name, false
}
