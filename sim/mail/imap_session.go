package mail

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"ipwsim/sim/mail/folder"
)

// imapAppendLimit bounds a message of APPEND, in bytes. Inferred.
const imapAppendLimit = 32 << 20

// imapSession is one connection's session, as the library asks for it. Nothing here is used by two
// goroutines, except Idle.
type imapSession struct {
	service *IMAP
	conn    *imapConn

	failures int             // of logins
	box      *folder.Mailbox // nil before the login
	boxName  string          // its folder below the work folder

	selected   bool
	readOnly   bool // by EXAMINE
	validity   uint32
	next       uint32         // messages below it are in the view, or were
	view       []folder.Entry // what the client knows: sequence number 1 is the first
	messageIDs map[string]string
}

var (
	_ imapserver.Session            = (*imapSession)(nil)
	_ imapserver.SessionAppendLimit = (*imapSession)(nil)
)

func imapNo(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

// Answers that several commands give.
var (
	errNoMailbox = imapNo(imap.ResponseCodeNonExistent, "there is no such mailbox")
	errOnlyInbox = imapNo(imap.ResponseCodeCannot, "INBOX is the only mailbox")
	errReadOnly  = imapNo(imap.ResponseCodeNoPerm, "the mailbox was opened by EXAMINE")
	errGone      = imapNo("EXPUNGEISSUED", "some of the messages have been deleted by another session")
)

// imapTrouble answers that the share could not do it now; the session goes on.
func imapTrouble(err error) error {
	if answer := (*imap.Error)(nil); errors.As(err, &answer) {
		return answer
	}
	return imapNo(imap.ResponseCodeUnavailable, "the mailbox cannot be reached, try again later")
}

// Close is part of imapserver.Session. The connection may be closed already: nothing is left to do.
func (s *imapSession) Close() error { return nil }

// Login is part of imapserver.Session.
func (s *imapSession) Login(user, password string) error {
	name, ok := s.conn.login(s.service.node, user, isPassword(password))
	if ok {
		s.box = folder.OpenMailbox(s.service.fs, path.Join(s.service.node.Folder, name))
		s.boxName, s.conn.user = name, strings.ToLower(user)
		return nil
	}
	if s.conn.ended {
		return imapserver.ErrAuthFailed
	}
	if s.failures++; s.failures >= loginTries {
		s.conn.bye("Too many wrong logins") // the library's own Bye would wait for itself within AUTHENTICATE
	}
	return imapserver.ErrAuthFailed
}

// Select is part of imapserver.Session.
func (s *imapSession) Select(mailbox string, options *imap.SelectOptions) (*imap.SelectData, error) {
	if !isInbox(mailbox) {
		return nil, errNoMailbox
	}
	v, err := s.box.View()
	if err != nil {
		return nil, imapTrouble(err)
	}
	s.selected, s.readOnly = true, options.ReadOnly
	s.validity, s.next, s.view = v.Validity, v.Next, v.Messages
	data := &imap.SelectData{
		Flags: imapFlags(allFlags), NumMessages: uint32(len(v.Messages)),
		UIDNext: imap.UID(v.Next), UIDValidity: v.Validity,
	}
	if !s.readOnly {
		data.PermanentFlags = data.Flags
	}
	for i, e := range v.Messages {
		if e.Flags&folder.Seen == 0 {
			data.FirstUnseenSeqNum = uint32(i + 1)
			break
		}
	}
	return data, nil
}

// Unselect is part of imapserver.Session.
func (s *imapSession) Unselect() error {
	s.selected, s.view = false, nil
	return nil
}

func isInbox(mailbox string) bool { return strings.EqualFold(mailbox, "INBOX") }

// Create is part of imapserver.Session.
func (s *imapSession) Create(mailbox string, _ *imap.CreateOptions) error {
	if isInbox(mailbox) {
		return imapNo(imap.ResponseCodeAlreadyExists, "INBOX is there")
	}
	return errOnlyInbox
}

// Delete is part of imapserver.Session.
func (s *imapSession) Delete(mailbox string) error {
	if isInbox(mailbox) {
		return imapNo(imap.ResponseCodeCannot, "INBOX cannot be deleted")
	}
	return errNoMailbox
}

// Rename is part of imapserver.Session.
func (s *imapSession) Rename(mailbox, _ string, _ *imap.RenameOptions) error {
	if isInbox(mailbox) {
		return errOnlyInbox
	}
	return errNoMailbox
}

// Subscribe is part of imapserver.Session.
func (s *imapSession) Subscribe(mailbox string) error {
	if isInbox(mailbox) {
		return nil
	}
	return errNoMailbox
}

// Unsubscribe is part of imapserver.Session.
func (s *imapSession) Unsubscribe(mailbox string) error {
	if isInbox(mailbox) {
		return imapNo(imap.ResponseCodeCannot, "INBOX is always subscribed")
	}
	return errNoMailbox
}

// List is part of imapserver.Session.
func (s *imapSession) List(w *imapserver.ListWriter, ref string, patterns []string, _ *imap.ListOptions) error {
	if len(patterns) == 0 { // it asks for the hierarchy's delimiter
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: '/'})
	}
	for _, p := range patterns {
		if imapserver.MatchList("INBOX", '/', ref, p) || isInbox(ref+p) {
			return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoInferiors}, Delim: '/', Mailbox: "INBOX"})
		}
	}
	return nil
}

