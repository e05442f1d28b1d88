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

	known   index      // the index last read
	knownAs share.Info // and its file

	listed map[string]share.Info // what the last List found
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
	names, err := m.fs.Names(m.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	infos, err := m.describe(names)
	if err != nil {
		return nil, err
	}
	m.listed = make(map[string]share.Info, len(infos))
	var all []Message
	for _, i := range infos {
		m.listed[i.Name] = i
		if !i.IsDir && checkMessage(i.Name) == nil { // a file of another kind is none of ours
			all = append(all, Message{i.Name, i.Size, i.ModTime})
		}
	}
	return all, nil
}

// manyNew is from how many new messages on it is cheaper to have the whole folder described.
const manyNew = 10

// describe says what the names are. It asks for new ones only: a message never changes.
func (m *Mailbox) describe(names []string) ([]share.Info, error) {
	fresh := 0
	for _, name := range names {
		if _, known := m.listed[name]; !known {
			fresh++
		}
	}
	if fresh >= manyNew {
		return m.fs.ReadDir(m.dir)
	}
	var infos []share.Info
	for _, name := range names {
		info, known := m.listed[name]
		if !known {
			var err error
			if info, err = m.fs.Stat(path.Join(m.dir, name)); errors.Is(err, fs.ErrNotExist) {
				continue // gone meanwhile
			} else if err != nil {
				return nil, err
			}
		}
		infos = append(infos, info)
	}
	return infos, nil
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
	if err := m.makeFolders(); err != nil {
		return err
	}
	draft, err := m.newDraft()
	if err != nil {
		return err
	}
	return draft.publish(message, file)
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

// draft is a file that nobody reads yet.
type draft struct {
	fs   share.FS
	name string
	file share.File
}

// maxDrafts is how many may be under way in one mailbox, those that a crash left behind included.
const maxDrafts = 1000

func (m *Mailbox) newDraft() (draft, error) {
	for n := 1; n <= maxDrafts; n++ {
		name := path.Join(m.dir, indexFolder, fmt.Sprintf("%s%03d", draftPrefix, n))
		file, err := m.fs.Create(name)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return draft{m.fs, name, file}, err
	}
	return draft{}, fmt.Errorf("%s: more than %d unfinished files", path.Join(m.dir, indexFolder), maxDrafts)
}

// publish writes the file, makes it safe, and moves it to its name; fs.ErrExist when that is taken.
func (d draft) publish(content []byte, name string) error {
	_, err := d.file.Write(content)
	if err == nil {
		err = d.file.Sync()
	}
	if cerr := d.file.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = d.fs.Rename(d.name, name)
	}
	if err != nil {
		_ = d.fs.Remove(d.name) // if that fails too, it is swept later
	}
	return err
}
