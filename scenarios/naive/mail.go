package naive

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// letter is a message in the queue for one recipient: an acceptance's, or the report on one.
type letter struct {
	record int // by which it came there
	file   string
	names  []name // that its file has had, file first
	finding.Copy
	from string
	on   *letter // of a report
}

// name is one that a letter's file has from a record on.
type name struct {
	from int
	base string
}

// Mail is what became of each copy of a message, what clients were told, and whether the share was looked at in the
// end; nil if nobody used mail.
func (r *Run) Mail() *finding.Mail {
	var m finding.Mail
	used := false
	for _, rec := range r.t.Records {
		switch b := rec.Body.(type) {
		case trace.MailFile:
			used = true
		case trace.MailSend:
			used = true
			if b.Code == 250 && b.Stage == "" {
				m.Told = append(m.Told, finding.Told{Client: rec.Host, MessageID: b.MessageID, To: promised(b), At: rec.At})
			}
		case trace.MailFetch:
			used = true
			m.Read++
		case trace.MailPoll:
			used = true
			if b.Stage != "" {
				m.Unread++
			}
		case trace.MailSession:
			if b.End == trace.BrokenEnd {
				m.Broken++
			}
		case trace.MailStock:
			if b.Place == trace.Unfinished {
				m.Drafts++
			}
		case trace.MailAudit:
			m.Audited = true
		}
	}
	if !used {
		return nil
	}
	all := r.letters()
	again := map[string]bool{}
	m.Unheld = r.barred(all)
	for i, l := range all {
		if l.on != nil {
			continue
		}
		l.Again = l.MessageID != "" && slices.ContainsFunc(all[:i], func(o *letter) bool {
			return o.on == nil && o.ID != l.ID && o.MessageID == l.MessageID
		})
		if l.Again && !again[l.ID] {
			again[l.ID] = true
			m.Again++
		}
		m.Copies = append(m.Copies, r.became(l, all, m.Unheld))
	}
	m.Bounces, m.Kept = r.bounces(all), slices.Concat(r.notDeleted(), r.toldInVain(all))
	return &m
}

// letters are what came into the queue: a file that moves there from queue/tmp, of an acceptance not known before. One
// of several recipients is a list, whose copies still lie in queue/tmp.
func (r *Run) letters() (all []*letter) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailFile)
		if ok && b.Do == trace.FileMoved {
			named := func(name string) func(*letter) bool {
				return func(l *letter) bool { return l.calls(k, name) }
			}
			if i := slices.IndexFunc(all, named(b.File)); i >= 0 && !slices.ContainsFunc(all, named(b.To)) {
				all[i].names = append(all[i].names, name{k, path.Base(b.To)}) // a mailbox gives it another name
			}
		}
		if !ok || b.Mail == nil {
			continue
		}
		id := strings.Split(path.Base(b.To), ".")[0]
		if slices.ContainsFunc(all, func(o *letter) bool { return o.ID == id }) {
			continue // a list's copy
		}
		var on *letter
		for _, o := range all {
			if strings.Replace(o.file, ".", "-r", 1) == id {
				on = o
			}
		}
		for i, to := range b.Mail.To {
			all = append(all, &letter{
				record: k, file: fmt.Sprintf("%s.%03d", id, i+1), names: []name{{0, fmt.Sprintf("%s.%03d", id, i+1)}}, from: b.Mail.From, on: on,
				Copy: finding.Copy{ID: id, MessageID: b.Mail.MessageID, To: to, Node: r.nodeOf(b.Peer, rec.At), Accepted: rec.At},
			})
		}
	}
	return all
}

// belongs says whether a path of the share is in the mailbox of the letter's recipient: inbox/user or
// inbox/domain/user, or a folder of the user's in it.
func (l *letter) belongs(file string) bool {
	user, domain, _ := strings.Cut(strings.ToLower(l.To), "@")
	folder := "/" + strings.ToLower(path.Dir(file)) + "/"
	return strings.Contains(folder, "/inbox/"+user+"/") || strings.Contains(folder, "/inbox/"+domain+"/"+user+"/")
}

// isQueue says whether a path is right in the queue.
func isQueue(file string) bool {
	return !strings.Contains("/"+file, "/inbox/") && path.Base(path.Dir(file)) == "queue"
}

// calls says whether the path of the k-th record ends in a name of the letter's.
func (l *letter) calls(k int, file string) bool {
	return slices.ContainsFunc(l.names, func(n name) bool { return n.from <= k && n.base == path.Base(file) })
}

// put is where the share has put the letter's file last; "" when it has removed it. out says whether it was removed
// from the queue at any time.
func (r *Run) put(l *letter) (last string, out bool) {
	for k, rec := range r.t.Records[:l.record+1] {
		if b, ok := rec.Body.(trace.MailFile); ok && l.calls(k, b.File) && b.Do == trace.FileCreated {
			last = b.File // a copy of several waits where it was made
		}
	}
	for k := l.record; k < len(r.t.Records); k++ {
		b, ok := r.t.Records[k].Body.(trace.MailFile)
		switch {
		case !ok:
		case b.Do == trace.FileMoved && l.calls(k, b.To):
			last = b.To
		case b.Do == trace.FileCreated && l.calls(k, b.File):
			last = b.File
		case b.Do == trace.FileRemoved && l.calls(k, b.File):
			last, out = "", out || isQueue(b.File)
		}
	}
	return last, out
}