// Status is part of imapserver.Session.
func (s *imapSession) Status(mailbox string, _ *imap.StatusOptions) (*imap.StatusData, error) {
	if !isInbox(mailbox) {
		return nil, errNoMailbox
	}
	v, err := s.box.View()
	if err != nil {
		return nil, imapTrouble(err)
	}
	var messages, unseen, deleted, recent uint32
	var size, deletedSize int64
	for _, e := range v.Messages {
		messages++
		size += e.Size
		if e.Flags&folder.Seen == 0 {
			unseen++
		}
		if e.Flags&folder.Deleted != 0 {
			deleted++
			deletedSize += e.Size
		}
	}
	limit := s.AppendLimit()
	return &imap.StatusData{
		Mailbox: "INBOX", NumMessages: &messages, NumRecent: &recent, UIDNext: imap.UID(v.Next), UIDValidity: v.Validity,
		NumUnseen: &unseen, NumDeleted: &deleted, Size: &size, AppendLimit: &limit, DeletedStorage: &deletedSize,
	}, nil
}

// AppendLimit is part of imapserver.SessionAppendLimit.
func (s *imapSession) AppendLimit() uint32 { return imapAppendLimit }

// Append is part of imapserver.Session. The time that the client gives is not kept: a message's
// INTERNALDATE is its file's.
func (s *imapSession) Append(mailbox string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	if !isInbox(mailbox) {
		return nil, errNoMailbox
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	// Lines end in CRLF on the share.
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	name := s.service.appendName()
	for err = s.box.Append(name, text); errors.Is(err, fs.ErrExist); err = s.box.Append(name, text) {
		name = s.service.appendName() // the node has booted since it gave that name
	}
	if err != nil {
		return nil, imapTrouble(err)
	}
	flags := flagsOf(options.Flags)
	v, err := s.box.SetFlags(func(e *folder.Entry) {
		if e.Name == name {
			e.Flags = flags
		}
	})
	for _, e := range v.Messages {
		if err == nil && e.Name == name {
			return &imap.AppendData{UID: imap.UID(e.UID), UIDValidity: v.Validity}, nil
		}
	}
	return nil, nil // it is there, but its UID is not known
}

// Copy is part of imapserver.Session.
func (s *imapSession) Copy(_ imap.NumSet, dest string) (*imap.CopyData, error) {
	if isInbox(dest) {
		return nil, errOnlyInbox
	}
	return nil, errNoMailbox
}

// Idle is part of imapserver.Session. It runs on a goroutine of its own, and so does nothing: see
// imapConn.
func (s *imapSession) Idle(_ *imapserver.UpdateWriter, stop <-chan struct{}) error {
	<-stop
	return nil
}
