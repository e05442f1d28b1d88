package folder

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/textproto"
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
}

// Message is a message in a mailbox.
type Message struct {
	Name string // of its file: unique for ever
	Size int64  // bytes, as they are sent: a message's lines end in CRLF on the share too
	Time time.Time
}

// OpenMailbox returns the mailbox whose folder is dir, as BoxDir gives it. The folder need not be
// there: a user who never got mail has none.
func OpenMailbox(fs share.FS, dir string) *Mailbox { return &Mailbox{fs: fs, dir: dir} }

// Dir is the mailbox's folder on the share.
func (m *Mailbox) Dir() string { return m.dir }

// List returns all messages, sorted by name.
func (m *Mailbox) List() ([]Message, error) {
	infos, err := m.fs.ReadDir(m.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Message
	for _, i := range infos {
		if !i.IsDir && checkName(i.Name) == nil { // a file of another kind is none of ours
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
	if err := checkName(name); err != nil {
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

// BoxDir is the folder of a user's mailbox below the work folder (M5): inbox/<user>, or
// inbox/<domain>/<user> for a domain that is told by the address connected to ("" if not).
func BoxDir(work, domain, user string) (string, error) {
	dir := path.Join(work, "inbox")
	if domain != "" {
		if err := checkName(domain); err != nil {
			return "", err
		}
		dir = path.Join(dir, domain)
	}
	if err := checkName(user); err != nil {
		return "", err
	}
	return path.Join(dir, user), nil
}

// checkName refuses what is no plain file name on Windows: what could lead out of the folder, and
// what Windows takes for another name or for a device.
func checkName(name string) error {
	bad := name == "" || len(name) > 200 || strings.Trim(name, " .") != name || strings.ContainsAny(name, `\/:*?"<>|`)
	for _, c := range name {
		bad = bad || c < ' ' || c == 0x7f || c == 0xfffd
	}
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base = strings.TrimRight(base, " "); base {
	case "CON", "PRN", "AUX", "NUL":
		bad = true
	default:
		device := strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")
		bad = bad || device && len(base) == 4 && base[3] >= '0' && base[3] <= '9'
	}
	if bad {
		return fmt.Errorf("%q is no file name that can be used: %w", name, fs.ErrInvalid)
	}
	return nil
}

// MessageID is a message's own name, without its brackets; "" when it has none.
func MessageID(message []byte) string {
	// An error means a broken header; what stands before the break counts.
	header, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(message))).ReadMIMEHeader()
	return strings.Trim(header.Get("Message-Id"), " <>")
}

// QueueID is the queue entry that a message in a mailbox came from; "" for one that a reader put
// there.
func QueueID(name string) string {
	if strings.HasPrefix(name, AppendedPrefix) {
		return ""
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

// AppendedPrefix begins the names of messages that readers put into a mailbox.
const AppendedPrefix = "imap-"
