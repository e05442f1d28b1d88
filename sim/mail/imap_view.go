package mail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"ipwsim/sim/mail/folder"
)

// imapNews tells a client what has changed; the library's UpdateWriter is one.
type imapNews interface {
	WriteExpunge(seq uint32) error
	WriteNumMessages(n uint32) error
	WriteMessageFlags(seq uint32, uid imap.UID, flags []imap.Flag) error
}

// Poll is part of imapserver.Session: what others did to the mailbox is told after each command. A
// share that cannot be reached now does not undo the command.
func (s *imapSession) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	return s.poll(w, allowExpunge)
}

func (s *imapSession) poll(w imapNews, allowExpunge bool) error {
	if !s.selected {
		return nil
	}
	v, err := s.look()
	if err != nil {
		return nil
	}
	there := make(map[uint32]folder.Entry, len(v.Messages))
	for _, e := range v.Messages {
		there[e.UID] = e
	}
	for i := len(s.view) - 1; i >= 0; i-- { // from the end: the numbers before stay
		seq, known := uint32(i+1), s.view[i]
		now, ok := there[known.UID]
		switch {
		case !ok && allowExpunge:
			s.view = slices.Delete(s.view, i, i+1)
			err = w.WriteExpunge(seq)
		case ok && now.Flags != known.Flags:
			s.view[i] = now
			err = w.WriteMessageFlags(seq, imap.UID(now.UID), imapFlags(now.Flags))
		}
		if err != nil {
			return err
		}
	}
	count := len(s.view)
	for _, e := range v.Messages {
		if e.UID >= s.next {
			s.view = append(s.view, e)
		}
	}
	s.next = v.Next
	if len(s.view) > count {
		return w.WriteNumMessages(uint32(len(s.view)))
	}
	return nil
}

// look reads the mailbox as it is now. One that got another UIDVALIDITY meanwhile is not the one that
// the client selected.
func (s *imapSession) look() (folder.View, error) {
	return s.sure(s.box.View())
}

// change is look, with flags changed.
func (s *imapSession) change(f func(*folder.Entry)) (folder.View, error) {
	return s.sure(s.box.SetFlags(f))
}

func (s *imapSession) sure(v folder.View, err error) (folder.View, error) {
	if err == nil && v.Validity != s.validity {
		err = imapNo(imap.ResponseCodeUnavailable, "the mailbox has new UIDs, select it again")
	}
	return v, err
}

// choose returns the places in the view that the client named, in order.
func (s *imapSession) choose(set imap.NumSet) (places []int) {
	for i, e := range s.view {
		switch set := set.(type) {
		case imap.SeqSet:
			for _, r := range set {
				if within(uint32(i+1), r.Start, r.Stop, uint32(len(s.view))) {
					places = append(places, i)
					break
				}
			}
		case imap.UIDSet:
			for _, r := range set {
				if within(e.UID, uint32(r.Start), uint32(r.Stop), s.view[len(s.view)-1].UID) {
					places = append(places, i)
					break
				}
			}
		}
	}
	return places
}

// within says whether n is in a range whose ends may be "*" (0), the last (RFC 3501, section 9,
// seq-range: in any order).
func within(n, start, stop, last uint32) bool {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop) <= n && n <= max(start, stop)
}

// allFlags are all that last.
const allFlags = folder.Seen | folder.Answered | folder.Flagged | folder.Deleted | folder.Draft

var flagNames = []struct {
	bit  folder.Flags
	name imap.Flag
}{
	{folder.Answered, imap.FlagAnswered},
	{folder.Flagged, imap.FlagFlagged},
	{folder.Deleted, imap.FlagDeleted},
	{folder.Seen, imap.FlagSeen},
	{folder.Draft, imap.FlagDraft},
}

func imapFlags(f folder.Flags) []imap.Flag {
	all := []imap.Flag{}
	for _, n := range flagNames {
		if f&n.bit != 0 {
			all = append(all, n.name)
		}
	}
	return all
}

func flagsOf(all []imap.Flag) (f folder.Flags) {
	for _, flag := range all {
		for _, n := range flagNames {
			if strings.EqualFold(string(flag), string(n.name)) {
				f |= n.bit
			}
		}
	}
	return f
}

// imapLines is news as the lines to send.
type imapLines []byte

// WriteExpunge is part of imapNews.
func (l *imapLines) WriteExpunge(seq uint32) error {
	*l = fmt.Appendf(*l, "* %d EXPUNGE\r\n", seq)
	return nil
}

// WriteNumMessages is part of imapNews.
func (l *imapLines) WriteNumMessages(n uint32) error {
	*l = fmt.Appendf(*l, "* %d EXISTS\r\n", n)
	return nil
}

// WriteMessageFlags is part of imapNews.
func (l *imapLines) WriteMessageFlags(seq uint32, uid imap.UID, flags []imap.Flag) error {
	var names []string
	for _, f := range flags {
		names = append(names, string(f))
	}
	*l = fmt.Appendf(*l, "* %d FETCH (UID %d FLAGS (%s))\r\n", seq, uid, strings.Join(names, " "))
	return nil
}
