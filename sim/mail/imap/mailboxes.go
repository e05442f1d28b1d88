package imap

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// mailbox reads a space and a mailbox's name; fs.ErrInvalid is told by wrong when it is used.
func (p *parser) mailbox() (name string, wrong error) {
	p.space()
	name, wrong = decodeName(p.astring("a mailbox"))
	return name, wrong
}

// mailboxTrouble says what a change of mailboxes was refused for.
func mailboxTrouble(err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return no("ALREADYEXISTS", "there is such a mailbox")
	case errors.Is(err, fs.ErrNotExist):
		return no("NONEXISTENT", "there is no such mailbox")
	case errors.Is(err, fs.ErrInvalid):
		return no("CANNOT", "no mailbox can have this name, or INBOX stays")
	case folder.IsFull(err):
		return no("LIMIT", err.Error())
	}
	return err
}

// changes runs a change of mailboxes whose arguments have been read.
func (p *parser) changes(wrong error, change func() error) error {
	if err := p.end(); err != nil {
		return err
	}
	if wrong != nil {
		return mailboxTrouble(wrong)
	}
	return mailboxTrouble(change())
}

// uses are RFC 6154's that a mailbox may have.
var uses = []string{`\All`, `\Archive`, `\Drafts`, `\Flagged`, `\Junk`, `\Sent`, `\Trash`}

