package folder

import (
	"errors"
	"io/fs"
	"path"
	"time"

	"ipwsim/sim/share"
)

// Mailbox is one user's folder on the share (M5), or one that the user has made (see Mailboxes). Each
// message is a file that never changes; what IMAP4 must remember of it lies in a folder of its own
// below (see index). A session opens its own Mailbox; any number of them, on any node, may work on one
// folder at once.
type Mailbox struct {
	files
	validity uint32 // for its first index; 0: the share's clock
	index    generations[index]
}

// Message is a message in a mailbox.
type Message struct {
	Name string // of its file: unique for ever
	Size int64  // bytes, as they are sent: a message's lines end in CRLF on the share too
	Time time.Time
}

// OpenMailbox returns the mailbox whose folder is dir, a path below the share's root. The folder need not be
// there: a user who never got mail has none.
func OpenMailbox(fs share.FS, dir string) *Mailbox { return openMailbox(files{fs: fs, dir: dir}, 0) }

func openMailbox(f files, validity uint32) *Mailbox {
	m := &Mailbox{files: f, validity: validity}
	m.index = generations[index]{files: &m.files, prefix: "index.", parse: parseIndex}
	return m
}

// List returns all messages, sorted by name.
func (m *Mailbox) List() ([]Message, error) {
	infos, err := m.fs.ReadDir(m.dir)
	if err != nil && (m.own || !errors.Is(err, fs.ErrNotExist)) {
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

func (m *Mailbox) file(name string) (string, error) {
	if err := checkMessage(name); err != nil {
		return "", err
	}
	return path.Join(m.dir, name), nil
}

// Same says whether two are the same mailbox.
func (m *Mailbox) Same(o *Mailbox) bool { return m.dir == o.dir }
