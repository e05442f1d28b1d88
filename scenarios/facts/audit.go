package facts

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// audit follows the files of messages by what the share did to them, and holds that against what lies there at the end.
type audit struct {
	header  *trace.Header
	entries []*queued
	byFile  map[string]*queued   // by the base name of the file
	byID    map[string][]*queued // by acceptance
	removed map[string]int       // from mailboxes, by acceptance, and not told to a reader yet
	kept    []finding.Kept
	gone
	powers map[string][]power // of machines
	bounces
	workers *workers
}

// power is a machine changing state.
type power struct {
	at    time.Duration
	state trace.PowerState
}

// queued is a copy, or a report on one.
type queued struct {
	finding.Copy
	name    string     // of its file
	from    string     // "": nobody is to be told of its failure
	peer    netip.Addr // who put it there
	born    time.Duration
	report  bool
	reports []*queued
	went    []contact
	heard   []contact
	at      string         // its path by what the share did; "": it was removed
	lies    map[string]int // files that lie there in the end, whole
	left    time.Duration  // when it was last taken out of the queue
	emptied bool           // who deleted it found no message in its file
}

// contact is something that a node has done or learnt.
type contact struct {
	at     time.Duration
	peer   netip.Addr // of who did it
	host   string     // who learnt it
	report bool       // it is about a report
}

func newAudit(h *trace.Header) *audit {
	return &audit{header: h, byFile: map[string]*queued{}, byID: map[string][]*queued{}, removed: map[string]int{}, gone: gone{files: map[fetchKey]int{}, apart: map[string]bool{}}, powers: map[string][]power{}, bounces: newBounces(h), workers: newWorkers(h)}
}

func (a *audit) power(rec *trace.Record, b trace.Power) {
	a.powers[rec.Host] = append(a.powers[rec.Host], power{rec.At, b.State})
}

// place says what a path of the share is: the queue, queue/tmp or a mailbox, whose path it gives.
func place(file string) (where trace.MailPlace, box string) {
	dir := fold(path.Dir(file))
	if _, below, ok := strings.Cut("/"+dir+"/", "/inbox/"); ok {
		return trace.InMailbox, strings.Trim(below, "/")
	}
	if strings.HasSuffix(dir, "queue") {
		return trace.InQueue, ""
	}
	return trace.Unfinished, ""
}

// owns says whether a mailbox's path, user or domain/user and folders of the user's below, is the address's (M5).
func owns(address, box string) bool {
	user, domain, _ := strings.Cut(fold(address), "@")
	return slices.ContainsFunc([]string{user, domain + "/" + user}, func(own string) bool {
		return box == own || strings.HasPrefix(box, own+"/")
	})
}

// file takes in a change; accepted when a message came into the queue by it.
func (a *audit) file(rec *trace.Record, b trace.MailFile, fetched map[fetchKey]bool) (e trace.MailEnvelope, accepted bool) {
	target := b.File
	if b.Do == trace.FileMoved {
		target = b.To
	}
	if b.Do == trace.FileCreated {
		a.created[b.File] = rec.At
	}
	if where, _ := place(b.File); b.Do == trace.FileRemoved && where == trace.InMailbox {
		a.removed[idOf(b.File)]++
		a.leave(b.File)
	}
	q := a.byFile[path.Base(target)]
	a.boxed(rec, b)
	if b.Mail != nil && a.byID[idOf(b.To)] == nil {
		return *b.Mail, a.accept(rec, b)
	}
	if old := a.byFile[path.Base(b.File)]; q == nil && old != nil && b.Do == trace.FileMoved {
		q, old.name = old, path.Base(b.To)
		a.byFile[old.name] = old
	}
	switch {
	case q == nil:
	case b.Do == trace.FileMoved:
		q.at = b.To
		if where, box := place(b.To); where == trace.InMailbox && owns(q.To, box) && q.Served == 0 {
			q.Served = rec.At
		}
	case b.Do == trace.FileCreated:
		q.at = b.File
	default:
		q.remove(rec.At, b.File, fetched)
	}
	return e, false
}

