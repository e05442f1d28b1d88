package folder

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Envelope is what SMTP says of a message beside the message.
type Envelope struct {
	ID       string   // see ID
	From     string   // "" for a report
	To       []string // 1 to MaxRecipients, each once
	Received string   // the whole header line without its end; "" for none
	Draft    string   // with one recipient: the name while it is written, where others may write the same ID; "" else
}

// header is what stands in front of the copy for some recipients.
func (e Envelope) header(to ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", e.From)
	for _, t := range to {
		fmt.Fprintf(&b, "Delivered-To: %s\r\n", t)
	}
	if e.Received != "" {
		fmt.Fprintf(&b, "%s\r\n", e.Received)
	}
	return b.Bytes()
}

// check says what would make an envelope's files unreadable.
func (e Envelope) check() error {
	if !idForm.MatchString(e.ID) {
		return fmt.Errorf("queue id %q: expected time, counter and computer, as 20250207161927000-0001-active", e.ID)
	}
	if len(e.To) == 0 || len(e.To) > MaxRecipients {
		return fmt.Errorf("queue id %s: found %d recipients, expected 1 to %d", e.ID, len(e.To), MaxRecipients)
	}
	for _, s := range append([]string{e.From, e.Received}, e.To...) {
		if strings.ContainsAny(s, "\r\n\x00") {
			return fmt.Errorf("queue id %s: found a line's end in %q", e.ID, s)
		}
	}
	return nil
}

// Accept puts a message into the queue: after nil it is there and outlives any crash; after an error
// it is not, or could not be found. The copies are written first and one rename makes them count, so
// nobody ever sees a part (M6). fs.ErrExist says that the queue holds that ID.
func (f *Folder) Accept(e Envelope, message []byte) error {
	if err := e.check(); err != nil {
		return err
	}
	if len(e.To) == 1 {
		name := copyName(e.ID, 1)
		draft := cmp.Or(e.Draft, name)
		return f.accept(draft, name, func() error { return f.write(draft, e.header(e.To[0]), message) })
	}
	return f.accept(e.ID, e.ID, func() error { return f.writeSeveral(e, message) })
}

// accept writes the drafts and moves the one that makes them count; it removes what a failure left,
// as far as the share lets it.
func (f *Folder) accept(draft, name string, write func() error) error {
	err := write()
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("queue/tmp holds an unfinished %s: %w", draft, errUsed) // not ours to remove
	}
	if err == nil {
		err = f.commit(draft, name)
	}
	if err != nil {
		_ = f.fs.Remove(f.at("queue/tmp/" + draft))
	}
	return err
}

var errUsed = errors.New("the name is used")

// writeSeveral writes the list of recipients and a copy for each. The list's rename makes them all
// count. From then on copies only move: a node that was frozen in the middle of Split and wakes long
// after another has done its work finds nothing left to move, and doubles nothing.
func (f *Folder) writeSeveral(e Envelope, message []byte) error {
	err := f.write(e.ID, e.header(e.To...))
	for i, to := range e.To {
		if err == nil {
			err = f.write(copyName(e.ID, i+1), e.header(to), message)
		}
	}
	return err
}

// write makes a file of queue/tmp that outlives a crash.
func (f *Folder) write(name string, parts ...[]byte) error {
	return f.fs.Create(f.at("queue/tmp/"+name), bytes.Join(parts, nil))
}

// commit moves a draft into the queue. When the answer was lost, it looks.
func (f *Folder) commit(draft, name string) error {
	err := f.fs.Rename(f.at("queue/tmp/"+draft), f.at("queue/"+name))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := f.fs.Stat(f.at("queue/" + name)); there == nil {
			return nil
		}
	}
	return err
}

// Queued is a copy in the queue.
type Queued struct {
	Name  string    // <id>.<n>
	ID    string    // of its acceptance
	Since time.Time // when it was accepted, by the share's clock
}

