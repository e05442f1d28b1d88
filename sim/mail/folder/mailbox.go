package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"ipwsim/sim/share"
)

// Mailbox is one user's folder on the share (M5). Each message is a file that never changes; what
// IMAP4 must remember of it lies in a folder of its own below (see index). A session opens its own
// Mailbox; any number of them, on any node, may work on one folder at once.
type Mailbox struct {
	fs  share.FS
	dir string

	known   index      // the index last read or written
	knownAs share.Info // and its file
}

// Message is a message in a mailbox.
type Message struct {
	Name string // of its file: unique for ever
	Size int64  // bytes, as they are sent: a message's lines end in CRLF on the share too
	Time time.Time
}

// OpenMailbox returns the mailbox whose folder is dir, a path below the share's root. The folder need not be
// there: a user who never got mail has none.
func OpenMailbox(fs share.FS, dir string) *Mailbox { return &Mailbox{fs: fs, dir: dir} }

// List returns all messages, sorted by name.
func (m *Mailbox) List() ([]Message, error) {
	infos, err := m.fs.ReadDir(m.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []Message
	for _, i := range infos {
		if !i.IsDir && checkMessage(i.Name) == nil { // a file of another kind is none of ours
			all = append(all, Message{i.Name, i.Size, i.ModTime})
		}
	}
	return all, nil
}

// Read returns a message; fs.ErrNotExist when another session has deleted it.
func (m *Mailbox) Read(name string) ([]byte, error) {
	file, err := m.file(name)
	if err != nil {
		return nil, err
	}
	return m.fs.ReadFile(file)
}

// Delete removes a message; fs.ErrNotExist when another session has done so.
func (m *Mailbox) Delete(name string) error {
	file, err := m.file(name)
	if err != nil {
		return err
	}
	return m.fs.Remove(file)
}

// Append adds a message that did not come through the queue. It is there as a whole or not at all,
// and outlives any crash when Append has returned nil. fs.ErrExist: the name is taken.
func (m *Mailbox) Append(name string, message []byte) error {
	file, err := m.file(name)
	if err != nil {
		return err
	}
	return m.place(message, file)
}

func (m *Mailbox) file(name string) (string, error) {
	if err := checkMessage(name); err != nil {
		return "", err
	}
	return path.Join(m.dir, name), nil
}

// makeFolders makes the mailbox's folder and the one for IMAP4 in it.
func (m *Mailbox) makeFolders() error {
	up := ""
	for _, part := range strings.Split(path.Join(m.dir, indexFolder), "/") {
		up = path.Join(up, part)
		if err := m.fs.Mkdir(up); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// maxDrafts is how many may be under way in one mailbox, those that a crash left behind included.
const maxDrafts = 1000

// draft makes a file that nobody reads yet, and the folders for it where there are none.
func (m *Mailbox) draft(content []byte) (string, error) {
	made := false
	for n := 1; n <= maxDrafts; {
		name := path.Join(m.dir, indexFolder, fmt.Sprintf("%s%03d", draftPrefix, n))
		err := m.fs.Create(name, content)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !made:
			if err := m.makeFolders(); err != nil {
				return "", err
			}
			made = true
		case errors.Is(err, fs.ErrExist):
			n++
		default:
			return name, err
		}
	}
	return "", fmt.Errorf("%s: more than %d unfinished files", path.Join(m.dir, indexFolder), maxDrafts)
}

// place makes a file that is there as a whole or not at all; fs.ErrExist when the name is taken.
func (m *Mailbox) place(content []byte, name string) error {
	draft, err := m.draft(content)
	if err != nil {
		return err
	}
	if err = m.fs.Rename(draft, name); err != nil {
		_ = m.fs.Remove(draft) // if that fails too, it is swept later
	}
	return err
}