// boxed notes that EPSTDS has moved a copy into a mailbox.
func (a *audit) boxed(rec *trace.Record, b trace.MailFile) {
	if q := a.byFile[path.Base(b.File)]; q != nil && b.Do == trace.FileMoved {
		from, _ := place(b.File)
		if to, _ := place(b.To); from == trace.InQueue && to == trace.InMailbox {
			a.workers.from(rec, b.Peer.Addr(), finding.Boxed, q, never)
		}
	}
}

// remove notes that it is gone from there. Only who has got a message reads it.
func (q *queued) remove(at time.Duration, file string, fetched map[fetchKey]bool) {
	q.at = ""
	switch where, box := place(file); {
	case where == trace.InQueue:
		q.left = at
	case where != trace.InMailbox || !owns(q.To, box):
	case q.MessageID == "" || q.got(box, fetched):
		q.Read++
	}
}

// got says whether somebody had got it who has that mailbox: below a domain that is nobody who logged in with another one.
func (q *queued) got(box string, fetched map[fetchKey]bool) bool {
	user, domain, _ := strings.Cut(fold(q.To), "@")
	by := func(login string) bool { return fetched[fetchKey{login, q.MessageID}] }
	if !strings.HasPrefix(box, domain+"/") {
		return by(user)
	}
	return by(user+"@"+domain) || by(user+"@")
}

// idOf is the acceptance that a file of the queue belongs to.
func idOf(file string) string {
	id, _, _ := strings.Cut(path.Base(file), ".")
	return id
}

// accept notes what came into the queue. A report is its copy's, and nobody's acceptance.
func (a *audit) accept(rec *trace.Record, b trace.MailFile) bool {
	id := idOf(b.To)
	of := a.reported(id)
	for i, to := range b.Mail.To {
		q := &queued{left: never, from: b.Mail.From, peer: b.Peer.Addr(), report: of != nil, at: b.To, lies: map[string]int{}}
		q.Copy = finding.Copy{ID: id, MessageID: b.Mail.MessageID, To: to, Accepted: rec.At}
		name := fmt.Sprintf("%s.%03d", id, i+1)
		q.name, q.born = name, a.born(rec, b, name)
		if path.Base(b.To) == id {
			q.at = path.Join(path.Dir(b.To), "tmp", name)
		}
		a.entries = append(a.entries, q)
		a.byFile[name] = q
		a.byID[id] = append(a.byID[id], q)
		if of != nil {
			of.reports = append(of.reports, q)
		}
	}
	if of != nil {
		of.went = append(of.went, contact{at: rec.At, peer: b.Peer.Addr(), report: true})
		a.workers.from(rec, b.Peer.Addr(), finding.GivenUp, of, never)
	}
	return of == nil
}

// reported is the copy that the entry is a report on: its name is the copy's with an r; nil if it is none.
func (a *audit) reported(id string) *queued {
	if i := strings.LastIndex(id, "-r"); i >= 0 {
		return a.byFile[id[:i]+"."+id[i+2:]]
	}
	return nil
}

// again marks the copies of an acceptance whose message had been accepted before.
func (a *audit) again(file string) {
	for _, q := range a.byID[idOf(file)] {
		q.Again = true
	}
}

func (a *audit) taken(rec *trace.Record, b trace.MailTaken) {
	all := a.of(b.ID, b.To)
	if len(all) > 0 {
		a.workers.from(rec, b.Peer.Addr(), finding.Sent, all[0], leftQueue(all))
	}
	for _, q := range all {
		q.Taken++
		q.went = append(q.went, contact{at: rec.At, peer: b.Peer.Addr()})
		if q.Served == 0 {
			q.Served = rec.At
		}
	}
}

// hears notes that a node knows of what it sent.
func (a *audit) hears(rec *trace.Record, id, to string, report bool) {
	for _, q := range a.of(id, to) {
		q.heard = append(q.heard, contact{at: rec.At, host: rec.Host, report: report})
	}
}

// bounce notes that a node has given a copy up, and knows that its report is made.
func (a *audit) bounce(rec *trace.Record, b trace.MailBounce) {
	a.hears(rec, b.ID, b.To, true)
	if all := a.of(b.ID, b.To); len(all) > 0 {
		a.workers.did(rec, rec.Host, finding.GivenUp, all[0], never)
		a.bounced(rec, b, all[0])
	}
}

