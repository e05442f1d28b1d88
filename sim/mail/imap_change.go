package mail

import (
	"errors"
	"io/fs"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// Store is part of imapserver.Session.
func (s *imapSession) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	if s.readOnly {
		return errReadOnly
	}
	places := s.choose(set)
	meant := map[uint32]bool{}
	for _, i := range places {
		meant[s.view[i].UID] = true
	}
	bits := flagsOf(flags.Flags)
	v, err := s.change(func(e *folder.Entry) {
		switch {
		case !meant[e.UID]:
		case flags.Op == imap.StoreFlagsAdd:
			e.Flags |= bits
		case flags.Op == imap.StoreFlagsDel:
			e.Flags &^= bits
		default:
			e.Flags = bits
		}
	})
	if err != nil {
		return imapTrouble(err)
	}
	now := map[uint32]folder.Flags{}
	for _, e := range v.Messages {
		now[e.UID] = e.Flags
	}
	_, byUID := set.(imap.UIDSet)
	gone := false
	for _, i := range places {
		f, there := now[s.view[i].UID]
		if !there {
			gone = true
			continue
		}
		s.view[i].Flags = f
		if !flags.Silent {
			if err := writeFetch(w.CreateMessage(uint32(i+1)), s.view[i], nil, &imap.FetchOptions{UID: byUID, Flags: true}); err != nil {
				return err
			}
		}
	}
	if gone {
		return errGone
	}
	return nil
}

// Expunge is part of imapserver.Session.
func (s *imapSession) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if s.readOnly {
		if *w == (imapserver.ExpungeWriter{}) { // CLOSE: nothing is deleted, nothing is wrong (RFC 3501, section 6.4.2)
			return nil
		}
		return errReadOnly
	}
	v, err := s.look()
	if err != nil {
		return imapTrouble(err)
	}
	marked := map[uint32]bool{}
	for _, e := range v.Messages {
		marked[e.UID] = e.Flags&folder.Deleted != 0
	}
	places := s.choose(imap.SeqSet{{Start: 1, Stop: 0}})
	if uids != nil {
		places = s.choose(*uids)
	}
	for n := len(places) - 1; n >= 0; n-- { // from the end: the numbers before stay
		i := places[n]
		if !marked[s.view[i].UID] {
			continue
		}
		if err := s.remove(s.view[i].Name); err != nil {
			return imapTrouble(err)
		}
		s.view = append(s.view[:i], s.view[i+1:]...)
		if err := w.WriteExpunge(uint32(i + 1)); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a message for good. One that is gone already was another session's.
func (s *imapSession) remove(name string) error {
	id, known := s.messageIDs[name]
	if !known {
		text, err := s.box.Read(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		id = folder.MessageID(text)
	}
	switch err := s.box.Delete(name); {
	case err == nil:
		s.service.host.Record(trace.MailExpunge{Box: s.boxName, ID: folder.QueueID(name), MessageID: id, By: trace.IMAP})
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}