// List is what the queue holds, by time of acceptance: the copies, and the acceptances still to be
// split. Files of other names are nobody's mail and are left alone.
func (f *Folder) List() (copies []Queued, unsplit []string, err error) {
	all, err := f.fs.ReadDir(f.at("queue"))
	if err != nil {
		return nil, nil, err
	}
	for _, i := range all {
		if m := copyForm.FindStringSubmatch(i.Name); m != nil {
			copies = append(copies, Queued{Name: i.Name, ID: m[1], Since: i.ModTime})
		} else if idForm.MatchString(i.Name) {
			unsplit = append(unsplit, i.Name)
		}
	}
	return copies, unsplit, nil
}

// Split puts the copies of an acceptance of several recipients into the queue. It can be done again
// after a crash, and by both nodes at once.
func (f *Folder) Split(id string) error {
	data, err := f.fs.ReadFile(f.at("queue/" + id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another node was faster
	} else if err != nil {
		return err
	}
	_, to, _, err := parse(data, MaxRecipients)
	if err != nil {
		return fmt.Errorf("queue/%s: %w", id, err)
	}
	for i := range to {
		name := copyName(id, i+1)
		err := f.fs.Rename(f.at("queue/tmp/"+name), f.at("queue/"+name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return f.Done(id)
}

// Copy is a message of the queue with its envelope.
type Copy struct {
	From, To string
	Message  []byte // with the Received line, without the envelope
}

// Open reads a copy; fs.ErrNotExist when another node has taken it.
func (f *Folder) Open(name string) (Copy, error) {
	data, err := f.fs.ReadFile(f.at("queue/" + name))
	if err != nil {
		return Copy{}, err
	}
	from, to, rest, err := parse(data, 1)
	if err != nil {
		return Copy{}, fmt.Errorf("queue/%s: %w", name, err)
	}
	return Copy{from, to[0], rest}, nil
}

// Look says whether a copy is still in the queue: nil, or fs.ErrNotExist when another node has taken it.
func (f *Folder) Look(name string) error {
	_, err := f.fs.Stat(f.at("queue/" + name))
	return err
}

// ErrFormat says that a file of the queue is not what this package writes there.
var ErrFormat = errors.New("not a message of the queue")

// parse takes an envelope of up to limit recipients off a file.
func parse(data []byte, limit int) (from string, to []string, rest []byte, err error) {
	line, rest, _ := bytes.Cut(data, []byte("\r\n"))
	path, ok := strings.CutPrefix(string(line), "Return-Path: <")
	from, closed := strings.CutSuffix(path, ">")
	if !ok || !closed {
		return "", nil, nil, fmt.Errorf("%w: found %q at its start, expected Return-Path: <address>", ErrFormat, line[:min(len(line), 60)])
	}
	for len(to) < limit {
		line, after, ended := bytes.Cut(rest, []byte("\r\n"))
		t, ok := strings.CutPrefix(string(line), "Delivered-To: ")
		if !ok || !ended {
			break
		}
		to, rest = append(to, t), after
	}
	if len(to) == 0 {
		return "", nil, nil, fmt.Errorf("%w: found no recipient, expected Delivered-To: address in its second line", ErrFormat)
	}
	return from, to, rest, nil
}

// Deliver moves a copy into a mailbox: one rename, which neither loses nor doubles it.
// fs.ErrNotExist says that another node has taken it, fs.ErrExist that the mailbox has it already.
func (f *Folder) Deliver(name, box string) error {
	from, to := f.at("queue/"+name), f.at(box+"/"+name)
	err := f.fs.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) { // the copy, or the mailbox's folder
		if err := f.mkdir(f.at(box)); err != nil {
			return err
		}
		err = f.fs.Rename(from, to)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
		if _, there := f.fs.Stat(to); there == nil { // only the answer was lost
			return nil
		}
	}
	return err
}

// Done takes a name out of the queue.
func (f *Folder) Done(name string) error {
	err := f.fs.Remove(f.at("queue/" + name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