// found are the paths at which the letter lies in the end, whole.
func (r *Run) found(l *letter) (all []string) {
	for k, rec := range r.t.Records {
		if b, ok := rec.Body.(trace.MailStock); ok && l.calls(k, b.File) && b.Place != trace.Damaged && b.Place != trace.Unfinished {
			all = append(all, b.File)
		}
	}
	return all
}

// strays are copies of the acceptance in the recipient's mailbox that have a number which no recipient has.
func (r *Run) strays(l *letter, all []*letter) (n int) {
	first := slices.IndexFunc(all, func(o *letter) bool { return o.ID == l.ID && strings.EqualFold(o.To, l.To) })
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailStock)
		numbered := ok && strings.HasPrefix(path.Base(b.File), l.ID+".") && b.Place == trace.InMailbox && l.belongs(b.File)
		if numbered && all[first] == l && !slices.ContainsFunc(all, func(o *letter) bool { return o.calls(k, b.File) }) {
			n++
		}
	}
	return n
}

// stolen says whether the share has not got what it has put somewhere.
func (r *Run) stolen(l *letter) bool {
	last, _ := r.put(l)
	return last != "" && !slices.Contains(r.found(l), last)
}

// hollow says whether the recipient threw away a file of the letter's name with no letter in it: a server tells the
// Message-ID of what it deletes.
func (r *Run) hollow(l *letter) bool {
	return l.MessageID != "" && slices.ContainsFunc(r.t.Records[l.record:], func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.MailExpunge)
		return ok && b.ID == l.ID && b.MessageID == "" && l.belongs(b.Box+"/"+b.ID)
	})
}

// became is what became of a letter.
func (r *Run) became(l *letter, all []*letter, unheld []finding.Unheld) finding.Copy {
	c := l.Copy
	for _, file := range r.found(l) {
		switch {
		case l.belongs(file):
			c.InBox++
		case isQueue(file):
			c.Queued++
		case strings.HasSuffix(path.Dir(file), "queue/tmp"):
			c.Queued++
			c.Unsplit = true
		}
	}
	c.InBox += r.strays(l, all)
	r.trail(l, &c)
	if _, out := r.put(l); out && l.from == "" && c.Taken == 0 {
		c.Bounced = 1
	}
	for _, o := range all {
		if o.on == l && !r.stolen(o) {
			c.Bounced = 1
		}
	}
	if f := c.Fate(); f == finding.Lost || f == finding.Doubled {
		c.Why = r.blame(l, &c, unheld)
	}
	return c
}

// trail fills in what the records tell of the letter from when it came into the queue.
func (r *Run) trail(l *letter, c *finding.Copy) {
	served := func(k int) {
		if c.Served == 0 {
			c.Served = r.t.Records[k].At
		}
	}
	for k := l.record; k < len(r.t.Records); k++ {
		at := r.t.Records[k].At
		switch b := r.t.Records[k].Body.(type) {
		case trace.MailFile:
			switch {
			case b.Do == trace.FileMoved && l.calls(k, b.To) && l.belongs(b.To):
				served(k)
			case b.Do == trace.FileRemoved && l.calls(k, b.File) && l.belongs(b.File) && r.gotBefore(k, l, b.File):
				c.Read++
			case b.Mail != nil && path.Base(b.To) == strings.Replace(l.file, ".", "-r", 1)+".001" && r.firstOf(k):
				c.Sendings = append(c.Sendings, finding.Sending{Node: r.nodeOf(b.Peer, at), At: at, Report: true})
			}
		case trace.MailTaken:
			if b.ID == l.ID && strings.EqualFold(b.To, l.To) {
				c.Taken++
				c.Sendings = append(c.Sendings, finding.Sending{Node: r.nodeOf(b.Peer, at), At: at})
				served(k)
			}
		}
	}
	for i := range c.Sendings {
		c.Sendings[i].Heard = r.learnt(l, c.Sendings[i], c.Sendings[i+1:])
	}
}

// firstOf says whether no record before the k-th brought an acceptance of its name.
func (r *Run) firstOf(k int) bool {
	file := r.t.Records[k].Body.(trace.MailFile).To
	return !slices.ContainsFunc(r.t.Records[:k], func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.MailFile)
		return ok && b.Mail != nil && path.Base(b.To) == path.Base(file)
	})
}

// gotBefore says whether somebody whose mailbox the file was in had got the letter's message before the k-th record. One
// without a name is not followed. Where the domain has folders of its own, who logs in with another domain sees none of them.
func (r *Run) gotBefore(k int, l *letter, file string) bool {
	user, domain, _ := strings.Cut(strings.ToLower(l.To), "@")
	apart := strings.Contains("/"+strings.ToLower(path.Dir(file))+"/", "/inbox/"+domain+"/")
	return l.MessageID == "" || slices.ContainsFunc(r.t.Records[:k], func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.MailFetch)
		login, of, named := strings.Cut(strings.ToLower(b.User), "@")
		return ok && b.MessageID == l.MessageID && login == user && (!apart || !named || of == domain)
	})
}
