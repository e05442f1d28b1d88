package mail

import (
	"bytes"
	"errors"
	"io/fs"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Search is part of imapserver.Session. The library has a mailbox in memory that knows all of SEARCH:
// it is given the messages in the view's order, so that sequence numbers agree, without their texts
// where nothing asks for them.
func (s *imapSession) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, options *imap.SearchOptions) (*imap.SearchData, error) {
	user := imapmemserver.NewUser("", "")
	if err := user.Create("INBOX", nil); err != nil {
		return nil, err
	}
	read := readsText(criteria)
	for _, e := range s.view {
		var text []byte
		if read {
			var err error
			if text, err = s.box.Read(e.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, imapTrouble(err)
			}
		}
		if _, err := user.Append("INBOX", literal{bytes.NewReader(text)}, &imap.AppendOptions{Flags: imapFlags(e.Flags), Time: e.Time.UTC()}); err != nil {
			return nil, err
		}
	}
	session := imapmemserver.NewUserSession(user)
	if _, err := session.Select("INBOX", nil); err != nil {
		return nil, err
	}
	defer session.Close()
	bySequence := s.withoutUIDs(*criteria)
	data, err := session.Search(imapserver.NumKindSeq, &bySequence, options)
	if err != nil || kind == imapserver.NumKindSeq {
		return data, err
	}
	return s.withUIDs(data), nil
}

// literal makes a reader one that knows its size.
type literal struct{ *bytes.Reader }

// readsText says whether the criteria ask for more than flags, numbers and dates of arrival.
func readsText(c *imap.SearchCriteria) bool {
	needs := len(c.Header)+len(c.Body)+len(c.Text) > 0 || c.Larger != 0 || c.Smaller != 0 || !c.SentSince.IsZero() || !c.SentBefore.IsZero()
	for i := range c.Not {
		needs = needs || readsText(&c.Not[i])
	}
	for i := range c.Or {
		needs = needs || readsText(&c.Or[i][0]) || readsText(&c.Or[i][1])
	}
	return needs
}

// withoutUIDs says UIDs as sequence numbers: the mailbox in memory gives UIDs of its own.
func (s *imapSession) withoutUIDs(c imap.SearchCriteria) imap.SearchCriteria {
	var seqs []imap.SeqSet
	for _, set := range c.SeqNum {
		seqs = append(seqs, s.numbers(set))
	}
	for _, set := range c.UID {
		seqs = append(seqs, s.numbers(set))
	}
	c.SeqNum, c.UID = seqs, nil
	var not []imap.SearchCriteria
	for _, n := range c.Not {
		not = append(not, s.withoutUIDs(n))
	}
	var or [][2]imap.SearchCriteria
	for _, o := range c.Or {
		or = append(or, [2]imap.SearchCriteria{s.withoutUIDs(o[0]), s.withoutUIDs(o[1])})
	}
	c.Not, c.Or = not, or
	return c
}

// numbers are the sequence numbers of what the client named.
func (s *imapSession) numbers(set imap.NumSet) imap.SeqSet {
	var n imap.SeqSet
	for _, i := range s.choose(set) {
		n.AddNum(uint32(i + 1))
	}
	return n
}

// withUIDs says the result in UIDs.
func (s *imapSession) withUIDs(data *imap.SearchData) *imap.SearchData {
	var uids imap.UIDSet
	for _, n := range data.AllSeqNums() {
		uids.AddNum(imap.UID(s.uid(n)))
	}
	return &imap.SearchData{All: uids, Min: s.uid(data.Min), Max: s.uid(data.Max), Count: data.Count}
}

func (s *imapSession) uid(seq uint32) uint32 {
	if seq == 0 {
		return 0
	}
	return s.view[seq-1].UID
}

var _ imap.LiteralReader = literal{}
