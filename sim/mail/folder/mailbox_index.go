package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/share"
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

// Entry is a message as IMAP4 sees it.
type Entry struct {
	Message
	UID   uint32
	Flags Flags
}

// View is a mailbox as IMAP4 sees it: the messages by UID. No UID is ever given to a second message,
// and a message keeps its UID, as long as Validity stays.
type View struct {
	Validity uint32
	Next     uint32 // above every UID given so far
	Messages []Entry
}

// The index says which UIDs and flags the messages have. Its file is never changed: who has something
// to add writes the whole index anew as the next generation. Two who do so at once get the same
// generation's name; the share lets one of them have it, the other reads that and begins again.
//
// The newest generation counts; it is never removed, so who finds his own to be the newest after he
// published it has not been overtaken. One who has been for so long that his name was free again
// finds a newer one, and begins again too.
const (
	indexFolder = "imap"
	indexPrefix = "index."
	draftPrefix = "draft."
)

// tries bounds how often a writer may lose against others in a row.
const tries = 50

// sweepAfter is the age of drafts that nobody can be writing any more.
const sweepAfter = time.Hour

// index is one generation.
type index struct {
	generation uint64 // 0: none yet
	validity   uint32
	next       uint32
	entries    []indexEntry // by UID
}

type indexEntry struct {
	uid   uint32
	flags Flags
	name  string
}

// View lists the mailbox and gives UIDs to messages that have none.
func (m *Mailbox) View() (View, error) {
	return m.update(func(*Entry) {})
}

// SetFlags changes flags: change sees each message and may set its Flags.
func (m *Mailbox) SetFlags(change func(*Entry)) (View, error) {
	return m.update(change)
}

func (m *Mailbox) update(change func(*Entry)) (View, error) {
	for range tries {
		old, err := m.newest()
		if err != nil {
			return View{}, err
		}
		messages, err := m.List()
		if err != nil {
			return View{}, err
		}
		view, changed, err := old.apply(messages, change)
		if err != nil || !changed {
			return view, err
		}
		done, err := m.publish(old.generation+1, &view)
		if err != nil || done {
			return view, err
		}
	}
	return View{}, m.crowded()
}

// apply makes the view of the messages that are there; changed when the index must be written anew.
// That a message is gone need not be written: its UID stays below next.
func (x index) apply(messages []Message, change func(*Entry)) (v View, changed bool, err error) {
	v = View{Validity: x.validity, Next: max(x.next, 1)}
	known := make(map[string]indexEntry, len(x.entries))
	for _, e := range x.entries {
		known[e.name] = e
	}
	changed = x.generation == 0
	for _, msg := range messages {
		e := Entry{Message: msg, UID: known[msg.Name].uid, Flags: known[msg.Name].flags}
		if e.UID == 0 {
			if v.Next == 1<<32-1 {
				return v, false, errors.New("the mailbox has no UIDs left")
			}
			e.UID, v.Next, changed = v.Next, v.Next+1, true
		}
		v.Messages = append(v.Messages, e)
	}
	slices.SortFunc(v.Messages, func(a, b Entry) int { return int(int64(a.UID) - int64(b.UID)) })
	for i := range v.Messages {
		before := v.Messages[i].Flags
		change(&v.Messages[i])
		changed = changed || v.Messages[i].Flags != before
	}
	return v, changed, nil
}

// publish writes the view as that generation; false when another writer was first.
func (m *Mailbox) publish(generation uint64, v *View) (bool, error) {
	if v.Validity == 0 {
		now, err := m.clock()
		if err != nil {
			return false, err
		}
		v.Validity = uint32(max(now.Unix(), 1))
	}
	err := m.place(v.marshal(), m.generation(generation))
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	files, err := m.fs.ReadDir(path.Join(m.dir, indexFolder))
	if err != nil {
		return false, err
	}
	newest := newestOf(files)
	if g, _ := generationOf(newest.Name); g != generation {
		_ = m.fs.Remove(m.generation(generation)) // it does not count, wherever it lies
		return false, nil
	}
	m.known, m.knownAs = v.index(generation), newest // as if it had been read
	m.sweep(files, newest)
	return true, nil
}

// index is the view as that generation of the index.
func (v *View) index(generation uint64) index {
	x := index{generation: generation, validity: v.Validity, next: v.Next}
	for _, e := range v.Messages {
		x.entries = append(x.entries, indexEntry{e.UID, e.Flags, e.Name})
	}
	return x
}

// clock is the share's clock, the one that all nodes have, for the UIDVALIDITY of a new index: RFC 3501,
// section 2.3.1.1, wants a number greater than any before.
func (m *Mailbox) clock() (time.Time, error) {
	draft, err := m.draft(nil)
	if err != nil {
		return time.Time{}, err
	}
	info, err := m.fs.Stat(draft)
	_ = m.fs.Remove(draft) // if that fails, it is swept later
	return info.ModTime, err
}

// sweep removes older generations and drafts of long ago, by the share's clock. What it cannot remove
// does no harm.
func (m *Mailbox) sweep(files []share.Info, newest share.Info) {
	for _, f := range files {
		_, ok := generationOf(f.Name)
		old := strings.HasPrefix(f.Name, draftPrefix) && newest.ModTime.Sub(f.ModTime) > sweepAfter
		if old || ok && f.Name != newest.Name {
			_ = m.fs.Remove(path.Join(m.dir, indexFolder, f.Name))
		}
	}
}

// newest reads the generation that counts.
func (m *Mailbox) newest() (index, error) {
	info, err := m.newestFile()
	for range tries {
		switch {
		case err != nil:
			return index{}, err
		case info.Name == "":
			return index{}, nil
		case same(info, m.knownAs):
			return m.known, nil
		}
		name := path.Join(m.dir, indexFolder, info.Name)
		content, err := m.fs.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return index{}, err
		}
		// Only while it was the newest is it sure to be what everyone took the name for.
		before := info
		if info, err = m.newestFile(); err != nil {
			return index{}, err
		}
		if !same(info, before) {
			continue
		}
		x, err := parseIndex(name, string(content))
		if err != nil {
			return index{}, err
		}
		x.generation, _ = generationOf(info.Name)
		m.known, m.knownAs = x, info
		return x, nil
	}
	return index{}, m.crowded()
}

// newestFile is the newest generation's file; the zero Info when there is none.
func (m *Mailbox) newestFile() (share.Info, error) {
	files, err := m.fs.ReadDir(path.Join(m.dir, indexFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return share.Info{}, err
	}
	return newestOf(files), nil
}

// crowded is the error of who lost against others again and again.
func (m *Mailbox) crowded() error {
	return fmt.Errorf("%s: others changed the mailbox %d times in a row", m.dir, tries)
}

func (m *Mailbox) generation(g uint64) string {
	return path.Join(m.dir, indexFolder, fmt.Sprintf("%s%010d", indexPrefix, g))
}

// same says whether two looks saw the same file.
func same(a, b share.Info) bool {
	return a.Name == b.Name && a.Size == b.Size && a.ModTime.Equal(b.ModTime)
}

// newestOf is the newest generation's file in an index folder; the zero Info when there is none.
func newestOf(files []share.Info) (newest share.Info) {
	last := uint64(0)
	for _, f := range files {
		if g, ok := generationOf(f.Name); ok && g > last {
			newest, last = f, g
		}
	}
	return newest
}

func generationOf(name string) (uint64, bool) {
	number, ok := strings.CutPrefix(name, indexPrefix)
	g, err := strconv.ParseUint(number, 10, 64)
	return g, ok && err == nil && g > 0
}