func (s *session) create(p *parser) error {
	name, wrong := p.mailbox()
	use := ""
	if p.skip(' ') {
		p.list(func() {
			if p.word("USE") != "USE" {
				p.fail("USE")
			}
			p.space()
			p.list(func() {
				p.expect('\\')
				use = `\` + p.atom("a use", isAtom)
			})
		})
	}
	if use != "" {
		i := slices.IndexFunc(uses, func(u string) bool { return strings.EqualFold(u, use) })
		if i < 0 {
			return no("USEATTR", "this use is not known")
		}
		use = uses[i]
	}
	return p.changes(wrong, func() error { return s.account.Boxes.Create(strings.TrimSuffix(name, folder.Delimiter), use) })
}

func (s *session) delete(p *parser) error {
	name, wrong := p.mailbox()
	return p.changes(wrong, func() error {
		return s.account.Boxes.Delete(name, func(message string, text []byte) { s.expunged(message, folder.MessageID(text)) })
	})
}

// expunged records that a message has been deleted for good.
func (s *session) expunged(message, messageID string) {
	s.Record(trace.MailExpunge{Box: s.account.Folder, ID: folder.QueueID(message), MessageID: messageID, By: trace.IMAP})
}

func (s *session) rename(p *parser) error {
	from, wrong := p.mailbox()
	to, wrong2 := p.mailbox()
	return p.changes(errors.Join(wrong, wrong2), func() error {
		return s.account.Boxes.Rename(from, strings.TrimSuffix(to, folder.Delimiter))
	})
}

func (s *session) subscribe(p *parser, on bool) error {
	name, wrong := p.mailbox()
	return p.changes(wrong, func() error { return s.account.Boxes.Subscribe(name, on) })
}

func (s *session) namespace(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	s.line(`* NAMESPACE (("" "/")) NIL NIL`)
	return nil
}

// listed is a line of LIST or LSUB.
type listed struct {
	name  string // in modified UTF-7
	attrs []string
}

// listArguments reads those of LIST and LSUB; the pattern is one of whole names.
func (p *parser) listArguments() (pattern string, onlyDelimiter bool) {
	p.space()
	reference := p.astring("a reference")
	p.space()
	if p.isString() {
		pattern = p.str()
	} else {
		pattern = p.atom("a pattern", isPattern)
	}
	if first, rest, _ := strings.Cut(reference+pattern, "/"); strings.EqualFold(first, folder.Inbox) {
		return strings.TrimSuffix(folder.Inbox+"/"+rest, "/"), false
	}
	return reference + pattern, pattern == ""
}

func (s *session) list(p *parser) error {
	pattern, onlyDelimiter := p.listArguments()
	if err := p.end(); err != nil {
		return err
	}
	if onlyDelimiter {
		s.line(`* LIST (\Noselect) "/" ""`)
		return nil
	}
	all, err := s.account.Boxes.All()
	if err != nil {
		return err
	}
	var names []listed
	for _, l := range all {
		if !l.There {
			continue
		}
		for i, c := range l.Name + "/" {
			if c != '/' {
				continue
			}
			above := encodeName(l.Name[:i])
			at, is := slices.BinarySearchFunc(names, above, func(l listed, name string) int { return strings.Compare(l.name, name) })
			if !is { // the levels above one that is there are there, as names
				names = slices.Insert(names, at, listed{above, []string{`\Noselect`}})
			}
			if i == len(l.Name) {
				names[at].attrs = strings.Fields(l.Use)
			}
		}
	}
	for i, l := range names {
		if !matches(l.name, pattern) {
			continue
		}
		children := `\HasNoChildren`
		if slices.ContainsFunc(names[i+1:], func(o listed) bool { return strings.HasPrefix(o.name, l.name+"/") }) {
			children = `\HasChildren`
		}
		s.line(`* LIST (%s) "/" %s`, strings.Join(append([]string{children}, l.attrs...), " "), plain(l.name))
	}
	return nil
}

// lsub lists subscribed names. Where "%" stops short of one, the level above is shown in its place
// (RFC 3501, section 6.3.9).
func (s *session) lsub(p *parser) error {
	pattern, onlyDelimiter := p.listArguments()
	if err := p.end(); err != nil {
		return err
	}
	if onlyDelimiter {
		s.line(`* LSUB (\Noselect) "/" ""`)
		return nil
	}
	all, err := s.account.Boxes.All()
	if err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, l := range all {
		if l.Subscribed {
			shown[encodeName(l.Name)] = true
		}
	}
	for _, l := range all {
		name := encodeName(l.Name)
		if !l.Subscribed {
			continue
		}
		if matches(name, pattern) {
			s.line(`* LSUB () "/" %s`, plain(name))
			continue
		}
		for above := name; strings.HasSuffix(pattern, "%") && strings.Contains(above, "/"); {
			above = above[:strings.LastIndexByte(above, '/')]
			if !shown[above] && matches(above, pattern) {
				s.line(`* LSUB (\Noselect) "/" %s`, plain(above))
				shown[above] = true
			}
		}
	}
	return nil
}

// statusItems are what STATUS tells of a mailbox.
var statusItems = map[string]func(v folder.View) int64{
	"MESSAGES":    func(v folder.View) int64 { return int64(len(v.Messages)) },
	"UIDNEXT":     func(v folder.View) int64 { return int64(v.Next) },
	"UIDVALIDITY": func(v folder.View) int64 { return int64(v.Validity) },
	"APPENDLIMIT": func(folder.View) int64 { return AppendLimit },
	"UNSEEN":      count(func(e *folder.Entry, _ folder.View) int64 { return toInt(e.Flags&folder.Seen == 0) }),
	"RECENT":      count(func(e *folder.Entry, v folder.View) int64 { return toInt(e.UID >= v.Recent) }),
	"SIZE":        count(func(e *folder.Entry, _ folder.View) int64 { return e.Size }),
}

func count(of func(*folder.Entry, folder.View) int64) func(folder.View) int64 {
	return func(v folder.View) (n int64) {
		for i := range v.Messages {
			n += of(&v.Messages[i], v)
		}
		return n
	}
}

func toInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (s *session) status(p *parser) error {
	name, wrong := p.mailbox()
	p.space()
	var items []string
	p.list(func() {
		item := p.word("an item")
		if statusItems[item] == nil {
			p.fail("an item of STATUS")
		}
		items = append(items, item)
	})
	return p.changes(wrong, func() error {
		box, err := s.account.Boxes.Open(name)
		if err != nil {
			return err
		}
		v, err := box.View()
		if err != nil {
			return err
		}
		var told []string
		for _, item := range items {
			told = append(told, item+" "+itoa(statusItems[item](v)))
		}
		s.line("* STATUS %s (%s)", plain(encodeName(name)), strings.Join(told, " "))
		return nil
	})
}