// expunged takes in what a reader has deleted: a file that has lost its message in a crash has no name any more.
func (a *audit) expunged(rec *trace.Record, b trace.MailExpunge) {
	switch {
	case a.removed[b.ID] > 0:
		a.removed[b.ID]--
	case b.ID != "":
		a.kept = append(a.kept, finding.Kept{At: rec.At, Node: rec.Host, Box: b.Box, ID: b.ID})
	}
	_, box := place(path.Join(b.Box, b.ID))
	for _, q := range a.byID[b.ID] {
		q.emptied = q.emptied || b.MessageID == "" && q.MessageID != "" && owns(q.To, box)
	}
}

// of are the copies of an acceptance for the address.
func (a *audit) of(id, to string) (all []*queued) {
	for _, q := range a.byID[id] {
		if fold(q.To) == fold(to) {
			all = append(all, q)
		}
	}
	return all
}

// stock takes in what lies there at the end. What is damaged is no message. In a mailbox a copy may have another number
// than its own: it is its recipient's all the same.
func (a *audit) stock(b trace.MailStock) {
	if b.Place != trace.InQueue && b.Place != trace.InSplit && b.Place != trace.InMailbox {
		return
	}
	if q := a.whose(b.File); q != nil {
		q.lies[b.File]++
	}
}

// whose is the copy that a file is; nil if it is none.
func (a *audit) whose(file string) *queued {
	if q := a.byFile[path.Base(file)]; q != nil {
		return q
	}
	if where, box := place(file); where == trace.InMailbox {
		for _, o := range a.byID[idOf(file)] {
			if owns(o.To, box) {
				return o
			}
		}
	}
	return nil
}

// leftQueue is when the last of the copies was taken out of the queue; never: one is there.
func leftQueue(all []*queued) time.Duration {
	last := never
	for _, q := range all {
		if q.left == never || q.at != "" {
			return never
		}
		last = max(last, q.left)
	}
	return last
}

// copies are what became of each.
func (a *audit) copies(f *Facts, unheld []finding.Unheld) (all []finding.Copy) {
	for _, q := range a.entries {
		if !q.report {
			all = append(all, a.copy(f, q, unheld))
		}
	}
	return all
}

// copy is what became of one.
func (a *audit) copy(f *Facts, q *queued, unheld []finding.Unheld) finding.Copy {
	c := q.Copy
	c.Node = f.nodeAt(q.peer, c.Accepted)
	for _, w := range q.went {
		c.Sendings = append(c.Sendings, finding.Sending{Node: f.nodeAt(w.peer, w.at), At: w.at, Report: w.report})
	}
	q.hear(c.Sendings)
	for file, n := range q.lies { // order: counted
		switch where, box := place(file); {
		case where == trace.InMailbox && owns(q.To, box):
			c.InBox += n
		case where == trace.InQueue:
			c.Queued += n
		case where == trace.Unfinished:
			c.Queued, c.Unsplit = c.Queued+n, true
		}
	}
	told := slices.ContainsFunc(q.reports, func(r *queued) bool { return !r.vanished() })
	if told || q.left != never && q.from == "" && c.Taken == 0 {
		c.Bounced = 1
	}
	if fate := c.Fate(); fate == finding.Lost || fate == finding.Doubled {
		c.Why = a.why(f, q, &c, unheld)
	}
	return c
}

// hear fills in when nodes knew of their sendings: what a node learns is of its last one.
func (q *queued) hear(all []finding.Sending) {
	for _, h := range q.heard {
		for i := len(all) - 1; i >= 0; i-- {
			if s := &all[i]; s.Node == h.host && s.Report == h.report && s.At <= h.at {
				if s.Heard == 0 {
					s.Heard = h.at
				}
				break
			}
		}
	}
}

// vanished says whether it lies elsewhere than where the share has said that it put it.
func (q *queued) vanished() bool { return q.at != "" && q.lies[q.at] == 0 }
